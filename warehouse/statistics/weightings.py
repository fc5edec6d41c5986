"""How far a lead hangs on the weights of the measures: who leads under how many random weightings."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from warehouse.statistics import WEIGHTINGS
from warehouse.statistics.bootstrap import Floats, Integers, raw_draws
from warehouse.statistics.crossovers import LEVEL
from warehouse.statistics.pairs import Columns

Shares: TypeAlias = Mapping[str, Floats]

LOW, MIDDLE, HIGH = 0.05, 0.5, 0.95
UNIT = 2**53  # as many whole numbers as a float can tell apart
INDEX = ("index_low", "index_median", "index_high")
NAMES = ("kind", "without_id", "subject_id", "measures", "leads_share", *INDEX, "rank", "share")
TYPES = {"measures": "i8", "rank": "i8"} | dict.fromkeys(("leads_share", *INDEX, "share"), "f8")


@dataclass(frozen=True)
class Standings:
    """How subjects stand under all weightings, each in its column.

    `leads` counts those under which one is ahead of every other by more than the doubt, `ranks` those of each
    rank, a row a rank from the first on. The index is the weighted mean of a subject's shares; its low and
    high enclose nine weightings of ten.
    """

    leads: Integers
    ranks: Integers
    low: Floats
    median: Floats
    high: Floats


def find_weightings(figures: Columns) -> Mapping[str, NDArray[np.generic]]:
    """Return how often each subject has each rank, of all measures of a kind and without each one of them.

    `figures` are those of `int_weighted_figures` that have a share, their rows in order of kind, metric and
    subject. `without_id` is the metric that is left out, empty where none is.
    """
    rows = [row for kind, subjects, shares in _by_kind(figures) for row in _rows(kind, subjects, shares)]
    return {
        name: np.array([row[at] for row in rows], dtype=TYPES.get(name, "U")) for at, name in enumerate(NAMES)
    }


def standings(shares: Shares, key: str) -> Standings:
    """Return how subjects stand by the shares that each measure gives them, under random weightings.

    A lead of no more than 2 percent of both is none: so much two ways of counting the same thing differ by.
    """
    weights = flat_weights(len(shares), " ".join([key, *sorted(shares)]))
    index = np.zeros((WEIGHTINGS, len(next(iter(shares.values())))))
    for measure, name in enumerate(sorted(shares)):  # no matrix product, whose sums depend on the machine
        index += weights[:, measure, np.newaxis] * shares[name]
    ordered = np.sort(index, axis=1)
    first, second = ordered[:, -1:], ordered[:, -2:-1]
    leads = (index == first) & (first - second > LEVEL * (first + second))
    places = (index[:, np.newaxis, :] > index[:, :, np.newaxis]).sum(axis=2)
    ranks = np.array([(places == place).sum(axis=0) for place in range(index.shape[1])])
    by_height = np.sort(index, axis=0)
    low, median, high = (by_height[round(part * (WEIGHTINGS - 1))] for part in (LOW, MIDDLE, HIGH))
    return Standings(leads.sum(axis=0), ranks, low, median, high)


def flat_weights(measures: int, key: str) -> Floats:
    """Return random weights, a row a weighting: none is negative, all add up to one, no set is likelier.

    That is Dirichlet's distribution with all parameters one. The gaps between uniform draws in their order
    have it (Devroye 1986, Non-Uniform Random Variate Generation, chapter V), and here they are whole numbers
    of 2^-53: without a logarithm, every machine draws the same to the last digit.
    """
    cuts = np.sort(raw_draws(key, WEIGHTINGS, measures - 1) >> np.uint64(11), axis=1).astype(np.int64)
    weights: Floats = np.diff(cuts, prepend=0, append=UNIT, axis=1) / UNIT
    return weights


Row: TypeAlias = tuple[object, ...]


def _rows(kind: str, subjects: Sequence[str], shares: Shares) -> Iterator[Row]:
    for without in ("", *shares):
        left = {name: share for name, share in shares.items() if name != without}
        found = standings(left, kind) if left else None
        for at, subject in enumerate(subjects if found else ()):
            assert found
            index = (float(found.low[at]), float(found.median[at]), float(found.high[at]))
            told = (kind, without, subject, len(left), int(found.leads[at]) / WEIGHTINGS, *index)
            for place, times in enumerate(found.ranks[:, at].tolist()):
                yield (*told, place + 1, times / WEIGHTINGS)


def _by_kind(figures: Columns) -> Iterator[tuple[str, Sequence[str], Shares]]:
    """Yield each kind with its subjects and, by metric, their shares in the same order."""
    kinds = figures["kind"].tolist()
    cuts = [at for at, kind in enumerate(kinds) if not at or kind != kinds[at - 1]]
    for start, stop in pairwise([*cuts, len(kinds)]):
        metrics, subjects = (figures[name][start:stop] for name in ("metric_id", "subject_id"))
        own = figures["share"][start:stop].astype(np.float64)
        shares = {name: own[metrics == name] for name in dict.fromkeys(metrics.tolist())}
        yield kinds[start], list(dict.fromkeys(subjects.tolist())), shares
