"""Who stood in front of whom at the end of each month, by what had been told until then."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from warehouse.statistics.bootstrap import Floats, Integers
from warehouse.statistics.crossovers import LEAST_QUARTERS, Day, interval, is_level, redrawn
from warehouse.statistics.pairs import KEY, Columns, Key, Pair, counted_alike, read_pairs

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
    find = MEASURES[measure]
    months = _month_ends(pair.ends[0], today)
    stops = [
        *((day, int(np.searchsorted(pair.ends, day - lag, side="right"))) for day in months),
        (today, len(pair.ends)),
    ]
    for stop, days in groupby(stops, key=lambda one: one[1]):
        found = find(key, pair.until(stop)) if stop else None
        for day, _ in days:
            if found:
                yield Standing(day, pair.ends[stop - 1], *found)


Found = tuple[int, float, float, float]


def leads(key: Key, pair: Pair) -> Found | None:
    """Return who has the higher figures in the last quarter, of a stock in the last reading.

    Of what is told by year both of the last two years must say so: one alone may be chance.
    """
    pair = counted_alike(pair)
    if pair.quarter == 1:
        return _of_years(pair.log_ratios)
    if not _is_half_a_year(pair) or not len(pair.places(pair.window)):
        return None
    places = pair.latest()
    level = float(pair.log_ratios[places].mean())
    drawn = redrawn(key, pair, places).mean(axis=1)
    return _found(level, drawn, float(pair.log_ratios[-pair.month :].mean()))


def grows(key: Key, pair: Pair) -> Found | None:
    """Return whose figures were multiplied by more within a year; none over a change of counting.

    Of what is told by year both of the last two changes must say so.
    """
    if pair.quarter == 1:
        return _of_years(np.diff(counted_alike(pair).log_ratios))
    whole = pair.places(pair.window)
    if not len(whole):
        return None
    last = whole[-1]
    before = whole[np.abs(pair.ends[whole] - (pair.ends[last] - YEAR)) <= YEAR_SLACK]
    if not len(before):
        return None
    then = int(before[np.abs(pair.ends[before] - (pair.ends[last] - YEAR)).argmin()])
    if pair.countings[then - pair.window + 1] != pair.countings[last]:
        return None
    now_places, then_places = (_window(int(place), pair.window) for place in (last, then))
    level = float(pair.log_ratios[now_places].mean() - pair.log_ratios[then_places].mean())
    both = redrawn(key, pair, np.concatenate([then_places, now_places]))
    drawn = both[:, pair.window :].mean(axis=1) - both[:, : pair.window].mean(axis=1)
    return _found(level, drawn, level)


MEASURES: Mapping[str, Callable[[Key, Pair], Found | None]] = {"leads": leads, "grows": grows}


def _is_half_a_year(pair: Pair) -> bool:
    """Tell whether so much is known: in periods, or, of a counter that is seldom read, in days."""
    is_counter = pair.window < pair.quarter
    days = pair.ends[-1] - pair.starts[0]
    return len(pair.ends) >= LEAST_QUARTERS * pair.quarter or bool(is_counter and days >= YEAR / 2)


def _of_years(log_ratios: Floats) -> Found | None:
    """Return what the last of two years says, with the extremes of both as its interval."""
    if len(log_ratios) < 2:
        return None
    low, high = float(log_ratios[-2:].min()), float(log_ratios[-2:].max())
    return _told(float(log_ratios[-1]), low, high, float(log_ratios[-1]))


def _found(level: float, drawn: Floats, latest: float) -> Found:
    return _told(level, *interval(drawn, level), latest)


def _told(level: float, low: float, high: float, latest: float) -> Found:
    side = 0 if low <= 0 <= high or is_level(latest) else 1 if level > 0 else -1
    return side, float(np.exp(level)), float(np.exp(low)), float(np.exp(high))


def _window(last: int, window: int) -> Integers:
    places: Integers = np.arange(last - window + 1, last + 1)
    return places


def _month_ends(first: Day, today: Day) -> NDArray[np.datetime64]:
    """Return the last day of each month from that of the first day on that is over."""
    months = np.arange(first.astype("M8[M]"), today.astype("M8[M]")) + 1
    return months.astype("M8[D]") - 1


def _by_measure(rivals: Columns) -> Iterator[tuple[str, Columns]]:
    measures = rivals["measure"]
    for measure in dict.fromkeys(measures.tolist()):
        yield measure, {name: values[measures == measure] for name, values in rivals.items()}
