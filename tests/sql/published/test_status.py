"""`barometer status` tells the story of the published file's own tables."""

import os
import subprocess
import sys

from warehouse.config.settings import Settings
from warehouse.published.open import open_published


def status(built: Settings, **changes: str) -> subprocess.CompletedProcess[str]:
    """Ask for the status of the small archive's file, as somebody with a terminal of 80 columns does."""
    clock = {"BAROMETER_NOW": "2025-03-10T06:00:00+00:00", "COLUMNS": "80"}
    return subprocess.run(
        [sys.executable, "-m", "flows", "status"],
        env=os.environ | {"BAROMETER_DATA": str(built.data)} | clock | changes,
        text=True,
        capture_output=True,
        check=False,
    )


def test_the_reasons_and_the_failed_checks_stand_below_the_sources(built: Settings):
    """Each begins a line, as in quality_checks; a warning changes no exit code."""
    done = status(built)
    with open_published(built.published_file) as published:
        checks = published.query(
            "select severity || ': ' || check_id || ': ' || detail from quality_checks "
            "where not passed order by 1"
        )[1]

    assert max(map(len, done.stdout.splitlines())) <= 80
    lines = done.stdout.replace("\n  ", " ").splitlines()
    assert [line.split() for line in lines[:1] + lines[2:7]] == [
        ["source", "state", "last", "answer", "last", "period", "days", "old", "expected"],
        ["github", "fresh", "2025-03-10", "06:00", "2025-03-10", "0", "2"],
        ["google_trends", "never", "\u2013", "\u2013", "\u2013", "35"],
        ["pypi", "late", "2025-03-10", "06:00", "2025-02-28", "10", "7"],
        ["stackoverflow", "fresh", "2025-03-10", "06:00", "2025-02-28", "10", "35"],
        ["wikipedia", "fresh", "2025-03-10", "06:00", "2025-03-09", "1", "4"],
    ]
    assert lines[7:9] == [
        "google_trends: no figure has been collected yet",
        "pypi: last period 2025-02-28 is 10 days old, expected at most 7",
    ]
    assert lines[9:] == [line for (line,) in checks]
    assert "warn: google_trends_arrives_in_time: google_trends: no figure has been collected yet" in lines
    assert done.returncode == 3
    assert done.stderr == "barometer: degraded: google_trends; see `barometer status`\n"


def test_four_months_later_nothing_is_fresh(built: Settings):
    """By the machine's clock, whatever was true when the file was built; each source says since when."""
    done = status(built, BAROMETER_NOW="2025-07-10T06:00:00+00:00")

    assert [line.split()[1] for line in done.stdout.splitlines()[2:7]] == [
        "stale", "never", "stale", "stale", "stale",
    ]  # fmt: skip
    assert "github: nothing newer was published since 2025-03-10" in done.stdout.splitlines()
    assert done.stderr.startswith(
        "barometer: degraded: github, google_trends, pypi, stackoverflow, wikipedia"
    )
