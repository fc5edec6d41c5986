"""Who overtook whom: built-up series whose answer is known, and how often the interval holds the truth."""

import numpy as np
import pytest

from warehouse.statistics.crossovers import Finding, find_crossover, find_crossovers
from warehouse.statistics.pairs import Pair

KEY = ("a_metric", "one", "two")
FIRST_SUNDAY = np.datetime64("2018-01-07")


def weekly(log_ratios, *, gap_before=None, counted_anew_at=None):
    """Weeks of a flow; a gap of half a year and a change of counting where asked for."""
    ends = FIRST_SUNDAY + 7 * np.arange(len(log_ratios))
    runs = countings = np.zeros(len(ends), int)
    if gap_before:
        ends[gap_before:] += 182
        runs = (np.arange(len(ends)) >= gap_before).astype(int)
    if counted_anew_at:
        runs = countings = (np.arange(len(ends)) >= counted_anew_at).astype(int)
    return Pair(ends - 6, ends, np.array(log_ratios, float), runs, countings, quarter=13, window=13, month=4)


def readings(log_ratios):
    """Weekly readings of a stock."""
    ends = FIRST_SUNDAY + 7 * np.arange(len(log_ratios))
    none = np.zeros(len(ends), int)
    return Pair(ends, ends, np.array(log_ratios, float), none, none, quarter=13, window=1, month=1)


def week(number):
    """The Sunday that ends a week, counted from zero."""
    return FIRST_SUNDAY + 7 * number


def test_a_change_is_dated_by_the_first_quarter_that_the_new_leader_leads():
    """A step from -0.5 to 0.5 after week 99: seven of the 13 weeks to week 106 are the new leader's."""
    found = find_crossover(KEY, weekly([-0.5] * 100 + [0.5] * 100))

    assert (found.status, found.first_leads, found.crossed_on) == ("crossed", True, week(106))
    assert found.low_on <= week(106) <= found.high_on
    # Every four weeks with at least three of the new leader's are his.
    assert found.sustained_since == week(102)
    assert (found.compared_from, found.compared_to, found.periods) == (week(0) - 6, week(199), 200)
    assert found.ratio == pytest.approx(np.exp(0.5))


def test_the_second_can_overtake_the_first():
    """The mirror image has the same dates."""
    found = find_crossover(KEY, weekly([0.5] * 100 + [-0.5] * 100))

    assert (found.status, found.first_leads, found.crossed_on) == ("crossed", False, week(106))
    assert found.ratio == pytest.approx(np.exp(-0.5))


def test_not_crossed_is_a_result():
    """The leader has led in all that can be compared, and nothing is dated."""
    found = find_crossover(KEY, weekly([-0.5] * 60))

    assert (found.status, found.first_leads) == ("not crossed", False)
    assert np.isnat([found.crossed_on, found.low_on, found.high_on]).all()
    assert found.sustained_since == week(3)


def test_too_close_to_call_is_a_result():
    """Figures within 2 % of both together are level, and so is a lead that is smaller than its noise."""
    level = weekly([-0.5] * 60 + [0.03] * 20)
    noisy = weekly(np.tile([0.9, -0.7], 60))

    for pair in (level, noisy):
        found = find_crossover(KEY, pair)
        assert found.status == "too close to call"
        assert np.isnat([found.crossed_on, found.low_on, found.high_on, found.sustained_since]).all()


def test_figures_that_end_level_are_too_close_to_call():
    """A last reading of the same count is nobody's lead, and no change is dated."""
    found = find_crossover(KEY, readings([0.5] * 99 + [0.0]))

    assert (found.status, found.ratio) == ("too close to call", 1.0)
    assert np.isnat([found.crossed_on, found.low_on, found.high_on, found.sustained_since]).all()


@pytest.mark.parametrize(("weeks", "is_told"), [(25, False), (26, True)])
def test_with_less_than_half_a_year_nothing_is_said(weeks, is_told):
    """Two quarters of thirteen weeks are the least."""
    assert (find_crossover(KEY, weekly([0.5] * weeks)) is not None) == is_told


