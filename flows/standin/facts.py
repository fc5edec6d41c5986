"""The demo's figures: the tables of `facts/`, and the questions the stand-in services ask of them.

Pure apart from reading the tables once. How a table came about, and what its columns mean, is in README.md.
A figure that no source printed is absent: it is answered with None, never with a zero.
"""

import csv
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import TypeAlias

from flows.standin.records import PYTORCH, TENSORFLOW, Release, RepositoryTotals, StarWeek, Window

FOLDER = Path(__file__).parent / "facts"

# Where the demo's clock stands: the day on which the stars of `star_weeks` were counted.
CLOCK = datetime(2025, 8, 6, 6, tzinfo=UTC)
CLOCK_DAY = CLOCK.date()

# An older total is not passed off as the present one; a month and a half bridges the 1st of one month
# and the middle of the next, which is as irregular as the table gets between its longer gaps.
TOTALS_LIVE = timedelta(days=45)

PackageCount: TypeAlias = tuple[str, str]


@dataclass(frozen=True)
class Facts:
    """All tables, keyed by what they are asked for and in order of time."""

    totals: Mapping[str, Sequence[RepositoryTotals]]
    weeks: Mapping[str, Sequence[StarWeek]]
    releases: Mapping[str, Sequence[Release]]
    windows: Mapping[PackageCount, Mapping[date, Window]]
    question_months: Mapping[str, Mapping[date, int]]

    def repository_on(self, repository: str, day: date) -> RepositoryTotals | None:
        """Return the latest totals printed up to a day, unless they are too old to speak for it."""
        printed = [totals for totals in self.totals.get(repository, ()) if totals.observed_on <= day]
        return printed[-1] if printed and day - printed[-1].observed_on <= TOTALS_LIVE else None

    def star_weeks(self, repository: str, until: date) -> list[StarWeek]:
        """Return the weeks begun up to a day, newest first; that day and later ones count zero stars."""
        begun = [week for week in self.weeks.get(repository, ()) if week.week <= until]
        return [_cut(week, until) for week in reversed(begun)]

    def releases_before(self, repository: str, day: date) -> list[Release]:
        """Return the releases published before a day, newest first; of most repositories none is known."""
        return [
            release for release in reversed(self.releases.get(repository, ())) if release.published_on < day
        ]

    def downloads(self, package: str, counted: str, day: date, told_on: date = CLOCK_DAY) -> int | None:
        """Return the downloads of a day, if its month's window was over before the day of telling."""
        window = self.windows.get((package, counted), {}).get(day.replace(day=1))
        return window.on(day) if window and window.period_end < told_on else None

    def questions(self, tag: str, month: date) -> int | None:
        """Return the questions of a month, which is named by its first day."""
        return self.question_months.get(tag, {}).get(month)

    def collection_days(self) -> list[date]:
        """Return one day a month, before the present, with totals of both PyTorch and TensorFlow."""
        both = [{totals.observed_on for totals in self.totals[name]} for name in (PYTORCH, TENSORFLOW)]
        return sorted(day for day in both[0] & both[1] if day < CLOCK_DAY)


def _cut(week: StarWeek, until: date) -> StarWeek:
    told = (until - week.week).days
    if told >= len(week.days):
        return week
    return StarWeek(week.week, tuple(stars if n < told else 0 for n, stars in enumerate(week.days)))


@cache
def load_facts() -> Facts:
    """Read the tables that stand beside this module."""
    return Facts(_totals(), _weeks(), _releases(), _windows(), _question_months())


def _rows(table: str) -> Iterator[dict[str, str]]:
    with (FOLDER / table).open(newline="") as file:
        yield from csv.DictReader(file)


def _totals() -> Mapping[str, Sequence[RepositoryTotals]]:
    totals = defaultdict(list)
    for row in _rows("repository_totals.csv"):
        day, stars = date.fromisoformat(row["observed_on"]), int(row["stars"])
        printed = RepositoryTotals(day, stars, _optional(row["forks"]), _optional(row["open_issues"]))
        totals[row["repository"]].append(printed)
    return totals


def _optional(figure: str) -> int | None:
    return int(figure) if figure else None


def _weeks() -> Mapping[str, Sequence[StarWeek]]:
    weeks = defaultdict(list)
    for row in _rows("star_weeks.csv"):
        days = tuple(int(row[day]) for day in ("sun", "mon", "tue", "wed", "thu", "fri", "sat"))
        weeks[row["repository"]].append(StarWeek(date.fromisoformat(row["week"]), days))
    return weeks


def _releases() -> Mapping[str, Sequence[Release]]:
    releases = defaultdict(list)
    for row in _rows("releases.csv"):
        releases[row["repository"]].append(Release(date.fromisoformat(row["published_on"]), row["tag"]))
    return releases


def _windows() -> Mapping[PackageCount, Mapping[date, Window]]:
    windows: dict[PackageCount, dict[date, Window]] = defaultdict(dict)
    for row in _rows("download_months.csv"):
        month, period_end = _month(row["month"]), date.fromisoformat(row["period_end"])
        window = Window(month, period_end, int(row["window_days"]), int(row["downloads"]))
        windows[row["package"], row["counted"]][month] = window
    return windows


def _question_months() -> Mapping[str, Mapping[date, int]]:
    months: dict[str, dict[date, int]] = defaultdict(dict)
    for row in _rows("question_months.csv"):
        months[row["tag"]][_month(row["month"])] = int(row["questions"])
    return months


def _month(text: str) -> date:
    return date.fromisoformat(f"{text}-01")
