"""Then and now: a flow's last twelve months against the first year that is known for all subjects.

Of a flow from whose past something vanishes, as stars do that are taken back, the years are told with what is
known to be missing from them, and a change that may come of that alone is none.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from reports.data.evidence import Evidence
from reports.data.records import Point, Subject
from reports.data.series import Series
from reports.findings.change.loss import DOUBTED, with_loss
from reports.findings.ranking import LEVEL
from reports.findings.segments import concerns


@dataclass(frozen=True)
class Trend:
    """Who has fewer in the last twelve months than in that year, who more, and of whom it cannot be told."""

    year: int
    fewer: Sequence[Subject]
    more: Sequence[Subject]
    untold: Sequence[Subject] = ()


def trend(series: Series, evidence: Evidence) -> Trend | None:
    """Return how the last twelve months compare; None where a month is missing or a break lies between."""
    usable = [point for point in series.points if point.state not in DOUBTED]
    known = Series(series.key, series.metric, tuple(usable)).by_subject()
    year = _first_full_year(known.values())
    if year is None or _is_broken(series, evidence, date(year, 1, 1)):
        return None
    told: dict[str, list[Subject]] = {"fewer": [], "more": [], "untold": []}
    for subject in evidence.subjects:
        points = known.get(subject.subject_id)
        if points:
            now = _last_twelve_months(points, year)
            if now is None:
                return None
            told[_change(now, _then(points, year, series, evidence, subject))].append(subject)
    return Trend(year, **told)


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


def _last_twelve_months(points: Sequence[Point], year: int) -> float | None:
    last = points[-1].first_day
    year_ago = last.replace(year=last.year - 1)
    now = [point.value for point in points if point.first_day > year_ago]
    return sum(now) if len(now) == 12 and year_ago >= date(year, 12, 1) else None


def _then(
    points: Sequence[Point], year: int, series: Series, evidence: Evidence, subject: Subject
) -> tuple[float, float]:
    left = sum(point.value for point in points if point.first_day.year == year)
    return with_loss(left, date(year, 12, 31), series, evidence, subject)


def _change(now: float, then: tuple[float, float]) -> str:
    least, most = then
    if now < least * (1 - LEVEL):
        return "fewer"
    return "more" if now > most * (1 + LEVEL) else "untold"
