"""What is marked in a chart beside its lines: shaded stretches, breaks and outside events, each with its name."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from reports.evidence import Evidence, Series
from reports.lines import concerns, fault_end, is_touched
from reports.rows import Event, Point
from reports.words import day, month

UNUSUAL = "unusual figures"
OTHER_WAY = "counted in another way from here"


@dataclass(frozen=True)
class Mark:
    """A stretch of days, or one day, of a chart that has a name."""

    kind: str  # 'fault', 'silence', 'break' or 'event'
    first_day: date
    last_day: date
    name: str
    detail: str | None = None
    url: str | None = None

    @property
    def is_stretch(self) -> bool:
        """Whether it is shaded; else it is a rule."""
        return self.kind in ("fault", "silence")


def marks(series: Series, evidence: Evidence) -> list[Mark]:
    """Return what a chart of the series marks, in order of time."""
    if not series.points:
        return []
    first_day = min(point.first_day for point in series.points)
    silence = list(_silence(series, evidence))
    end = silence[0].last_day if silence else series.last_day
    found = [*_faults(series, evidence), *_breaks(series, evidence), *_outside(series, evidence), *silence]
    within = [mark for mark in found if mark.last_day >= first_day and mark.first_day <= end]
    return sorted(within, key=lambda mark: (mark.first_day, mark.name))


def _silence(series: Series, evidence: Evidence) -> Iterator[Mark]:
    status, last_day = evidence.status(series), series.last_day
    if status.state == "stale" and last_day < evidence.today:
        name = f"no answer since {month(last_day)}"
        yield Mark("silence", last_day + timedelta(days=1), evidence.today, name, status.reason)


def _faults(series: Series, evidence: Evidence) -> Iterator[Mark]:
    """Yield each fault, widened to the periods it touches, then unusual periods that no event names."""
    faults = [
        event for event in evidence.events if event.kind == "measuring fault" and concerns(event, series)
    ]
    for fault in _distinct(faults):
        yield _fault(fault, [point for point in series.points if is_touched(point, [fault])])
    suspect = [point for point in series.points if point.state == "suspect" and not is_touched(point, faults)]
    yield from _runs(sorted(suspect, key=lambda point: point.first_day))


def _fault(fault: Event, touched: list[Point]) -> Mark:
    last_day = fault_end(fault)
    return Mark(
        "fault",
        min([fault.occurred_on, *(point.first_day for point in touched)]),
        max([last_day, *(point.last_day for point in touched)]),
        _short(fault.title),
        f"{fault.title}, {day(fault.occurred_on)} to {day(last_day)}",
        fault.url,
    )


def _runs(points: list[Point]) -> Iterator[Mark]:
    """Yield one mark for each run of neighbouring periods, of whichever subject."""
    while points:
        first_day, last_day = points[0].first_day, points[0].last_day
        while points and points[0].first_day <= last_day + timedelta(days=1):
            last_day = max(last_day, points.pop(0).last_day)
        yield Mark("fault", first_day, last_day, UNUSUAL)


def _breaks(series: Series, evidence: Evidence) -> Iterator[Mark]:
    """Yield the breaks that events name, and changes in the way of counting, named or not."""
    changes = {point.first_day: (before.basis, point.basis) for before, point in _changes(series)}
    named = [event for event in evidence.events if event.kind == "series break" and concerns(event, series)]
    for event in _distinct(named):
        on = event.occurred_on
        name = OTHER_WAY if on in changes else _short(event.title)
        yield Mark("break", on, on, name, event.title, event.url)
    for on in changes.keys() - {event.occurred_on for event in named}:
        before, after = changes[on]
        yield Mark("break", on, on, OTHER_WAY, f"From here: {after}. Before: {before}")


def _changes(series: Series) -> Iterator[tuple[Point, Point]]:
    for points in series.by_subject().values():
        yield from (pair for pair in pairwise(points) if pair[0].basis != pair[1].basis)


def _outside(series: Series, evidence: Evidence) -> Iterator[Mark]:
    metric = series.metric
    for event in _distinct([event for event in evidence.events if event.kind == "outside event"]):
        if event.metric_id in (None, metric.metric_id) and event.source_id in (None, metric.source_id):
            yield Mark(
                "event", event.occurred_on, event.occurred_on, _short(event.title), event.title, event.url
            )


def _distinct(events: list[Event]) -> list[Event]:
    """Return one event of those that say the same of several subjects."""
    return list({(event.occurred_on, event.title): event for event in events}.values())


def _short(title: str) -> str:
    return title.partition(": ")[0]
