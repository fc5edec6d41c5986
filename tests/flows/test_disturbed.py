"""Runs in which every question meets a fault: right marts, or marked ones, and right ones after the next."""

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

import pytest

from flows.demo.faults import FAULTS
from flows.demo.schedule import Planned
from flows.demo.server import DemoServer
from flows.pipeline import steps
from flows.sources import services_of
from tests.made import called, configuration
from tests.straight import Straight
from warehouse.config.settings import PUBLIC_URLS, Settings
from warehouse.published.open import open_published

MORNING = datetime(2023, 6, 2, 6, tzinfo=UTC)
CONFIGURATION = configuration(
    {"github": 4, "pypi": 35},
    pytorch=called(
        "pytorch", name="PyTorch", pypi=["torch"], wikipedia="PyTorch", first_release_on=date(2023, 2, 1)
    ),
)
# What an answer itself tells; the others are those of `test_withstanding`.
TOLD = sorted(set(FAULTS) - {"mistaken", "stale", "hanging"})
# Every kind comes to every question in as many runs as there are kinds, which take some minutes.
RUNS = range(len(TOLD)) if os.environ.get("BAROMETER_TEST_EVERY_FAULT") else (0,)
# Without the times of asking, which for what a fault had kept away is another.
FIGURES = "select * exclude (observed_at) from observations"
SERIES = "select * exclude (observed_at) from series_status"
STATUS = "select * exclude (last_attempt_at, last_success_at) from source_status"
CHECKS = "select * exclude (checked_at) from quality_checks"
OF_SOURCE = f"{FIGURES} semi join (from metrics where source_id = '{{}}') using (metric_id) order by all"

Marts = dict[str, list[tuple[object, ...]]]


@dataclass(frozen=True)
class House:
    """A data folder, which is filled as by a command, one source after the other."""

    settings: Settings
    server: DemoServer
    straight: Straight

    def run(self, shift: int | None = None) -> dict[str, list[str]]:
        """Collect, load, build and publish; return each source's problems. With a shift, faults are met."""
        self.server.now += timedelta(hours=1)
        ecosystem = steps.ecosystem_of(self.settings)
        known = steps.load_archive(self.settings, ecosystem)
        problems: dict[str, list[str]] = {source_id: [] for source_id in ecosystem.sources}
        for service in services_of(ecosystem.sources, self.settings):
            # Asked again, a question is answered: with its faults side by side it would meet four.
            self.server.faults = [] if shift is None else list(_every_other(shift))
            its_known = known[service.source_id]
            attempt = steps.collect_service(service, self.settings, ecosystem, its_known)
            problems[service.source_id] += [attempt.problem] if attempt.problem else []
        steps.load_archive(self.settings, ecosystem)
        with self.straight.in_place_of_dbt():
            steps.build(self.settings, ecosystem)
        steps.publish_marts(self.settings)
        return problems

    def rows(self, sql: str) -> list[tuple[object, ...]]:
        """Answer SQL from the published file."""
        with open_published(self.settings.published_file) as published:
            return published.query(sql)[1]

    def marts(self) -> Marts:
        """Every published row of the figures: all but those that tell of attempts and archive files."""
        found = {str(name) for (name,) in self.rows("select table_name from duckdb_tables()")}
        tables = found - {"build_info", "source_attempts"}
        marts = {table: self.rows(f"from {table} order by all") for table in tables}
        asked = {"series_status": SERIES, "source_status": STATUS, "quality_checks": CHECKS}
        timeless = asked | {"observations": FIGURES}
        return marts | {table: self.rows(f"{query} order by all") for table, query in timeless.items()}


def _every_other(shift: int) -> list[Planned]:
    return [Planned(TOLD[(at + shift) % len(TOLD)], 2 * at + 1) for at in range(60)]


@pytest.fixture(scope="module")
def running():
    with DemoServer() as server:
        yield server


@pytest.fixture(scope="module")
def make(
    running: DemoServer, tmp_path_factory: pytest.TempPathFactory, straight: Straight
) -> Callable[[], House]:
    urls = dict.fromkeys(PUBLIC_URLS, running.url)

    def made() -> House:
        folder = tmp_path_factory.mktemp("house")
        config = folder / "ecosystem.toml"
        config.write_text(CONFIGURATION)
        running.now = MORNING
        settings = Settings(folder / "data", folder / "site", config, lambda: running.now, urls, demo=True)
        known = replace(settings, credentials={"GITHUB_TOKEN": "tests", "STACKEXCHANGE_KEY": "tests"})
        return House(known, running, straight)

    return made


@pytest.fixture(scope="module")
def undisturbed(make) -> House:
    """The same figures, told without a fault and built at once."""
    house = make()
    house.run()
    house.settings.work_file.unlink()
    house.run()
    return house


@pytest.mark.parametrize("shift", RUNS)
def test_marts_are_right_or_marked_and_right_after_the_next_run(make, undisturbed, shift):
    """A source whose problem is told may lack figures; those of all others are right, and later all are."""
    house = make()
    problems = house.run(shift)
    reasons = dict(house.rows("select source_id, reason from source_status"))
    for source_id, told in problems.items():
        assert all(problem in reasons[source_id] for problem in told)
        if not told:
            assert house.rows(OF_SOURCE.format(source_id)) == undisturbed.rows(OF_SOURCE.format(source_id))

    house.run()
    assert house.marts() == undisturbed.marts()
