"""GitHub: a repository's counters, and a page of its star weeks."""

from itertools import pairwise
from typing import Annotated, TypeAlias
from urllib.parse import urlsplit

from pydantic import Field, PositiveInt, TypeAdapter, field_validator, model_validator

from flows.shapes import Count, Shape

DAY_SECONDS = 86_400
# Of the epoch; its first day was a Thursday.
FIRST_SUNDAY_SECONDS = 3 * DAY_SECONDS


class Repository(Shape):
    """The counters of a repository: how many users star it now, forks, and issues with pull requests.

    A counter that is null is unknown; GitHub sends none, the demo does where no source printed a figure.
    """

    id: PositiveInt
    full_name: str
    stargazers_count: Count
    forks_count: Count | None
    open_issues_count: Count | None


class StarWeek(Shape):
    """The stars of a week, Sunday to Saturday; the label is an instant, its days are California's."""

    week: int
    total: Count
    days: Annotated[tuple[Count, ...], Field(min_length=7, max_length=7)]

    @field_validator("week")
    @classmethod
    def _begins_on_a_sunday(cls, week: int) -> int:
        if week < 0 or (week - FIRST_SUNDAY_SECONDS) % (7 * DAY_SECONDS):
            raise ValueError(f"found {week}, expected the first second of a Sunday, UTC")
        return week

    @model_validator(mode="after")
    def _adds_up(self) -> "StarWeek":
        if self.total != sum(self.days):
            raise ValueError(f"found a total of {self.total}, expected the sum of its days, {sum(self.days)}")
        return self


StarWeeks: TypeAlias = tuple[StarWeek, ...]
_WEEKS = TypeAdapter(StarWeeks)


def read_star_weeks(body: bytes) -> StarWeeks:
    """Return the weeks of a page, newest first; a repository without stars may have none."""
    weeks = _WEEKS.validate_json(body)
    for newer, older in pairwise(weeks):
        if newer.week <= older.week:
            raise ValueError(f"found week {older.week} after {newer.week}, expected the newest first")
    return weeks


def read_older_star_weeks(body: bytes) -> StarWeeks:
    """Return the weeks of a page that the first one promised."""
    weeks = read_star_weeks(body)
    if not weeks:
        raise ValueError("found no weeks, expected some: an earlier page promised this one")
    return weeks


def require_named(told: Repository, url: str) -> None:
    """Raise ValueError unless the address that answered is this repository's.

    Its name stands there, or its id where a move was followed: a rename changes the name that is told.
    """
    names = (f"/repos/{told.full_name}".lower(), f"/repositories/{told.id}")
    path = urlsplit(url).path
    if not path.lower().endswith(names):
        raise ValueError(f"found {told.full_name} (id {told.id}), expected the repository of {path}")
