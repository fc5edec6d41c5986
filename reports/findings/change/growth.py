"""Growth: the last twelve months against the twelve before, or a counter against itself a year before."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from math import inf, isfinite

from reports.data.evidence import Evidence
from reports.data.records import Metric, Point, Subject
from reports.data.series import Series
from reports.data.wording import change, month
from reports.findings.change.loss import with_loss
from reports.findings.segments import COUNTER_STEP, concerns

TWO_YEARS = timedelta(days=2 * 365)
# How many periods a year has; a week is compared with the one 52 weeks before.
A_YEAR = {"day": 365, "week": 52, "month": 12, "year": 1}


@dataclass(frozen=True)
class Growth:
    """By which part of what it was a figure has changed in a year: 0.1 is ten per cent more.

    It lies between `low` and `high`, which are one where nothing has vanished from the year before.
    """

    subject: Subject
    low: float
    high: float

    @property
    def told(self) -> str:
        """+12 %; +3 % to +9 %; at most +4 %, where nobody knows how much has vanished."""
        if not isfinite(self.low):
            return f"at most {change(self.high)}"
        ends = dict.fromkeys((change(self.low), change(self.high)))
        return " to ".join(ends)


def growths(series: Series, evidence: Evidence) -> list[Growth]:
    """Return the growth of each subject of which it can be told; of shares there is none."""
    if series.metric.unit == "share" or series.metric.grain == "age":
        return []
    known = series.by_subject()
    found = (_growth(series, evidence, one, known.get(one.subject_id, ())) for one in evidence.subjects)
    return [one for one in found if one]


def untold(series: Series, evidence: Evidence) -> str:
    """Say why the growth of nobody is told."""
    if series.metric.unit == "share":
        return "not told of a share"
    last, known = series.last_day, series.by_subject()
    breaks = [
        event.occurred_on
        for event in evidence.events
        if event.kind == "series break"
        and concerns(event, series)
        and last - TWO_YEARS < event.occurred_on <= last
    ]
    if breaks:
        return f"not told: counted in another way since {month(max(breaks))}"
    if any(_windows(known.get(one.subject_id, ()), series.metric) for one in evidence.subjects):
        return "not told: the two years cannot be compared"
    return "not told: of nobody are two whole years known"


def _growth(series: Series, evidence: Evidence, subject: Subject, points: Sequence[Point]) -> Growth | None:
    """Return None where a period is missing or doubted, or the two years are counted in different ways."""
    windows = _windows(points, series.metric)
    if not windows:
        return None
    then, now = windows
    if is_broken(series, evidence, subject, [*then, *now]):
        return None
    least, most = with_loss(sum(point.value for point in then), then[-1].last_day, series, evidence, subject)
    current = sum(point.value for point in now)
    return (
        Growth(subject, -inf if most == inf else current / most - 1, current / least - 1) if least else None
    )


def _windows(points: Sequence[Point], metric: Metric) -> tuple[list[Point], list[Point]] | None:
    """Return the points of the year before and of the last one; None where they are not known whole."""
    usable = [point for point in points if point.is_usable]
    return _readings(usable) if metric.aggregation == "stock" else _years(usable, metric)


def _readings(points: Sequence[Point]) -> tuple[list[Point], list[Point]] | None:
    """Return a counter's reading of a year before and its last one."""
    if not points:
        return None
    last = points[-1]
    wanted = last.last_day - timedelta(days=365)
    nearest = min(points, key=lambda point: abs(point.last_day - wanted))
    return ([nearest], [last]) if abs(nearest.last_day - wanted) <= COUNTER_STEP else None


def _years(points: Sequence[Point], metric: Metric) -> tuple[list[Point], list[Point]] | None:
    """Return the periods of the year before and of the last one, none of them missing."""
    periods = A_YEAR[metric.grain]
    both = list(points[-2 * periods :])
    follow = all(two.first_day - one.last_day == timedelta(1) for one, two in pairwise(both))
    if len(both) < 2 * periods or not follow:
        return None
    return both[:periods], both[periods:]


def is_broken(series: Series, evidence: Evidence, subject: Subject, points: Sequence[Point]) -> bool:
    """Tell whether periods were counted in different ways, or a break or fault lies among them."""
    first, last = points[0].first_day, points[-1].last_day
    if len({point.basis for point in points}) > 1:
        return True
    own = (event for event in evidence.events if concerns(event, series, subject.subject_id))
    return any(first < event.occurred_on <= last or _spoils(event.ended_on, first, last) for event in own)


def _spoils(ended_on: date | None, first: date, last: date) -> bool:
    return ended_on is not None and first <= ended_on <= last
