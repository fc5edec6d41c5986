"""The command line with bad input: one clear message, the right exit code, nothing changed."""

import re
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from flows.commands.status import known_to_end
from flows.demo.run import CONFIG as DEMO_CONFIG
from flows.demo.server import DemoServer
from flows.sources import source_ids
from flows.standin.facts import CLOCK
from tests.conftest import Barometer, draw_in
from tests.made import called, configuration
from warehouse.config.settings import PUBLIC_URLS

VARIABLES = tuple(PUBLIC_URLS)
FIRST = ("github", "google_trends", "pypi", "stackoverflow", "wikipedia")
# As a table shows what is null.
NOTHING = "\N{EN DASH}"


def everything(folder: Path) -> dict[str, bytes]:
    """Every file of the archive and the published file, with its content."""
    files = [*folder.glob("archive/**/*"), folder / "barometer.duckdb"]
    return {str(file): file.read_bytes() for file in files if file.is_file()}


def assert_told(done, exit_code: int, *words: str) -> None:
    """The command ended with this code and one message that has these words, and no traceback."""
    assert done.returncode == exit_code, done.stderr
    assert "Traceback" not in done.stderr and "nanobind" not in done.stderr
    message = [line for line in done.stderr.splitlines() if line.startswith("barometer: ")]
    assert len(message) == 1, done.stderr
    for word in words:
        assert word in message[0]


@pytest.mark.parametrize("command", [("sql", "select 1"), ("report",), ("status",)])
def test_without_a_published_file_the_commands_say_what_to_do(barometer, command):
    """`sql`, `report` and `status` name the file and the commands that make it."""
    done = barometer(*command)

    assert_told(done, 1, "barometer.duckdb: nothing has been published yet", "`barometer demo`")


@pytest.mark.parametrize("command", ["rebuild", "build"])
def test_an_empty_archive_makes_no_file(barometer, command, tmp_path):
    """Without an answer there is nothing to build from."""
    assert_told(barometer(command), 1, "archive: no archived answers, expected some")
    assert not (tmp_path / "data" / "barometer.duckdb").exists()


@pytest.mark.parametrize("command", [("run",), ("status",), ("demo",), ("sql", "select 1")])
def test_a_malformed_clock_is_told(barometer, command, tmp_path):
    """Before anything is written."""
    done = barometer(*command, BAROMETER_NOW="soon")

    assert_told(done, 2, "BAROMETER_NOW: found 'soon', expected an ISO 8601 time")
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("command", ["run", "collect", "build", "demo"])
def test_a_mistake_in_the_configuration_is_told_with_its_line(barometer, command, tmp_path):
    """An unknown key and a wrong type, each with line, found and expected."""
    config = tmp_path / "ecosystem.toml"
    text = Path("ecosystem.toml").read_text()
    config.write_text(text.replace('github = "pytorch/pytorch"', 'gitub = "pytorch/pytorch"'))
    done = barometer(command, BAROMETER_CONFIG=str(config))
    line = 1 + text.splitlines().index('github = "pytorch/pytorch"')
    assert_told(done, 2, f"ecosystem.toml:{line}: subjects.1.gitub: unknown key, expected one of id, name")

    config.write_text(text.replace('pypi = ["torch"]', "pypi = 3"))
    line = 1 + text.splitlines().index('pypi = ["torch"]')
    done = barometer(command, BAROMETER_CONFIG=str(config))
    assert_told(done, 2, f"ecosystem.toml:{line}: subjects.1.pypi: found 3; Input should be")


@pytest.mark.parametrize("command", ["run", "collect", "demo"])
def test_an_unwritable_data_folder_is_told(barometer, command, tmp_path):
    """A folder that cannot be made is named with what is expected of it."""
    (tmp_path / "file").touch()
    done = barometer(command, BAROMETER_DATA=str(tmp_path / "file" / "data"))

    assert_told(done, 2, "BAROMETER_DATA: ", "expected a folder that can be written")


def test_a_prefect_server_that_is_not_there_is_told(live):
    """A configured server that does not answer is named; nothing else runs."""
    done = live("run", PREFECT_API_URL="http://127.0.0.1:1/api")

    assert_told(done, 2, "PREFECT_API_URL: Failed to reach API at http://127.0.0.1:1/api/")


def test_a_server_of_prefects_profile_is_one_too(live, tmp_path):
    """Where Prefect's own settings name a server, a run is shown there; without one Prefect has no part."""
    profile = 'active = "there"\n[profiles.there]\nPREFECT_API_URL = "http://127.0.0.1:1/api"\n'
    (tmp_path / "prefect").mkdir()
    (tmp_path / "prefect" / "profiles.toml").write_text(profile)
    assert_told(live("run"), 2, "PREFECT_API_URL: Failed to reach API at http://127.0.0.1:1/api/")


