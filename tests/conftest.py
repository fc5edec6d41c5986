"""What the tests share: settings in an empty folder, the demo's server, and one finished demo."""

import fcntl
import os
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from flows.demo.run import CONFIG as DEMO_CONFIG
from flows.demo.server import DemoServer
from tests.house import Warehouse
from tests.made import Told
from tests.straight import Straight, compile_straight
from warehouse.config.settings import PUBLIC_URLS, Settings, read_settings
from warehouse.published.open import open_published

ROOT = Path(__file__).resolve().parent.parent
NOON = datetime(2025, 8, 6, 12, tzinfo=UTC)


# Begun last, one of these would keep one process busy for minutes while the others have nothing left to do.
LONG = (
    "test_deployment",
    "test_withstanding",
    "test_readme",
    "test_cli",
    "test_simulated_days",
    "test_pages_in_chromium",
    "test_incremental_downloads",
    "test_faults",
    "test_incremental",
    "test_gate",
    "test_killed",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run the files that take longest first."""
    items.sort(key=lambda item: LONG.index(item.path.stem) if item.path.stem in LONG else len(LONG))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say what became of the faults that were replayed, and name what reached a reader unmarked."""
    told = [
        value
        for reports in terminalreporter.stats.values()
        for report in reports
        if getattr(report, "when", "") == "call"
        for name, value in report.user_properties
        if name == "fault"
    ]
    if told:
        became = Counter(outcome for _, outcome in told)
        counts = ", ".join(f"{became[outcome]} {outcome}" for outcome in ("stopped", "marked", "mended"))
        unmarked = [fault for fault, outcome in told if outcome not in ("stopped", "marked", "mended")]
        terminalreporter.write_line(f"{len(told)} faults: {counts}")
        if unmarked:
            terminalreporter.write_line(f"reached a reader unmarked: {', '.join(sorted(unmarked))}")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings of an empty data folder at a fixed time, with nothing taken from this machine."""
    clean = {
        "BAROMETER_CONFIG": str(DEMO_CONFIG),
        "BAROMETER_DATA": str(tmp_path / "data"),
        "BAROMETER_SITE": str(tmp_path / "site"),
        "BAROMETER_NOW": NOON.isoformat(),
    }
    return read_settings(clean)


@pytest.fixture
def server() -> Iterator[DemoServer]:
    """The demo's server at the demo's time."""
    with DemoServer() as running:
        yield running


@pytest.fixture
def at_server(settings: Settings, server: DemoServer) -> Settings:
    """Settings whose sources are all the demo's server, and whose clock is the server's."""
    urls = dict.fromkeys(PUBLIC_URLS, server.url)
    return replace(settings, urls=urls, clock=lambda: server.now, demo=True)


@dataclass(frozen=True)
class Barometer:
    """The command line as a user has it: another process, its environment, its exit code."""

    environment: dict[str, str]

    def __call__(self, *arguments: str, **changes: str) -> subprocess.CompletedProcess[str]:
        """Run a command to its end."""
        return subprocess.run(
            [sys.executable, "-m", "flows", *arguments],
            env=self.environment | changes,
            cwd=ROOT,
            text=True,
            capture_output=True,
            timeout=300,
            check=False,
        )


def clean_environment(data: Path, site: Path, prefect_home: Path) -> dict[str, str]:
    """An environment that knows this test's folders and none of this machine's Barometer settings."""
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("BAROMETER", "PREFECT"))
    }
    return kept | {
        "BAROMETER_DATA": str(data),
        "BAROMETER_SITE": str(site),
        "PREFECT_HOME": str(prefect_home),
        "COLUMNS": "120",
    }


@pytest.fixture
def barometer(tmp_path: Path) -> Barometer:
    """The command line on an empty data folder, comparing what the demo's server has figures of."""
    environment = clean_environment(tmp_path / "data", tmp_path / "site", tmp_path / "prefect")
    return Barometer(environment | {"BAROMETER_CONFIG": str(DEMO_CONFIG)})


@pytest.fixture(scope="session")
def prefect_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Prefect's database as its migrations leave it, made once for all processes."""
    folder = shared_folder(tmp_path_factory)
    home, made = folder / "prefect", folder / "prefect.made"
    with alone(folder / "prefect.lock"):
        if not made.exists():
            upgrade = [sys.executable, "-m", "prefect", "server", "database", "upgrade", "--yes"]
            environment = clean_environment(folder, folder, home)
            subprocess.run(upgrade, env=environment, capture_output=True, timeout=300, check=True)
            made.touch()
    return home / "prefect.db"


@pytest.fixture
def with_prefect(barometer: Barometer, prefect_database: Path) -> Barometer:
    """The same where Prefect has its database, which a first run, as the demo's, takes seconds to make."""
    home = Path(barometer.environment["PREFECT_HOME"])
    home.mkdir()
    shutil.copy(prefect_database, home)
    return barometer


@dataclass(frozen=True)
class DemoRun:
    """A finished demo: the command line on its folders, and what it wrote."""

    barometer: Barometer
    data: Path
    site: Path
    log: str

    def rows(self, sql: str) -> list[dict[str, object]]:
        """Answer SQL from the published file."""
        with open_published(self.data / "barometer.duckdb") as published:
            return published.rows(sql)


def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder that all processes of this session share."""
    folder = tmp_path_factory.getbasetemp()
    return folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder


@contextmanager
def alone(lock: Path) -> Iterator[None]:
    """Let one process at a time do what is done once for all of them."""
    with lock.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@pytest.fixture(scope="session")
def drawings(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What all processes draw: it is found by what it is made of, so equal charts are drawn once."""
    folder = shared_folder(tmp_path_factory) / "drawings"
    folder.mkdir(exist_ok=True)
    return folder


def draw_in(drawings: Path, data: Path) -> None:
    """Let a report of a data folder find there what others have drawn."""
    data.mkdir(parents=True, exist_ok=True)
    (data / "drawings").symlink_to(drawings)


@pytest.fixture(scope="session")
def straight(tmp_path_factory: pytest.TempPathFactory) -> Straight:
    """The models as dbt compiled them, once for all processes."""
    folder = shared_folder(tmp_path_factory)
    with alone(folder / "straight.lock"):
        return compile_straight(folder / "straight")


@pytest.fixture(scope="session")
def demo_run(tmp_path_factory: pytest.TempPathFactory, drawings: Path) -> DemoRun:
    """`make demo`, once for all tests that only read what it made, whichever process runs them."""
    folder = shared_folder(tmp_path_factory)
    environment = clean_environment(folder / "demo/data", folder / "demo/site", folder / "demo/prefect")
    log = folder / "demo.log"
    with alone(folder / "demo.lock"):
        if not log.exists():
            draw_in(drawings, folder / "demo/data")
            done = subprocess.run(
                ["make", "demo"],
                cwd=ROOT,
                env=environment,
                text=True,
                capture_output=True,
                timeout=600,
                check=False,
            )
            assert done.returncode == 0, done.stderr
            log.write_text(done.stderr)
    return DemoRun(Barometer(environment), folder / "demo/data", folder / "demo/site", log.read_text())


@pytest.fixture
def warehouse(settings: Settings, tmp_path: Path, request: pytest.FixtureRequest) -> Callable[..., Warehouse]:
    """Make a warehouse for a configuration, at the time given.

    Its first build is straight on DuckDB; dbt goes on from there.
    """
    with_tests = "without_checks" not in request.fixturenames
    is_anew = "without_dbt" in request.fixturenames
    straight = None if "with_dbt" in request.fixturenames else request.getfixturevalue("straight")

    def make(configuration: str, now: datetime = datetime(2025, 3, 10, 6, tzinfo=UTC)) -> Warehouse:
        config = tmp_path / "ecosystem.toml"
        config.write_text(configuration)
        its_settings = replace(settings, config=config, clock=lambda: now)
        return Warehouse(its_settings, straight, with_tests=with_tests, is_anew=is_anew)

    return make


@pytest.fixture
def without_checks() -> None:
    """Let `warehouse` build models alone: no check is asked for."""


@pytest.fixture
def with_dbt() -> None:
    """Let `warehouse` build by dbt from the first time on: what dbt does or writes is asked for."""


@pytest.fixture
def without_dbt() -> None:
    """Let `warehouse` build from scratch each time, straight on DuckDB: no earlier build counts."""


@pytest.fixture(scope="session")
def told() -> type[Told]:
    """An answer of a source."""
    return Told
