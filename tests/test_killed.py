"""Killed at any moment the published file is a whole one, of before or of after, and the next run goes on."""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from flows.demo.server import DemoServer
from flows.pipeline import steps
from flows.sources import services_of
from tests.made import called, configuration
from tests.straight import Straight
from warehouse.build.load import forget_work
from warehouse.config.settings import PUBLIC_URLS, read_settings
from warehouse.published.open import open_published

ROOT = Path(__file__).resolve().parent.parent
# How many runs are killed; fifty take some ten minutes.
KILLS = int(os.environ.get("BAROMETER_TEST_KILLS", "4"))
# As `barometer build`, but for the checks: they read alone, and take two fifths of a build.
BUILD = """
from flows.pipeline import steps
from warehouse.archive.lock import only_writer
from warehouse.config.settings import read_settings

settings = read_settings()
ecosystem = steps.ecosystem_of(settings)
with only_writer(settings):
    steps.load_archive(settings, ecosystem)
    steps.build(settings, ecosystem, with_tests=False)
    steps.publish_marts(settings)
"""
RUN = f"{sys.executable} -m flows collect; exec {sys.executable} -c '{BUILD}'"
FIRST_MORNING = datetime(2023, 6, 2, 6, tzinfo=UTC)
CONFIGURATION = configuration(
    pytorch=called(
        "pytorch", "github", name="PyTorch", wikipedia="PyTorch", first_release_on=date(2022, 9, 1)
    )
)

ANSWERED = "select source_id, last_success_at, last_period, lag_days from source_status order by all"

Marts = dict[str, list[tuple[object, ...]]]


@dataclass
class House:
    """A data folder, whose runs are those of another process."""

    environment: dict[str, str]
    server: DemoServer
    straight: Straight

    def make_anew(self, morning: datetime) -> None:
        """Collect, load and publish in this process; the models are new, and made without dbt."""
        self.server.now = morning
        settings = read_settings(self.environment | {"BAROMETER_NOW": morning.isoformat()})
        ecosystem = steps.ecosystem_of(settings)
        known = steps.load_archive(settings, ecosystem)
        for service in services_of(ecosystem.sources, settings):
            steps.collect_service(service, settings, ecosystem, known[service.source_id])
        forget_work(settings)
        steps.load_archive(settings, ecosystem)
        self.straight.build(settings)
        steps.publish_marts(settings)

    def run(self, morning: datetime, kill_after: float | None = None) -> None:
        """Collect, load, build and publish; with a number of seconds, end that with SIGKILL after them."""
        self.server.now = morning
        environment = self.environment | {"BAROMETER_NOW": morning.isoformat()}
        with subprocess.Popen(
            RUN, shell=True, cwd=ROOT, env=environment, stderr=subprocess.DEVNULL, start_new_session=True
        ) as process:
            try:
                process.wait(kill_after)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
        if kill_after is None:
            assert process.returncode in (0, 3)

    def marts(self) -> Marts:
        """Every published row of the figures: all but those that tell of attempts and archive files."""
        with open_published(Path(self.environment["BAROMETER_DATA"]) / "barometer.duckdb") as published:
            found = {str(row["table_name"]) for row in published.rows("from duckdb_tables()")}
            tables = found - {"build_info", "source_attempts"}
            rows = {table: published.query(f"from {table} order by all")[1] for table in tables}
            # Of attempts at one time, which the fixed clock makes, any can count as the last.
            rows["source_status"] = published.query(ANSWERED)[1]
            return rows


@pytest.fixture
def house(tmp_path: Path, server: DemoServer, barometer, straight) -> Callable[[str], House]:
    config = tmp_path / "ecosystem.toml"
    config.write_text(CONFIGURATION)
    # With keys, or runs that ask again what a killed one had asked would be limited.
    set_to = {"GITHUB_TOKEN": "tests", "STACKEXCHANGE_KEY": "tests"}
    sources = dict.fromkeys(PUBLIC_URLS, server.url) | {"BAROMETER_CONFIG": str(config)} | set_to

    def make(name: str) -> House:
        data = {"BAROMETER_DATA": str(tmp_path / name)}
        return House(barometer.environment | sources | data, server, straight)

    return make


def test_killed_at_any_moment_it_publishes_whole_versions(house):
    """Beside a twin that nobody kills: after each kill the old version or the new one, in the end the new.

    The twin's figures are made anew from its archive, but for once, which tells how long a run lasts.
    """
    twin, killed = house("twin"), house("killed")
    draw = random.Random(50)
    morning = FIRST_MORNING
    twin.make_anew(morning)
    shutil.copytree(twin.environment["BAROMETER_DATA"], killed.environment["BAROMETER_DATA"])
    before = twin.marts()

    started = time.monotonic()
    twin.run(morning := morning + timedelta(days=7))
    lasts = time.monotonic() - started
    after = twin.marts()
    assert after != before
    for _ in range(KILLS):
        killed.run(morning, kill_after=draw.uniform(0, lasts))
        if killed.marts() == before:
            continue
        assert killed.marts() == after
        twin.make_anew(morning := morning + timedelta(days=7))
        before, after = after, twin.marts()
    killed.run(morning)
    assert killed.marts() == after
