"""Community: who gathers attention on GitHub, and whom questions are asked about."""

from reports.evidence import Evidence
from reports.figures import FULL, figure_of
from reports.findings import amounts_finding, change_finding, ratio_finding, share_finding
from reports.pages import Page

QUESTION = "Where do people look, and what do they ask about?"
MEANING = "A star is attention, a fork is a copy, and a question is one asked on Stack Overflow"
LIMITS = (
    "Who uses what: a star is attention, given once and seldom taken back.",
    "Who contributes, and how fast answers come: neither commits nor reviews are read here.",
    "Where else people ask: chat rooms, forums, issue trackers and language models leave no question behind.",
    "The stars of the past as they stood then: only stars that still stand count, so old weeks are too low.",
)


def community(evidence: Evidence) -> Page:
    """Return the page on stars, forks and questions."""
    gained, stars = evidence.series("stars_gained_monthly"), evidence.series("github_stars_total")
    forks, questions = evidence.series("github_forks_total"), evidence.series("stackoverflow_questions")
    answer = ratio_finding(stars, evidence, "stars")
    titles = {
        gained.key: change_finding(gained, evidence, "stars"),
        stars.key: answer,
        forks.key: ratio_finding(forks, evidence, "forks"),
        questions.key: amounts_finding(questions, evidence, "questions"),
        "stackoverflow_questions_share_of_rivals": share_finding(questions, evidence, "questions"),
    }
    return Page(
        name="community",
        template="measures.html.j2",
        label="Community",
        title=QUESTION,
        description=f"{answer}. Stars, forks and questions over time.",
        content={
            "answer": [titles[gained.key], answer, MEANING],
            "figures": [figure_of(evidence, key, title, FULL) for key, title in titles.items()],
            "limits": LIMITS,
        },
    )
