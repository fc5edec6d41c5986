"""Who stood in front of whom at the end of each month, by what had been told until then."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from warehouse.statistics.bootstrap import Floats, Integers
from warehouse.statistics.crossovers import LEAST_QUARTERS, Day, intervals, is_level
from warehouse.statistics.pairs import KEY, Columns, Key, Pair, counted_alike_since, read_pairs
from warehouse.statistics.redraws import redrawn_means

TYPES = {"as_of": "M8[s]", "compared_to": "M8[s]", "side": "i8"}
TYPES |= dict.fromkeys(("ratio", "ratio_low", "ratio_high"), "f8")
YEAR = np.timedelta64(365, "D")
# A figure of a year before is one of so many days around it.
YEAR_SLACK = np.timedelta64(20, "D")


@dataclass(frozen=True)
class Standing:
    """Which side the evidence takes on a day: 1 the first subject's, -1 the second's, 0 too close to call.

    Ratios are of the first subject's figure to the second's; of growth, of what the first was multiplied by
    within a year to what the second was.
    """

    as_of: Day
    compared_to: Day
    side: int
    ratio: float
    ratio_low: float
    ratio_high: float


def find_standings(rivals: Columns, today: Day) -> Mapping[str, NDArray[np.generic]]:
    """Return the standings of each measure, metric and pair at the end of each month and today, as columns.

    `rivals` are those of `int_claim_rivals`, its rows in order of key and time.
    """
    names = ("measure", *KEY)
    rows: list[tuple[str, Key, Standing]] = []
    for measure, own in _by_measure(rivals):
        lags = own["expected_lag_days"].astype("m8[D]")
        keys = zip(*(own[name].tolist() for name in KEY), strict=True)
        lag_of: dict[tuple[str, ...], np.timedelta64] = dict(zip(keys, lags, strict=True))
        for key, pair in read_pairs(own):
            rows += [(measure, key, one) for one in standings(measure, key, pair, lag_of[key], today)]
    told = {name: [row[0] if not at else row[1][at - 1] for row in rows] for at, name in enumerate(names)}
    told |= {name: [getattr(row[2], name) for row in rows] for name in Standing.__annotations__}
    return {name: np.array(values, dtype=TYPES.get(name, "U")) for name, values in told.items()}


def standings(measure: str, key: Key, pair: Pair, lag: np.timedelta64, today: Day) -> Iterator[Standing]:
    """Yield the standing at the end of each month, of the periods due by then, and that of today, of all."""
    months = _month_ends(pair.ends[0], today)
    days = np.append(months, today)
    stops = np.append(np.searchsorted(pair.ends, months - lag, side="right"), len(pair.ends))
    known, of_day = np.unique(stops, return_inverse=True)
    found = dict(zip(known.tolist(), MEASURES[measure](key, pair, known), strict=True))
    for day, stop in zip(days, known[of_day].tolist(), strict=True):
        if told := found[stop]:
            yield Standing(day, pair.ends[stop - 1], *told)


Found = tuple[int, float, float, float]


def leads(key: Key, pair: Pair, stops: Integers) -> list[Found | None]:
    """Return who has the higher figures in the last quarter, of a stock in the last reading, at each stop.

    Of what is told by year both of the last two years must say so: one alone may be chance.
    """
    starts = counted_alike_since(pair, stops)
    found: dict[int, Found | None] = {}
    for start in np.unique(starts).tolist():
        own = stops[starts == start]
        found |= zip(own.tolist(), _leads_since(key, pair.since(start), own - start), strict=True)
    return [found[stop] for stop in stops.tolist()]


def _leads_since(key: Key, pair: Pair, stops: Integers) -> list[Found | None]:
    if pair.quarter == 1:
        return [_of_years(pair.log_ratios[:stop]) for stop in stops.tolist()]
    lasts = _last_windows(pair, stops)
    is_told = (lasts >= 0) & np.array([_is_half_a_year(pair, stop) for stop in stops.tolist()], bool)
    lasts, latest = lasts[is_told], stops[is_told, np.newaxis] - np.arange(pair.month)[::-1] - 1
    firsts = lasts - pair.window + 1
    levels = pair.log_ratios[firsts[:, np.newaxis] + np.arange(pair.window)].mean(axis=1)
    drawn = redrawn_means(key, pair, stops[is_told], firsts) if len(firsts) else None
    return _told_where(is_told, levels, drawn, pair.log_ratios[latest].mean(axis=1))


def grows(key: Key, pair: Pair, stops: Integers) -> list[Found | None]:
    """Return whose figures were multiplied by more within a year, at each stop; none over two countings.

    Of what is told by year both of the last two changes must say so.
    """
    if pair.quarter == 1:
        starts = counted_alike_since(pair, stops).tolist()
        spans = zip(starts, stops.tolist(), strict=True)
        return [_of_years(np.diff(pair.log_ratios[start:stop])) for start, stop in spans]
    lasts = _last_windows(pair, stops)
    befores = np.array([_a_year_before(pair, last) for last in lasts.tolist()], int)
    is_told = befores >= 0
    now, then = (places[is_told] - pair.window + 1 for places in (lasts, befores))
    window = np.arange(pair.window)
    before, after = (pair.log_ratios[firsts[:, np.newaxis] + window].mean(axis=1) for firsts in (then, now))
    known = stops[is_told]
    drawn = (
        redrawn_means(key, pair, known, now) - redrawn_means(key, pair, known, then) if len(known) else None
    )
    return _told_where(is_told, after - before, drawn, after - before)


MEASURES: Mapping[str, Callable[[Key, Pair, Integers], list[Found | None]]] = {"leads": leads, "grows": grows}


def _last_windows(pair: Pair, stops: Integers) -> Integers:
    """Return the last place of the last whole window before each stop; -1 where there is none."""
    whole = np.append(-1, pair.places(pair.window))
    lasts: Integers = whole[np.searchsorted(whole, stops) - 1]
    return lasts


def _a_year_before(pair: Pair, last: int) -> int:
    """Return the last place of the window a year before one, counted in the same way; -1 for none."""
    if last < 0:
        return -1
    whole = pair.places(pair.window)
    away = np.abs(pair.ends[whole] - (pair.ends[last] - YEAR))
    near = int(away.argmin())
    if whole[near] > last or away[near] > YEAR_SLACK:
        return -1
    then = int(whole[near])
    return then if pair.countings[then - pair.window + 1] == pair.countings[last] else -1


def _is_half_a_year(pair: Pair, stop: int) -> bool:
    """Tell whether so much is known: in periods, or, of a counter that is seldom read, in days."""
    is_counter = pair.window < pair.quarter
    return stop >= LEAST_QUARTERS * pair.quarter or bool(
        is_counter and stop and pair.ends[stop - 1] - pair.starts[0] >= YEAR / 2
    )


def _of_years(log_ratios: Floats) -> Found | None:
    """Return what the last of two years says, with the extremes of both as its interval."""
    if len(log_ratios) < 2:
        return None
    low, high = float(log_ratios[-2:].min()), float(log_ratios[-2:].max())
    return _told(float(log_ratios[-1]), low, high, float(log_ratios[-1]))


def _told_where(
    is_told: NDArray[np.bool_], levels: Floats, drawn: Floats | None, latest: Floats
) -> list[Found | None]:
    """Return what is found at each stop; levels, draws and latest figures are of those where any is told."""
    if drawn is None:
        return [None] * len(is_told)
    told = zip(levels.tolist(), *(bound.tolist() for bound in intervals(drawn, levels)), latest, strict=True)
    return [_told(*next(told)) if is_one else None for is_one in is_told]


def _told(level: float, low: float, high: float, latest: float) -> Found:
    side = 0 if low <= 0 <= high or is_level(latest) else 1 if level > 0 else -1
    return side, float(np.exp(level)), float(np.exp(low)), float(np.exp(high))


def _month_ends(first: Day, today: Day) -> NDArray[np.datetime64]:
    """Return the last day of each month from that of the first day on that is over."""
    months = np.arange(first.astype("M8[M]"), today.astype("M8[M]")) + 1
    return months.astype("M8[D]") - 1


def _by_measure(rivals: Columns) -> Iterator[tuple[str, Columns]]:
    measures = rivals["measure"]
    for measure in dict.fromkeys(measures.tolist()):
        yield measure, {name: values[measures == measure] for name, values in rivals.items()}
