"""A made-up archive of many subjects and years, written as the collectors write theirs.

Every subject has an article, whose views of all days one answer tells, and three of four have a repository,
asked for its four counters once a day: with 1,000 subjects and ten years 14.6 million observations (3.65
million views, 10.95 million counters). Answers have the keys of the demo's; GitHub's real ones repeat 6 KB of
addresses around the counters. Where packages are asked for, so many of the subjects have one, whose days by
twenty installers are one answer of two megabytes. The same numbers make the same archive.
"""

import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from warehouse.archive.write import Page, record_attempt
from warehouse.config.ecosystem import Ecosystem, SourceOptions
from warehouse.config.settings import PUBLIC_URLS, Settings, memory_of
from warehouse.config.subject import Subject

# The newest day that the archive tells at first; each further day is one more.
LAST_DAY = date(2025, 8, 4)
MENDED_DAYS = 60
# Under what names clients tell of themselves in the logs; one is in no list of ours.
INSTALLERS = (
    *("pip", "uv", "poetry", "pdm", "conda", "Browser", "requests", "setuptools", "bandersnatch", "Nexus"),
    *("Artifactory", "devpi", "Homebrew", "OS", "Bazel", "z3c.pypimirror", "pex", "twine", "new-client", ""),
)
WEEKDAYS = np.array([1.0, 1.05, 1.05, 1.0, 0.95, 0.6, 0.65])
# Numbers of days since this one, a Monday, so that a series does not hang on how long it is.
DAY_ZERO = date(2015, 1, 5)
# The logs tell nothing before it, and an answer that does is not believed.
FIRST_LOGGED_DAY = date(2016, 1, 1)


@dataclass(frozen=True)
class Scale:
    """How many subjects, how many years of days of each, and how many of them have a package."""

    subjects: int
    years: int
    packages: int = 0

    @property
    def first_day(self) -> date:
        """The first day that is told."""
        return LAST_DAY - timedelta(days=365 * self.years - 1)

    @property
    def observations(self) -> int:
        """How many figures the archive tells at first."""
        daily = self.subjects + 4 * len(self.with_repository) + len(INSTALLERS) * self.packages
        return 365 * self.years * daily

    @property
    def with_repository(self) -> list[int]:
        """The subjects that have a repository."""
        return [number for number in range(self.subjects) if number % 4 != 3]


def ecosystem_of(scale: Scale) -> Ecosystem:
    """Return the configuration of these subjects, of more than a file may name, too."""
    subjects = tuple(
        Subject(
            id=f"subject_{number}",
            name=f"Subject {number}",
            first_release_on=date(2014, 1, 1),
            github=_repository(number) if number % 4 != 3 else None,
            pypi=(_package(number),) if number < scale.packages else (),
            wikipedia=_article(number),
        )
        for number in range(scale.subjects)
    )
    asked = ("github", "pypi", "wikipedia") if scale.packages else ("github", "wikipedia")
    sources = {source_id: SourceOptions(expected_lag_days=4) for source_id in asked}
    return Ecosystem.model_construct(question="Which?", subjects=subjects, sources=sources)


def settings_on(folder: Path, day: date) -> Settings:
    """Return settings of a folder in the morning after a day."""
    now = _morning_after(day)
    memory = memory_of(os.environ)
    return Settings(
        folder, folder / "site", folder / "none.toml", lambda: now, PUBLIC_URLS, demo=True, memory=memory
    )


def write_archive(scale: Scale, archive: Path) -> None:
    """Archive all days up to the last: the views in one attempt, the counters in one a day."""
    days = (LAST_DAY - scale.first_day).days + 1
    _record(archive, "wikipedia", LAST_DAY, _pageviews(scale, scale.first_day, LAST_DAY))
    if scale.packages:
        _record(archive, "pypi", LAST_DAY, _log_days(scale, max(scale.first_day, FIRST_LOGGED_DAY), LAST_DAY))
    counters = Counters(scale)
    for day in (scale.first_day + timedelta(days=n) for n in range(days)):
        _record(archive, "github", day, counters.pages(day))


def write_one_more_day(scale: Scale, archive: Path, day: date) -> None:
    """Archive what a day's run asks for: the last sixty days of views, and the counters."""
    mended = day - timedelta(days=MENDED_DAYS - 1)
    _record(archive, "wikipedia", day, _pageviews(scale, mended, day))
    if scale.packages:
        _record(archive, "pypi", day, _log_days(scale, mended, day))
    _record(archive, "github", day, Counters(scale).pages(day))


