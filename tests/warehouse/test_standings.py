"""Who stood in front at the end of each month: built-up series whose answer is known."""

from itertools import pairwise

import numpy as np
import pytest

from warehouse.statistics.crossovers import redrawn
from warehouse.statistics.pairs import Pair
from warehouse.statistics.redraws import redrawn_means
from warehouse.statistics.standings import MEASURES, find_standings, standings

KEY = ("a_metric", "one", "two")
FIRST = np.datetime64("2018-01-07")
NO_LAG = np.timedelta64(0, "D")


def leads(key, pair):
    """What is found of all that is known."""
    return MEASURES["leads"](key, pair, np.array([len(pair.ends)]))[0]


def grows(key, pair):
    """As leads."""
    return MEASURES["grows"](key, pair, np.array([len(pair.ends)]))[0]


def weekly(log_ratios, *, counted_anew_at=None):
    """Weeks of a flow, counted in another way from a place on where asked for."""
    ends = FIRST + 7 * np.arange(len(log_ratios))
    runs = np.zeros(len(ends), int)
    if counted_anew_at:
        runs = (np.arange(len(ends)) >= counted_anew_at).astype(int)
    return Pair(ends - 6, ends, np.array(log_ratios, float), runs, runs, quarter=13, window=13, month=4)


def noisy(level, weeks=60, noise=0.05, seed=7):
    """Weeks about a level, with the same noise each time."""
    return level + noise * np.random.default_rng(seed).standard_normal(weeks)


def sides(pair, measure="leads", lag=NO_LAG):
    """The standing of each month by its last day; of today, a year after the last week, that of all."""
    today = pair.ends[-1] + np.timedelta64(7, "D")
    return {str(one.as_of): one.side for one in standings(measure, KEY, pair, lag, today)}


def test_who_has_more_over_the_last_quarter_leads():
    """The ratio is of the first to the second, with an interval that holds it."""
    side, ratio, low, high = leads(KEY, weekly(noisy(np.log(2))))
    assert side == 1 and low <= ratio <= high
    assert ratio == pytest.approx(2, rel=0.05) and low > 1.9 and high < 2.1

    side, ratio, low, high = leads(KEY, weekly(noisy(-np.log(2))))
    assert side == -1 and low <= ratio <= high < 1


def test_of_years_two_must_agree():
    """A lead of one year alone is too close to call, however large; so is a change."""
    years = np.array([f"{year}-12-31" for year in range(2017, 2021)], dtype="M8[D]")

    def told(measure, *ratios):
        ends, none = years[: len(ratios)], np.zeros(len(ratios), int)
        pair = Pair(ends - 364, ends, np.log(np.array(ratios)), none, none, 1, 1, 1)
        found = measure(KEY, pair)
        return found and (found[0], *np.round(found[1:], 2))

    assert told(leads, 0.1, 0.7, 2) == (0, 2, 0.7, 2)
    assert told(leads, 0.1, 0.7, 2, 4) == (1, 4, 2, 4)
    assert told(leads, 0.5) is None
    assert told(grows, 0.1, 0.2, 0.6) == (1, 3, 2, 3)
    assert told(grows, 0.1, 0.2, 0.1) == (0, 0.5, 0.5, 2)
    assert told(grows, 0.1, 0.2) is None


@pytest.mark.parametrize(
    "log_ratios",
    [noisy(0.0, noise=0.3, seed=5), np.full(60, 0.03), np.concatenate([np.full(50, 0.5), np.full(10, 0.0)])],
    ids=["the interval holds both", "a lead of less than two hundredths", "level in the last month"],
)
def test_what_cannot_be_told_apart_takes_no_side(log_ratios):
    """Too close to call."""
    side, *_ = leads(KEY, weekly(log_ratios))
    assert side == 0


def test_the_first_half_year_is_silent():
    """With 25 weeks nothing is said, with 26 it is."""
    assert leads(KEY, weekly(np.ones(25))) is None
    assert leads(KEY, weekly(np.ones(26))) is not None
    told = sides(weekly(np.ones(40)))
    # The 26th week ends on 1 July.
    assert min(told) == "2018-07-31"
    assert set(told.values()) == {1}


def test_a_change_of_leader_is_told_at_the_end_of_the_month_that_knows_it():
    """A step after week 99: the quarter turns with its seventh week, the last month with its third."""
    told = sides(weekly([-0.5] * 100 + [0.5] * 60))
    assert {told[day] for day in told if day <= "2019-11-30"} == {-1}
    assert told["2020-02-29"] == 1
    changes = [(one, other) for one, other in pairwise(told.values()) if one != other]
    assert changes[-1][-1] == 1 and (1, -1) not in changes


