"""`barometer quarantine`: what is taken out, by whom and why, and how it is taken in again."""

from datetime import UTC, datetime, timedelta

from flows.commands.checkup import Verdict
from flows.commands.checkup.machine import look
from warehouse.archive.write import Page, archived_files, name_of, record_attempt
from warehouse.config.settings import read_settings

NOON = datetime(2025, 8, 6, 12, tzinfo=UTC)


def record(settings, at):
    page = Page("overall", "torch", "https://x.example/", 200, at, b"{}")
    record_attempt(settings.archive, "pypi", lambda: at, lambda add: add(page))
    return name_of(archived_files(settings.archive)[-1])


def test_an_answer_is_taken_out_and_in_again_on_record(barometer):
    """With a reason, which is listed; a mistake is one line and changes nothing."""
    settings = read_settings(barometer.environment)
    file = record(settings, NOON)
    out = barometer("quarantine", f"{file}:1", "--why", "it counts twice")
    assert (out.returncode, out.stdout) == (
        0,
        "1 taken out; `barometer build` publishes it, and `barometer run` asks again\n",
    )
    listed = barometer("quarantine", COLUMNS="200").stdout
    assert f"{file}:1" in listed and "it counts twice" in listed and "hand" in listed

    for arguments, told in (
        ((file,), "found no reason, expected one"),
        ((file, "--undo"), "found it believed, expected it in quarantine"),
        (("pypi/other", "--undo"), f"expected one like {file}"),
        (("--future", "--undo"), "expected no files and no --undo"),
    ):
        done = barometer("quarantine", *arguments)
        assert done.returncode == 2 and told in done.stderr and "Traceback" not in done.stderr

    assert barometer("quarantine", f"{file}:1", "--undo").returncode == 0
    assert "it counts twice" not in barometer("quarantine", "--list").stdout


def test_of_an_archive_that_is_not_there_nothing_is_taken_out(inside):
    """And no folder is missed for it."""
    ended = inside("quarantine", "--future")
    assert (ended.exit_code, ended.stdout[:11]) == (0, "0 taken out")


def test_what_a_clock_ahead_has_left_is_taken_out_at_once(barometer):
    """`doctor` and every run say so until then: 2, with what to do; nothing is collected or built."""
    settings = read_settings(barometer.environment | {"BAROMETER_NOW": NOON.isoformat()})
    record(settings, NOON)
    file = record(settings, NOON + timedelta(days=400))
    now = {"BAROMETER_NOW": NOON.isoformat()}
    refused = barometer("build", **now)
    assert refused.returncode == 2 and "`barometer quarantine --future`" in refused.stderr
    assert not settings.work_file.exists()
    (found,) = [found for found in look(settings) if found.check == "archive"]
    assert found.verdict == Verdict.PROBLEM
    assert "nothing is collected or built; set the machine's clock" in found.found

    assert barometer("quarantine", "--future", **now).stdout.startswith("1 taken out")
    listed = barometer("quarantine", COLUMNS="200").stdout
    assert file in listed and "the clock said 2026-09-10 12:00 UTC" in listed
    (found,) = [found for found in look(settings) if found.check == "archive"]
    assert found.verdict == Verdict.OK
