"""The doctor: a line for each thing, what to do where it is not well, and the worst as exit code."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from flows.checkup import Finding, Verdict, machine, schedule, sources
from flows.demo.facts import CLOCK
from warehouse.archive import record_attempt
from warehouse.lock import only_writer
from warehouse.run_log import Run, append_run
from warehouse.settings import PUBLIC_URLS, Settings


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
