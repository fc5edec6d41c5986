"""The README: every command it shows is run here or in the test named beside it."""

import re
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from flows.demo.run import CONFIG as DEMO_CONFIG
from flows.standin.facts import CLOCK
from warehouse.config.catalog import catalog
from warehouse.config.ecosystem import read_ecosystem
from warehouse.config.settings import PUBLIC_URLS

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


# Those that write or verify the configuration, which must not be the repository's.
CONFIGURING = re.compile(r"barometer (init|add|check)\b")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", README, re.MULTILINE | re.DOTALL)


def commands() -> list[str]:
    return [line for block in blocks("bash") for line in block.splitlines() if line]


def test_the_readme_shows_commands():
    """The tests below see them."""
    assert len(commands()) > 12


def runnable(configuring: bool) -> list[str]:
    here = [line for line in commands() if line not in ELSEWHERE]
    return [line for line in here if bool(CONFIGURING.search(line)) is configuring]


@pytest.mark.parametrize("command", runnable(configuring=True))
def test_a_command_on_the_configuration_works(command: str, barometer, server, tmp_path: Path):
    """Run as written, on a copy of the shipped configuration, when all of the demo's sources answer."""
    server.now = datetime(2023, 6, 2, 6, tzinfo=UTC)
    config = tmp_path / "ecosystem.toml"
    shutil.copy(DEMO_CONFIG, config)
    here = {"BAROMETER_CONFIG": str(config), "BAROMETER_NOW": server.now.isoformat()}
    environment = barometer.environment | dict.fromkeys(PUBLIC_URLS, server.url) | here
    as_written = command.replace("~/web.toml", str(tmp_path / "web.toml"))
    done = subprocess.run(
        as_written, shell=True, cwd=ROOT, env=environment, text=True, capture_output=True, check=False
    )

    assert (done.returncode, "Traceback" in done.stderr) == (0, False), done.stderr


@pytest.mark.parametrize("command", runnable(configuring=False))
def test_a_command_of_the_readme_works(command: str, demo_run, server, tmp_path: Path):
    """Run as written, on the demo's figures or, for what collects or imports, in a folder of its own."""
    environment = dict(demo_run.barometer.environment)
    if re.search(r"barometer (run|collect|backfill|import-trends)", command):
        command = command.replace("~/barometer-data", str(tmp_path / "data"))
        command = command.replace("~/Downloads/multiTimeline.csv", str(EXPORT))
        environment |= dict.fromkeys(PUBLIC_URLS, server.url)
        environment |= {"BAROMETER_NOW": CLOCK.isoformat(), "BAROMETER_DATA": str(tmp_path / "data")}
        demo_run.lend(tmp_path / "data")
    done = subprocess.run(
        command, shell=True, cwd=ROOT, env=environment, text=True, capture_output=True, check=False
    )

    # 3: in the demo's world Stack Overflow has stopped answering, pypistats knows none of the days of
    # tensorflow-cpu, and on a past day others had not begun to answer.
    degraded = re.search(r"barometer (run|collect github pypi)$|--as-of", command)
    assert done.returncode == (3 if degraded else 0), done.stderr
    assert "Traceback" not in done.stderr


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
