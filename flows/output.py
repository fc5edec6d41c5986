"""How rows are written: as a table for people, as CSV or JSON for programs."""

import csv
import json
import sys
from collections.abc import Sequence
from enum import StrEnum
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text


class Format(StrEnum):
    """What rows can be written as."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"


def write(names: Sequence[str], rows: Sequence[Sequence[Any]], format: Format) -> None:
    """Write rows to standard output."""
    writer = {Format.TABLE: _write_table, Format.CSV: _write_csv, Format.JSON: _write_json}[format]
    writer(names, rows)


def _write_table(names: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False)
    for column, name in enumerate(names):
        is_number = any(isinstance(row[column], int | float) for row in rows)
        table.add_column(Text(name), justify="right" if is_number else "left", overflow="fold")
    for row in rows:
        table.add_row(*(Text(_readable(value)) for value in row))
    # Only a terminal has a width to keep to; a pipe gets every line whole.
    Console(width=None if sys.stdout.isatty() else 10_000).print(table)


def _write_csv(names: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(names)
    writer.writerows(rows)


def _write_json(names: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    records = [dict(zip(names, row, strict=True)) for row in rows]
    print(json.dumps(records, default=str, ensure_ascii=False, indent=2))


def _readable(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:,.3f}".rstrip("0").rstrip(".")
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)