class Counters:
    """Counters of every repository by day: they grow, each at its own pace."""

    def __init__(self, scale: Scale) -> None:
        self._numbers = scale.with_repository
        self._pace = {number: np.random.default_rng([1, number]).integers(1, 40) for number in self._numbers}

    def pages(self, day: date) -> Iterator[Page]:
        """Yield the answer of each repository on a day."""
        age = (day - DAY_ZERO).days
        for number in self._numbers:
            name = _repository(number)
            stars = int(100 * number + age * self._pace[number])
            issues = stars // 30 + age % 90
            counters = {"stargazers_count": stars, "watchers_count": stars, "watchers": stars}
            counters |= {"forks_count": stars // 3, "forks": stars // 3}
            counters |= {"open_issues_count": issues, "open_issues": issues}
            counters |= {"subscribers_count": stars // 20}
            described = {
                "id": number + 1,
                "name": name.partition("/")[2],
                "full_name": name,
                "private": False,
                "owner": {"login": name.partition("/")[0]},
                "html_url": f"https://github.com/{name}",
                "fork": False,
                "created_at": "2014-01-01T00:00:00Z",
                "archived": False,
                "disabled": False,
            }
            url = f"https://api.github.com/repos/{name}"
            yield _page("repository", name, url, day, described | counters)


def _pageviews(scale: Scale, first: date, last: date) -> Iterator[Page]:
    for number in range(scale.subjects):
        article, views = _article(number), _views(number, last)
        start = (first - DAY_ZERO).days
        items = [
            {
                "project": "en.wikipedia",
                "article": article,
                "granularity": "daily",
                "timestamp": f"{first + timedelta(days=offset):%Y%m%d}00",
                "access": "all-access",
                "agent": "user",
                "views": count,
            }
            for offset, count in enumerate(views[start:].tolist())
        ]
        url = f"https://wikimedia.org/pageviews/per-article/{article}/daily/{first:%Y%m%d}/{last:%Y%m%d}"
        yield _page("pageview_days", f"{article} {first}", url, last, {"items": items})


def _views(number: int, last: date) -> NDArray[np.int64]:
    """Return a subject's views since day zero: a level that wanders, quiet weekends, noise, some news."""
    days = np.arange((last - DAY_ZERO).days + 1)
    # Drawn for more days than there are, so that a further day leaves those before it as they were.
    draw = np.random.default_rng([2, number])
    level, noise, news = draw.uniform(4, 9), draw.normal(0, 0.15, 6000), draw.random(6000)
    wave = 0.4 * np.sin(days / 300 + number)
    spikes = np.where(news[: len(days)] < 1 / 1000, np.log(5), 0)
    logs = level + wave + noise[: len(days)] + spikes
    return (np.exp(logs) * WEEKDAYS[days % 7]).astype(np.int64) + 1


def _log_days(scale: Scale, first: date, last: date) -> Iterator[Page]:
    """Yield each package's days by installer, as ClickHouse writes them."""
    start, days = (first - DAY_ZERO).days, (last - first).days + 1
    for number in range(scale.packages):
        # Each installer has its share of what would be the views of the subject's article.
        shares = np.random.default_rng([3, number]).dirichlet(np.ones(len(INSTALLERS)))
        total = _views(number, last)[start:]
        counts = np.round(np.outer(total * 50, shares)).astype(np.int64)
        sums = counts.sum(axis=1).tolist()
        data = [
            {
                "date": f"{first + timedelta(days=offset)}",
                "installers": {
                    name: str(count) for name, count in zip(INSTALLERS, row, strict=True) if count
                },
                "downloads": str(day_sum),
                "counted": str(day_sum),
            }
            for offset, (row, day_sum) in enumerate(zip(counts.tolist(), sums, strict=True))
        ]
        whole = str(sum(sums))
        body = {"data": data, "totals": {"downloads": whole, "counted": whole}, "rows": days}
        name = _package(number)
        yield _page("log_days", f"{name} {first}", "https://sql-clickhouse.clickhouse.com/", last, body)


def _page(endpoint: str, key: str, url: str, day: date, body: object) -> Page:
    return Page(
        endpoint, key, url, 200, _morning_after(day), json.dumps(body, separators=(",", ":")).encode()
    )


def _record(archive: Path, source_id: str, day: date, pages: Iterator[Page]) -> None:
    def fetch(add: Callable[[Page], None]) -> None:
        for page in pages:
            add(page)

    record_attempt(archive, source_id, lambda: _morning_after(day), fetch)


def _morning_after(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(6), UTC)


def _repository(number: int) -> str:
    return f"owner-{number}/project-{number}"


def _package(number: int) -> str:
    return f"package-{number}"


def _article(number: int) -> str:
    return f"Subject_{number}"
