"""Days of the schedule with outages and kills end like days without, and each outage is told once.

`BAROMETER_SIMULATED_DAYS=30 pytest tests/flows/test_simulated_days.py` makes it a month, with fifteen
outages and ten kills; that took 18 minutes on two busy cores.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = Path(__file__).with_name("simulated_days.py")
DAYS = int(os.environ.get("BAROMETER_SIMULATED_DAYS") or 4)
OUTAGES, KILLS = DAYS // 2, max(2, DAYS // 3)
SEED = 2026

# What only the present tells: a day on which it was not told stays unknown.
COUNTERS = {"github_stars_total", "github_forks_total", "github_open_issues"}
# The median of what was drawn; a draw that was not made is made no more.
DRAWN = "google_trends_interest_daily"


@dataclass(frozen=True)
class Seen:
    """What the script printed."""

    told: dict[str, Any]

    def rows(self, world: str, table: str) -> set[tuple[str, ...]]:
        return {tuple(row) for row in self.told[world][table]}

    def lost(self, table: str = "observations") -> set[tuple[str, ...]]:
        """The rows of the calm days that the others lack."""
        return self.rows("calm", table) - self.rows("storm", table)

    def added(self, table: str = "observations") -> set[tuple[str, ...]]:
        return self.rows("storm", table) - self.rows("calm", table)


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Seen:
    """The days, once for all tests."""
    numbers = map(str, (DAYS, OUTAGES, KILLS, SEED))
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("BAROMETER", "PREFECT"))
    }
    done = subprocess.run(
        [sys.executable, str(SCRIPT), str(tmp_path_factory.mktemp("days")), *numbers],
        env=kept | {"PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])},
        text=True,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return Seen(json.loads(done.stdout))


def pairs(told: Iterable[Iterable[str]]) -> set[tuple[str, ...]]:
    return {tuple(pair) for pair in told}


def test_the_days_were_as_bad_as_they_should_be(seen: Seen):
    """Every outage was met by a run, and so many runs were killed while they worked."""
    assert len(seen.told["outages"]) == OUTAGES and len(seen.told["killed"]) == KILLS
    assert {source_id for source_id, *_ in seen.told["outages"]} == {
        source_id for source_id, _ in seen.told["expected"]["failures"]
    }


def test_the_marts_end_as_without_faults(seen: Seen):
    """Every row of every table of figures is the same, but what no source tells afterwards."""
    tables = set(seen.told["calm"])
    assert len(tables) == 7 and all(seen.rows("calm", table) for table in tables)
    assert {table for table in tables if seen.lost(table) or seen.added(table)} <= {"observations"}

    silent = {day for source_id, day in pairs(seen.told["expected"]["silent"]) if source_id == "github"}
    lost = {(metric, day) for _, metric, day, *_ in seen.lost() if metric != DRAWN}
    assert lost == {(metric, day) for metric in COUNTERS for day in silent}
    redrawn = {row[:4] for row in seen.added()}
    assert redrawn == {row[:4] for row in seen.lost() if row[1] == DRAWN}
    assert {metric for _, metric, *_ in redrawn} <= {DRAWN}


def test_every_outage_is_in_the_history(seen: Seen):
    """Each run's failures are told of its time; of a killed run those that it could still archive."""
    expected, failures = seen.told["expected"], pairs(seen.told["failures"])
    assert pairs(expected["failures"]) <= failures
    assert failures <= pairs(expected["failures"]) | pairs(expected["maybe"])


def test_every_outage_is_told_once_and_when_it_is_over(seen: Seen):
    """One message at its first run, one at the first run after it, and no other of a source."""
    messages = (message.partition(":")[0] for message in seen.told["messages"])
    told = sorted(message for message in messages if " has overtaken " not in message)
    spells = seen.told["expected"]["spells"]
    assert told == sorted(
        f"{source_id} is {what}" for source_id in spells for what in ("failed", "back to normal")
    )
