"""A table for people: figures aligned at their point, unknown told from empty, long results in a pager."""

import os
import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any, TextIO

from rich import box
from rich.console import Console
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text

from warehouse.text import cleaned

UNKNOWN = "\u2013"  # as on the pages
DECIMALS = 3
GROUPED_FROM = 10_000  # figures of four digits, years among them, are read without a comma
NO_WIDTH = 100_000


@dataclass(frozen=True)
class Column:
    """A column's name and values; its texts are as people read them, None where a value is unknown."""

    name: str
    values: Sequence[Any]

    @cached_property
    def is_number(self) -> bool:
        """Whether it holds numbers and nothing else."""
        known = [value for value in self.values if value is not None]
        return bool(known) and all(
            isinstance(value, int | float | Decimal) and not isinstance(value, bool) for value in known
        )

    @cached_property
    def texts(self) -> Sequence[str | None]:
        """The values as text."""
        if self.is_number:
            return _aligned(self.values)
        return [None if value is None else _text(value) for value in self.values]

    @property
    def width(self) -> int:
        """To how many characters its cells are pushed right: as wide as a column of numbers, else none."""
        return max(len(text or "") for text in [self.name, *self.texts]) if self.is_number else 0


@dataclass(frozen=True)
class Grid:
    """Column names and rows."""

    names: Sequence[str]
    rows: Sequence[Sequence[Any]]

    @cached_property
    def columns(self) -> list[Column]:
        """The same by column."""
        return [Column(cleaned(name), [row[n] for row in self.rows]) for n, name in enumerate(self.names)]


def print_grid(grid: Grid, file: TextIO | None = None, *, paging: bool = False) -> None:
    """Print an aligned table to a file, or to standard output, in a pager where it needs and has one.

    Only a terminal has a width to keep to; a file and a pipe get every line whole.
    """
    console = Console(file=file)
    table = _table(grid)
    if not console.is_terminal:
        Console(file=file, width=NO_WIDTH).print(table)
    elif paging and _exceeds(console, table) and _has_pager():
        os.environ.setdefault("LESS", "-FRSX")  # wide lines are scrolled, not wrapped
        wide = Console(width=_width(console, table))
        with wide.pager(styles=True):
            wide.print(table)
    else:
        console.print(table)


def print_markdown(grid: Grid, file: TextIO) -> None:
    """Print a table as Markdown has it."""
    heads = [_markdown(column.name) for column in grid.columns]
    rules = ["---:" if column.is_number else "---" for column in grid.columns]
    cells = zip(*(map(_markdown, column.texts) for column in grid.columns), strict=True)
    for line in (heads, rules, *cells):
        print(f"| {' | '.join(line)} |", file=file)


def _table(grid: Grid) -> Table:
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False)
    for column in grid.columns:
        table.add_column(_cell(column.name, column.width), overflow="fold")
    for row in zip(*(column.texts for column in grid.columns), strict=True):
        table.add_row(*(_cell(text, column.width) for text, column in zip(row, grid.columns, strict=True)))
    return table


def _cell(text: str | None, width: int) -> Text:
    # Padded here: the library strips what it pushes right, and with it the spaces that align points.
    return Text(UNKNOWN.rjust(width), "dim") if text is None else Text(text.rjust(width))


def _exceeds(console: Console, table: Table) -> bool:
    return _width(console, table) > console.width or table.row_count + 3 > console.height


def _width(console: Console, table: Table) -> int:
    return Measurement.get(console, console.options.update(max_width=NO_WIDTH), table).maximum


def _has_pager() -> bool:
    return sys.stdin.isatty() and bool(os.environ.get("PAGER") or shutil.which("less"))


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else cleaned(str(value))


def _aligned(values: Sequence[Any]) -> list[str | None]:
    """Return numbers as text, each with room behind it for the decimals of the longest."""
    comma = "," if any(abs(value) >= GROUPED_FROM for value in values if value is not None) else ""
    texts = [None if value is None else _readable(value, comma) for value in values]
    behind = max(_behind_point(text) for text in texts if text is not None)
    return [None if text is None else text + " " * (behind - _behind_point(text)) for text in texts]


def _readable(value: Any, comma: str) -> str:
    if isinstance(value, int):
        return f"{value:{comma}}"
    if value and abs(value) < 10**-DECIMALS / 2:
        return f"{value:.3g}"  # rounded, it would be read as zero
    return f"{value:{comma}.{DECIMALS}f}".rstrip("0").rstrip(".")


def _behind_point(text: str) -> int:
    _, point, decimals = text.partition(".")
    return len(point + decimals)


def _markdown(text: str | None) -> str:
    return " ".join((text or "").strip().replace("\\", "\\\\").replace("|", "\\|").splitlines())
