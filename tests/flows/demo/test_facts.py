"""The demo's figures are the committed ones, and what is not there stays unknown."""

from calendar import monthrange
from datetime import date, timedelta
from fractions import Fraction

from flows.standin.facts import load_facts
from flows.standin.records import Release, RepositoryTotals, StarWeek


def test_totals_are_those_printed_on_the_day():
    """On a day of the table, the answer is its row."""
    totals = load_facts().repository_on("tensorflow/tensorflow", date(2018, 12, 18))

    assert totals == RepositoryTotals(date(2018, 12, 18), 116901, 70648, 1827)


def test_totals_stand_for_45_days_and_no_longer():
    """Between two rows the earlier one answers, unless it is more than 45 days old."""
    facts = load_facts()
    printed = facts.repository_on("pytorch/pytorch", date(2021, 10, 1))

    assert facts.repository_on("pytorch/pytorch", date(2021, 11, 15)) == printed
    assert facts.repository_on("pytorch/pytorch", date(2021, 11, 16)) is None


def test_jax_has_stars_alone():
    """The source of JAX mixes two counters of forks and issues, so they are left out."""
    totals = load_facts().repository_on("jax-ml/jax", date(2025, 8, 6))

    assert totals == RepositoryTotals(date(2025, 7, 3), 32682, None, None)


def test_a_week_is_cut_at_the_day_of_asking():
    """Days from the day of asking on count zero stars; the weeks before are whole."""
    weeks = load_facts().star_weeks("pytorch/pytorch", until=date(2017, 1, 19))

    assert weeks[:2] == [
        StarWeek(date(2017, 1, 15), (0, 0, 3, 405, 0, 0, 0)),
        StarWeek(date(2017, 1, 8), (1, 0, 1, 1, 1, 0, 0)),
    ]


def test_a_week_is_there_from_its_sunday_on():
    """On the Sunday itself the new week is told, empty."""
    newest, *_ = load_facts().star_weeks("pytorch/pytorch", until=date(2017, 1, 22))

    assert newest == StarWeek(date(2017, 1, 22), (0, 0, 0, 0, 0, 0, 0))


def test_weeks_follow_each_other_from_the_creation_on():
    """No Sunday is left out between the week of creation and the clock's."""
    for repository, first in {
        "keras-team/keras": date(2015, 3, 22),
        "pytorch/pytorch": date(2016, 8, 7),
        "tensorflow/tensorflow": date(2015, 11, 1),
    }.items():
        weeks = [week.week for week in load_facts().weeks[repository]]

        assert weeks == [first + timedelta(days=7 * n) for n in range(len(weeks))]
        assert weeks[-1] == date(2025, 8, 3)


def test_the_days_of_a_month_add_up_to_its_daily_mean():
    """For every window, its month's days sum to downloads / window days * days of the month, rounded."""
    windows = [window for months in load_facts().windows.values() for window in months.values()]
    assert len(windows) == 796

    for window in windows:
        length = monthrange(window.month.year, window.month.month)[1]
        days = [window.on(window.month.replace(day=n + 1)) for n in range(length)]
        mean = Fraction(window.downloads, window.window_days)

        assert abs(sum(days) - mean * length) <= Fraction(1, 2)
        assert all(abs(day - mean) <= 1 for day in days)


def test_a_window_is_told_once_it_is_over():
    """The window of January 2022 ends on 9 February and is unknown until the day after."""
    facts = load_facts()
    day = date(2022, 1, 31)

    assert facts.downloads("torch", "without_mirrors", day, told_on=date(2022, 2, 9)) is None
    assert facts.downloads("torch", "without_mirrors", day, told_on=date(2022, 2, 10)) is not None


def test_what_no_source_printed_is_unknown():
    """Missing months, packages and tags are None, not zero."""
    facts = load_facts()

    assert facts.questions("tensorflow", date(2018, 10, 1)) is None
    assert facts.questions("tensorflow", date(2020, 5, 1)) == 2159
    assert facts.questions("jax", date(2020, 5, 1)) is None
    assert facts.downloads("torch", "without_mirrors", date(2024, 6, 15)) is None
    assert facts.downloads("no-such-package", "pip", date(2024, 5, 15)) is None


def test_collection_days_are_one_a_month():
    """On each both totals were printed; months without such a day are absent."""
    days = load_facts().collection_days()
    months = {day.replace(day=1) for day in days}

    assert (len(days), len(months), days[0], days[-1]) == (78, 78, date(2018, 12, 18), date(2025, 8, 1))
    assert not months & {date(2021, 11, 1), date(2024, 11, 1), date(2024, 12, 1)}


def test_releases_are_those_printed_up_to_the_day_before():
    """The newest first; the one published on the demo's own day is not told yet."""
    releases = load_facts().releases_before("pytorch/pytorch", date(2025, 8, 6))

    assert len(releases) == 59
    assert releases[:2] == [Release(date(2025, 6, 4), "v2.7.1"), Release(date(2025, 4, 23), "v2.7.0")]
    assert releases[-1] == Release(date(2016, 9, 1), "v0.1.1")
    assert load_facts().releases_before("tensorflow/tensorflow", date(2025, 8, 6)) == []
