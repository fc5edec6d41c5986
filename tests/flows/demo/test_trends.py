"""The formula behind the demo's search interest: the same everywhere, and on one scale."""

from datetime import UTC, date, datetime

import pytest

from flows.standin.curve import Point, Resolution, timeline

NOW = datetime(2025, 8, 6, 6, tzinfo=UTC)


def points(terms, first, last, resolution):
    return timeline(terms, first, last, resolution, NOW)


def test_the_largest_of_all_terms_is_100():
    """One scale for the whole request: a small term alone is large, beside a large one small."""
    window = date(2016, 1, 1), date(2024, 12, 31), Resolution.MONTH
    alone, beside = points(["jax"], *window), points(["jax", "tensorflow"], *window)

    assert max(point.values[0] for point in alone) == 100
    assert max(point.values[0] for point in beside) < 15
    assert max(point.values[1] for point in beside) == 100


def test_weeks_begin_on_the_first_sunday_inside():
    """A week that began before the window is not in it."""
    weeks = points(["keras"], date(2024, 1, 1), date(2024, 1, 20), Resolution.WEEK)

    assert [(week.first, week.last) for week in weeks] == [
        (date(2024, 1, 7), date(2024, 1, 13)),
        (date(2024, 1, 14), date(2024, 1, 20)),
    ]


def test_months_begin_with_their_first_day():
    """A month that began before the window is not in it."""
    months = points(["keras"], date(2023, 12, 2), date(2024, 2, 29), Resolution.MONTH)

    assert [month.first for month in months] == [date(2024, 1, 1), date(2024, 2, 1)]


def test_nothing_is_told_beyond_now():
    """Today is the last day, and partial."""
    days = points(["keras"], date(2025, 8, 5), date(2025, 8, 9), Resolution.DAY)

    assert days == [
        Point(date(2025, 8, 5), date(2025, 8, 5), (100,), False),
        Point(date(2025, 8, 6), date(2025, 8, 6), (100,), True),
    ]


def test_any_term_has_a_curve_of_its_own():
    """Unknown terms differ from each other and stay the same in every process."""
    last = points(["pytorch", "numpy", "scipy", "NumPy"], date(2016, 1, 1), NOW.date(), Resolution.MONTH)[-1]

    assert last.values == (82, 10, 13, 10)


def test_a_window_that_has_not_begun_is_empty():
    """No points, as Google answers where there is no data."""
    assert points(["keras"], date(2026, 1, 1), date(2026, 2, 1), Resolution.DAY) == []


@pytest.mark.parametrize(
    ("days", "resolution"),
    [(269, "DAY"), (270, "WEEK"), (1827, "WEEK"), (2092, "WEEK"), (2093, "MONTH")],
)
def test_the_length_of_a_window_decides_its_resolution(days, resolution):
    """Borders as measured at the real service."""
    first = date(2015, 1, 1)

    assert Resolution.of(first, date.fromordinal(first.toordinal() + days)) == resolution