def test_a_run_in_which_nothing_is_new_publishes_nothing(live, server, tmp_path):
    """It says so in a line and writes the site; another day, a file that is gone or another answer is new."""
    ask_about_pytorch(live, "wikipedia")
    published = tmp_path / "data" / "barometer.duckdb"
    nothing_new = f"nothing new since {CLOCK:%Y-%m-%d %H:%M} UTC, so what was published then stays"

    def ran(command="run", **changes):
        done = live(command, **changes)
        assert done.returncode == 0, done.stderr
        assert ("\npublish " in done.stderr) == (nothing_new not in done.stderr)
        return nothing_new not in done.stderr, published.read_bytes()

    (first, bytes_then) = ran()
    assert first and not (tmp_path / "prefect").exists()
    server.now = CLOCK + timedelta(hours=3)
    later = server.now.isoformat()
    assert ran(BAROMETER_NOW=later) == (False, bytes_then)
    assert (tmp_path / "site" / "index.html").exists()
    published.unlink()
    assert ran("build", BAROMETER_NOW=later)[0], "nothing was published"
    tomorrow = (CLOCK + timedelta(days=1)).isoformat()
    assert ran("build", BAROMETER_NOW=tomorrow)[0], "a day has gone by"


def test_an_unknown_source_is_wrong_usage(barometer):
    """The message lists those there are."""
    assert_told(barometer("collect", "gitlab"), 2, "sources: found gitlab, expected some of github, pypi")


def test_broken_sql_shows_its_place(demo_run):
    """The engine's message with its caret, and exit code 2."""
    done = demo_run.barometer("sql", "selec 1")

    assert done.returncode == 2
    assert done.stderr.startswith("barometer: sql: Parser Error: ") and "^" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.fixture
def live(barometer, server: DemoServer, drawings: Path, tmp_path: Path):
    """The command line with every source at the demo's server, as an operator would point it elsewhere."""
    draw_in(drawings, tmp_path / "data")
    barometer.environment.update(dict.fromkeys(VARIABLES, server.url), BAROMETER_NOW=CLOCK.isoformat())
    # Those that came later are paced as a live service, which would take minutes and tell nothing more.
    later = [name for name in source_ids() if name not in FIRST]
    config = tmp_path / "live.toml"
    left_alone = "".join(f"[sources.{name}]\nasked = false\n" for name in later)
    config.write_text(f"{DEMO_CONFIG.read_text()}\n{left_alone}")
    barometer.environment["BAROMETER_CONFIG"] = str(config)
    return barometer


def ask_about_pytorch(barometer: Barometer, *sources: str) -> None:
    """Let these sources and Wikipedia be asked, about one subject."""
    pytorch = called("pytorch", *sources, name="PyTorch", wikipedia="PyTorch")
    Path(barometer.environment["BAROMETER_CONFIG"]).write_text(configuration(pytorch=pytorch))


def test_failing_sources_leave_the_others_and_the_archive_alone(live, faulty, tmp_path):
    """HTTP 500, HTML and nothing at all: published with what is left, exit code 3, one line a source.

    Then all of them fail: exit code 1, and neither the published file nor any archived answer changes.
    """
    broken = {
        "GITHUB_API_URL": faulty(status=500, body=b"<h1>Unicorn!</h1>").url,
        "STACKEXCHANGE_URL": faulty(body=b"<html>hello", headers={"Content-Type": "text/html"}).url,
        "GOOGLE_TRENDS_URL": "http://127.0.0.1:1",
    }
    ask_about_pytorch(live, "github", "stackoverflow", "google_trends")
    done = live("run", **broken)
    assert_told(done, 3, "degraded: github, google_trends, stackoverflow")
    for told in (
        "github pytorch/pytorch: HTTP 500, expected 200: <h1>Unicorn!</h1>",
        "stackoverflow pytorch: found text/html, expected JSON: <html>hello",
        "google_trends pytorch: no answer from 127.0.0.1:1: ",
    ):
        assert done.stderr.count(told) == 1
    states = live("sql", "select source_id, state from source_status order by 1", "--format", "csv").stdout
    assert states.splitlines()[1:] == [
        "github,never",
        "google_trends,never",
        "stackoverflow,never",
        "wikipedia,fresh",
    ]

    before = everything(tmp_path / "data")
    done = live("collect", **dict.fromkeys(VARIABLES, "http://127.0.0.1:1"))
    assert_told(done, 1, "no source answered, so nothing was published")
    after = everything(tmp_path / "data")
    assert before.items() <= after.items(), "what was archived and published is as it was"
    # Google Trends fails as it did before, at the same moment: equal content is one file.
    assert sum("archive" in name for name in after) == sum("archive" in name for name in before) + 3


