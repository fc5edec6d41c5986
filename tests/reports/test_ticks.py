"""Ticks are round and few, and names at the ends of lines keep clear of each other."""

from datetime import date
from itertools import pairwise

import pytest

from reports.charts.ticks import spread, time_domain, time_ticks, value_ticks


@pytest.mark.parametrize(
    ("highest", "unit", "expected"),
    [
        (53_448_596, "downloads", [0, 20e6, 40e6, 60e6]),
        (4_280, "stars", [0, 1000, 2000, 3000, 4000, 5000]),
        (3, "questions", [0, 1, 2, 3]),
        (7, "questions", [0, 2, 4, 6, 8]),
        (0, "questions", [0, 1]),
        (0.9, "share", [0, 0.25, 0.5, 0.75, 1]),
        (0.28, "share", [0, 0.1, 0.2, 0.3]),
    ],
)
def test_values_are_ticked_in_round_steps(highest: float, unit: str, expected: list[float]) -> None:
    """Ticks begin at zero, end above the highest figure, and are whole where whole things are counted."""
    assert value_ticks(highest, unit) == expected


def test_years_are_labelled_in_their_middle() -> None:
    """A label stands in the middle of its year, a tick where the year begins."""
    found = time_ticks(date(2022, 2, 1), date(2025, 7, 31), 600)

    assert found.labels == [date(year, 7, 1) for year in (2022, 2023, 2024, 2025)]
    assert found.ticks == [date(year, 1, 1) for year in (2023, 2024, 2025)]


def test_many_years_are_labelled_where_they_begin() -> None:
    """Twenty years on a phone get a label every few years, and no more ticks than labels."""
    found = time_ticks(date(2004, 1, 1), date(2025, 7, 31), 200)

    assert found.labels == found.ticks == [date(year, 1, 1) for year in (2005, 2010, 2015, 2020, 2025)]


def test_a_short_span_is_labelled_by_month() -> None:
    """The first half year of a new installation has months on its axis."""
    found = time_ticks(date(2025, 2, 3), date(2025, 8, 6), 250)

    assert found.labels == [date(2025, 3, 1), date(2025, 5, 1), date(2025, 7, 1)]
    assert found.text_format == "%b %Y"


def test_a_single_reading_has_room_on_both_sides() -> None:
    """A chart of one day spans two weeks."""
    assert time_domain(date(2025, 8, 6), date(2025, 8, 6)) == (date(2025, 7, 30), date(2025, 8, 13))


@pytest.mark.parametrize("wanted", [[100, 102, 101], [5, 3, 4, 2], [198, 199, 200], [10, 100, 190], []])
def test_names_keep_their_distance_and_stay_inside(wanted: list[float]) -> None:
    """Places are a line apart at least, inside the plot, and in the order of the figures."""
    places = spread(wanted, 15, 200)

    assert all(lower - upper >= 15 for upper, lower in pairwise(sorted(places)))
    assert all(0 <= place <= 200 for place in places)
    assert sorted(range(len(wanted)), key=wanted.__getitem__) == sorted(
        range(len(wanted)), key=places.__getitem__
    )


def test_names_with_room_stay_where_they_belong() -> None:
    """Nothing is moved that does not overlap; what does moves evenly to both sides."""
    assert spread([10, 100, 190], 15, 200) == [10, 100, 190]
    assert spread([100, 100], 15, 200) == [92.5, 107.5]
