"""What stands in the place of what a gate withholds: the files that the published one was built from."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import duckdb
import pytest

from flows.gate import last_publication, next_less
from warehouse.archive import record_attempt
from warehouse.errors import GateClosed
from warehouse.work import Withheld

NOON = datetime(2025, 8, 6, 12, tzinfo=UTC)
IDENTIFIERS = (
    "create table identifiers as select 'torch' as subject_id, 'pypi' as source_id, 'torch' as identifier, "
    "null::date as valid_from, null::date as valid_until, null::varchar as within"
)
ROWS = [["torch", "pypi", "torch", None, None, None]]


def publish(settings, *statements):
    """A published file of an earlier version, which has the tables that it had."""
    settings.data.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(settings.published_file) as connection:
        for statement in statements:
            connection.execute(statement)


def test_the_last_publication_is_the_files_that_it_was_built_from(settings):
    """By source, with the identifiers of that time."""
    publish(
        settings,
        "create table source_attempts as select * from (values ('pypi/b', 'pypi'), ('pypi/a', 'pypi'), "
        "('github/c', 'github')) as told (archive_file, source_id)",
        IDENTIFIERS,
    )
    found = last_publication(settings)
    assert found.files == {"pypi": {"pypi/a", "pypi/b"}, "github": {"github/c"}}
    assert [list(row) for row in found.identifiers_of("pypi")] == ROWS
    assert found.identifiers_of("github") == []


def test_a_published_file_that_names_no_files_falls_back_to_the_time(settings):
    """Of before attempts were published: all files until a source's last one; without a file, none."""
    assert last_publication(settings).files == {}
    for hours in (0, 1, 2):
        at = NOON + timedelta(hours=hours)
        record_attempt(settings.archive, "pypi", lambda at=at: at, lambda add: None)
    publish(
        settings,
        "create table source_status as select * from (values ('pypi', timestamptz '2025-08-06 13:00:00+00'), "
        "('github', null)) as told (source_id, last_attempt_at)",
    )
    found = last_publication(settings)
    assert [sorted(name[:22] for name in names) for names in found.files.values()] == [
        ["pypi/20250806T120000Z-", "pypi/20250806T130000Z-"]
    ]
    assert found.identifiers_of("pypi") is None


def test_each_failure_leaves_less_of_a_source(settings):
    """First its newest answers go, then the checks of what was published, then all; then nothing is left."""
    publish(
        settings,
        "create table source_attempts as select 'pypi/a' as archive_file, 'pypi' as source_id",
        IDENTIFIERS,
    )
    published = last_publication(settings)
    first = next_less("pypi", "a", None, published)
    assert first == Withheld("pypi", frozenset({"pypi/a"}), "a")
    second = next_less("pypi", "b", first, published)
    assert replace(second, identifiers=None) == replace(first, reason="b", is_checked=False)
    assert [list(row) for row in second.identifiers] == ROWS
    third = next_less("pypi", "c", second, published)
    assert third == Withheld("pypi", frozenset(), "c")
    with pytest.raises(GateClosed, match="d"):
        next_less("pypi", "d", third, published)
    assert next_less("never", "a", None, published) == Withheld("never", frozenset(), "a")