def test_the_demo_and_live_figures_do_not_mix(demo_run, live, tmp_path):
    """A live run refuses the demo's folder, and the demo refuses one with live figures."""
    refused = demo_run.barometer("run")
    assert_told(refused, 2, "holds the demo's figures, expected a folder for live ones")

    assert live("collect", "wikipedia").returncode == 0
    before = everything(tmp_path / "data")
    assert_told(live("demo"), 2, "holds collected figures, expected an empty folder or an earlier demo's")
    assert everything(tmp_path / "data") == before
    assert not (tmp_path / "data" / "demo.json").exists()


def test_stages_can_be_run_one_by_one(live):
    """collect, build and report do together what run does, and each says that a source is degraded."""
    ask_about_pytorch(live, "stackoverflow")
    assert live("collect").returncode == 3, "Stack Overflow stops answering"
    assert live("build").returncode == 3
    done = live("report")
    assert_told(done, 3, "degraded: stackoverflow; see `barometer status`")
    assert (Path(live.environment["BAROMETER_SITE"]) / "index.html").exists()


def test_a_demo_says_what_is_no_fault_of_it(settings):
    """A source whose figures end there is stale and degrades nothing; others have no such excuse."""
    demo = replace(settings, ended_sources=frozenset({"stackoverflow"}))
    states = {"stackoverflow": "stale", "pypi": "stale"}
    told = "stackoverflow: its figures are known to end in the demo, so this is no fault"
    assert known_to_end(demo, states) == [told]
    assert known_to_end(demo, {"stackoverflow": "late"}) == known_to_end(settings, states) == []


def test_a_backfill_says_what_it_will_take_and_goes_on_where_it_was(live, server):
    """The plan asks nothing; asked twice, only the present is asked for again; --refresh asks for all."""
    plan = live("backfill", "--dry-run")
    assert plan.returncode == 0 and server.requests == []
    rows = [re.split(r" {2,}", line.strip()) for line in plan.stdout.splitlines()[2:]]
    assert {tuple(row[:2]): row[2:5] for row in rows if row[0] != "stackoverflow"} == {
        ("github", NOTHING): ["6", "38", "60 requests an hour"],
        ("pypi", "pypistats"): ["16", "16", "28 requests a minute"],
        ("pypi", "clickhouse"): ["22", "22", "60 requests an hour"],
        ("google_trends", NOTHING): ["1", "5", "1 request a second"],
        ("wikipedia", NOTHING): ["2", "2", "9 requests a minute"],
    }
    assert "300 requests a day" in plan.stdout
    with_contact = live("backfill", "wikipedia", "--dry-run", BAROMETER_CONTACT="ops@example.org")
    assert "180 requests a minute" in with_contact.stdout

    assert live("backfill", "github").returncode == 0
    assert len(server.requests) == 39
    server.requests.clear()
    assert live("backfill", "github").returncode == 0
    assert len(server.requests) == 4, "the counters and the newest weeks"
    server.requests.clear()
    assert live("backfill", "github", "--refresh").returncode == 0
    assert len(server.requests) == 39


def test_the_plan_of_a_run_is_what_it_takes(live, server):
    """At first and on the next day: as many requests as were foreseen, of each service."""
    now = datetime.fromisoformat(live.environment["BAROMETER_NOW"])
    for day in (now, now + timedelta(days=1)):
        server.now = day
        plan = live("collect", "pypi", "wikipedia", "--dry-run", BAROMETER_NOW=day.isoformat())
        assert plan.returncode == 0 and server.requests == []
        rows = [re.split(r" {2,}", line.strip()) for line in plan.stdout.splitlines()[2:]]
        live("collect", "pypi", "wikipedia", BAROMETER_NOW=day.isoformat())

        asked = Counter(
            "pypistats" if "/packages/" in one.path else "clickhouse" if "param_" in one.path else NOTHING
            for one in server.requests
        )
        assert {row[1]: int(row[3]) for row in rows} == asked
        server.requests.clear()


def test_a_mistake_of_ours_is_told_without_a_secret(barometer):
    """With its traceback, for whoever mends it, and exit code 1."""
    broken = """
import os, sys
from flows.commands import cli
@cli.app.command()
def broken() -> None:
    raise LookupError(f"{os.environ['GITHUB_TOKEN']} \x1b[31m")
sys.argv = ["barometer", "broken"]
sys.exit(cli.run_command())
"""
    environment = barometer.environment | {"GITHUB_TOKEN": "ghp_token_of_the_tests"}
    done = subprocess.run([sys.executable, "-c", broken], env=environment, text=True, capture_output=True)

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.endswith("LookupError: [secret removed] \ufffd[31m\n")
