"""One small archive, built and published once: figures that a person can recount.

Downloads a month: `one` has 100 in January 2023 and 100 more with every month, `two` has always 1,000 and
lacks June 2024; in February 2021 `one` had 40, in a known fault. By version and country `one` had 1,000 a day
from 31 May to 8 June 2022, of which version 1.1 made 50 on 1 June and 50 more with every day. Views a day:
100, and 1,000 on 15 February 2025. Stars a day: 2 for `one`, 1 for `two`. `two` is younger by a year. Three
claims are judged.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zlib import crc32

import pytest

from tests.conftest import alone, shared_folder
from tests.made import called, configuration
from warehouse.archive.write import Page, record_attempt
from warehouse.config.settings import Settings, read_settings

TWO = configuration(
    one=called("one", first_release_on=date(2022, 1, 1)),
    two=called("two", first_release_on=date(2023, 1, 1)),
)
CLAIMS = """
source = "A talk"
published_on = "2024"

[[claims]]
id = "more_downloads"
quote = "most used"
says = "Two is installed more."
question = "Which of the two is downloaded more?"
about = "two"
evidence = [{ metric = "pypi_downloads" }]
would_change = "More downloads of the other one."
cannot_tell = "Who installs it."

[[claims]]
id = "more_views"
quote = "looked up"
says = "One is looked up more."
question = "Whose article is read more?"
about = "one"
evidence = [{ metric = "wikipedia_pageviews" }, { metric = "google_trends_interest", weight = 0.5 }]
would_change = "More views of the other article."
cannot_tell = "Why it is read."

[[claims]]
id = "easier_to_learn"
quote = "easier"
says = "One is easier to learn."
question = "Which of the two is learnt with less trouble?"
about = "one"
not_measurable = "No count tells ease."
"""
NOW = datetime(2025, 3, 10, 6, tzinfo=UTC)
LONG_AGO = datetime(2025, 2, 20, 6, tzinfo=UTC)
SPIKE = date(2025, 2, 15)
MONTHS = [date(2023 + n // 12, n % 12 + 1, 1) for n in range(26)]


def _log_months(package: str, downloads: dict[date, int]) -> tuple[str, str, str, Any, datetime]:
    """All of a month's downloads on its first day, none on its others; after them a day that is loading."""
    data = []
    for month, count in sorted(downloads.items()):
        days = (month + timedelta(31)).replace(day=1) - month
        for day in (month + timedelta(n) for n in range(days.days)):
            told = {"pip": count} if day == month else {}
            data.append({"date": str(day), "installers": told, "downloads": sum(told.values())})
    data.append({"date": str(day + timedelta(1)), "installers": {}, "downloads": 0})
    return ("pypi", "log_days", f"{package} 2016-01-01", {"data": data, "rows": len(data)}, NOW)


def _log_splits() -> tuple[str, str, str, Any, datetime]:
    """Nine days by version and country, no week of them whole; after them a day that is loading."""
    data = []
    for n in range(10):
        versions = {"1.0": 1000 - 50 * n, **({"1.1": 50 * n} if n else {})}
        countries = {"US": 600, "DE": 300, "": 100}
        day = {"date": str(date(2022, 5, 31) + timedelta(n)), "package": "one", "downloads": 1000}
        data.append({**day, "versions": versions, "countries": countries, "located": 1000})
    return ("pypi", "log_splits", "one;two 2022-01-01", {"data": data, "rows": 10}, NOW)


def _repository(name: str, stars: int, at: datetime) -> tuple[str, str, str, Any, datetime]:
    body = {
        "id": crc32(name.encode()),
        "full_name": name,
        "stargazers_count": stars,
        "forks_count": 5,
        "open_issues_count": 3,
    }
    return ("github", "repository", name, body, at)


def _star_weeks(name: str, a_day: int) -> tuple[str, str, str, Any, datetime]:
    sundays = [datetime(2025, 3, 2, tzinfo=UTC) - timedelta(weeks=n) for n in range(10)]
    weeks = [{"week": int(at.timestamp()), "total": 7 * a_day, "days": [a_day] * 7} for at in sundays]
    return ("github", "star_history", f"{name} 1", weeks, NOW)


def _views(article: str, **extra: str) -> tuple[str, str, str, Any, datetime]:
    days = [date(2024, 12, 1) + timedelta(n) for n in range(99)]
    items = [
        {"article": article, "timestamp": f"{day:%Y%m%d}00", "views": 1000 if day == SPIKE else 100}
        for day in days
    ]
    return ("wikipedia", "pageview_days", f"{article} 2024", {"items": items, **extra}, NOW)


def _views_before(article: str) -> tuple[str, str, str, Any, datetime]:
    """A day as it was told two days earlier, before a machine's views were taken from it."""
    day = {"article": article, "timestamp": "2024120100", "views": 130}
    return ("wikipedia", "pageview_days", f"{article} 2024", {"items": [day]}, NOW - timedelta(2))


def _answers() -> Iterator[tuple[str, str, str, Any, datetime]]:
    one = {month: 100 * (n + 1) for n, month in enumerate(MONTHS)} | {date(2021, 2, 1): 40}
    yield _log_months("one", one)
    yield _log_months("two", {month: 1000 for month in MONTHS if month != date(2024, 6, 1)})
    yield _log_splits()
    for name, stars in (("one/one", 2000), ("two/two", 500)):
        yield _repository(name, stars - 36, LONG_AGO)
        yield _repository(name, stars, NOW)
    yield _views_before("One")
    yield _star_weeks("one/one", 2)
    yield _star_weeks("two/two", 1)
    yield _views("One")
    yield _views("Two", sample="a formula")
    for tag, total in (("one", 30), ("two", 10)):
        yield ("stackoverflow", "question_months", f"{tag} 2025-02", {"total": total}, NOW)
        yield ("stackoverflow", "unanswered_months", f"{tag} 2025-02", {"total": total // 4}, NOW)


def _record(settings: Settings) -> None:
    for source_id, endpoint, key, body, at in _answers():
        page = Page(endpoint, key, "https://source.example/", 200, at, json.dumps(body).encode())
        record_attempt(settings.archive, source_id, lambda at=at: at, lambda add, page=page: add(page))


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings of a folder in which the archive above was loaded, built and published, once for all."""
    folder = shared_folder(tmp_path_factory) / "published"
    folder.mkdir(exist_ok=True)
    (folder / "ecosystem.toml").write_text(f'claims = "claims.toml"\n{TWO}')
    (folder / "claims.toml").write_text(CLAIMS)
    environment = {
        "BAROMETER_DATA": str(folder / "data"),
        "BAROMETER_SITE": str(folder / "site"),
        "BAROMETER_CONFIG": str(folder / "ecosystem.toml"),
        "BAROMETER_NOW": NOW.isoformat(),
    }
    settings = read_settings(environment)
    with alone(folder / "lock"):
        if not settings.published_file.exists():
            _record(settings)
            _build(environment)
    return settings


def _build(environment: dict[str, str]) -> None:
    # In a process of its own: dbt keeps the work database open to the end of its process.
    command = [sys.executable, "-m", "flows", "build"]
    done = subprocess.run(command, env=os.environ | environment, stderr=-1, text=True, check=False)
    assert done.returncode == 3, done.stderr  # Google Trends was never asked


@pytest.fixture(scope="session")
def published_file(built: Settings) -> Path:
    """The published file."""
    return built.published_file
