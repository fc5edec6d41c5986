"""The README: every command it shows is run here or in the test named beside it."""

import re
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from flows.demo.run import CONFIG as DEMO_CONFIG
from flows.demo.server import DemoServer
from flows.pipeline import steps
from flows.standin.facts import CLOCK
from tests.conftest import clean_environment, draw_in
from tests.made import configuration
from tests.straight import Straight
from warehouse.config.catalog import catalog
from warehouse.config.ecosystem import read_ecosystem
from warehouse.config.settings import PUBLIC_URLS, read_settings

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text()
EXPORT = ROOT / "tests/flows/exports/english_weeks_bom_crlf.csv"

# Commands that run for as long as they are let, or that run these tests; each stands in another test.
ELSEWHERE = {
    "make demo": ("tests/conftest.py", '"make", "demo"'),
    "make test": (".ci/run", "make test"),
    "BAROMETER_NOTIFY=mailtos://user:password@example.org .venv/bin/barometer serve": (
        "tests/flows/test_deployment.py",
        '("serve", "--port"',
    ),
    ".venv/bin/barometer doctor": ("tests/flows/test_doctor.py", 'barometer("doctor"'),
    ".venv/bin/barometer compact": ("tests/flows/test_upkeep.py", 'barometer("compact"'),
}


# Those that write or verify the configuration, which must not be the repository's; that ask the sources; that
# make figures and a site; and all others.
CONFIGURING = r"barometer (init|add|check)\b"
COLLECTING = r"barometer (collect|backfill|import-trends)\b"
BUILDING = r"barometer (run|build|report|rebuild)\b"
READING = rf"^(?!.*({CONFIGURING}|{COLLECTING}|{BUILDING}))"

FIRST_DAY = datetime(2025, 2, 28, 6, tzinfo=UTC)


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", README, re.MULTILINE | re.DOTALL)


def commands() -> list[str]:
    return [line for block in blocks("bash") for line in block.splitlines() if line]


def test_the_readme_shows_commands():
    """The tests below see them."""
    assert len(commands()) > 12


def runnable(kind: str) -> list[str]:
    return [line for line in commands() if line not in ELSEWHERE and re.search(kind, line)]


@pytest.mark.parametrize("command", runnable(CONFIGURING))
def test_a_command_on_the_configuration_works(command: str, barometer, server, tmp_path: Path):
    """Run as written, on a copy of the shipped configuration, when all of the demo's sources answer."""
    server.now = datetime(2023, 6, 2, 6, tzinfo=UTC)
    config = tmp_path / "ecosystem.toml"
    shutil.copy(DEMO_CONFIG, config)
    here = {"BAROMETER_CONFIG": str(config), "BAROMETER_NOW": server.now.isoformat()}
    environment = barometer.environment | dict.fromkeys(PUBLIC_URLS, server.url) | here
    as_written = command.replace("~/web.toml", str(tmp_path / "web.toml"))
    is_run(as_written, environment, 0)


def is_run(command: str, environment: dict[str, str], exit_code: int) -> None:
    done = subprocess.run(
        command, shell=True, cwd=ROOT, env=environment, text=True, capture_output=True, check=False
    )
    assert (done.returncode, "Traceback" in done.stderr) == (exit_code, False), done.stderr


@pytest.mark.parametrize("command", runnable(COLLECTING))
def test_a_command_that_collects_works(command: str, server, tmp_path: Path):
    """Run as written, in an empty folder, with the shipped configuration."""
    command = command.replace("~/Downloads/multiTimeline.csv", str(EXPORT))
    environment = clean_environment(tmp_path / "data", tmp_path / "site", tmp_path / "prefect")
    here = dict.fromkeys(PUBLIC_URLS, server.url) | {"BAROMETER_NOW": CLOCK.isoformat()}
    # 3: in the demo's world pypistats knows none of the days of tensorflow-cpu.
    is_run(command, environment | here, 3 if "collect" in command else 0)


