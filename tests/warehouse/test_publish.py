"""Publishing: marts become the published file by rename; readers and a run never wait for each other."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import duckdb
import pytest

from tests.hand_made import MARTS
from warehouse.build.load import open_work
from warehouse.build.publish import publish
from warehouse.config.settings import Settings
from warehouse.disk import wal_of
from warehouse.errors import GateClosed, NothingPublished
from warehouse.published.open import open_published

# A reader in a process of its own: opens the file, waits, asks again, then opens it anew.
READER = """
import sys
from pathlib import Path
from warehouse.disk import wal_of
from warehouse.published.open import open_published

file = Path(sys.argv[1])
with open_published(file) as published:
    print(published.rows("from numbers"), flush=True)
    input()
    print(published.rows("from numbers"), flush=True)
with open_published(file) as published:
    print(published.rows("from numbers"), flush=True)
"""


@contextmanager
def mart(settings: Settings, value: int) -> Iterator[duckdb.DuckDBPyConnection]:
    with open_work(settings) as connection:
        connection.execute(MARTS)
        connection.execute(f"create or replace table marts.numbers as select {value} as n")
        connection.execute("comment on table marts.numbers is 'It''s numbers'")
        connection.execute("comment on column marts.numbers.n is 'A number; unit, none'")
        yield connection


def test_a_reader_and_a_run_do_not_wait_for_each_other(settings: Settings):
    """While a run holds the work database open a reader reads; while it reads, the run publishes.

    The reader that has the old file open keeps its rows; who opens the file anew has the new ones.
    """
    with mart(settings, 1) as connection:
        publish(connection, settings)
        reader = subprocess.Popen(
            [sys.executable, "-c", READER, str(settings.published_file)], stdin=-1, stdout=-1, text=True
        )
        assert reader.stdout.readline() == "[{'n': 1}]\n"
    with mart(settings, 2) as connection:
        publish(connection, settings)
        rest, _ = reader.communicate("\n", timeout=60)

    assert rest.splitlines() == ["[{'n': 1}]", "[{'n': 2}]"]
    assert reader.returncode == 0


# As an editor's extension: it holds the file for writing, and what it wrote is in a log beside it.
HOLDER = """
import duckdb, sys
connection = duckdb.connect(sys.argv[1])
connection.execute("create table notes as select 'mine' as note")
print("held", flush=True)
input()
"""


def test_a_program_that_holds_the_file_for_writing_blocks_nobody(settings: Settings):
    """Readers read what was published, a run publishes the next, and every client can open that."""
    file = settings.published_file
    with mart(settings, 1) as connection:
        publish(connection, settings)
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(file)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout.readline() == "held\n"
        with open_published(file) as published:
            assert published.rows("from numbers") == [{"n": 1}] and "notes" not in published.tables()
        with mart(settings, 2) as connection:
            publish(connection, settings)
        with duckdb.connect(file, read_only=True) as client:
            assert client.execute("from numbers").fetchall() == [(2,)]
        holder.communicate("\n", timeout=60)
    with open_published(file) as published:
        assert published.rows("from numbers") == [{"n": 2}]


def test_what_a_killed_program_left_beside_the_file_is_not_read(settings: Settings):
    """It held the file for writing and was killed: readers read what was published."""
    with mart(settings, 1) as connection:
        publish(connection, settings)
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(settings.published_file)], stdin=-1, stdout=-1, text=True
    ) as holder:
        assert holder.stdout.readline() == "held\n"
        holder.kill()
    assert wal_of(settings.published_file).exists()
    with open_published(settings.published_file) as published:
        assert published.rows("from numbers") == [{"n": 1}] and "notes" not in published.tables()


def test_comments_come_along(settings: Settings):
    """The descriptions of table and column are in the published file, quotes and all."""
    with mart(settings, 1) as connection:
        rows = publish(connection, settings)
    assert {table for table, number in rows.items() if number} == {"numbers"} and rows["numbers"] == 1
    with open_published(settings.published_file) as published:
        assert published.rows("select comment from duckdb_tables() where table_name = 'numbers'") == [
            {"comment": "It's numbers"}
        ]
        assert published.rows("select comment from duckdb_columns() where column_name = 'n'") == [
            {"comment": "A number; unit, none"}
        ]


def test_a_publication_that_fails_leaves_the_last_file(settings: Settings):
    """The last file stays until the new one is whole; what a killed run left behind is no hindrance."""
    with mart(settings, 1) as connection:
        publish(connection, settings)
    before = settings.published_file.read_bytes()
    half_written = settings.data / "barometer.duckdb.new"

    half_written.mkdir()
    with mart(settings, 2) as connection, pytest.raises(OSError):
        publish(connection, settings)
    assert settings.published_file.read_bytes() == before

    half_written.rmdir()
    half_written.write_bytes(before[:5000])
    with mart(settings, 2) as connection:
        publish(connection, settings)
    with open_published(settings.published_file) as published:
        assert published.rows("from numbers") == [{"n": 2}]
    assert not half_written.exists()


def test_a_macro_that_does_not_fit_its_tables_keeps_the_last_file(settings: Settings):
    """A broken macro is found before readers find it."""
    with mart(settings, 1) as connection:
        publish(connection, settings)
    with mart(settings, 2) as connection:
        connection.execute("alter table marts.observations rename to figures")
        with pytest.raises(GateClosed, match=r"published_macros.sql: .*observations does not exist"):
            publish(connection, settings)
    with open_published(settings.published_file) as published:
        assert published.rows("from numbers") == [{"n": 1}]


def test_older_readers_can_open_the_file(settings: Settings):
    """It is stored as DuckDB 1.0 stores, whatever version writes it."""
    with mart(settings, 1) as connection:
        publish(connection, settings)
    with duckdb.connect(settings.published_file, read_only=True) as reader:
        assert reader.execute("select tags from duckdb_databases() where not internal").fetchall() == [
            ({"storage_version": "v1.0.0+"},)
        ]


def test_a_file_that_does_not_exist_or_is_no_database_is_told(settings: Settings):
    """Neither gives a traceback, both name the file and what to do."""
    with (
        pytest.raises(NothingPublished, match=r"barometer.duckdb: nothing has been published yet"),
        open_published(settings.published_file),
    ):
        pass
    settings.data.mkdir()
    settings.published_file.write_text("not a database")
    with (
        pytest.raises(NothingPublished, match=r"barometer.duckdb: cannot be opened as a DuckDB file"),
        open_published(settings.published_file),
    ):
        pass
