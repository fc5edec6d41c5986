"""Of many subjects the first are drawn, each in a colour of its own, and all stand in one table."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from reports.charts.figure import figure_of
from reports.data.choice import MOST_DRAWN, MOST_LINES, in_own_colors, ranked
from reports.data.evidence import Evidence
from reports.data.records import Subject
from reports.pages.everyone import everyone
from warehouse.config.ecosystem import PALETTE


def subjects(count: int) -> list[Subject]:
    return [Subject(f"s{n}", f"S {n}", PALETTE[n % len(PALETTE)], n) for n in range(count)]


def test_the_main_measure_orders_and_where_there_is_none_the_next() -> None:
    """Stars come after any downloads, and without figures the configuration decides."""
    last = [("s3", "pypi_downloads", 5.0), ("s2", "pypi_downloads", 7.0), ("s1", "github_stars_total", 1e9)]

    assert [one.subject_id for one in ranked(subjects(6), last)] == ["s2", "s3", "s1", "s0", "s4", "s5"]


def test_a_colour_is_kept_unless_another_has_it() -> None:
    """In order of the configuration; of a thousand any twenty-four look unlike."""
    every = subjects(1000)
    first, again, other = every[3], every[27], every[5]
    told = in_own_colors([again, other, first])

    assert [one.subject_id for one in told] == ["s3", "s5", "s27"]
    assert [one.color for one in told] == [PALETTE[3], PALETTE[5], PALETTE[0]]
    assert len({one.color for one in in_own_colors(every[::41][:24])}) == 24


def test_of_many_the_first_are_drawn_and_eight_lines_at_first(
    read: Callable[[Any], Evidence], make: SimpleNamespace
) -> None:
    """Thirty with ever more downloads: the last twenty-four are drawn, and the last eight at first."""
    evidence = read(make.crowded_tables(30))
    drawn = [subject.subject_id for subject in evidence.subjects]
    content = figure_of(evidence, "pypi_downloads", "Downloads").content

    assert drawn == [f"rival_{n}" for n in range(30 - MOST_DRAWN, 30)]
    assert {point.subject_id for point in evidence.points["pypi_downloads"]} == set(drawn)
    assert evidence.left_out == 6
    assert content is not None
    assert [one.subject_id for one in content.at_first.segments] == drawn[-MOST_LINES:]
    assert len(content.segments) == MOST_DRAWN


def test_a_few_are_drawn_as_ever(read: Callable[[Any], Evidence], make: SimpleNamespace) -> None:
    """Up to eight nothing is hidden and nothing is left out, nor on the page of one."""
    evidence = read(make.crowded_tables(MOST_LINES))
    alone = read(make.crowded_tables(30)).only(Subject("rival_6", "Rival 6", None, 6))

    assert (evidence.left_out, evidence.hidden) == (0, frozenset())
    assert (alone.left_out, alone.hidden) == (0, frozenset())


def test_all_stand_in_one_table(read: Callable[[Any], Evidence], make: SimpleNamespace) -> None:
    """The first first, those that are drawn with their page."""
    page = everyone(read(make.crowded_tables(30)))
    rows = page.content["rows"]

    assert [row.name for row in rows] == [f"Rival {n}" for n in reversed(range(30))]
    assert [row.page for row in rows][23:25] == ["subject-rival_6", None]
    assert rows[0].figures[0] == ("30,000", "")
    assert page.content["columns"][0][1] == "July 2025"
    assert page.title == "How do all 30 stand?"
