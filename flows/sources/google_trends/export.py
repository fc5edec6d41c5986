"""Google Trends: the export of the website, a table of values by period and term, in whatever language.

What stands above the header and what its first column is called depends on the language, so neither is
understood: the table begins with the first line that begins with a date, and the line above is the header.
Since the redesign of 2026 nothing stands above it.
"""

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from itertools import pairwise

from flows.sources.google_trends.export_columns import Columns, read_columns
from warehouse.config.catalog import catalog
from warehouse.config.settings import PROJECT

FIRST_CELL = re.compile(r'"?([0-9]{4}-[0-9]{2}(?:-[0-9]{2})?)"?([,;\t])')
HOUR = re.compile(r'"?([0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9][0-9]?)')
VALUE = re.compile(r"(100|[0-9]{1,2}|)")
# How a value below one is written, blanks left out, where that is known; the models read the same list.
BELOW_ONE = PROJECT / "sql/seeds/sources/google_trends/below_one.csv"
# No export tells of what is far to come; which day it is of is asked when it is imported.
END = date(2100, 1, 1)
# The most days that a period has.
DAY, WEEK, MONTH = 1, 7, 31
RESOLUTIONS = {DAY: "DAY", WEEK: "WEEK", MONTH: "MONTH"}


@dataclass(frozen=True)
class Export:
    """What a file holds: its columns, how many periods, and when the last begins and ends."""

    columns: Columns
    periods: int
    last_start: date
    last_day: date
    resolution: str


@dataclass(frozen=True)
class _Row:
    number: int
    label: str

    @property
    def start(self) -> date:
        return date.fromisoformat(self.label if len(self.label) == 10 else f"{self.label}-01")


def read_export(
    body: bytes, terms: Sequence[str], region: str | None = None, named: str | None = None
) -> Export:
    """Return what an export holds, which must be all these terms, day by day, week by week or by month.

    `region` is needed where the file has several; one that states none is of it, or of the one that the
    file is `named` after. Raises ValueError with line, found and expected.
    """
    lines = _lines(body)
    first, delimiter = _first_row(lines)
    headings = _cells(lines[first - 1], delimiter)[1:]
    try:
        columns = read_columns(headings, terms, region, named)
    except ValueError as error:
        raise ValueError(f"line {first}: {error}") from error
    rows = [_row(n, line, delimiter, len(headings)) for n, line in enumerate(lines[first:], first + 1)]
    end = _following(rows[-1].start, days := _require_even_periods(rows))
    return Export(columns, len(rows), rows[-1].start, end - timedelta(days=1), RESOLUTIONS[days])


def resolution_of(body: bytes) -> str:
    """Return how long the periods of an export are, of whatever terms."""
    lines = _lines(body)
    first, delimiter = _first_row(lines)
    rows = [_Row(n, _cells(line, delimiter)[0]) for n, line in enumerate(lines[first : first + 2], first + 1)]
    return RESOLUTIONS[_require_even_periods(rows)]


def _lines(body: bytes) -> list[str]:
    return re.split(r"\r\n|\r|\n", _text(body).rstrip())


def _text(body: bytes) -> str:
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValueError("found bytes that are no UTF-8, expected the file as it was exported") from error


def _first_row(lines: Sequence[str]) -> tuple[int, str]:
    """Return the index of the first row, and what parts its cells."""
    for index, line in enumerate(lines):
        if hour := HOUR.match(line):
            raise ValueError(f"line {index + 1}: found the hour {hour[1]}, expected days, weeks or months")
        if begins := FIRST_CELL.match(line):
            if index == 0:
                raise ValueError(f"line 1: found {begins[1]}, expected a header with the terms above it")
            return index, begins[2]
    raise ValueError("found no row that begins with a date, expected some like 2025-01-05,42")


def _cells(line: str, delimiter: str) -> list[str]:
    try:
        return [cell.strip() for cell in next(csv.reader([line], delimiter=delimiter), [])]
    except csv.Error as error:
        raise ValueError(f"found {line[:40]!r}, expected cells: {error}") from error


def _row(number: int, line: str, delimiter: str, columns: int) -> _Row:
    begins = FIRST_CELL.match(line)
    if begins is None or begins[2] != delimiter:
        raise ValueError(f"line {number}: found {line[:40]!r}, expected a row like 2025-01-05{delimiter}42")
    label, *values = _cells(line, delimiter)
    if len(values) != columns:
        raise ValueError(f"line {number}: found {len(values)} values, expected {columns}")
    for value in values:
        if not VALUE.fullmatch(value) and re.sub(r"\s", "", value) not in _below_one():
            raise ValueError(f"line {number}: found {value!r}, expected 0 to 100 or <1")
    row = _Row(number, label)
    try:
        start = row.start
    except ValueError as error:
        raise ValueError(f"line {number}: found {label}, expected a day or month of the calendar") from error
    if not (first := catalog()["google_trends"].bounds.first_day) <= start < END:
        raise ValueError(
            f"line {number}: found {label}, expected none before {first} or after {END.year - 1}"
        )
    return row


@cache
def _below_one() -> frozenset[str]:
    with BELOW_ONE.open(encoding="utf-8") as file:
        return frozenset(row["written"] for row in csv.DictReader(file))


def _require_even_periods(rows: Sequence[_Row]) -> int:
    """Return how long a period is, by the first two; raise ValueError unless each follows the one before."""
    days = MONTH if len(rows[0].label) == 7 else _days_between(rows)
    for earlier, later in pairwise(rows):
        if later.start != (expected := _following(earlier.start, days)):
            raise ValueError(f"line {later.number}: found {later.label}, expected {expected}")
    return days


def _days_between(rows: Sequence[_Row]) -> int:
    if len(rows) < 2:
        raise ValueError(f"line {rows[0].number}: found one row, expected two at least")
    first, second = rows[:2]
    days = (second.start - first.start).days
    if first.start.day == 1 and 28 <= days <= 31:
        return MONTH
    if days not in (DAY, WEEK):
        raise ValueError(f"line {second.number}: found {second.label}, expected the next day, week or month")
    return days


def _following(start: date, days: int) -> date:
    if days < MONTH:
        return start + timedelta(days=days)
    return (start.replace(day=1) + timedelta(days=31)).replace(day=1)
