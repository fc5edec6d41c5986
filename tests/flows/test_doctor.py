"""The doctor: a line for each thing, what to do where it is not well, and the worst as exit code."""

import json
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from flows.commands.checkup import Finding, Verdict, machine, schedule, sources
from flows.commands.service.own_server import OwnServer, prefect_home, server_file
from flows.standin.facts import CLOCK
from warehouse.archive.lock import only_writer
from warehouse.archive.run_log import Run, append_run
from warehouse.archive.write import record_attempt
from warehouse.config.settings import PUBLIC_URLS, Settings


def by_check(findings) -> dict[str, Finding]:
    return {finding.check: finding for finding in findings}


def test_a_line_for_each_thing_and_no_secret(barometer, server):
    """Sources that answer, a fresh folder: warnings only, and what to do; credentials are not shown."""
    secrets = {
        "GITHUB_TOKEN": "ghp_secret",
        "STACKEXCHANGE_KEY": "key_secret",
        "BAROMETER_CONTACT": "a@b.example",
    }
    here = {**dict.fromkeys(PUBLIC_URLS, server.url), "BAROMETER_NOW": CLOCK.isoformat(), **secrets}
    done = barometer("doctor", **here)

    lines = {line[9:27].strip(): line for line in done.stdout.splitlines()}
    assert done.returncode == 3, done.stdout + done.stderr
    assert {*PUBLIC_URLS, "configuration", "disk", "clock", "writer", "schedule"} <= set(lines)
    assert {check for check, line in lines.items() if not line.startswith("ok ")} == {"last run", "published"}
    assert "secret" not in done.stdout + done.stderr
    assert lines["BAROMETER_CONTACT"].endswith("a@b.example: 200 requests a minute at Wikimedia")


def test_how_much_is_answered_without_a_contact_is_told(at_server: Settings):
    """By the limit, and by what raises it: a setting, or a line of the configuration."""
    found = by_check(sources.look(at_server))["BAROMETER_CONTACT"]

    assert found == Finding(
        "BAROMETER_CONTACT",
        Verdict.WARNING,
        "no contact: 10 requests a minute at Wikimedia, 200 requests a minute with one; "
        f"set it, or `contact` in {at_server.config}",
    )


def test_a_problem_ends_with_its_exit_code(barometer, tmp_path: Path):
    """Nothing answers and the configuration is broken: each is told, none hides another."""
    broken = tmp_path / "broken.toml"
    broken.write_text("question = 3")
    closed = dict.fromkeys(PUBLIC_URLS, "http://127.0.0.1:1")
    prefect = {"PREFECT_API_URL": "http://127.0.0.1:1/api"}
    done = barometer("doctor", BAROMETER_CONFIG=str(broken), **closed, **prefect)

    problems = {line[9:27].strip() for line in done.stdout.splitlines() if line.startswith("problem")}
    assert done.returncode == 2
    assert problems == {*PUBLIC_URLS, "configuration", "Prefect server"}


def test_an_archive_of_the_future_means_a_wrong_clock(settings: Settings):
    """A clock that jumped back would put new answers before older ones."""
    tomorrow = settings.clock() + timedelta(days=1)
    record_attempt(settings.archive, "pypi", lambda: tomorrow, lambda add: None)

    found = by_check(machine.look(settings))["archive"]
    assert (found.verdict, "set the machine's clock" in found.found) == (Verdict.PROBLEM, True)


@pytest.mark.parametrize(("minutes", "verdict"), [(-5, "problem"), (1, "ok"), (5, "problem")])
def test_another_clock_than_the_sources_is_told(server, at_server: Settings, minutes: int, verdict: str):
    """By the date that GitHub's answer carries."""
    here = replace(at_server, clock=lambda: server.now + timedelta(minutes=minutes))
    found = by_check(sources.look(here))["clock"]

    assert (found.verdict, found.found.split(" GitHub")[0]) == (
        verdict,
        f"{abs(minutes) * 60} s {'ahead of' if minutes > 0 else 'behind'}",
    )


def test_who_writes_and_how_the_last_run_went_is_told(settings: Settings):
    """The holder of the lock by its process; why nothing was published."""
    with only_writer(settings):
        assert "is writing the data folder" in by_check(machine.look(settings))["writer"].found
    append_run(settings, Run(settings.clock(), settings.clock(), "a check failed", {}, []))

    found = by_check(schedule.look(settings))
    assert (found["last run"].verdict, found["last run"].found[-14:]) == (Verdict.WARNING, "a check failed")


NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("status", "hours", "under_way", "verdict", "found"),
    [
        ("READY", [18, 42], None, "ok", "next run 2026-11-30 06:00 UTC"),
        ("READY", [-0.05], None, "ok", "next run 2026-11-29 11:57 UTC"),
        (
            "READY",
            [-1.5, 18],
            None,
            "problem",
            "the run of 2026-11-29 10:30 UTC is late by 1 h 30 min",
        ),
        ("READY", [-1.5], "process 7", "ok", "the run of 2026-11-29 10:30 UTC waits: process 7"),
        ("READY", [], None, "problem", "no run is scheduled"),
        ("NOT_READY", [18], None, "problem", "nobody takes up its runs"),
    ],
)
def test_a_run_that_nobody_takes_up_is_a_problem(status, hours, under_way, verdict, found):
    """A time in the past is no next run, unless the run before it is still under way."""
    told = schedule.deployment("daily", status, [NOW + timedelta(hours=n) for n in hours], NOW, under_way)
    assert (told.verdict, told.found[: len(found)]) == (verdict, found)


def test_a_service_that_has_ended_is_found(settings: Settings, monkeypatch: pytest.MonkeyPatch):
    """Without any setting: by what its server has written down; its login goes to nobody else."""
    for name in ("PREFECT_API_URL", "PREFECT_HOME"):
        monkeypatch.delenv(name, raising=False)
    assert by_check(schedule.look(settings))["schedule"].verdict is Verdict.OK
    home = prefect_home(settings)
    assert home == settings.data / "prefect"
    home.mkdir(parents=True)
    own = OwnServer("http://127.0.0.1:4200/api", "barometer:secret", 1)
    server_file(home).write_text(json.dumps(asdict(own)))

    found = by_check(schedule.look(settings))["Prefect server"]
    assert (found.verdict, "http://127.0.0.1:4200/api has ended" in found.found) == (Verdict.PROBLEM, True)
    assert "secret" not in found.found
