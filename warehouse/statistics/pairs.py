"""Two subjects in one metric, period by period: what may be compared, and who leads in it.

Which periods there are is decided in `sql/models/core/int_rivals.sql`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from warehouse.statistics.bootstrap import Floats, Integers, trailing_mean

Days: TypeAlias = NDArray[np.datetime64]
Key: TypeAlias = tuple[str, str, str]
Columns: TypeAlias = Mapping[str, NDArray[np.generic]]

KEY = ("metric_id", "first_id", "second_id")


@dataclass(frozen=True)
class Pair:
    """Two series of one metric in order of time.

    `log_ratios` is the log of the first subject's figure over the second's in the period from `starts` to
    `ends`. `countings` numbers the stretches that were counted in one way, `runs` those of them without a
    long gap. `quarter` is how many periods a quarter has, `window` how many of them decide who leads,
    `month` how many are the latest figures; of a stock the last reading is enough for both.
    """

    starts: Days
    ends: Days
    log_ratios: Floats
    runs: Integers
    countings: Integers
    quarter: int
    window: int
    month: int

    def since(self, start: int) -> "Pair":
        """Return the pair without the periods before a place."""
        return replace(
            self,
            starts=self.starts[start:],
            ends=self.ends[start:],
            log_ratios=self.log_ratios[start:],
            runs=self.runs[start:],
            countings=self.countings[start:],
        )

    def until(self, stop: int) -> "Pair":
        """Return the pair with so many of its first periods alone."""
        return replace(
            self,
            starts=self.starts[:stop],
            ends=self.ends[:stop],
            log_ratios=self.log_ratios[:stop],
            runs=self.runs[:stop],
            countings=self.countings[:stop],
        )

    def spans(self, length: int = 1) -> list[slice]:
        """Return the places of each run of at least so many periods."""
        cuts = [0, *(np.flatnonzero(np.diff(self.runs)) + 1).tolist(), len(self.runs)]
        return [slice(start, stop) for start, stop in pairwise(cuts) if stop - start >= length]

    def levels(self, log_ratios: Floats, window: int) -> Floats:
        """Return the mean of each whole window; none reaches over a long gap or a change of counting."""
        means = [trailing_mean(log_ratios[..., span], window) for span in self.spans(window)]
        return np.concatenate([log_ratios[..., :0], *means], axis=-1)

    def latest(self) -> Integers:
        """Return the places of the last whole window, which decides who leads now."""
        last: Integers = self.places(self.window)[-1] - np.arange(self.window)[::-1]
        return last

    def places(self, window: int) -> Integers:
        """Return the last place of each whole window."""
        places = [np.arange(span.start + window - 1, span.stop) for span in self.spans(window)]
        return np.concatenate([np.arange(0), *places])


def counted_alike(pair: Pair) -> Pair:
    """Return the pair since the last change of leader that falls on a change of counting: it proves none."""
    return pair.since(int(counted_alike_since(pair, np.array([len(pair.ends)]))[0]))


def counted_alike_since(pair: Pair, stops: Integers) -> Integers:
    """Return the place from which on that is so, of what is known at each stop."""
    places = pair.places(pair.window)
    sides = np.sign(pair.levels(pair.log_ratios, pair.window))
    doubtful = np.flatnonzero(np.diff(pair.countings[places]) & (np.diff(sides) != 0))
    turned = np.append(-1, places[doubtful + 1])
    last = turned[np.searchsorted(turned, stops) - 1]
    since: Integers = np.where(last < 0, 0, last - pair.window + 1)
    return since


def read_pairs(rivals: Columns) -> Iterator[tuple[Key, Pair]]:
    """Yield each metric's pairs from the columns of `int_rivals`, in order of key and time."""
    keys = list(zip(*(rivals[name].tolist() for name in KEY), strict=True))
    cuts = [place for place, key in enumerate(keys) if not place or key != keys[place - 1]]
    for start, stop in pairwise([*cuts, len(keys)]):
        own = {name: values[start:stop] for name, values in rivals.items()}
        yield keys[start], _pair(own)


def _pair(own: Columns) -> Pair:
    starts, ends = (own[name].astype("datetime64[D]") for name in ("period_start", "period_end"))
    quarter = int(own["periods_a_quarter"].astype(np.int64)[0])
    is_stock = bool(own["is_stock"][0])
    return Pair(
        starts,
        ends,
        own["log_ratio"].astype(np.float64),
        own["run"].astype(np.int64),
        own["counting"].astype(np.int64),
        quarter,
        window=1 if is_stock else quarter,
        month=1 if is_stock else max(quarter // 3, 1),
    )
