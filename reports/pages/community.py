"""Community: who gathers attention on GitHub, and whom questions are asked about."""

from reports.charts.figure import figure_of, kindred
from reports.data.evidence import Evidence
from reports.findings.findings import amounts_finding, change_finding, ratio_finding, share_finding
from reports.pages.page import Page

QUESTION = "Where do people look, and what do they ask about?"
MEANING = "A star is attention, a fork is a copy, and a question is one asked on Stack Overflow"
LIMITS = (
    "Who uses what: a star is attention, given once and seldom taken back.",
    "Who contributes, and how fast answers come: neither commits nor reviews are read here.",
    "Where else people ask: chat rooms, forums, issue trackers and language models leave no question behind.",
    "The stars of the past as they stood then: only stars that still stand count, so old weeks are too low.",
)


def community(evidence: Evidence) -> Page:
    """Return the page on stars, forks, issues and questions."""
    gained, stars = evidence.series("stars_gained_monthly"), evidence.series("github_stars_total")
    watchers = evidence.series("github_subscribers_total")
    watched = ratio_finding(watchers, evidence, "watchers")
    of_site, answered = (
        evidence.series("stackoverflow_questions_share"),
        evidence.series("stackoverflow_answered_share"),
    )
    forks, issues = evidence.series("github_forks_total"), evidence.series("github_open_issues")
    questions = evidence.series("stackoverflow_questions")
    answer, change = ratio_finding(stars, evidence, "stars"), change_finding(gained, evidence, "stars")
    asked = amounts_finding(questions, evidence, "questions")
    share = share_finding(questions, evidence, "questions")
    return Page(
        name="community",
        template="measures.html.j2",
        label="Community",
        title=QUESTION,
        description=f"{answer}. Stars, forks, issues and questions over time.",
        content={
            "answer": [change, answer, MEANING],
            "figures": [
                *kindred(
                    figure_of(evidence, gained.key, change, label="Gained a month"),
                    figure_of(evidence, stars.key, answer, label="In total"),
                ),
                *kindred(
                    figure_of(evidence, forks.key, ratio_finding(forks, evidence, "forks"), label="Forks"),
                    figure_of(evidence, watchers.key, watched, label="Watchers"),
                ),
                figure_of(evidence, issues.key, amounts_finding(issues, evidence, "open issues")),
                *kindred(
                    figure_of(evidence, questions.key, asked, label="Questions"),
                    figure_of(evidence, "stackoverflow_questions_share_of_rivals", share, label="Share"),
                    figure_of(
                        evidence,
                        of_site.key,
                        amounts_finding(of_site, evidence, "of the site's questions"),
                        label="Share of the site",
                    ),
                ),
                figure_of(
                    evidence,
                    answered.key,
                    amounts_finding(answered, evidence, "of its questions answered"),
                ),
            ],
            "limits": LIMITS,
        },
    )
