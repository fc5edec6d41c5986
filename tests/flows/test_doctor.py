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
    allowed = "a@b.example: 200 requests a minute at Wikimedia; Open Library is asked"
    assert lines["BAROMETER_CONTACT"].endswith(allowed)


def test_how_much_is_answered_without_a_contact_is_told(at_server: Settings):
    """By the limit, and by what raises it: a setting, or a line of the configuration."""
    found = by_check(sources.look(at_server))["BAROMETER_CONTACT"]

    assert found == Finding(
        "BAROMETER_CONTACT",
        Verdict.WARNING,
        "no contact: 10 requests a minute at Wikimedia, 200 requests a minute with one; "
        "nothing is asked at Open Library; "
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

    assert (found.verdict, found.found.split(" that of")[0]) == (
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
    ("is_ready", "since", "hours", "under_way", "verdict", "found"),
    [
        (True, 999, [18, 42], None, "ok", "next run 2026-11-30 06:00 UTC"),
        (True, 9, [18, 42], None, "ok", "next run 2026-11-30 06:00 UTC"),
        (True, 999, [-0.05], None, "ok", "next run 2026-11-29 11:57 UTC"),
        (
            True,
            999,
            [-1.5, 18],
            None,
            "problem",
            "the run of 2026-11-29 10:30 UTC is late by 1 h 30 min",
        ),
        (True, 999, [-1.5], "process 7", "ok", "the run of 2026-11-29 10:30 UTC waits: process 7"),
        (True, 999, [], None, "problem", "no run is scheduled; restart"),
        (True, None, [], None, "problem", "no run is scheduled; it has no active schedule"),
        (True, 9, [], None, "ok", "not scheduled yet, its service began at 11:59:51 UTC"),
        (False, 9, [], None, "ok", "not scheduled yet"),
        (False, 999, [18], None, "problem", "nobody takes up its runs"),
    ],
)
def test_a_run_that_nobody_takes_up_is_a_problem(is_ready, since, hours, under_way, verdict, found):
    """A time in the past is no next run, unless the run before it is still under way.

    In the first minute after its start a service has scheduled nothing, and that is none.
    """
    began = None if since is None else NOW - timedelta(seconds=since)
    due = [NOW + timedelta(hours=n) for n in hours]
    told = schedule.deployment("daily", is_ready, began, due, NOW, under_way)
    assert (told.verdict, told.found[: len(found)]) == (verdict, found)


@pytest.mark.parametrize(("seconds", "verdict"), [(9, "ok"), (999, "problem"), (None, "problem")])
def test_a_server_without_deployments_is_a_problem_but_at_its_start(seconds: int | None, verdict: str):
    """`serve` brings them up some seconds after its server."""
    began = None if seconds is None else NOW - timedelta(seconds=seconds)
    assert schedule.no_deployments(began, NOW).verdict == verdict


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


def test_a_site_that_cannot_be_made_is_a_problem(settings: Settings, tmp_path: Path):
    """With other files in it, beside a file, or with the data folder in it; `run` would fail at its end."""
    settings.site.mkdir()
    assert by_check(machine.look(settings))["site folder"].verdict is Verdict.OK
    (settings.site / "index.html").write_text("mine")
    for site, found in {
        settings.site: "holds other files",
        settings.site / "index.html" / "site": "index.html: Not a directory",
        settings.data: "holds the data folder",
        tmp_path: "holds the data folder",
    }.items():
        told = by_check(machine.look(replace(settings, site=site)))["site folder"]
        assert (told.verdict, found in told.found) == (Verdict.PROBLEM, True), told


@pytest.mark.parametrize("command", ["run", "rebuild", "report", "demo", "serve", "worker"])
def test_a_site_that_cannot_be_made_ends_a_command_at_once(inside, settings: Settings, command: str):
    """Before anything is asked or built: nothing comes into the data folder."""
    record_attempt(settings.archive, "pypi", settings.clock, lambda add: None)
    before = sorted(settings.data.rglob("*"))
    ended = inside(command, BAROMETER_SITE=settings.data)
    assert (ended.exit_code, "BAROMETER_SITE: " in ended.stderr) == (2, True), ended.stderr
    assert sorted(settings.data.rglob("*")) == before


def test_one_that_cannot_look_hides_nothing(settings: Settings):
    """What may not be read, and what is no file where one is expected, is a problem of its own line."""
    settings.run_log.mkdir(parents=True)
    (settings.data / "archive" / "pypi").mkdir(parents=True)
    (settings.data / "archive" / "quarantine.jsonl").mkdir()
    (settings.data / "writer.lock").mkdir()

    of_machine, of_schedule = by_check(machine.look(settings)), by_check(schedule.look(settings))
    assert list(of_schedule) == ["schedule", "last run", "published"]
    assert of_schedule["last run"].found.endswith(
        "runs.jsonl: Is a directory, expected a place that can be used"
    )
    problems = [check for check, told in of_machine.items() if told.verdict is Verdict.PROBLEM]
    assert problems == ["archive", "writer"] and "disk" in of_machine


def test_settings_that_cannot_be_read_are_a_line(inside):
    """And addresses of news that nobody understands, without what is secret of them."""
    wrong = inside("doctor", BAROMETER_NOW="soon")
    assert (wrong.exit_code, wrong.stdout[:43]) == (2, "problem  settings           BAROMETER_NOW: ")
    assert wrong.stderr == ""


def test_news_that_reach_nobody_are_a_problem(settings: Settings):
    """Addresses that are not understood, without what is secret of them."""
    found = by_check(machine.look(replace(settings, notify="http://[::1 secretnotify")))["news"]
    assert (found.verdict, found.found[:18]) == (Verdict.PROBLEM, "BAROMETER_NOTIFY: ")
    assert "secretnotify" not in found.found
    assert by_check(machine.look(replace(settings, notify="json://h/")))["news"].verdict is Verdict.OK


@pytest.mark.parametrize(
    ("hours", "told"), [(0, "0 hours"), (47, "47 hours"), (48, "2 days"), (11529, "480 days")]
)
def test_a_long_time_is_told_in_days(hours: int, told: str):
    """Nobody reckons with thousands of hours."""
    assert schedule.ago(timedelta(hours=hours)) == told
