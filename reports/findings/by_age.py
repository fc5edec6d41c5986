"""Two subjects at the same age: months counted from each one's first release instead of from a date."""

from calendar import monthrange
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

from reports.data.evidence import Evidence
from reports.data.records import Point
from reports.data.series import Series
from reports.findings.segments import Segment, segments, unusual

BIRTH = date(2000, 1, 1)  # a month of age is told as the month that is as long after this one


def by_age(series: Series, evidence: Evidence) -> tuple[Series, list[Segment]]:
    """Return a series and its segments by month of age; of daily counters the last day of each month.

    Lines end where they end by date. Subjects without a first release, and months before it, are left out.
    """
    births = {subject.subject_id: subject.first_release_on for subject in evidence.subjects}
    doubted = {(point.subject_id, point.first_day): point for point in unusual(series, evidence.events)}
    told = [doubted.get((point.subject_id, point.first_day), point) for point in series.points]
    metric = replace(series.metric, grain="age", name=f"{series.metric.name} by age")
    cut = [
        replace(segment, points=_moved(segment.points, births))
        for segment in segments(series, evidence.events)
    ]
    return Series(f"{series.key}_by_age", metric, _moved(told, births)), [part for part in cut if part.points]


def _moved(points: Iterable[Point], births: Mapping[str, date | None]) -> tuple[Point, ...]:
    """Return the last point of each month of a subject's age."""
    last = {(point.subject_id, _months_of_age(point, births)): point for point in points}
    return tuple(_at_age(point, months) for (_, months), point in last.items() if months >= 0)


def _months_of_age(point: Point, births: Mapping[str, date | None]) -> int:
    """Return how many months after its subject's first release a point is; -1 for none."""
    born, day = births.get(point.subject_id), point.last_day
    return max(-1, (day.year - born.year) * 12 + day.month - born.month) if born else -1


def _at_age(point: Point, months: int) -> Point:
    first_day = date(BIRTH.year + months // 12, months % 12 + 1, 1)
    last_day = first_day.replace(day=monthrange(first_day.year, first_day.month)[1])
    return replace(point, first_day=first_day, last_day=last_day)
