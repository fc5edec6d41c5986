"""Compare: any two side by side, by date or by age."""

from reports.charts.figure import Figure, aged_figure, figure_of, kindred
from reports.data.evidence import Evidence
from reports.findings.crossovers import passings
from reports.findings.findings import age_finding
from reports.findings.latest import latest
from reports.pages.page import Page

QUESTION = "How do two of them compare, by date or at the same age?"
MEANING = (
    "A project that began later had less time to gather anything: counted from each one's first release, "
    "the lines start together"
)
LIMITS = (
    "What an age means: the world that a project of five years lived in differs with the year it began.",
    "Anything before the first figures: stars, forks and downloads were not counted from the first day on.",
)
# Series, how its question is put, how its figures are called.
MEASURES = (
    ("pypi_downloads", "How do downloads compare?", "index downloads a month"),
    ("stars_gained_monthly", "Who gains more stars?", "stars gained a month"),
    ("github_stars_total", "Who has gathered more stars?", "stars"),
    ("github_forks_total", "Who has been forked more?", "forks"),
    ("stackoverflow_questions", "Who is asked about more?", "questions a month"),
    ("pageviews_monthly", "Who is read about more?", "pageviews a month"),
)


def compare(evidence: Evidence) -> Page:
    """Return the page that puts two side by side."""
    return Page(
        name="compare",
        template="compare.html.j2",
        label="Compare",
        title=QUESTION,
        description="Downloads, stars, forks, questions and pageviews of any two, by date or by age.",
        content={
            "answer": [MEANING],
            "figures": [figure for measure in MEASURES for figure in _figures(evidence, *measure)],
            "latest": latest(evidence),
            "passings": passings(evidence),
            "limits": LIMITS,
        },
    )


def _figures(evidence: Evidence, key: str, question: str, noun: str) -> list[Figure]:
    return kindred(
        figure_of(evidence, key, question, label="By date"),
        aged_figure(evidence, key, age_finding(evidence.series(key), evidence, noun)),
    )
