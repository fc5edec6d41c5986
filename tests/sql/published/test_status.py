"""`barometer status` tells the story of the published file's own tables."""

import os
import subprocess
import sys

from warehouse.published import open_published
from warehouse.settings import Settings


def test_the_failed_checks_stand_below_the_sources(built: Settings):
    """One line each, as in quality_checks; a warning changes no exit code, a source never collected does."""
    done = subprocess.run(
        [sys.executable, "-m", "flows.cli", "status"],
        env=os.environ | {"BAROMETER_DATA": str(built.data), "BAROMETER_NOW": "2025-03-10T06:00:00+00:00"},
        text=True,
        capture_output=True,
        check=False,
    )
    with open_published(built.published_file) as published:
        checks = published.query(
            "select severity || ': ' || check_id || ': ' || detail from quality_checks "
            "where not passed order by 1"
        )[1]

    lines = done.stdout.splitlines()
    assert [line.split()[:2] for line in lines[2:7]] == [
        ["github", "fresh"],
        ["google_trends", "never"],
        ["pypi", "late"],
        ["stackoverflow", "fresh"],
        ["wikipedia", "fresh"],
    ]
    assert lines[7:] == [line for (line,) in checks]
    assert "warn: google_trends_arrives_in_time: google_trends: no figure has been collected yet" in lines
    assert done.returncode == 3
    assert done.stderr == "barometer: degraded: google_trends; see `barometer status`\n"
