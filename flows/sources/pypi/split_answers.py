"""PyPI downloads: packages' days in the download logs, by minor version and by country."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Annotated, Self

from pydantic import StringConstraints, model_validator

from flows.client.answer_model import Shape, WrittenCount
from flows.client.clickhouse import read_rows, require_whole
from flows.client.errors import Unanswered

Minor = Annotated[str, StringConstraints(pattern=r"^([0-9]{1,9}\.[0-9]{1,9}|pre-release|other)$")]
Country = Annotated[str, StringConstraints(pattern=r"^([A-Z][A-Z0-9])?$")]
# Its rows are told whoever is asked about, because it is downloaded on every day that was logged.
LOGGED = "pip"


class SplitDay(Shape):
    """A package's downloads of one UTC day; `located` counts those by country, from another table.

    Where the two differ the answer is still one, as is one that tells no countries of the day.
    """

    date: date
    package: str
    versions: Mapping[Minor, WrittenCount]
    countries: Mapping[Country, WrittenCount]
    downloads: WrittenCount
    located: WrittenCount

    @model_validator(mode="after")
    def _is_the_sum_of_its_parts(self) -> Self:
        for parts, total in (("versions", self.downloads), ("countries", self.located)):
            if total != (told := sum(getattr(self, parts).values())):
                raise ValueError(f"found {told} downloads by {parts}, expected the day's {total}")
        return self


class _Totals(Shape):
    downloads: WrittenCount
    located: WrittenCount


class SplitDays(Shape):
    """The days of some packages, oldest first, and what they sum to."""

    data: tuple[SplitDay, ...]
    rows: WrittenCount
    totals: _Totals

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        require_whole(self, _Totals.model_fields, "days")
        days = [(day.date, day.package) for day in self.data]
        if days != sorted(set(days)):
            raise ValueError("found days out of order, expected each package's once and the oldest first")
        return self


def read_log_splits(
    packages: Collection[str], first_day: date, last_day: date, located_from: date, limit: int, body: bytes
) -> SplitDays:
    """Return the days of packages within a window, by country from a day on.

    Raises Unanswered where the window has no day that was logged: that is not zero downloads.
    """
    told = read_rows(SplitDays, body)
    if told.rows >= limit:
        raise ValueError(f"found {told.rows} rows, expected fewer than the limit of {limit}")
    if not told.data:
        raise Unanswered("found no day that was logged")
    if not first_day <= told.data[0].date <= told.data[-1].date <= last_day:
        days = f"{told.data[0].date} to {told.data[-1].date}"
        raise ValueError(f"found days from {days}, expected them within {first_day} to {last_day}")
    if others := {day.package for day in told.data} - {*packages, LOGGED}:
        raise ValueError(
            f"found days of {', '.join(sorted(others))}, expected those of {', '.join(packages)}"
        )
    if early := [day.date for day in told.data if day.countries and day.date < located_from]:
        raise ValueError(f"found countries of {early[0]}, expected them from {located_from} on")
    return told
