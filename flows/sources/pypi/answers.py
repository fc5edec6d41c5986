"""PyPI downloads: the days that pypistats tells of a package, and its splits of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal, Self, TypeVar

from pydantic import StringConstraints, model_validator

from flows.client.answer_bounds import require_possible_day
from flows.client.answer_model import Count, Shape, read_json
from flows.client.errors import Unanswered


@dataclass(frozen=True, slots=True)
class _Day:
    """The downloads of one UTC day, in one category; no `Shape`, which takes half as long again."""

    category: str
    date: date
    downloads: Count


class Told(Shape):
    """All days that pypistats keeps of a package, each once a category."""

    package: str
    type: str
    data: tuple[_Day, ...]

    @model_validator(mode="after")
    def _tells_each_day_once(self) -> Self:
        told = [(day.category, day.date) for day in self.data]
        if len(set(told)) < len(told):
            category, day = next(one for one in told if told.count(one) > 1)
            raise ValueError(f"found {category} {day} {told.count((category, day))} times, expected once")
        return self


@dataclass(frozen=True, slots=True)
class _OverallDay(_Day):
    category: Literal["with_mirrors", "without_mirrors"]


class Overall(Told):
    """Days with and without mirrors."""

    type: Literal["overall_downloads"]
    data: tuple[_OverallDay, ...]


# In both splits "null" is the category of clients that did not say.
@dataclass(frozen=True, slots=True)
class _SystemDay(_Day):
    category: Literal["Darwin", "Linux", "Windows", "other", "null"]


class SystemSplit(Told):
    """Days by operating system, mirrors left out."""

    type: Literal["system_downloads"]
    data: tuple[_SystemDay, ...]


@dataclass(frozen=True, slots=True)
class _PythonDay(_Day):
    category: Annotated[str, StringConstraints(pattern=r"^([0-9]+\.[0-9]+|null)$")]


class PythonSplit(Told):
    """Days by version of Python, mirrors left out."""

    type: Literal["python_minor_downloads"]
    data: tuple[_PythonDay, ...]


SPLITS: Mapping[str, type[Told]] = {"system": SystemSplit, "python_minor": PythonSplit}
SomeDays = TypeVar("SomeDays", bound=Told)


def read_overall(package: str, today: date, body: bytes) -> Overall:
    """Return a package's days; raises Unanswered where none is known, which is not zero downloads.

    `today` is the UTC day of asking: it is not over, and what is told of it or of later days is no count.
    """
    return _about(package, today, read_json(Overall, body))


def read_split(split: str, package: str, today: date, body: bytes) -> Told:
    """Return a package's days by category of a split; raises Unanswered where none is known."""
    return _about(package, today, read_json(SPLITS[split], body))


def _about(package: str, today: date, told: SomeDays) -> SomeDays:
    if told.package != package:
        raise ValueError(f"found package {told.package}, expected {package}")
    if not told.data:
        raise Unanswered("found no days")
    days = [day.date for day in told.data]
    if (newest := max(days)) >= today:
        raise ValueError(f"found downloads of {newest}, expected none of {today} or later")
    require_possible_day("pypi", "downloads", min(days), today)
    return told
