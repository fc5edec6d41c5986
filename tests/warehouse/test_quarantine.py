"""What is in quarantine is left out of every reading, and the archive stays as it is."""

import gzip
import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from flows.pipeline.steps import ecosystem_of, load_archive
from warehouse.archive.compact import compact
from warehouse.archive.quarantine import LIST, Entry, Place, add_entries, quarantined, read_place
from warehouse.archive.verify import verified
from warehouse.archive.write import Page, archived_files, name_of, record_attempt
from warehouse.build.load import open_work
from warehouse.config.settings import Settings
from warehouse.errors import ArchiveDamaged, ConfigurationError

NOON = datetime(2025, 8, 6, 12, tzinfo=UTC)
LAST_MONTH = NOON - timedelta(days=40)


def record(settings: Settings, at: datetime, *pages: Page) -> Place:
    record_attempt(settings.archive, "pypi", lambda: at, lambda add: [add(page) for page in pages] and None)
    return Place(name_of(archived_files(settings.archive)[-1]))


def page(key: str, at: datetime, **changes: object) -> Page:
    return replace(Page("overall", key, "https://x.example/", 200, at, b'{"n": 1}'), **changes)


def out(settings: Settings, place: Place, *, is_out: bool = True) -> None:
    add_entries(settings.archive, [Entry(place, "it counts twice", NOON, "hand", is_out)])


def answered(settings: Settings) -> set[str]:
    return {key for _, key in load_archive(settings, ecosystem_of(settings))["pypi"]}


def test_a_file_or_a_line_is_left_out_and_taken_in_again(settings: Settings):
    """From a work database, a month file and a past day alike; the archive is as it was."""
    first = record(settings, LAST_MONTH, page("a", LAST_MONTH), page("b", LAST_MONTH))
    second = record(settings, NOON, page("c", NOON), page("d", NOON))
    assert compact(settings.archive, NOON) == 1
    before = {file: file.read_bytes() for file in settings.archive.rglob("*.*")}
    assert answered(settings) == {"a", "b", "c", "d"}

    out(settings, first)
    out(settings, replace(second, line=2))
    assert answered(settings) == {"c"}
    past = settings.of(date(2025, 7, 1))
    assert answered(past) == set()
    with open_work(settings) as work:
        told = work.execute("select key, problem from raw.pages order by key").fetchall()
        assert told == [("c", None), ("d", "quarantined: it counts twice")]

    out(settings, first, is_out=False)
    assert answered(settings) == {"a", "b", "c"} and answered(past) == {"a", "b"}
    assert [str(entry.place) for entry in quarantined(settings.archive)] == [f"{second.file}:2"]
    assert len((settings.archive / LIST).read_text().splitlines()) == 3, "what was said stays on record"
    assert {file: file.read_bytes() for file in before} == before and not any(verified(settings.archive))


def test_who_confirms_what_is_not_believed_has_not_answered(settings: Settings):
    """So it is asked for the whole answer again, and not whether it is still the same."""
    told = page("a", LAST_MONTH, etag="v1")
    first = record(settings, LAST_MONTH, told)
    with gzip.open(settings.archive / first.file) as lines:
        digest = json.loads(lines.readline())["sha256"]
    record(settings, NOON, page("a", NOON, status=304, body=b"", etag="v1", same_as=digest))
    assert answered(settings) == {"a"}
    for place in (first, replace(first, line=1)):
        out(settings, place)
        assert answered(settings) == set()
        out(settings, place, is_out=False)


def test_a_damaged_file_in_quarantine_blocks_nothing(settings: Settings):
    """Nothing of it is read, and its damage is known."""
    damaged = record(settings, NOON, page("a", NOON))
    record(settings, NOON + timedelta(seconds=1), page("b", NOON))
    (settings.archive / damaged.file).write_bytes(b"damaged")
    with pytest.raises(ArchiveDamaged, match=damaged.file):
        answered(settings)
    out(settings, damaged)
    assert answered(settings) == {"b"} and not any(verified(settings.archive))
    assert compact(settings.archive, NOON + timedelta(days=40)) == 1 and answered(settings) == {"b"}


def test_a_place_is_named_as_messages_write_it(settings: Settings):
    """Or as a path; what is no file of the archive is told with one that is."""
    file = record(settings, NOON, page("a", NOON)).file
    assert read_place(f"{file}:3", settings.archive) == Place(file, 3)
    assert read_place(str(settings.archive / file), settings.archive) == Place(file)
    for wrong in ("pypi/other.jsonl.gz", f"{file}:0", f"{file}:x", ""):
        with pytest.raises(ConfigurationError, match=f"expected one like {file}"):
            read_place(wrong, settings.archive)


def test_a_list_that_cannot_be_read_is_told_with_its_line(settings: Settings):
    """To pass over it would be to believe what somebody took out."""
    place = record(settings, NOON, page("a", NOON))
    out(settings, place)
    (settings.archive / LIST).write_text('{"file": "pypi/x", "line": null}\n')
    with pytest.raises(ArchiveDamaged, match=r"quarantine.jsonl: line 1: found"):
        quarantined(settings.archive)
