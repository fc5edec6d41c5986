"""The table under a chart: every figure of its series, what is not drawn included."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from reports.data.evidence import Evidence
from reports.data.records import Event, Point
from reports.data.series import Series
from reports.data.wording import SAMPLE, UNKNOWN, figure, period
from reports.findings.segments import concerns, doubt, is_counter

NOTES = {
    "partial": "not over yet",
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
    for point in _told(series):
        periods.setdefault((point.first_day, point.last_day), {})[point.subject_id] = point
    events = {
        subject.subject_id: [one for one in evidence.events if concerns(one, series, subject.subject_id)]
        for subject in evidence.subjects
    }
    tells_basis = len({point.basis for point in series.points}) > 1
    lines = [_line(series, periods[days], events, tells_basis) for days in sorted(periods, reverse=True)]
    name, unit = series.metric.name, series.metric.unit
    told = [name] if unit in name.lower() else [name, unit]
    heads = [subject.name for subject in evidence.subjects]
    return Table(", ".join([*told, *([SAMPLE] if series.is_sample else [])]), heads, lines)


def _told(series: Series) -> Sequence[Point]:
    """Return the points; of daily counters those of the last day that was read in each month."""
    if not is_counter(series.metric):
        return series.points
    days = sorted({point.first_day for point in series.points})
    last = set({day.replace(day=1): day for day in days}.values())
    return [point for point in series.points if point.first_day in last]


def _line(
    series: Series, points: Mapping[str, Point], events: Mapping[str, Sequence[Event]], tells_basis: bool
) -> Line:
    """Return the line of a period; `events` are those that concern each subject, in its cells' order."""
    found = [points.get(subject_id) for subject_id in events]
    known = [point for point in found if point]
    notes = [NOTES.get(point.state, "") for point in known]
    notes += [_doubt(point, events[point.subject_id]) for point in known]
    if tells_basis:
        notes += [point.basis or "" for point in known]
    return Line(
        period(known[0], series.metric.grain),
        [_figure(point, series) if point else UNKNOWN for point in found],
        "; ".join(dict.fromkeys(note for note in notes if note)),
    )


def _doubt(point: Point, events: Sequence[Event]) -> str:
    reason = doubt(point, events)
    return f"unusual: {reason}" if reason else ""


def _figure(point: Point, series: Series) -> str:
    value, low, high = (
        UNKNOWN if known is None else figure(known, series.metric)
        for known in (point.value, point.low, point.high)
    )
    if point.high is not None and point.low is not None and point.low < point.high:
        return f"{value} ({low} to {high})"
    return value if point.low in (None, point.value) else f"{value} (low: {low})"
