"""The arithmetic of a chart's frame: ticks, and room for labels so that none overlaps another. Draws nothing."""

from collections.abc import Sequence
from datetime import date, timedelta
from math import ceil, floor, log10

YEAR_LABEL = 40  # pixels that "2025" wants, its distance to the next included
MONTH_LABEL = 74  # and "Mar 2025"
LETTER = 6.3  # pixels of a letter at 11 pixels, wide fonts included


def value_ticks(highest: float, unit: str) -> list[float]:
    """Return round values from zero to at least the highest, three to six of them."""
    if unit == "share":
        return [0, 0.25, 0.5, 0.75, 1]
    if highest <= 0:
        return [0, 1]
    rough = highest / 5
    size = 10.0 ** floor(log10(rough))
    step = next(size * factor for factor in (1, 2, 2.5, 5, 10) if size * factor >= rough)
    if highest >= 3:  # what is counted in whole numbers gets whole ticks
        step = max(1.0, step if step >= 10 else ceil(step))
    return [step * index for index in range(ceil(highest / step) + 1)]


def time_ticks(first_day: date, last_day: date, width: float) -> tuple[list[date], list[date], str]:
    """Return where labels are centred, where ticks stand, and the labels' format.

    Years are labelled in their middle between ticks at their ends; spans under two years by month.
    """
    days = (last_day - first_day).days or 1
    if days < 730:
        return _month_ticks(first_day, last_day, width)
    years = range(first_day.year, last_day.year + 1)
    step = ceil(YEAR_LABEL * days / 365 / width)
    middles = [date(year, 7, 1) for year in years if (years[-1] - year) % step == 0]
    ends = [date(year, 1, 1) for year in years]
    return _within(middles, first_day, last_day), _within(ends, first_day, last_day), "%Y"


def _month_ticks(first_day: date, last_day: date, width: float) -> tuple[list[date], list[date], str]:
    starts = [
        date(first_day.year + index // 12, index % 12 + 1, 1)
        for index in range(first_day.month - 1, first_day.month + 25)
    ]
    starts = _within(starts, first_day, last_day)
    step = max(1, ceil(len(starts) * MONTH_LABEL / width))
    return starts[::step], starts[::step], "%b %Y"


def _within(days: Sequence[date], first_day: date, last_day: date) -> list[date]:
    return [day for day in days if first_day <= day <= last_day]


def time_domain(first_day: date, last_day: date) -> tuple[date, date]:
    """Return the span a chart shows: a fortnight at least, or a single reading would have no room."""
    if last_day - first_day < timedelta(days=14):
        return first_day - timedelta(days=7), last_day + timedelta(days=7)
    return first_day, last_day


def spread(wanted: Sequence[float], gap: float, bottom: float) -> list[float]:
    """Return places between 0 and the bottom, at least a gap apart and as near as can be to the wanted ones."""
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


def label_rows(starts: Sequence[float], names: Sequence[str], width: float) -> list[tuple[int, float]]:
    """Return row and left edge of each label above a plot, the rightmost in the lowest row.

    Labels begin where what they name begins; one that would leave the picture is moved to the left.
    From right to left, so that no name's line to its place runs through another name.
    """
    placed: dict[int, tuple[int, float]] = {}
    taken: list[float] = []  # by row: the left edge of its leftmost label
    for index in sorted(range(len(names)), key=lambda index: -starts[index]):
        size = len(names[index]) * LETTER
        left = max(0.0, min(starts[index], width - size))
        row = next((row for row, edge in enumerate(taken) if left + size + LETTER <= edge), len(taken))
        taken[row : row + 1] = [left]
        placed[index] = (row, left)
    return [placed[index] for index in range(len(names))]
