"""The commands that look after the archive, and who may write it: the exit code and the message."""

import json
import subprocess
import sys
from datetime import UTC, datetime

import pytest

from tests.made import configuration
from warehouse.archive.lock import only_writer
from warehouse.archive.write import archived_files
from warehouse.config.settings import PUBLIC_URLS, read_settings

# As soon as the demo's pypistats knows days.
JANUARY = datetime(2021, 1, 10, 6, tzinfo=UTC)


@pytest.fixture
def collected(barometer, server, tmp_path):
    """The settings of a folder with one source's answers, on which the command line is."""
    config = tmp_path / "ecosystem.toml"
    config.write_text(configuration(pytorch={"pypi": ["torch"]}))
    server.now = JANUARY
    here = {"BAROMETER_CONFIG": str(config), "BAROMETER_NOW": JANUARY.isoformat()}
    barometer.environment.update(dict.fromkeys(PUBLIC_URLS, server.url) | here)
    assert barometer("collect", "pypi").returncode == 0
    return read_settings(barometer.environment)


def test_verify_names_what_is_damaged_and_changes_nothing(barometer, inside, collected):
    """Exit code 0 for a whole archive; 1 for a damaged one, with a line for each file."""
    settings = collected
    done = barometer("--log-format", "json", "verify")
    assert done.returncode == 0
    (line,) = map(json.loads, done.stderr.splitlines())
    assert {
        "level": "info",
        "stage": "verify",
        "result": "2 files proved whole, 0 damaged",
    }.items() <= line.items()

    file, _ = archived_files(settings.archive)  # one of each service
    cut = file.read_bytes()[:-20]
    file.write_bytes(cut)
    done = barometer("verify")
    assert done.returncode == 1
    assert f"pypi/{file.name}  " in done.stdout
    assert f"barometer: {settings.archive}: found 1 damaged files, expected none; " in done.stderr
    assert file.read_bytes() == cut
    assert "or take it out by `barometer quarantine FILE --why REASON`" in done.stderr

    assert inside("quarantine", f"pypi/{file.name}", "--why", "cut").exit_code == 0
    told = inside("verify").stderr
    assert "1 files proved whole, 0 damaged, 1 in quarantine and not looked at" in told


def test_compact_packs_a_month_that_is_over(barometer, collected):
    """Nothing of this month; a month later its one file, and all of it is still there."""
    settings = collected
    assert "0 files went into month files" in barometer("compact").stderr

    assert "2 files went into month files" in barometer("compact", BAROMETER_NOW="2021-02-01T06:00Z").stderr
    assert [file.suffix for file in (settings.archive / "pypi").iterdir()] == [".zip"]
    assert barometer("verify").returncode == 0


def test_while_one_command_writes_another_ends_or_waits(barometer, collected):
    """Exit code 4 and the holder, before anything is done; with --wait it goes on after it."""
    settings = collected
    with only_writer(settings):
        for command in ("run", "collect", "backfill", "build", "rebuild", "import-trends x.csv"):
            done = barometer(*command.split())
            assert done.returncode == 4, done.stderr
            assert "is writing it, expected nobody; `--wait` waits for its end" in done.stderr
        assert barometer("verify").returncode == 0, "a reader waits for nobody"
        waiting = subprocess.Popen(
            [sys.executable, "-m", "flows", "collect", "pypi", "--wait"],
            env=barometer.environment,
            stderr=subprocess.PIPE,
        )
        assert waiting.stderr and b"is writing it; waiting for its end" in waiting.stderr.readline()
    waiting.communicate()
    assert waiting.returncode == 0


# The kernel refuses to let any file grow beyond the limit, as a full disk does.
LIMITED = """
import resource, runpy, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000))
sys.argv = ["barometer", *sys.argv[1:]]
runpy.run_module("flows", run_name="__main__")
"""


def test_a_full_disk_is_told_and_the_next_build_has_it_all(barometer, collected):
    """Exit code 1, one line, the archive and the published file as they were."""
    settings = collected
    settings.published_file.write_bytes(b"the last good file")
    file, _ = archived_files(settings.archive)
    before = file.read_bytes()
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, "rebuild"],
        env=barometer.environment,
        text=True,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 1, done.stderr
    assert "Traceback" not in done.stderr and "File too large" in done.stderr.splitlines()[-1]
    assert (file.read_bytes(), settings.published_file.read_bytes()) == (before, b"the last good file")

    assert barometer("rebuild").returncode == 0
