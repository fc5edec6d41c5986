"""A page of each subject: its own history, with its releases."""

from collections.abc import Sequence

from reports.charts.figure import Figure, figure_of, kindred, parts_figure
from reports.data.breakdowns import DIVISIONS
from reports.data.declared import Declared, main_metrics
from reports.data.evidence import Evidence
from reports.data.records import Subject
from reports.data.wording import counted, day
from reports.findings.change.releases import releases
from reports.findings.findings import parts_finding
from reports.findings.latest import latest, origins
from reports.findings.titles import title
from reports.pages.measures import groups
from reports.pages.page import Page

LIMITS = (
    "How it compares: the lines here have a scale of their own.",
    "Why a line moves: a release is marked where it fell; that a rise follows one proves nothing.",
)


MOST_TOLD = 2  # main measures in the answer


def subject_page(evidence: Evidence, subject: Subject) -> Page:
    """Return the page of a subject."""
    alone = evidence.only(subject)
    measures, released = releases(alone, subject)
    return Page(
        name=f"subject-{subject.subject_id}",
        template="subject.html.j2",
        label=subject.name,
        title=f"How has {subject.name} fared?",
        description=f"{subject.name}: downloads, stars, questions and interest over time, releases marked.",
        content={
            "answer": _answer(alone, subject),
            "latest": latest(alone),
            "origins": origins(alone),
            "figures": [figure for group in groups(alone) for figure in _figures(alone, subject, group)],
            "measures": measures,
            "releases": released,
            "limits": LIMITS,
        },
        subject=subject,
    )


def _figures(evidence: Evidence, subject: Subject, group: Sequence[Declared]) -> list[Figure]:
    """Return the first of a group that tells of one subject alone, and what that is made of.

    No share of all compared is drawn, nor what else stands with the first on the page of its kind.
    """
    own = [one for one in group if not one.is_of_one_whole and not one.shown.detail][:1]
    parts = [part for one in own for part in _divided(evidence, subject, one)]
    figures = [
        figure_of(evidence, one.key, title(evidence, one.key, "amounts"), label="Together" if parts else "")
        for one in own
    ]
    return kindred(*figures, *parts) if parts else figures


def _divided(evidence: Evidence, subject: Subject, one: Declared) -> list[Figure]:
    return [
        _parts(evidence, subject, name, DIVISIONS[name].label)
        for name in one.metric.parts
        if not one.view and evidence.parts.get(f"{name}-{subject.subject_id}")
    ]


def _parts(evidence: Evidence, subject: Subject, name: str, label: str) -> Figure:
    key = f"{name}-{subject.subject_id}"
    noun = f"{subject.name}'s downloads {label[:1].lower()}{label[1:]}"
    return parts_figure(evidence, key, parts_finding(evidence.series(key), noun), label)


def _answer(evidence: Evidence, subject: Subject) -> list[str]:
    known = [metric.id for metric in main_metrics()[:MOST_TOLD] if metric.id in evidence.metrics]
    told = [title(evidence, key, "amounts") for key in known]
    if subject.first_release_on:
        years = (evidence.today - subject.first_release_on).days // 365
        told.append(f"First released on {day(subject.first_release_on)}, {counted(years, 'year')} ago")
    return told
