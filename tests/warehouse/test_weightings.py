"""Who leads under how many weightings: shares whose answer is known, draws that are the same everywhere."""

import hashlib

import numpy as np
import pytest

from warehouse.statistics import WEIGHTINGS
from warehouse.statistics.weightings import find_weightings, flat_weights, standings


def share(*parts):
    return np.array(parts, float)


def shares_of(leads):
    return (leads / WEIGHTINGS).tolist()


def test_weights_add_up_to_one_and_none_is_negative():
    """Of any number of measures, in so many rows."""
    for measures in (1, 2, 5):
        weights = flat_weights(measures, "a key")
        assert weights.shape == (WEIGHTINGS, measures)
        assert weights.min() >= 0
        assert np.abs(weights.sum(axis=1) - 1).max() < 1e-12


@pytest.mark.parametrize("measures", [2, 4])
def test_no_set_of_weights_is_likelier_than_another(measures):
    """Each weight has the mean, the spread and the tail of a flat Dirichlet distribution."""
    weights = flat_weights(measures, "a key")

    assert weights.mean(axis=0) == pytest.approx(np.full(measures, 1 / measures), abs=0.01)
    variance = (measures - 1) / (measures**2 * (measures + 1))
    assert weights.var(axis=0) == pytest.approx(np.full(measures, variance), rel=0.05)
    # A weight exceeds one half under (1/2)^(measures - 1) of them.
    assert (weights > 0.5).mean(axis=0) == pytest.approx(np.full(measures, 0.5 ** (measures - 1)), abs=0.02)


def test_the_draws_are_the_same_on_every_machine():
    """To the last bit, written down here; another key draws others."""
    digest = hashlib.sha256(flat_weights(3, "a key").astype("<f8").tobytes()).hexdigest()

    assert digest == "c99445361036cd00465868fd946107fddecdfa2b5075f2cffe78e59b95d075f5"
    assert not np.array_equal(flat_weights(3, "a key"), flat_weights(3, "another"))


def test_one_measure_leaves_nothing_to_weigh():
    """Whoever leads in it leads always, and the index is the share."""
    found = standings({"downloads": share(0.7, 0.3)}, "adoption")

    assert shares_of(found.leads) == [1, 0]
    assert found.ranks.tolist() == [[WEIGHTINGS, 0], [0, WEIGHTINGS]]
    assert found.low.tolist() == found.median.tolist() == found.high.tolist() == [0.7, 0.3]


def test_of_two_opposite_measures_each_leads_under_half():
    """The lead turns where the weights are equal; within 2 percent around it nobody leads."""
    found = standings({"downloads": share(1, 0), "posts": share(0, 1)}, "adoption")

    assert shares_of(found.leads) == pytest.approx([0.49, 0.49], abs=0.015)
    assert WEIGHTINGS - found.leads.sum() == pytest.approx(0.02 * WEIGHTINGS, abs=0.005 * WEIGHTINGS)
    assert found.ranks.sum(axis=0).tolist() == [WEIGHTINGS, WEIGHTINGS]
    # The index is the weight of one measure, which is as likely anywhere between 0 and 1.
    for index, expected in ((found.low, 0.05), (found.median, 0.5), (found.high, 0.95)):
        assert index.tolist() == pytest.approx([expected, expected], abs=0.015)


def test_a_lead_turns_where_the_shares_say():
    """0.9 and 0.1 beside 0.3 and 0.7: the first leads by more than 2 percent from a weight of 0.35 on."""
    found = standings({"downloads": share(0.9, 0.1), "posts": share(0.3, 0.7)}, "adoption")

    # 0.3 + 0.6 w > 0.51, and for the second < 0.49.
    assert shares_of(found.leads) == pytest.approx([0.65, 0.3167], abs=0.015)


def test_who_is_behind_in_every_measure_never_leads():
    """And its rank is the last one, under all weightings."""
    measures = {"a": share(0.5, 0.4, 0.1), "b": share(0.3, 0.6, 0.1), "c": share(0.45, 0.35, 0.2)}
    found = standings(measures, "community")

    assert found.leads[2] == 0 and min(found.leads[:2]) > 0
    assert found.ranks[:, 2].tolist() == [0, 0, WEIGHTINGS]


def test_of_figures_too_close_to_call_nobody_leads():
    """0.505 and 0.495 are within 2 percent by all weights; of equal ones both have the first place."""
    near = standings({"a": share(0.505, 0.495), "b": share(0.504, 0.496)}, "community")
    assert near.leads.tolist() == [0, 0]
    assert near.ranks.tolist() == [[WEIGHTINGS, 0], [0, WEIGHTINGS]]

    equal = standings({"a": share(0.5, 0.5), "b": share(0.5, 0.5)}, "community")
    assert equal.leads.tolist() == [0, 0]
    assert equal.ranks.tolist() == [[WEIGHTINGS, WEIGHTINGS], [0, 0]]


def test_five_subjects_with_a_measure_each_are_all_alike():
    """Each leads under a fifth but for what is too close, and has every rank under a fifth."""
    every = np.eye(5)
    found = standings({name: every[at] for at, name in enumerate("abcde")}, "community")

    assert 0.9 < found.leads.sum() / WEIGHTINGS < 1
    assert shares_of(found.leads) == pytest.approx([found.leads.mean() / WEIGHTINGS] * 5, abs=0.015)
    assert (found.ranks / WEIGHTINGS).ravel().tolist() == pytest.approx([0.2] * 25, abs=0.015)


def test_the_order_of_measures_and_subjects_is_nothing():
    """The same shares give the same counts, wherever they stand."""
    here = standings({"a": share(0.6, 0.4), "b": share(0.2, 0.8)}, "adoption")
    there = standings({"b": share(0.8, 0.2), "a": share(0.4, 0.6)}, "adoption")

    assert here.leads.tolist() == there.leads[::-1].tolist()
    assert here.median.tolist() == there.median[::-1].tolist()


def columns(*rows):
    names = ("kind", "metric_id", "subject_id", "share")
    return {name: np.array([row[at] for row in rows]) for at, name in enumerate(names)}


def test_every_measure_is_left_out_once():
    """Without `a` the second leads, without `b` the first; another kind hangs on neither."""
    found = find_weightings(
        columns(
            ("adoption", "a", "one", 0.8),
            ("adoption", "a", "two", 0.2),
            ("adoption", "b", "one", 0.4),
            ("adoption", "b", "two", 0.6),
            ("community", "c", "one", 0.3),
            ("community", "c", "two", 0.7),
        )
    )
    names = ("kind", "without_id", "subject_id", "measures", "leads_share")
    rows = set(zip(*(found[name].tolist() for name in names), strict=True))

    assert {row for row in rows if row[1]} == {
        ("adoption", "a", "one", 1, 0),
        ("adoption", "a", "two", 1, 1),
        ("adoption", "b", "one", 1, 1),
        ("adoption", "b", "two", 1, 0),
    }
    assert ("community", "", "two", 1, 1) in rows
    # Both kinds' two subjects and the two measures left out, each with two ranks.
    assert len(found["rank"]) == 2 * (2 + 2 + 2 * 2)
    assert sorted(set(found["rank"].tolist())) == [1, 2]


def test_nothing_gives_nothing():
    """No rows, and columns of their types."""
    found = find_weightings(columns())

    assert {len(values) for values in found.values()} == {0}
    assert found["rank"].dtype == np.int64 and found["index_low"].dtype == np.float64
