"""What one row of the demo's tables says, and what never changes about a repository."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

TENSORFLOW, PYTORCH = "tensorflow/tensorflow", "pytorch/pytorch"


@dataclass(frozen=True)
class Repository:
    """What never changes about a repository."""

    id: int
    created_at: datetime


REPOSITORIES: Mapping[str, Repository] = {
    "jax-ml/jax": Repository(154739597, datetime(2018, 10, 25, 21, 25, 2, tzinfo=UTC)),
    "keras-team/keras": Repository(33015583, datetime(2015, 3, 28, 0, 35, 42, tzinfo=UTC)),
    PYTORCH: Repository(65600975, datetime(2016, 8, 13, 5, 26, 41, tzinfo=UTC)),
    TENSORFLOW: Repository(45717250, datetime(2015, 11, 7, 1, 19, 20, tzinfo=UTC)),
}

FORMER_NAMES = {"google/jax": "jax-ml/jax"}


@dataclass(frozen=True)
class RepositoryTotals:
    """A repository's counters as printed on one day; None where the source is not to be trusted."""

    observed_on: date
    stars: int
    forks: int | None
    open_issues: int | None


@dataclass(frozen=True)
class StarWeek:
    """Stars given on each day, Sunday to Saturday, that still stood on the clock's day."""

    week: date
    days: tuple[int, ...]


@dataclass(frozen=True)
class Release:
    """A release of a repository, and the UTC day on which it was published."""

    published_on: date
    tag: str


@dataclass(frozen=True)
class Window:
    """Downloads counted over a stretch of days, standing for the month it all but covers."""

    month: date
    period_end: date
    window_days: int
    downloads: int

    def through(self, day: date) -> int:
        """Return the downloads of the month up to and with a day of it, at the window's daily mean."""
        return (self.downloads * day.day + self.window_days // 2) // self.window_days

    def on(self, day: date) -> int:
        """Return the downloads of a day of the month: whole numbers that add up to `through`."""
        before = self.through(day - timedelta(days=1)) if day.day > 1 else 0
        return self.through(day) - before
