"""Then and now: a flow's last twelve months against the first year that is known for all subjects."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from reports.data.evidence import Evidence
from reports.data.records import Point, Subject
from reports.data.series import Series
from reports.findings.segments import concerns


@dataclass(frozen=True)
class Trend:
    """Who had more in that year than in the last twelve months, and who had not."""

    year: int
    fewer: Sequence[Subject]
    more: Sequence[Subject]


def trend(series: Series, evidence: Evidence) -> Trend | None:
    """Return how the last twelve months compare; None where a month is missing or a break lies between."""
    usable = [point for point in series.points if point.state not in ("partial", "suspect", "sample")]
    known = Series(series.key, series.metric, tuple(usable)).by_subject()
    year = _first_full_year(known.values())
    if year is None or _is_broken(series, evidence, date(year, 1, 1)):
        return None
    changes = {name: _change(points, year) for name, points in known.items()}
    if None in changes.values():
        return None
    subjects = [subject for subject in evidence.subjects if subject.subject_id in changes]
    fewer = [subject for subject in subjects if (changes[subject.subject_id] or 0) < 0]
    return Trend(year, fewer, [subject for subject in subjects if subject not in fewer])


def _first_full_year(known: Iterable[Sequence[Point]]) -> int | None:
    years = [_full_years(points) for points in known]
    shared = set.intersection(*years) if years else set()
    return min(shared, default=None)


def _full_years(points: Sequence[Point]) -> set[int]:
    years = [point.first_day.year for point in points]
    return {year for year in years if years.count(year) == 12}


def _is_broken(series: Series, evidence: Evidence, since: date) -> bool:
    bases = {point.basis for point in series.points if point.first_day >= since}
    return len(bases) > 1 or any(
        concerns(event, series) and event.occurred_on > since for event in evidence.events
    )


def _change(points: Sequence[Point], year: int) -> float | None:
    last = points[-1].first_day
    year_ago = last.replace(year=last.year - 1)
    now = [point.value for point in points if point.first_day > year_ago]
    then = [point.value for point in points if point.first_day.year == year]
    return sum(now) - sum(then) if len(now) == 12 and year_ago >= date(year, 12, 1) else None
