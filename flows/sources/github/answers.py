"""GitHub: a repository's counters, a page of its star weeks, and a page of its releases."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Annotated, TypeAlias
from urllib.parse import urlsplit

from pydantic import AwareDatetime, Field, TypeAdapter, model_validator

from flows.client.answer_bounds import require_possible_day
from flows.client.answer_model import Count, Id, Shape, read_json

# A later bound tells seconds from milliseconds.
Epoch = Annotated[int, Field(ge=0, lt=4_102_444_800)]

FullName = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]+/[A-Za-z0-9._-]+$")]


class Repository(Shape):
    """The counters of a repository: how many users star it now, forks, issues with pull requests, watchers.

    A counter that is null is unknown; GitHub sends none, the demo does where no source printed a figure.
    """

    id: Id
    full_name: FullName
    stargazers_count: Count
    forks_count: Count | None
    open_issues_count: Count | None
    subscribers_count: Count | None


class StarWeek(Shape):
    """The stars of a week; its label is an instant, its days are California's.

    Weeks begin on Sundays, as far as GitHub has told; it does not promise that, so any day is believed.
    """

    week: Epoch
    total: Count
    days: Annotated[tuple[Count, ...], Field(min_length=7, max_length=7)]

    @property
    def first_day(self) -> date:
        """The day that the label names."""
        return datetime.fromtimestamp(self.week, UTC).date()

    @property
    def last_star_on(self) -> date:
        """The last of its days with a star, or its first one where none has."""
        starred = [place for place, stars in enumerate(self.days) if stars]
        return self.first_day + timedelta(days=max(starred, default=0))

    @model_validator(mode="after")
    def _adds_up(self) -> "StarWeek":
        if self.total != sum(self.days):
            raise ValueError(f"found a total of {self.total}, expected the sum of its days, {sum(self.days)}")
        return self


StarWeeks: TypeAlias = tuple[StarWeek, ...]
_WEEKS = TypeAdapter(StarWeeks)


def read_star_weeks(today: date, body: bytes) -> StarWeeks:
    """Return the weeks of a page, newest first; a repository without stars may have none.

    A star of tomorrow makes all others doubtful; days still to come are told as zero.
    """
    weeks = read_json(_WEEKS, body)
    for newer, older in pairwise(weeks):
        if newer.week <= older.week:
            raise ValueError(f"found week {older.week} after {newer.week}, expected the newest first")
    for week in weeks:
        require_possible_day("github", "a week", week.first_day, today)
    _require_past(max((week.last_star_on for week in weeks), default=today), "stars", today)
    return weeks


def _require_past(last: date, what: str, today: date) -> None:
    if last > today:
        raise ValueError(f"found {what} of {last}, expected none after {today}")


def read_older_star_weeks(today: date, body: bytes) -> StarWeeks:
    """Return the weeks of a page that the first one promised."""
    weeks = read_star_weeks(today, body)
    if not weeks:
        raise ValueError("found no weeks, expected some: an earlier page promised this one")
    return weeks


class Release(Shape):
    """A release; only a draft, which its makers alone see, has no time of publishing."""

    id: Id
    tag_name: Annotated[str, Field(min_length=1)]
    name: str | None
    published_at: Annotated[AwareDatetime, Field(strict=False)] | None
    draft: bool
    prerelease: bool
    html_url: Annotated[str, Field(pattern=r"^https?://[^/]+/[^/]+/[^/]+/releases/")]

    @model_validator(mode="after")
    def _is_published(self) -> "Release":
        if self.published_at is None and not self.draft:
            raise ValueError(f"found {self.tag_name} published at no time, expected one unless it is a draft")
        return self


Releases: TypeAlias = tuple[Release, ...]
_RELEASES = TypeAdapter(Releases)


def read_releases(today: date, body: bytes) -> Releases:
    """Return the releases of a page, newest first; a repository may have none."""
    releases = read_json(_RELEASES, body)
    published = [release.published_at.date() for release in releases if release.published_at]
    for day in published:
        require_possible_day("github", "a release", day, today)
    _require_past(max(published, default=today), "a release", today)
    return releases


def read_older_releases(today: date, body: bytes) -> Releases:
    """Return the releases of a page that another one promised."""
    releases = read_releases(today, body)
    if not releases:
        raise ValueError("found no releases, expected some: an earlier page promised this one")
    return releases


def require_releases_of(told: Releases, url: str) -> None:
    """Raise ValueError unless the releases' own addresses are all of the repository that was asked.

    Behind a move the address that answered holds an id, and only that they are of one repository is asked.
    """
    owners = {"/".join(urlsplit(release.html_url).path.lower().split("/")[1:3]) for release in told}
    asked = urlsplit(url).path.lower().partition("/repos/")[2].removesuffix("/releases")
    if len(owners) > 1 or (asked and owners - {asked}):
        raise ValueError(
            f"found releases of {', '.join(sorted(owners))}, expected {asked or 'one repository'}"
        )


def require_named(told: Repository, url: str) -> None:
    """Raise ValueError unless the address that answered is this repository's.

    Its name stands there, or its id where a move was followed: a rename changes the name that is told.
    """
    names = (f"/repos/{told.full_name}".lower(), f"/repositories/{told.id}")
    path = urlsplit(url).path
    if not path.lower().endswith(names):
        raise ValueError(f"found {told.full_name} (id {told.id}), expected the repository of {path}")
