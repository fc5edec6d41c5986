"""Compare: any two side by side, by date or by age."""

from reports.charts.figure import Figure, aged_figure, figure_of, kindred
from reports.data.declared import Declared
from reports.data.evidence import Evidence
from reports.data.wording import listed
from reports.findings.crossovers import told_crossovers
from reports.findings.findings import age_finding
from reports.findings.latest import latest
from reports.findings.titles import over_a_period
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


def compare(evidence: Evidence) -> Page:
    """Return the page that puts two side by side."""
    return Page(
        name="compare",
        template="compare.html.j2",
        label="Compare",
        title=QUESTION,
        description=f"{_named(evidence)} of any two, by date or by age.",
        content={
            "answer": [MEANING],
            "figures": [figure for one in _compared(evidence) for figure in _figures(evidence, one)],
            "latest": latest(evidence),
            "crossovers": told_crossovers(evidence),
            "limits": LIMITS,
        },
    )


def _compared(evidence: Evidence) -> list[Declared]:
    return [one for one in evidence.declared if one.shown.compare]


def _named(evidence: Evidence) -> str:
    names = listed(one.noun for one in _compared(evidence)) if _compared(evidence) else "figures"
    return f"{names[:1].upper()}{names[1:]}"


def _figures(evidence: Evidence, one: Declared) -> list[Figure]:
    """Return the chart by date, and by age what is told by a shorter period than a year."""
    key, noun = one.key, over_a_period(evidence, one.key)
    by_date = figure_of(evidence, key, one.shown.compare or one.noun, label="By date")
    if one.metric.grain == "year":
        return [by_date]
    return kindred(by_date, aged_figure(evidence, key, age_finding(evidence.series(key), evidence, noun)))
