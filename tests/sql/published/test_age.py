"""Age is counted from the reader's clock, and every answer is the same wherever the reader is."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from flows.pipeline.alerts import conditions
from flows.pipeline.degraded import degraded_sources
from warehouse.config.settings import Settings
from warehouse.published.freshness import series_at, sources_at
from warehouse.published.open import open_published
from warehouse.published.saved_queries import saved_queries

BUILT = datetime(2025, 3, 10, 6, tzinfo=UTC)
ZONES = ("America/Los_Angeles", "Pacific/Kiritimati", "Asia/Kolkata")


def answers(file: Path, zone: str) -> dict[str, list[tuple[Any, ...]]]:
    """Return the rows of every saved query, and of the macros of ages, in a session of a time zone."""
    with duckdb.connect(file, read_only=True) as client:
        client.execute(f"set TimeZone = '{zone}'")
        client.execute("set variable now = '2025-03-10T23:30:00+00:00'")
        asked = {query.name: query.sql for query in saved_queries()}
        asked |= {name: f"from {name}(clock()) order by all" for name in ("sources_at", "series_at")}
        return {name: client.execute(sql).fetchall() for name, sql in asked.items()}


@pytest.mark.parametrize("zone", ZONES)
def test_every_saved_query_answers_the_same_in_every_time_zone(zone: str, published_file: Path) -> None:
    """Also in one whose day is another than in UTC when the file was built, and when it is asked."""
    assert answers(published_file, zone) == answers(published_file, "UTC")


def test_a_source_turns_late_and_stale_by_the_clock_of_who_asks(built: Settings) -> None:
    """In the tables stands from when on; the macro compares, and says since when nothing newer came."""
    with open_published(built.published_file) as published:
        found = {
            day: {row["source_id"]: row for row in sources_at(published, BUILT + timedelta(days=day))}
            for day in (-30, 0, 1, 5, 120)
        }
    github = {day: found[day]["github"] for day in found}

    assert {day: (row["state"], row["lag_days"]) for day, row in github.items()} == {
        -30: ("fresh", 0), 0: ("fresh", 0), 1: ("fresh", 1), 5: ("late", 5), 120: ("stale", 120),
    }  # fmt: skip
    assert github[0]["late_from"] == datetime(2025, 3, 13, tzinfo=UTC)
    assert (github[1]["reason"], github[120]["reason"]) == (
        None,
        "nothing newer was published since 2025-03-10",
    )
    assert found[0]["pypi"]["reason"] == "last period 2025-02-28 is 10 days old, expected at most 7"
    assert found[120]["pypi"]["reason"] == (
        "last period 2025-02-28 is 10 days old, expected at most 7 (as of 2025-03-10); "
        "nothing newer was published since 2025-03-10"
    )
    assert {row["google_trends"]["state"] for row in found.values()} == {"never"}


def test_a_series_ages_by_its_own_rhythm(built: Settings) -> None:
    """Counters of a day are late after days, weeks after a week more, months after a month more."""
    with open_published(built.published_file) as published:
        rows = {(row["metric_id"], row["subject_id"]): row for row in series_at(published, BUILT)}
        later = series_at(published, BUILT + timedelta(days=400))

    assert {
        metric: rows[metric, "one"]["late_from"].date()
        for metric in ("github_stars_total", "github_stars_gained", "pypi_downloads", "wikipedia_pageviews")
    } == {
        "github_stars_total": date(2025, 3, 13),  # the 10th, two days
        "github_stars_gained": date(2025, 3, 18),  # the week to the 8th, two days and a week
        "pypi_downloads": date(2025, 4, 8),  # February, seven days and a month
        "wikipedia_pageviews": date(2025, 3, 14),  # the 9th, four days
    }
    assert {row["state"] for row in later} == {"stale", "never"}


def test_whoever_judges_the_sources_counts_from_now(built: Settings) -> None:
    """Exit codes and messages: four months after the last build every source has gone silent."""
    later = Settings(**vars(built) | {"clock": lambda: BUILT + timedelta(days=120)})

    assert degraded_sources(built) == ["google_trends"]
    assert degraded_sources(later) == ["github", "google_trends", "pypi", "stackoverflow", "wikipedia"]
    told = conditions(later, None)["source github"]
    assert (told.state, told.detail) == ("stale", "nothing newer was published since 2025-03-10")


def test_the_figures_of_a_demo_have_their_own_clock(published_file: Path, tmp_path: Path) -> None:
    """Any client sees a demo as old as it was made; live figures age with the machine's clock."""
    demo = tmp_path / "demo.duckdb"
    demo.write_bytes(published_file.read_bytes())
    with duckdb.connect(demo) as client:
        client.execute("update build_info set demo = true")
        assert client.execute("select clock()").fetchall() == [(BUILT,)]
    with duckdb.connect(published_file, read_only=True) as client:
        assert client.execute("select clock() > now() - interval 1 minute").fetchall() == [(True,)]


def test_a_file_of_before_tells_how_it_was_when_it_was_built(published_file: Path, tmp_path: Path) -> None:
    """It carries no such macro, and is read all the same."""
    older = tmp_path / "older.duckdb"
    older.write_bytes(published_file.read_bytes())
    with duckdb.connect(older) as client:
        client.execute("drop macro table sources_at; drop macro table series_at")
    with open_published(older) as published, open_published(published_file) as today:
        assert sources_at(published, BUILT + timedelta(days=120)) == sources_at(today, BUILT)
        assert series_at(published, BUILT + timedelta(days=120)) == series_at(today, BUILT)