def test_a_figure_counts_from_the_day_on_which_its_source_tells_it():
    """What ends with a month is not known at its end, where the source takes ten days."""
    step = weekly([-0.5] * 30 + [0.5] * 30)
    at_once, late = sides(step), sides(step, lag=np.timedelta64(35, "D"))
    turned = {
        name: min(day for day in told if told[day] == 1) for name, told in (("0", at_once), ("35", late))
    }
    assert turned["0"] < turned["35"]


def test_a_lead_that_begins_with_another_way_of_counting_is_told_of_that_way_alone():
    """From half a year after the change on; who led in the other way is forgotten."""
    pair = weekly([-0.5] * 60 + [0.5] * 40, counted_anew_at=60)
    told = sides(pair)
    assert told["2019-02-28"] == -1
    # The way began with the 61st week, which ends on 3 March 2019; its 26th ends on 25 August.
    assert "2019-07-31" not in told
    assert told["2019-08-31"] == 1


def test_growth_is_that_of_the_last_quarter_over_the_same_of_the_year_before():
    """The ratio of both ratios; a lead that stays the same is none."""
    doubled = np.log(3) + np.concatenate([np.zeros(52), np.full(26, np.log(2))])
    side, ratio, low, high = grows(KEY, weekly(doubled))
    assert side == 1
    assert ratio == pytest.approx(2, rel=0.01) and low <= ratio <= high

    side, *_ = grows(KEY, weekly(-doubled))
    assert side == -1
    side, ratio, *_ = grows(KEY, weekly(np.full(78, np.log(3))))
    assert (side, ratio) == (0, pytest.approx(1))


def test_growth_is_unknown_within_the_first_year_and_over_a_change_of_counting():
    """A quarter of a year before is needed, counted in the same way."""
    assert grows(KEY, weekly(np.ones(60))) is None
    assert grows(KEY, weekly(np.ones(66))) is not None
    assert grows(KEY, weekly(np.ones(90), counted_anew_at=40)) is None


def test_a_past_standing_is_made_of_what_was_known_then():
    """Whatever comes later, in whatever direction, it stays to the last digit."""
    figures = noisy(0.1, weeks=200, noise=0.2)
    short, long = weekly(figures[:120]), weekly(np.concatenate([figures[:120], -4 * figures[120:]]))
    today = np.datetime64("2022-01-01")
    for measure in ("leads", "grows"):
        before = {one.as_of: one for one in standings(measure, KEY, short, NO_LAG, short.ends[-1])}
        after = {one.as_of: one for one in standings(measure, KEY, long, NO_LAG, today)}
        past = {day for day in before if day < short.ends[-1]}
        assert len(past) > 6
        assert {day: before[day] for day in past} == {day: after[day] for day in past}


def test_what_is_drawn_at_many_stops_is_what_is_drawn_at_each_by_itself():
    """To the last digit, whatever window is asked for, and over a long gap."""
    pair = weekly(noisy(0.1, weeks=120, noise=0.2), counted_anew_at=70)
    stops, firsts = np.array([30, 40, 90, 120]), np.array([17, 20, 75, 71])
    drawn = redrawn_means(KEY, pair, stops, firsts)
    for row, stop, first in zip(drawn, stops, firsts, strict=True):
        alone = redrawn(KEY, pair.until(stop), first + np.arange(pair.window)).mean(axis=1)
        assert len(set(row)) > 10
        np.testing.assert_array_equal(row, alone)


def test_the_columns_are_those_of_both_measures_and_of_every_pair():
    """As the model hands them over: each pair by itself, and an empty table has its types."""
    ends = FIRST + 7 * np.arange(80)
    one = {
        "measure": np.repeat(["grows", "leads"], 80),
        "metric_id": np.repeat(["a_metric"], 160),
        "first_id": np.repeat(["one"], 160),
        "second_id": np.repeat(["two"], 160),
        "period_start": np.tile(ends - 6, 2),
        "period_end": np.tile(ends, 2),
        "log_ratio": np.ones(160),
        "run": np.zeros(160, int),
        "counting": np.zeros(160, int),
        "periods_a_quarter": np.full(160, 13),
        "is_stock": np.zeros(160, bool),
        "expected_lag_days": np.full(160, 7),
    }
    today = np.datetime64("2019-08-01")
    found = find_standings(one, today)
    last = {
        (measure, side)
        for measure, side, as_of in zip(found["measure"], found["side"], found["as_of"], strict=True)
        if as_of == today
    }
    assert last == {("leads", 1), ("grows", 0)}

    none = find_standings({name: values[:0] for name, values in one.items()}, today)
    assert set(none) == set(found) and all(len(values) == 0 for values in none.values())
    assert none["as_of"].dtype.kind == "M" and none["side"].dtype.kind == "i"
