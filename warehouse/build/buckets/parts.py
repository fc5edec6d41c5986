"""Names in buckets that take about as long as each other: neighbours stay together, and bytes decide."""

from collections.abc import Iterator, Sequence
from itertools import accumulate

# Of answers. To build so many takes a quarter of a minute, beside which it costs little to begin.
MOST_BYTES = 64 * 2**20


def number_of_buckets(total_bytes: int, workers: int) -> int:
    """Return how many buckets there are to be: as many of each worker, and none much larger than the most."""
    rounds = -(-total_bytes // (workers * MOST_BYTES)) or 1
    return rounds * workers


def parted(sizes: Sequence[tuple[str, int]], count: int) -> list[list[str]]:
    """Part names with their sizes into at most so many buckets, in order, the largest as small as can be.

    Neighbours are told of by the same answers, which each bucket is given that needs them.
    """
    if not sizes:
        return []
    low, high = max(size for _, size in sizes), sum(size for _, size in sizes)
    while low < high:
        most = (low + high) // 2
        low, high = (low, most) if len(list(_filled(sizes, most))) <= count else (most + 1, high)
    return list(_filled(sizes, low))


def _filled(sizes: Sequence[tuple[str, int]], most: int) -> Iterator[list[str]]:
    """Fill one bucket after the other, up to so many bytes."""
    ends = list(accumulate(size for _, size in sizes))
    begun, before = 0, 0
    for at, end in enumerate(ends):
        if end - before > most:
            yield [name for name, _ in sizes[begun:at]]
            begun, before = at, ends[at - 1]
    yield [name for name, _ in sizes[begun:]]
