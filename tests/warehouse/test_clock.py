"""A clock that was ahead: what was answered then is asked again; one that is behind writes nothing."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from flows.pipeline.steps import ecosystem_of, load_archive
from warehouse.archive.clock import of_the_future, require_clock
from warehouse.archive.quarantine import Entry, Place, add_entries
from warehouse.archive.write import Page, name_of, record_attempt
from warehouse.config.settings import Settings
from warehouse.errors import ConfigurationError

NOON = datetime(2025, 8, 6, 12, tzinfo=UTC)


def at(settings: Settings, moment: datetime) -> Settings:
    return replace(settings, clock=lambda: moment)


def record(settings: Settings, key: str, *, started_at: datetime, answered_at: datetime) -> None:
    page = Page("overall", key, "https://x.example/", 200, answered_at, b"{}")
    record_attempt(settings.archive, "pypi", lambda: started_at, lambda add: add(page))


def answered(settings: Settings) -> set[str]:
    return {key for _, key in load_archive(settings, ecosystem_of(settings))["pypi"]}


def test_what_was_answered_by_a_clock_some_hours_ahead_waits_for_its_time(settings: Settings):
    """Until then its questions count as never asked, also where the clock leapt in the middle of a run."""
    soon = NOON + timedelta(hours=5)
    record(settings, "now", started_at=NOON, answered_at=NOON)
    record(settings, "ahead", started_at=soon, answered_at=soon)
    record(settings, "leapt", started_at=NOON, answered_at=soon)
    assert answered(at(settings, soon)) == {"now", "ahead", "leapt"}

    assert answered(at(settings, NOON)) == {"now"}, "also when a work database has read them"
    assert answered(at(settings, soon)) >= {"now", "ahead"}


def test_a_clock_far_behind_the_archive_writes_nothing_until_it_is_told(settings: Settings):
    """Whichever of the two was wrong, a person says; what was answered ahead is never believed."""
    in_two_years = NOON + timedelta(days=730)
    record(settings, "now", started_at=NOON, answered_at=NOON)
    record(settings, "ahead", started_at=in_two_years, answered_at=in_two_years)
    expected = (
        r"found 2025-08-06 12:00 UTC, expected .* 2027-08-06 12:00; set .* `barometer quarantine --future`"
    )
    with pytest.raises(ConfigurationError, match=expected):
        load_archive(settings, ecosystem_of(settings))
    assert not settings.work_file.exists()
    require_clock(settings.of(NOON.date()))  # a past day has a clock of its own

    (ahead,) = of_the_future(settings)
    add_entries(settings.archive, [Entry(Place(name_of(ahead)), "the clock was ahead", NOON, "hand")])
    assert answered(settings) == {"now"}
    assert answered(at(settings, in_two_years)) == {"now"}
