"""Data quality: how fresh each source is, what was checked, what is unusual, what was changed later."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from reports.charts.annotations import runs
from reports.data.evidence import Evidence
from reports.data.records import Check, Event, Point, Revision, SeriesStatus
from reports.data.wording import UNKNOWN, counted, day, figure, listed, number, source_name
from reports.findings.changes import Changes
from reports.findings.corrections import corrections
from reports.findings.headline import Clause
from reports.findings.lateness import late_series
from reports.pages.page import Page

QUESTION = "How far can these figures be trusted?"
BREAKS = ("series break", "measuring fault")
MOST = 200  # rows of a table that a reader may be asked to look through; the published file has all
STATES = {"never": "is not collected yet", "failed": "failed", "late": "is late", "stale": "is stale"}
LIMITS = (
    "Whether a source counts rightly: only that its answers are whole, possible and like the ones before.",
    "Faults that nobody has noticed: an unusual day without a known reason is marked, not explained.",
)


@dataclass(frozen=True)
class Unusual:
    """A run of periods of one subject that are marked as unusual."""

    metric: str
    subject: str
    first_day: date
    last_day: date
    periods: int
    reason: str


@dataclass(frozen=True)
class Late:
    """A series that is not as fresh as it should be."""

    metric: str
    subject: str
    source: str
    status: SeriesStatus
    reason: str


@dataclass(frozen=True)
class Restated:
    """A past value before and after its source changed it."""

    metric: str
    subject: str
    period: date
    old: str
    new: str
    on: date


def quality(evidence: Evidence, changed: Changes) -> Page:
    """Return the page on the quality of the data."""
    failed = [check for check in evidence.checks if not check.passed]
    built_at = evidence.build.built_at
    earlier = [check for check in evidence.checks if check.checked_at and check.checked_at < built_at]
    return Page(
        name="quality",
        template="quality.html.j2",
        label="Data quality",
        title=QUESTION,
        description="How fresh each source is, what was checked, which days are unusual, what changed later.",
        content={
            "answer": list(_answer(evidence, failed)),
            "late": list(_late(evidence))[:MOST],
            "earlier": len(earlier),
            "checks": {
                "that found something": failed,
                "that found nothing": [check for check in evidence.checks if check.passed],
            },
            "unusual": list(_unusual(evidence))[:MOST],
            "breaks": _breaks(evidence),
            "revisions": [_restated(revision, evidence) for revision in _newest(evidence.revisions)][:MOST],
            "corrections": corrections(evidence, changed)[:MOST],
            "has_revisions": any(column.table_name == "revisions" for column in evidence.columns),
            "limits": LIMITS,
        },
    )


def freshness(evidence: Evidence) -> list[Clause]:
    """Say at a glance how many sources are as fresh as they should be, which are not, and in which series."""
    ended = [name for name in evidence.sources if evidence.ended_on(name)]
    states = {name: status.state for name, status in evidence.sources.items() if name not in ended}
    fresh = [name for name, state in states.items() if state == "fresh"]
    others = [
        f"{source_name(name)} {STATES.get(state, state)}{_in(late_series(evidence, name))}"
        for name, state in states.items()
        if state != "fresh"
    ]
    if ended:
        others.append(f"all series of {listed(map(source_name, ended))} have ended")
    how_many = [f"{_how_many(len(fresh), len(states))} fresh"] if states else []
    told = "; ".join([*how_many, *([listed(others)] if others else [])])
    return [Clause(None, f"As of {day(evidence.today)}, {told}.")] if told else []


def _how_many(fresh: int, sources: int) -> str:
    """Return the only source is; both sources are; all 17 sources are; three of 17 sources are."""
    if not fresh:
        return "no source is"
    if fresh < sources:
        return f"{number(fresh)} of {number(sources)} sources {'is' if fresh == 1 else 'are'}"
    whole = "both" if sources == 2 else f"all {number(sources)}"
    return "the only source is" if sources == 1 else f"{whole} sources are"


def _in(names: Sequence[str]) -> str:
    return f" ({listed(names)})" if names else ""


def _late(evidence: Evidence) -> Iterator[Late]:
    """Yield the series that are late or stale; those that may rightly end say so."""
    for status in evidence.series_status:
        metric = evidence.metrics.get(status.metric_id)
        if metric and evidence.subject(status.subject_id) and status.state in ("late", "stale"):
            reason = "; ".join(filter(None, [status.reason, metric.may_end and f"may end: {metric.may_end}"]))
            yield Late(
                metric.name, evidence.named(status.subject_id), source_name(metric.source_id), status, reason
            )


def _answer(evidence: Evidence, failed: Sequence[Check]) -> Iterator[str]:
    for clause in freshness(evidence):
        yield clause.text.removesuffix(".")
    if evidence.checks:
        found = f"{number(len(failed))} of them found something" if failed else "none found anything"
        yield f"{counted(len(evidence.checks), 'check')} ran, {found}"
    yield "What is late, unusual or counted in another way is marked in every chart"


def _breaks(evidence: Evidence) -> list[Event]:
    found = (event for event in evidence.events if event.kind in BREAKS)
    said = {(event.occurred_on, event.title): event for event in found}
    return sorted(said.values(), key=lambda event: event.occurred_on, reverse=True)


def _unusual(evidence: Evidence) -> Iterator[Unusual]:
    """Yield the runs of each metric; what is suspect for the figures that it is made of is told there."""
    for metric_id, metric in evidence.metrics.items():
        told = _suspect(evidence.points.get(metric.made_from or "", ()))
        for subject_id, points in evidence.series(metric_id).by_subject().items():
            suspect = [
                point
                for point in _suspect(points)
                if not any(point.overlaps(other.first_day, other.last_day) for other in told)
            ]
            subject = evidence.subject(subject_id)
            for run in runs(suspect):
                name = subject.name if subject else subject_id
                reason = "; ".join(dict.fromkeys(point.reason for point in run if point.reason))
                yield Unusual(metric.name, name, run[0].first_day, run[-1].last_day, len(run), reason)


def _suspect(points: Iterable[Point]) -> list[Point]:
    return [point for point in points if point.state == "suspect"]


def _newest(revisions: Sequence[Revision]) -> list[Revision]:
    return sorted(revisions, key=lambda revision: revision.changed_at, reverse=True)


def _restated(revision: Revision, evidence: Evidence) -> Restated:
    metric, subject = evidence.metrics.get(revision.metric_id), evidence.subject(revision.subject_id)
    old, new = (
        UNKNOWN if value is None else figure(value, metric) if metric else str(value)
        for value in (revision.old_value, revision.new_value)
    )
    return Restated(
        metric.name if metric else revision.metric_id,
        subject.name if subject else revision.subject_id,
        revision.period_start,
        old,
        new,
        revision.changed_at.date(),
    )
