"""The mean of a window with its noise drawn anew, at many stops of one pair at once.

At each stop only what came before is known; what is drawn is what `crossovers.redrawn` draws of that alone.
"""

import numpy as np

from warehouse.statistics.bootstrap import Floats, Integers, line_through, raw_draws
from warehouse.statistics.crossovers import REPLICATES
from warehouse.statistics.pairs import Key, Pair


def redrawn_means(key: Key, pair: Pair, stops: Integers, firsts: Integers) -> Floats:
    """Return the means of the windows that begin at `firsts`, a row a stop, a column a replicate."""
    trends = _trends(pair, stops)
    noise = pair.log_ratios - trends
    at = np.arange(len(stops))
    places = firsts + np.arange(pair.window)[:, np.newaxis]
    sources = _sources(key, pair, stops, places)
    # The window comes first: its periods are added in their order.
    drawn = trends[at, places][:, :, np.newaxis] + noise[at[:, np.newaxis], sources]
    means: Floats = drawn.mean(axis=0)
    return means


def _trends(pair: Pair, stops: Integers) -> Floats:
    """Return the smooth trend that is known at each stop, a row a stop; from there on it is none."""
    trends = [
        line_through(pair.log_ratios[span], pair.quarter, (stops - span.start)[:, np.newaxis])
        for span in pair.spans()
    ]
    return np.concatenate(trends, axis=1)


def _sources(key: Key, pair: Pair, stops: Integers, places: Integers) -> Integers:
    """Return where the noise of each place, a row of each window, is drawn from, as `local_blocks` does."""
    block, reach = pair.quarter, 4 * pair.quarter
    stops, of_place = stops[:, np.newaxis], places // block - places[0] // block
    # A window that is longer than one period reaches into the next block.
    blocks = np.arange(of_place.max() + 1)[:, np.newaxis, np.newaxis] + (places[0] // block)[:, np.newaxis]
    columns = -(-stops // block)
    raw = raw_draws(" ".join(key), REPLICATES, int(columns.max())).ravel()
    drawn = raw[np.arange(REPLICATES) * columns + np.minimum(blocks, columns - 1)]
    shifts = (drawn % np.uint64(2 * reach + 1)).astype(np.int64) - reach
    starts = (blocks * block + shifts).clip(0, np.maximum(stops - block, 0))
    within = starts[of_place, np.arange(len(stops))] + (places % block)[:, :, np.newaxis]
    sources: Integers = np.minimum(within, stops - 1)
    return sources
