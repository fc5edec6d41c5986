"""Where a line may be drawn: a series cut into segments, so that no line crosses what is not known.

A line ends where a period is missing or unusual, where the series is counted in another way, and at a
series break. Nothing is drawn here.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from reports.data.records import Event, Metric, Point, Subject
from reports.data.series import Series

UNUSUAL = "unusual figures"
# The longest step between two neighbours. Counters are read about monthly at first: a month and a half
# bridges the 1st of one month and the middle of the next.
COUNTER_STEP = timedelta(days=45)
LONGEST_STEP = {
    "day": timedelta(days=1),
    "week": timedelta(days=7),
    "month": timedelta(days=31),
    "year": timedelta(days=366),
    "age": timedelta(days=31),
}


@dataclass(frozen=True)
class Segment:
    """Neighbouring points that one line joins; dashed where the last period is not over."""

    subject_id: str
    points: tuple[Point, ...]
    dashed: bool = False


def since_two(series: Series) -> Series:
    """Return the series from where there are two to compare: a launch before that would set the scale."""
    starts = sorted(points[0].first_day for points in series.by_subject().values())
    if len(starts) < 2:
        return series
    return replace(series, points=tuple(point for point in series.points if point.first_day >= starts[1]))


def segments(series: Series, events: Sequence[Event]) -> list[Segment]:
    """Return the segments of every subject, in order of time."""
    found: list[Segment] = []
    for subject_id, points in series.by_subject().items():
        own = [event for event in events if concerns(event, series, subject_id)]
        found += _thinned(_cut(subject_id, points, own, series.metric), series.metric)
    return found


def unusual(series: Series, events: Sequence[Event]) -> list[Point]:
    """Return the points that no line goes through, each with its reason."""
    found = []
    for subject_id, points in series.by_subject().items():
        own = [event for event in events if concerns(event, series, subject_id)]
        doubts = ((point, doubt(point, own)) for point in points)
        found += [replace(point, state="suspect", reason=reason) for point, reason in doubts if reason]
    return found


def concerns(event: Event, series: Series, subject_id: str | None = None) -> bool:
    """Tell whether a break or fault is one of the series' metric, and of the subject if one is given.

    Shares of one whole are of all subjects, so what breaks one of them breaks each.
    """
    if event.kind not in ("series break", "measuring fault") or event.metric_id is None:
        return False
    if event.metric_id not in (series.metric.metric_id, series.metric.made_from):
        return False
    pooled = series.is_of_one_whole or subject_id is None
    return pooled or event.subject_id in (None, subject_id)


def is_touched(point: Point, events: Sequence[Event]) -> bool:
    """Tell whether a measuring fault touches the point's period."""
    return any(_touches(event, point) for event in events)


def _touches(event: Event, point: Point) -> bool:
    is_fault = event.kind == "measuring fault"
    return is_fault and point.overlaps(event.occurred_on, fault_end(event))


def fault_end(event: Event) -> date:
    """Return the last day of a fault; one without an end is known to touch its first day only."""
    return event.ended_on or event.occurred_on


def doubt(point: Point, events: Sequence[Event]) -> str | None:
    """Say why no line may go through a point; None where one may."""
    fault = next((event.title for event in events if _touches(event, point)), None) if events else None
    if point.state != "suspect" and fault is None:
        return None
    return point.reason or fault or UNUSUAL


def _cut(
    subject_id: str, points: Sequence[Point], events: Sequence[Event], metric: Metric
) -> Iterator[Segment]:
    run: list[Point] = []
    longest = COUNTER_STEP if is_counter(metric) else LONGEST_STEP[metric.grain]
    for point in points:
        drawable = doubt(point, events) is None
        if run and not (drawable and _joined(run[-1], point, events, longest)):
            yield Segment(subject_id, tuple(run))
            run = []
        if drawable and point.state == "partial":
            yield Segment(subject_id, (*run[-1:], point), dashed=True)
        elif drawable:
            run.append(point)
    if run:
        yield Segment(subject_id, tuple(run))


def _joined(before: Point, point: Point, events: Sequence[Event], longest: timedelta) -> bool:
    if point.first_day - before.first_day > longest or before.basis != point.basis:
        return False
    return not (events and any(_between(event, before, point) for event in events))


def _between(event: Event, before: Point, point: Point) -> bool:
    if event.kind == "measuring fault":
        return event.occurred_on <= point.last_day and fault_end(event) >= before.first_day
    return before.last_day < event.occurred_on <= point.last_day


def is_counter(metric: Metric) -> bool:
    """Tell a counter, which is read now and then and stands at a level, from what is told of every day."""
    return metric.grain == "day" and metric.aggregation == "stock"


def _thinned(found: Iterator[Segment], metric: Metric) -> Iterator[Segment]:
    """Yield segments of daily counters with the last day of each month only, and the first of all."""
    for segment in found:
        points = segment.points
        if is_counter(metric):
            last = {point.first_day.replace(day=1): point for point in points}
            points = tuple(dict.fromkeys((points[0], *last.values())))
        yield Segment(segment.subject_id, points, segment.dashed)


def stacked(found: Sequence[Segment], subjects: Sequence[Subject]) -> list[Segment]:
    """Return segments laid on each other in the order of the subjects; a point's low is where it begins."""
    heights: dict[date, float] = {}
    laid = []
    for subject in subjects:
        for segment in (segment for segment in found if segment.subject_id == subject.subject_id):
            points = []
            for point in segment.points:
                low = heights.get(point.first_day, 0.0)
                heights[point.first_day] = low + point.value
                points.append(replace(point, low=low, value=low + point.value))
            laid.append(replace(segment, points=tuple(points)))
    return laid