def test_a_change_within_a_gap_lies_anywhere_in_it():
    """The interval begins with the first unknown day and ends with the first whole quarter after it."""
    pair = weekly([-0.5] * 60 + [0.5] * 60, gap_before=60)
    found = find_crossover(KEY, pair)

    assert found.crossed_on == pair.ends[72]
    assert found.low_on == pair.ends[59] + 1
    assert found.high_on == pair.ends[72]


def test_a_change_of_leader_at_a_change_of_counting_proves_nothing():
    """What was counted otherwise before it is left out; where the leader stays, it is all compared."""
    changed = find_crossover(KEY, weekly([-0.5] * 60 + [0.5] * 60, counted_anew_at=60))
    stayed = find_crossover(KEY, weekly([-0.5] * 40 + [0.2] * 20 + [0.9] * 60, counted_anew_at=60))

    assert (changed.status, changed.periods, changed.compared_from) == ("not crossed", 60, week(60) - 6)
    # 0.2 outweighs -0.5 with ten of thirteen weeks.
    assert (stayed.status, stayed.periods, stayed.crossed_on) == ("crossed", 120, week(49))


def test_of_a_stock_the_reading_itself_decides():
    """There is no quarter to add up: the change is seen on the day."""
    found = find_crossover(KEY, readings([-0.5] * 50 + [0.5] * 50))

    assert (found.status, found.crossed_on, found.sustained_since) == ("crossed", week(50), week(50))


def test_the_interval_holds_the_truth_four_times_in_five():
    """Lines that cross in week 150 under noise that lasts; its quarter is that of week 156 or 157."""
    draws = np.random.default_rng(1)
    held = 0
    for number in range(100):
        noise = draws.normal(scale=0.2, size=260)
        for place in range(1, 260):
            noise[place] += 0.4 * noise[place - 1]
        found = find_crossover(
            (f"metric {number}", "one", "two"), weekly((np.arange(260) - 150) / 100 + noise)
        )
        held += bool(found.low_on <= week(157) <= found.high_on)

    assert 70 <= held <= 90


def columns(pairs):
    """The columns of `int_rivals`, as the database hands them over."""
    rows = [
        (*key, start, end, ratio, run, counting, 13, False)
        for key, pair in pairs
        for start, end, ratio, run, counting in zip(
            pair.starts, pair.ends, pair.log_ratios, pair.runs, pair.countings, strict=True
        )
    ]
    names = "metric_id first_id second_id period_start period_end log_ratio run counting"
    names += " periods_a_quarter is_stock"
    return {
        name: np.array(values) for name, values in zip(names.split(), zip(*rows, strict=True), strict=True)
    }


def test_a_finding_hangs_on_its_own_pair_alone():
    """The same figures give the same bytes, whichever other pairs are compared."""
    noise = np.random.default_rng(7).normal(scale=0.3, size=200)
    own, other = (KEY, weekly(np.linspace(-1, 1, 200) + noise)), (("b", "one", "two"), weekly(noise))
    alone, among = find_crossovers(columns([own])), find_crossovers(columns([own, other]))

    assert list(alone) == ["metric_id", "first_id", "second_id", *Finding.__dataclass_fields__]
    assert among["metric_id"].tolist() == ["a_metric", "b"]
    for name, values in alone.items():
        assert values.tobytes() == among[name][:1].astype(values.dtype).tobytes(), name


def test_without_anything_to_compare_there_are_columns_and_no_rows():
    """A first run has too little: the columns keep their types."""
    few = columns([(KEY, weekly([0.5] * 3))])
    for rivals in (few, {name: values[:0] for name, values in few.items()}):
        found = find_crossovers(rivals)
        assert {name: len(values) for name, values in found.items()} == dict.fromkeys(found, 0)
        assert (found["ratio"].dtype.kind, found["crossed_on"].dtype.kind) == ("f", "M")
