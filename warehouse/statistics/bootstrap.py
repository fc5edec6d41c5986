"""Noise drawn anew around a smooth trend, so that it can be seen how much a finding hangs on it.

Pure and reproducible: no linear algebra library, whose sums depend on the machine, and only the raw draws
of a bit generator, the one stream that NumPy promises to keep from version to version
(https://numpy.org/neps/nep-0019-rng-policy.html).
"""

import hashlib
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]
Integers: TypeAlias = NDArray[np.int64]


def trailing_mean(values: Floats, window: int) -> Floats:
    """Return the mean of each `window` neighbours along the last axis, named by the last of them."""
    sums = _sums(values)
    means: Floats = (sums[..., window:] - sums[..., :-window]) / window
    return means


def smooth_trend(values: Floats, reach: int) -> Floats:
    """Return at each place a straight line fitted to the neighbours within reach.

    A line and not a mean, because at the ends a mean lags behind a trend.
    """
    return line_through(values, reach, len(values))


def line_through(values: Floats, reach: int, known: int | Integers) -> Floats:
    """Return the same where so many values are known, a row for each number of them; beyond it is none."""
    at = np.arange(len(values))
    places = at.astype(np.float64)
    low = np.maximum(at - reach, 0)
    high = np.maximum(np.minimum(at + reach + 1, np.minimum(known, len(values))), low + 1)
    total, moment = (sums[high] - sums[low] for sums in (_sums(values), _sums(values * places)))
    number, centre = high - low, (low + high - 1) / 2
    spread = np.maximum(number * (number**2 - 1) / 12, 1)
    trend: Floats = total / number + (moment - centre * total) / spread * (places - centre)
    return trend


def local_blocks(
    places: Integers, length: int, block: int, reach: int, replicates: int, key: str
) -> Integers:
    """Return where to draw the noise of some places from, a row a replicate, a column a place.

    A series of so many places is cut into blocks; each is replaced by as many neighbours from within reach.
    The draw of a place does not hang on which others are drawn.
    """
    # All are drawn, so that each block has the same, and only those that are asked for are looked at.
    asked, of_place = np.unique(places // block, return_inverse=True)
    raw = raw_draws(key, replicates, -(-length // block))[:, asked]
    shifts = (raw % np.uint64(2 * reach + 1)).astype(np.int64) - reach
    starts = (asked * block + shifts).clip(0, max(length - block, 0))
    within: Integers = np.minimum(starts[:, of_place] + places % block, length - 1)
    return within


def raw_draws(key: str, rows: int, columns: int) -> NDArray[np.uint64]:
    """Return draws of 64 bits, the same for the same key on every machine."""
    seed = int.from_bytes(hashlib.sha256(key.encode()).digest()[:16])
    raw: NDArray[np.uint64] = np.random.PCG64(seed).random_raw(rows * columns).reshape(rows, columns)
    return raw


def _sums(values: Floats) -> Floats:
    before = np.zeros((*values.shape[:-1], 1))
    return np.concatenate([before, np.cumsum(values, axis=-1)], axis=-1)
