"""How names are parted into buckets: each once, in order, and by bytes as evenly as their order allows."""

import random
from itertools import combinations, pairwise

import pytest

from warehouse.build.buckets.parts import MOST_BYTES, number_of_buckets, parted


def largest(parts, sizes):
    return max(sum(dict(sizes)[name] for name in part) for part in parts)


def least_possible(sizes, count):
    """The largest bucket of the best way of cutting, found by trying every one."""
    names, best = [name for name, _ in sizes], sum(size for _, size in sizes)
    for number in range(1, min(count, len(names)) + 1):
        for cuts in combinations(range(1, len(names)), number - 1):
            parts = [names[begun:ended] for begun, ended in pairwise([0, *cuts, len(names)])]
            best = min(best, largest(parts, sizes))
    return best


@pytest.mark.parametrize("seed", range(20))
def test_no_cut_is_more_even(seed):
    """Of sizes that differ a thousandfold, too: every name once and in its place, none of the parts empty."""
    draw = random.Random(seed)
    sizes = [(f"name-{n}", int(10 ** draw.uniform(0, 3))) for n in range(draw.randrange(1, 10))]
    count = draw.randrange(1, 5)

    parts = parted(sizes, count)
    assert [name for part in parts for name in part] == [name for name, _ in sizes]
    assert all(parts) and len(parts) <= count
    assert largest(parts, sizes) == least_possible(sizes, count)
    assert parted(sizes, count) == parts


def test_one_name_that_outweighs_all_others_has_a_bucket_to_itself():
    """And the others share the rest."""
    sizes = [("a", 10), ("b", 10), ("huge", 5_000), ("c", 10), ("d", 10)]
    assert parted(sizes, 4) == [["a", "b"], ["huge"], ["c", "d"]]
    assert parted([], 4) == []


@pytest.mark.parametrize(
    ("total", "workers", "expected"),
    [(0, 2, 2), (1, 2, 2), (2 * MOST_BYTES, 2, 2), (2 * MOST_BYTES + 1, 2, 4), (13 * MOST_BYTES, 4, 16)],
)
def test_each_worker_has_as_many_buckets(total, workers, expected):
    """So that none waits for another, and none of them is much larger than the memory is meant for."""
    assert number_of_buckets(total, workers) == expected