@pytest.fixture(scope="module")
def published(straight: Straight, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with what one source answered on two days, and with figures of it."""
    folder = tmp_path_factory.mktemp("published")
    (folder / "ecosystem.toml").write_text(configuration(pytorch={"wikipedia": "PyTorch"}))
    environment = clean_environment(folder, folder / "site", folder / "prefect")
    environment |= {"BAROMETER_CONFIG": str(folder / "ecosystem.toml")}
    with DemoServer() as server:
        for server.now in (FIRST_DAY, CLOCK):
            here = dict.fromkeys(PUBLIC_URLS, server.url) | {"BAROMETER_NOW": server.now.isoformat()}
            is_run(".venv/bin/barometer collect", environment | here, 0)
    settings = read_settings(environment | here)
    steps.load_archive(settings, steps.ecosystem_of(settings))
    straight.build(settings)
    steps.publish_marts(settings)
    return folder


@pytest.mark.parametrize("command", runnable(BUILDING))
def test_a_command_that_builds_works(
    command: str, published: Path, barometer, server, drawings: Path, tmp_path: Path
):
    """Run as written, in a folder that has answers and figures."""
    shutil.copytree(published, tmp_path / "data")
    draw_in(drawings, tmp_path / "data")
    here = dict.fromkeys(PUBLIC_URLS, server.url) | {"BAROMETER_NOW": CLOCK.isoformat()}
    here |= {"BAROMETER_CONFIG": str(tmp_path / "data" / "ecosystem.toml")}
    is_run(command, barometer.environment | here, 0)


@pytest.mark.parametrize("command", runnable(READING))
def test_a_command_that_reads_works(command: str, demo_run):
    """Run as written, on the demo's figures."""
    is_run(command, demo_run.barometer.environment, 0)


def test_every_command_is_of_one_kind():
    """Each is run once, or elsewhere."""
    kinds = [runnable(kind) for kind in (CONFIGURING, COLLECTING, BUILDING, READING)]
    assert all(kinds)
    assert sorted([*ELSEWHERE, *(line for kind in kinds for line in kind)]) == sorted(commands())


@pytest.mark.parametrize("command", ELSEWHERE)
def test_a_command_that_is_run_elsewhere_really_is(command: str):
    """It is in the README, and in the file that runs it."""
    file, as_written = ELSEWHERE[command]
    assert command in commands()
    assert as_written in re.sub(r"\s+", " ", (ROOT / file).read_text())


def test_the_subjects_of_the_readme_can_be_added(tmp_path: Path):
    """Pasted into the shipped configuration they are valid."""
    config = tmp_path / "ecosystem.toml"
    added = "\n".join(blocks("toml"))
    config.write_text((ROOT / "ecosystem.toml").read_text() + "\n" + added)

    assert [subject.id for subject in read_ecosystem(config).subjects] == [
        "pytorch",
        "tensorflow",
        "jax",
        "moved",
    ]


def test_every_file_the_readme_names_exists():
    """Links within the project lead somewhere."""
    for link in re.findall(r"\]\(([^)#]+)\)", README):
        assert "://" in link or (ROOT / link).exists(), link
    for folder in re.findall(r"`((?:flows|sql|warehouse|reports|deploy|tests)/(?:[a-z]+/)*)`", README):
        assert (ROOT / folder).is_dir(), folder


def test_every_variable_is_told():
    """What the settings read from the environment is in the README, or in the notes of its source."""
    read = re.findall(r'"([A-Z]+_[A-Z_]+)"', (ROOT / "warehouse/config/settings.py").read_text())
    assert len(set(read)) > 5
    assert [name for name in sorted(set(read)) if f"`{name}`" not in README] == []
    for source in catalog().values():
        told = README + (ROOT / "flows/sources" / source.id / "notes.md").read_text()
        assert [name for name in (*source.services, *source.credentials) if f"`{name}`" not in told] == []
