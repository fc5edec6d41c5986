"""Who overtook whom, and when, with the uncertainty of it: log-ratios in, a finding out."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from warehouse.statistics.bootstrap import Floats, Integers, local_blocks, smooth_trend
from warehouse.statistics.pairs import KEY, Columns, Key, Pair, counted_alike, read_pairs

Day: TypeAlias = np.datetime64

REPLICATES = 499
LOWER, UPPER = 0.1, 0.9  # of the 80 % interval
# Two ways of counting the same thing differ by up to this share of both figures together (stars of one
# repository in two lists, 2018-2025: 1.5 %), so a lead inside it is none; the reports say so too.
LEVEL = 0.02
# With less than half a year nothing is said.
LEAST_QUARTERS = 2
TYPES = {"first_leads": "?", "periods": "i8"} | dict.fromkeys(("ratio", "ratio_low", "ratio_high"), "f8")
TYPES |= dict.fromkeys(
    ("compared_from", "compared_to", "crossed_on", "low_on", "high_on", "sustained_since"), "M8[s]"
)
NEVER = np.datetime64("NaT", "D")


@dataclass(frozen=True)
class Finding:
    """Who leads and since when; ratios are of the first subject's figure to the second's."""

    status: str
    first_leads: bool
    compared_from: Day
    compared_to: Day
    periods: int
    ratio: float
    ratio_low: float
    ratio_high: float
    crossed_on: Day
    low_on: Day
    high_on: Day
    sustained_since: Day


def find_crossovers(rivals: Columns) -> Mapping[str, NDArray[np.generic]]:
    """Return the findings as columns, from the columns of `int_rivals`, its rows in order of key and time."""
    found = [(*key, find_crossover(key, pair)) for key, pair in read_pairs(rivals)]
    told = [(*key, finding) for *key, finding in found if finding]
    columns = {name: [row[place] for row in told] for place, name in enumerate(KEY)}
    findings = {field.name: [getattr(row[-1], field.name) for row in told] for field in fields(Finding)}
    return {
        name: np.array(values, dtype=TYPES.get(name, "U")) for name, values in (columns | findings).items()
    }


def find_crossover(key: Key, pair: Pair) -> Finding | None:
    """Return who leads and since when, or None where less than half a year can be compared.

    A period's leader has the higher figures over the quarter that ends with it (the mean of the
    log-ratios); a change is dated by the last day of the new leader's first such quarter. Around it lies
    the 80 % interval of a block bootstrap: the noise about a smooth trend is drawn anew in blocks of a
    quarter (Künsch 1989, https://doi.org/10.1214/aos/1176347265), each from within a year of its place,
    because noise shrinks as projects grow (Paparoditis and Politis 2002, "The local block bootstrap").
    The key seeds the draws, so a pair's finding does not hang on which others are compared.
    """
    pair = counted_alike(pair)
    levels = pair.levels(pair.log_ratios, pair.window)
    if len(pair.ends) < LEAST_QUARTERS * pair.quarter or not len(levels):
        return None
    side = 1 if levels[-1] >= 0 else -1
    ratio, low, high = levels[-1], *interval(redrawn(key, pair, pair.latest()).mean(axis=1), levels[-1])
    is_close = bool(low <= 0 <= high) or is_level(pair.log_ratios[-pair.month :].mean())
    change = int(_last_change(levels * side))
    status = "too close to call" if is_close else "crossed" if change else "not crossed"
    is_crossed = status == "crossed"
    crossed_on, low_on, high_on = _dates(key, pair, change, side) if is_crossed else (NEVER,) * 3
    return Finding(
        status,
        first_leads=side > 0,
        compared_from=pair.starts[0],
        compared_to=pair.ends[-1],
        periods=len(pair.ends),
        ratio=float(np.exp(ratio)),
        ratio_low=float(np.exp(low)),
        ratio_high=float(np.exp(high)),
        crossed_on=crossed_on,
        low_on=low_on,
        high_on=high_on,
        sustained_since=NEVER if is_close else _sustained_since(pair, side),
    )


def redrawn(key: Key, pair: Pair, places: Integers) -> Floats:
    """Return the log-ratios of some places with their noise drawn anew, a row a replicate."""
    trend = np.concatenate([smooth_trend(pair.log_ratios[span], pair.quarter) for span in pair.spans()])
    sources = local_blocks(places, len(trend), pair.quarter, 4 * pair.quarter, REPLICATES, " ".join(key))
    drawn: Floats = trend[places] + (pair.log_ratios - trend)[sources]
    return drawn


def interval(drawn: Floats, told: float) -> tuple[float, float]:
    """Return the 80 % interval of what was drawn anew, which holds what was told."""
    low, high = intervals(drawn[np.newaxis], np.array([told]))
    return float(low[0]), float(high[0])


def intervals(drawn: Floats, told: Floats) -> tuple[Floats, Floats]:
    """Return the lower and the upper bounds of many such intervals, of a row of draws each."""
    low, high = np.quantile(drawn, [LOWER, UPPER], axis=1)
    return np.minimum(low, told), np.maximum(high, told)


def is_level(log_ratio: float) -> bool:
    """Tell whether two figures are too near to each other to be told apart."""
    # (a - b) / (a + b), from the log of a / b
    return bool(abs(np.tanh(log_ratio / 2)) <= LEVEL)


def _last_change(leads: Floats) -> Integers:
    """Return the first place of the last stretch that is led throughout; zero where the whole is."""
    trails = leads[..., ::-1] <= 0
    changes: Integers = np.where(trails.any(axis=-1), leads.shape[-1] - trails.argmax(axis=-1), 0)
    return changes


def _dates(key: Key, pair: Pair, change: int, side: int) -> tuple[Day, Day, Day]:
    """Return the day of the change and its interval; where it falls into a gap, the gap belongs to it."""
    leads = pair.levels(redrawn(key, pair, np.arange(len(pair.ends))), pair.window) * side
    ends = pair.ends[pair.places(pair.window)]
    begins = np.concatenate([pair.starts[:1], ends[:-1] + 1])
    # Where the draw ends with the other in front, the change is still to come.
    changes = np.sort(_last_change(leads)).clip(max=len(ends) - 1)
    low, high = (int(changes[round(part * (len(changes) - 1))]) for part in (LOWER, UPPER))
    return ends[change], begins[min(low, change)], ends[max(high, change)]


def _sustained_since(pair: Pair, side: int) -> Day:
    """Return the last day of the first month from which on every month was led."""
    leads = pair.levels(pair.log_ratios, pair.month) * side
    ends = np.append(pair.ends[pair.places(pair.month)], NEVER)
    since: Day = ends[int(_last_change(leads))]
    return since
