"""The table under a chart: every figure of its series, what is not drawn included."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from reports.evidence import Evidence, Series
from reports.lines import is_touched
from reports.rows import Point
from reports.words import SAMPLE, count, figure, listed, period

NOTES = {
    "partial": "not over yet",
    "suspect": "unusual, not drawn",
    "sample": SAMPLE,
    "stale": "last answer",
}


@dataclass(frozen=True)
class Line:
    """A period, the figure of every subject in it, and what is to be known about them."""

    period: str
    figures: Sequence[str]
    note: str


@dataclass(frozen=True)
class Table:
    """The figures of a series, the newest first."""

    caption: str
    heads: Sequence[str]
    lines: Sequence[Line]


def table_of(series: Series, evidence: Evidence) -> Table:
    """Return the table of a series."""
    periods: dict[tuple[date, date], dict[str, Point]] = {}
    for point in series.points:
        periods.setdefault((point.first_day, point.last_day), {})[point.subject_id] = point
    lines = [_line(series, evidence, periods[days]) for days in sorted(periods, reverse=True)]
    sample = f" ({SAMPLE})" if series.is_sample else ""
    heads = [subject.name for subject in evidence.subjects]
    return Table(f"{series.metric.name}{sample}, in {series.metric.unit}", heads, lines)


def _line(series: Series, evidence: Evidence, points: dict[str, Point]) -> Line:
    found = [points.get(subject.subject_id) for subject in evidence.subjects]
    known = [point for point in found if point]
    faults = [event for event in evidence.events if event.metric_id == series.metric.metric_id]
    notes = [NOTES.get(point.state, "") for point in known]
    notes += [NOTES["suspect"] for point in known if is_touched(point, faults)]
    if len({point.basis for point in series.points}) > 1:
        notes += [point.basis or "" for point in known]
    return Line(
        period(known[0], series.metric.grain),
        [_figure(point, series) if point else "–" for point in found],
        "; ".join(dict.fromkeys(note for note in notes if note)),
    )


def _figure(point: Point, series: Series) -> str:
    low = "" if point.low in (None, point.value) else f" (low: {count(point.low or 0)})"
    return figure(point.value, series.metric) + low
