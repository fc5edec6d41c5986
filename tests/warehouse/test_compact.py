"""Compacting changes where the archive's files lie, and nothing that can be read of them."""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from flows.pipeline.steps import ecosystem_of
from warehouse.archive.compact import compact
from warehouse.archive.month_files import month_files, read_attempt, write_month
from warehouse.archive.recovery import recover_interrupted
from warehouse.archive.verify import verified
from warehouse.archive.write import Page, archived_files, record_attempt
from warehouse.build.load import forget_work, load, open_work
from warehouse.config.settings import Settings
from warehouse.errors import ArchiveDamaged

DAYS = [date(2025, 6, 29), date(2025, 6, 30), date(2025, 7, 1), date(2025, 8, 5)]
NOW = datetime(2025, 8, 6, 12, tzinfo=UTC)


@pytest.fixture
def archived(settings: Settings) -> Settings:
    """An archive of two sources with four runs: of June, July and this month."""
    for day in DAYS:
        at = datetime(day.year, day.month, day.day, 6, tzinfo=UTC)
        for source_id in ("github", "pypi"):
            page = Page("overall", "torch", "https://example.org/", 200, at, f"{source_id} {day}".encode())
            record_attempt(settings.archive, source_id, lambda at=at: at, lambda add, page=page: add(page))
    return settings


def contents(settings: Settings) -> dict[Path, bytes]:
    return {file: read_attempt(file) for file in archived_files(settings.archive)}


def loaded(settings: Settings) -> list[tuple[object, ...]]:
    """Everything that a new work database reads from the archive."""
    with open_work(settings):
        pass
    forget_work(settings)
    with open_work(settings) as connection:
        load(connection, settings, ecosystem_of(settings))
        pages = connection.execute("from raw.pages order by page_id").fetchall()
        return pages + connection.execute("from raw.attempts order by file").fetchall()


def test_compacting_changes_nothing_that_is_read(archived: Settings):
    """Byte by byte the same files; the same pages and attempts, today and as of a day within a month."""
    past = archived.of(date(2025, 6, 29))
    before = contents(archived), loaded(archived), loaded(past)
    assert len(before[2]) == 4, "one page and one attempt of each source"

    assert compact(archived.archive, NOW) == 6
    names = sorted(f"{file.parent.name}/{file.name[:7]}" for file in month_files(archived.archive))
    assert names == ["github/2025-06", "github/2025-07", "pypi/2025-06", "pypi/2025-07"]
    assert len(list(archived.archive.glob("*/*.jsonl.gz"))) == 2, "this month's stay as they are"
    assert (contents(archived), loaded(archived), loaded(past)) == before
    assert compact(archived.archive, NOW) == 0
    assert not (archived.folder / "unpacked").exists()


def test_a_work_database_goes_on_after_compacting(archived: Settings):
    """What it has loaded it knows again, packed or not."""
    ecosystem = ecosystem_of(archived)
    with open_work(archived) as connection:
        assert load(connection, archived, ecosystem) == 8
        compact(archived.archive, NOW)
        assert load(connection, archived, ecosystem) == 0


def test_what_comes_later_into_a_packed_month_joins_it(archived: Settings):
    """A killed run of last month, saved this month; the month is one file again."""
    compact(archived.archive, NOW)
    at = datetime(2025, 7, 30, tzinfo=UTC)
    record_attempt(archived.archive, "pypi", lambda: at, lambda add: None)
    before = contents(archived)

    assert compact(archived.archive, NOW) == 1
    assert contents(archived) == before
    assert len(month_files(archived.archive)) == 4


def test_killed_anywhere_nothing_is_lost_or_twice(archived: Settings):
    """Before the month file has its name, and before the originals are gone."""
    before = contents(archived), loaded(archived)
    half = archived.archive / "pypi" / ".0123.tmp"
    june = [file for file in archived_files(archived.archive) if file.match("pypi/202506*")]
    whole = write_month("2025-06", june)
    half.write_bytes(whole.read_bytes()[:100])

    assert recover_interrupted(archived.archive) == 0 and not half.exists()
    assert (contents(archived), loaded(archived)) == before
    june[0].unlink()
    assert compact(archived.archive, NOW) == 5
    assert (contents(archived), loaded(archived)) == before


def test_a_damaged_file_is_not_packed(archived: Settings):
    """It is named, and its month stays as it is."""
    damaged = next(file for file in archived_files(archived.archive) if file.parent.name == "github")
    damaged.write_bytes(damaged.read_bytes()[:-9])
    with pytest.raises(ArchiveDamaged, match=damaged.name):
        compact(archived.archive, NOW)
    assert damaged.exists() and month_files(archived.archive) == []


def test_every_flipped_byte_of_a_month_file_is_harmless_or_found(archived: Settings):
    """No attempt is silently another or missing: what is not as it was, `verified` tells."""
    before = contents(archived)
    compact(archived.archive, NOW)
    month_file = month_files(archived.archive)[0]
    whole, harmless = month_file.read_bytes(), 0
    for place in range(0, len(whole), 3):
        month_file.write_bytes(whole[:place] + bytes([whole[place] ^ 4]) + whole[place + 1 :])
        if not any(verified(archived.archive)):
            assert contents(archived) == before, place
            harmless += 1
    assert harmless < len(whole) / 3 / 4, "dates and the like"
    month_file.write_bytes(whole[:-30])
    with pytest.raises(ArchiveDamaged, match=month_file.name), open_work(archived) as connection:
        load(connection, replace(archived), ecosystem_of(archived))
