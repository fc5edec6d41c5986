"""Tables for people: numbers aligned at their point, unknown told from empty, nothing lost in a pipe."""

from datetime import date
from io import StringIO

from flows.console.table import UNKNOWN, Grid, print_grid, print_markdown
from warehouse.text import cleaned

GRID = Grid(
    ("subject", "year", "downloads", "share", "day", "seen"),
    [
        ("one", 2024, 1_234_567, 0.5, date(2025, 3, 1), True),
        ("", 2025, 80, 0.00012, None, False),
        (None, None, None, None, date(2025, 3, 2), None),
    ],
)


def text_of(printer, grid: Grid) -> list[str]:
    file = StringIO()
    printer(grid, file)
    return [line.rstrip() for line in file.getvalue().splitlines()]


def test_numbers_stand_below_each_other():
    """Right, with one place for the point; a year has no comma; unknown is a dash and empty is empty."""
    assert text_of(print_grid, GRID) == [
        "subject   year   downloads     share   day          seen",
        "─────────────────────────────────────────────────────────",
        "one       2024   1,234,567   0.5       2025-03-01   true",
        f"          2025          80   0.00012   {UNKNOWN}            false",
        f"{UNKNOWN}            {UNKNOWN}           {UNKNOWN}         {UNKNOWN}   2025-03-02   {UNKNOWN}",
    ]


def test_a_wide_row_stays_one_line_in_a_pipe():
    """Only a terminal has a width."""
    lines = text_of(print_grid, Grid(("text",), [("x" * 5000,)]))

    assert lines[-1] == "x" * 5000


def test_markup_in_a_text_is_text():
    """What stands in a table comes from outside and does not style it."""
    assert text_of(print_grid, Grid(("[red]a",), [("[bold]b[/]",)])) == ["[red]a", "──────────", "[bold]b[/]"]


def test_markdown_is_one_line_a_row():
    """A pipe and a line break in a text do not break the table."""
    grid = Grid(("name", "n"), [("a|b\nc", 1.5), ("back\\slash", 10), (None, None)])

    assert text_of(print_markdown, grid) == [
        "| name | n |",
        "| --- | ---: |",
        "| a\\|b c | 1.5 |",
        "| back\\\\slash | 10 |",
        "|  |  |",
    ]


def test_no_rows_are_told_by_their_names():
    """An empty answer still says what was asked."""
    assert text_of(print_grid, Grid(("a", "b"), [])) == ["a   b", "─────"]


def test_what_steers_a_terminal_is_replaced():
    """In names and in cells, of tables and of Markdown; numbers and days are as they were."""
    grid = Grid(("a\x1b[31m", "n"), [("\x9b2J\x07", 1), ("\u202eabc\ufffe", 2)])
    for lines in (text_of(print_grid, grid), text_of(print_markdown, grid)):
        told = "\n".join(lines)
        assert told.count("\ufffd") == 5 and cleaned(told) == told
