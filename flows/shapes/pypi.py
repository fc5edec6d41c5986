"""PyPI downloads: the days of pypistats, and the months by installer of the download logs."""

import re
from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import Literal

from pydantic import ValidationError, model_validator

from flows.answers import Unanswered
from flows.shapes import Count, Shape, WrittenCount

# Source: https://clickhouse.com/docs/interfaces/http; the error may follow rows of a 200.
EXCEPTION = re.compile(rb"Code: \d+\. DB::Exception: ")


class Day(Shape):
    """The downloads of one UTC day, in one way of counting."""

    category: Literal["with_mirrors", "without_mirrors"]
    date: date
    downloads: Count


class Overall(Shape):
    """All days that pypistats keeps of a package."""

    package: str
    type: Literal["overall_downloads"]
    data: tuple[Day, ...]

    @model_validator(mode="after")
    def _tells_each_day_once(self) -> "Overall":
        _require_once((day.category, str(day.date)) for day in self.data)
        return self


class InstallerMonth(Shape):
    """The downloads that one installer made in one UTC month, up to `last_day`."""

    month: date
    installer: str
    downloads: WrittenCount
    last_day: date

    @model_validator(mode="after")
    def _is_one_month(self) -> "InstallerMonth":
        if self.month != self.last_day.replace(day=1):
            raise ValueError(f"found month {self.month} with last day {self.last_day}, expected one month")
        return self


class InstallerMonths(Shape):
    """All months of a package."""

    data: tuple[InstallerMonth, ...]
    rows: WrittenCount

    @model_validator(mode="after")
    def _is_whole(self) -> "InstallerMonths":
        if self.rows != len(self.data):
            raise ValueError(f"found {len(self.data)} rows, expected the {self.rows} that are told of")
        _require_once((str(row.month), row.installer) for row in self.data)
        return self


def read_overall(package: str, body: bytes) -> Overall:
    """Return a package's days; raises Unanswered where none is known, which is not zero downloads."""
    told = Overall.model_validate_json(body)
    if told.package != package:
        raise ValueError(f"found package {told.package}, expected {package}")
    if not told.data:
        raise Unanswered("found no days")
    return told


def read_installer_months(limit: int, body: bytes) -> InstallerMonths:
    """Return a package's months; raises Unanswered where none is known.

    `limit` is the number of rows asked for: a result that is as long may have been cut without a word.
    """
    try:
        told = InstallerMonths.model_validate_json(body)
    except ValidationError as error:
        # Looked for only here: installers name themselves, and one could name itself like an error.
        if exception := EXCEPTION.search(body):
            raise ValueError(f"found {_line(body[exception.start() :])}, expected rows") from error
        raise
    if told.rows >= limit:
        raise ValueError(f"found {told.rows} rows, expected fewer than the limit of {limit}")
    if not told.data:
        raise Unanswered("found no months")
    return told


def _require_once(keys: Iterable[tuple[str, str]]) -> None:
    for key, times in Counter(keys).items():
        if times > 1:
            raise ValueError(f"found {' '.join(key)} {times} times, expected once")


def _line(text: bytes) -> str:
    return " ".join(text[:400].decode("utf-8", "replace").split())
