"""The arithmetic of a chart's axes: round ticks, and names at the ends of lines kept apart. Draws nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil, floor, log10

YEAR_LABEL = 40  # pixels that "2025" wants, its distance to the next included
MONTH_LABEL = 74  # and "Mar 2025"


def value_ticks(highest: float, unit: str) -> list[float]:
    """Return round values from zero to at least the highest, three to six of them."""
    if unit == "share" and highest > 0.5:
        return [0, 0.25, 0.5, 0.75, 1]
    if highest <= 0:
        return [0, 1]
    rough = highest / 5
    size = 10.0 ** floor(log10(rough))
    step = next(size * factor for factor in (1, 2, 2.5, 5, 10) if size * factor >= rough)
    if highest >= 3:  # what is counted in whole numbers gets whole ticks
        step = max(1.0, step if step >= 10 else ceil(step))
    return [round(step * index, 9) for index in range(ceil(highest / step) + 1)]


@dataclass(frozen=True)
class TimeTicks:
    """Where labels are centred, where ticks stand, and the labels' format."""

    labels: Sequence[date]
    ticks: Sequence[date]
    text_format: str


def time_ticks(first_day: date, last_day: date, width: float) -> TimeTicks:
    """Return years labelled in their middle between ticks at their ends; a span under two years by month."""
    days = (last_day - first_day).days or 1
    if days < 730:
        return _month_ticks(first_day, last_day, width)
    years = range(first_day.year, last_day.year + 1)
    step = ceil(YEAR_LABEL * days / 365 / width)
    starts = _within([date(year, 1, 1) for year in years], first_day, last_day)
    if step > 2:  # too many years for a tick each
        told = [start for start in starts if (years[-1] - start.year) % step == 0]
        return TimeTicks(told, told, "%Y")
    middles = [date(year, 7, 1) for year in years if (years[-1] - year) % step == 0]
    return TimeTicks(_within(middles, first_day, last_day), starts, "%Y")


def age_ticks(first_day: date, last_day: date, width: float) -> TimeTicks:
    """Return years of age, labelled where they are reached."""
    years = range(first_day.year, last_day.year + 2)
    step = ceil(YEAR_LABEL * ((last_day - first_day).days or 1) / 365 / width)
    starts = _within([date(year, 1, 1) for year in years[::step]], first_day, last_day)
    return TimeTicks(starts, starts, "age")


def _month_ticks(first_day: date, last_day: date, width: float) -> TimeTicks:
    months = range(first_day.month - 1, first_day.month + 25)
    starts = _within([date(first_day.year + n // 12, n % 12 + 1, 1) for n in months], first_day, last_day)
    step = max(1, ceil(len(starts) * MONTH_LABEL / width))
    return TimeTicks(starts[::step], starts[::step], "%b %Y")


def _within(days: Sequence[date], first_day: date, last_day: date) -> list[date]:
    return [day for day in days if first_day <= day <= last_day]


def time_domain(first_day: date, last_day: date) -> tuple[date, date]:
    """Return the span a chart shows: a fortnight at least, or a single reading would have no room."""
    if last_day - first_day < timedelta(days=14):
        return first_day - timedelta(days=7), last_day + timedelta(days=7)
    return first_day, last_day


def spread(wanted: Sequence[float], gap: float, bottom: float) -> list[float]:
    """Return places between 0 and the bottom, a gap apart at least, as near as can be to the wanted ones."""
    order = sorted(range(len(wanted)), key=wanted.__getitem__)
    clusters: list[list[float]] = []
    for rank, index in enumerate(order):
        clusters.append([wanted[index] - rank * gap])
        while len(clusters) > 1 and _mean(clusters[-2]) > _mean(clusters[-1]):
            clusters[-2:] = [clusters[-2] + clusters[-1]]
    highest = bottom - (len(wanted) - 1) * gap
    places = [0.0] * len(wanted)
    centres = (_mean(cluster) for cluster in clusters for _ in cluster)
    for rank, (index, centre) in enumerate(zip(order, centres, strict=True)):
        places[index] = max(0.0, min(centre, highest)) + rank * gap
    return places


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)
