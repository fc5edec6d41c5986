"""PyPI downloads: packages' days in the download logs, by installer, as ClickHouse tells them."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Self

from pydantic import model_validator

from flows.client.answer_model import Shape, WrittenCount
from flows.client.clickhouse import read_rows, require_whole
from flows.client.errors import Unanswered


class LogDay(Shape):
    """A package's downloads of one UTC day that was logged, by installer; none where nobody downloaded.

    `counted` is the day's second count, from another table. Where it differs the answer is still one: it
    says that the day is not known.
    """

    date: date
    package: str
    installers: Mapping[str, WrittenCount]
    downloads: WrittenCount
    counted: WrittenCount

    @model_validator(mode="after")
    def _is_the_sum_of_its_installers(self) -> Self:
        if self.downloads != (told := sum(self.installers.values())):
            raise ValueError(f"found {told} downloads by installer, expected the day's {self.downloads}")
        return self


class _Totals(Shape):
    downloads: WrittenCount
    counted: WrittenCount


class LogDays(Shape):
    """The days of some packages, oldest first, and what they sum to."""

    data: tuple[LogDay, ...]
    rows: WrittenCount
    totals: _Totals

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        require_whole(self, _Totals.model_fields, "days")
        days = [(day.date, day.package) for day in self.data]
        if days != sorted(set(days)):
            raise ValueError("found days out of order, expected each package's once and the oldest first")
        return self


def read_log_days(
    packages: Collection[str], first_day: date, last_day: date, limit: int, body: bytes, *, is_whole: bool
) -> LogDays:
    """Return the days of packages within a window; raises Unanswered where no download was ever logged.

    A window of a few weeks (`is_whole` false) may hold none. `limit` is the number of rows asked for: a
    result that is as long may have been cut without a word.
    """
    told = read_rows(LogDays, body)
    if told.rows >= limit:
        raise ValueError(f"found {told.rows} rows, expected fewer than the limit of {limit}")
    if is_whole and not told.totals.downloads:
        raise Unanswered("found no downloads")
    if told.data and not first_day <= told.data[0].date <= told.data[-1].date <= last_day:
        days = f"{told.data[0].date} to {told.data[-1].date}"
        raise ValueError(f"found days from {days}, expected them within {first_day} to {last_day}")
    _require_each(packages, told)
    return told


def _require_each(packages: Collection[str], told: LogDays) -> None:
    """Raise ValueError unless the days are of these packages, all of them where there are any.

    One that nobody fetched has its days, too: without one it was not asked about.
    """
    found = {day.package for day in told.data}
    if others := found - {*packages}:
        raise ValueError(f"found days of {_names(others)}, expected those of {_names(packages)}")
    if found and (missing := {*packages} - found):
        raise ValueError(f"found no day of {_names(missing)}, expected some of each package")


def _names(packages: Collection[str]) -> str:
    return ", ".join(sorted(packages))
