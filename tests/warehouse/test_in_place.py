"""A further publication changes a copy of the last: it holds what a full one would, whatever has happened."""

import os
import random
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest

from tests.hand_made import MARTS
from warehouse.build.in_place import last_file
from warehouse.build.load import open_work
from warehouse.build.publish import publish
from warehouse.config.settings import Settings
from warehouse.disk import copy_file, wal_of
from warehouse.published.open import open_published

SUBJECTS, METRICS = ("a", "b", "c"), ("downloads", "views", "told whole")
TODAY = date(2025, 2, 3)
# So many random days are published; what they share with a full publication is all.
DAYS = int(os.environ.get("BAROMETER_TEST_PUBLICATIONS", "15"))

# Each so many lines of a publication one is killed there; 1 takes minutes.
EVERY = int(os.environ.get("BAROMETER_TEST_KILLED_EVERY", "25"))

# As dbt's: the judged observations are a view of what was observed and of what is to be said of it.
WORK = """
create table intermediate.int_observations (
    subject_id varchar, metric_id varchar, period_start date, period_end date, value double, low double,
    high double, state varchar, basis varchar, observed_at timestamptz
);
drop table marts.observations;
create view marts.observations as
select
    subject_id, metric_id, period_start, period_end, value, low, high,
    case when suspect_reason is not null then 'suspect' else state end as state, basis, observed_at,
    suspect_reason as state_reason, coalesce(revision, 0) as revision
from intermediate.int_observations
left join intermediate.int_marks using (subject_id, metric_id, period_start);
comment on view marts.observations is 'What was observed';
comment on column marts.observations.value is 'In the metric''s unit';
insert into marts.subjects values ('a', null), ('b', '2020-01-01');
create table marts.downloads as
select name, day::date as day, hash(name, day) % 100 as n, null::varchar as told
from
    (select unnest(['a', 'b']) as name),
    range(date '2021-01-01', date '2025-02-03', interval 1 day) as days (day);
comment on table marts.downloads is 'By day';
"""
# What may become of a table of days: more, fewer, others, other columns.
DAYS_TOLD = (
    "insert into marts.downloads by name select 'a' as name, max(day) + 1 as day from marts.downloads",
    "insert into marts.downloads by name select 'c' as name, '2024-03-01'::date as day",
    "delete from marts.downloads where name = 'a' and day = (select max(day) - 400 from marts.downloads)",
    "update marts.downloads set told = 'odd' where hash(day, n) % 50 = 0 and day > '2024-01-01'",
    "update marts.downloads set n = n + 1 where name = 'b' and day = '2022-05-05'",
    "update marts.downloads set name = case name when 'a' then 'b' else 'a' end where day = '2023-05-05'",
    "alter table marts.downloads add column more integer",
)
OBSERVED = """
insert into intermediate.int_observations
select subject_id, metric_id, day::date, day::date, {seed} + hash(subject_id, metric_id, day) % 100,
    null, null, 'ok', 'own', '2025-01-01'
from
    (select unnest($subjects) as subject_id), (select unnest($metrics) as metric_id),
    range(date '{first}', date '{end}', interval 1 day) as days (day)
where hash(subject_id, metric_id, day, {seed}) % 50 > 0
"""

UNMARKED = "delete from intermediate.int_marks where hash(period_start, ?) % 2 = 0"
MARKED = """
insert into intermediate.int_marks
select subject_id, metric_id, period_start, 'unusual', null, 1
from intermediate.int_observations
anti join intermediate.int_marks using (subject_id, metric_id, period_start)
where hash(period_start, subject_id, ?) % 97 = 0
"""

File = dict[str, object]


@contextmanager
def work(settings: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a work database with four years of three subjects, of which all is told anew."""
    with open_work(settings) as connection:
        connection.execute(MARTS + WORK)
        tell_anew(connection, dict.fromkeys(METRICS, "-infinity"), "2021-01-01", TODAY)
        yield connection


def tell_anew(
    connection: duckdb.DuckDBPyConnection, days: dict[str, str], first: str, end: date, seed: int = 1
) -> None:
    """Build these metrics anew from a day on, each, with other figures from the `first` one on."""
    connection.execute("delete from intermediate.int_renewed")
    for metric in METRICS:
        day = days.get(metric, "infinity")
        connection.execute("insert into intermediate.int_renewed values (?, ?::date)", [metric, day])
    changed = f"metric_id in (select unnest($metrics)) and period_start >= date '{first}'"
    names = {"metrics": list(days)}
    connection.execute(f"delete from intermediate.int_observations where {changed}", names)
    told = OBSERVED.format(seed=seed, first=first, end=end)
    connection.execute(told, names | {"subjects": list(SUBJECTS)})
    connection.execute(last_file.WHAT_IS_UNPUBLISHED)


def copies(connection: duckdb.DuckDBPyConnection) -> int:
    """Return how often the published file was copied since it was last written whole."""
    return int(connection.execute("select copies from raw.published").fetchall()[0][0])


def content(file: Path) -> File:
    """Return all that readers see: rows as they lie, columns, comments, macros."""
    with open_published(file) as published:
        rows: File = {table: published.query(f"from {table}") for table in published.tables()}
        told = {
            "tables": "table_name, comment from duckdb_tables()",
            "columns": "table_name, column_name, column_index, data_type, comment from duckdb_columns()",
            "macros": "function_name, macro_definition, comment from duckdb_functions()",
        }
        catalog = {
            name: published.query(f"select {sql} where not internal order by all")[1]
            for name, sql in told.items()
        }
        return rows | catalog


def full(connection: duckdb.DuckDBPyConnection, settings: Settings, folder: Path) -> File:
    """Return what a full publication of the same work database holds."""
    shutil.rmtree(folder, ignore_errors=True)
    elsewhere = replace(settings, data=folder)
    folder.mkdir()
    state = ("published", "unpublished", "published_marks")
    for table in state:
        connection.execute(f"create or replace temp table kept_{table} as from raw.{table}")
    publish(connection, elsewhere)
    for table in state:
        connection.execute(f"create or replace table raw.{table} as from kept_{table}")
    return content(elsewhere.published_file)


def a_random_day(connection: duckdb.DuckDBPyConnection, draw: random.Random, day: date) -> None:
    """Build what a day may bring: new figures, mended, more and less of them, marks, tables and comments."""
    since = {
        name: str(day - timedelta(days=draw.randrange(90))) for name in METRICS[:2] if draw.random() < 0.8
    }
    first = max(since.values(), default=str(day))
    tell_anew(connection, since, first, day + timedelta(days=1), seed=draw.randrange(3))
    if draw.random() < 0.3:
        # Told anew as a whole, it changes in the past where it stands, or has more and fewer rows there.
        seed, first = draw.choice([(1, "2024-12-20"), (draw.randrange(9), "2024-11-01")])
        tell_anew(connection, since | {"told whole": "-infinity"}, first, day, seed)
        if draw.random() < 0.5:
            connection.execute(
                "update intermediate.int_observations set value = value + 1 "
                "where metric_id = 'told whole' and day(period_start) = ?",
                [draw.randrange(1, 29)],
            )
    if draw.random() < 0.5:
        connection.execute(UNMARKED, [str(day)])
        connection.execute(MARKED, [str(day)])
    if draw.random() < 0.3:
        connection.execute(f"create or replace table marts.numbers as select {draw.random()} as n")
        connection.execute(f"comment on table marts.numbers is 'Of {day}'")
        connection.execute(f"comment on column marts.observations.low is 'Of {day}'")
    if draw.random() < 0.2:
        connection.execute("drop table if exists marts.numbers")
    for statement in draw.sample(DAYS_TOLD, draw.randrange(3)):
        connection.execute(statement.replace("more", f"more_{day:%Y_%m_%d}"))


def test_whatever_a_day_brings_it_is_as_a_full_publication(settings: Settings, tmp_path: Path):
    """After each of many random days rows, their order, comments and macros are those of a full one.

    Some of the days are published together with the next.
    """
    draw, in_place = random.Random(11), list[bool]()
    with work(settings) as connection:
        publish(connection, settings)
        for number in range(DAYS):
            a_random_day(connection, draw, TODAY + timedelta(days=number))
            if draw.random() < 0.2:
                continue
            publish(connection, settings)
            in_place.append(copies(connection) > 0)
            assert content(settings.published_file) == full(connection, settings, tmp_path / "full"), number
    assert sum(in_place) > len(in_place) / 2


# What may have become of the file, or of what is known of it, each of which is no reason to fail.
FILES = {
    "gone": lambda file: file.unlink(),
    "cut": lambda file: os.truncate(file, 300_000),
    "spoilt": lambda file: write_into(file),
    "another": lambda file: file.with_name("copy").write_bytes(file.read_bytes()) and replace_by_copy(file),
    "no database": lambda file: file.write_text("no database"),
}
KNOWN = {
    "of another version": "update raw.published set made_by = 'another version'",
    "of another work database": "delete from raw.published",
    "copied often": f"update raw.published set copies = {last_file.MOST_COPIES}",
    "all told anew": "update intermediate.int_renewed set renewed_from = '-infinity'",
    "other columns": "create or replace view marts.observations as "
    "select * replace (value::integer as value) from intermediate.int_observations",
    "mostly others": "insert into intermediate.int_observations by name select * replace ("
    "period_start - 2000 as period_start) from intermediate.int_observations limit 1; "
    "update intermediate.int_renewed set renewed_from = '2015-01-01'",
}


def write_into(file: Path) -> None:
    with file.open("r+b") as spoilt:
        spoilt.seek(200_000)
        spoilt.write(b"spoilt")


def replace_by_copy(file: Path) -> None:
    file.with_name("copy").replace(file)


@pytest.mark.parametrize("what", FILES)
def test_a_file_that_is_not_as_it_was_written_is_not_copied(settings: Settings, tmp_path: Path, what: str):
    """It is made from nothing, whole."""
    with work(settings) as connection:
        publish(connection, settings)
        FILES[what](settings.published_file)
        a_quiet_day(connection)
        publish(connection, settings)
        assert copies(connection) == 0
        assert content(settings.published_file) == full(connection, settings, tmp_path / "full")


@pytest.mark.parametrize("what", KNOWN)
def test_where_it_is_not_known_what_has_changed_all_is_written_anew(
    settings: Settings, tmp_path: Path, what: str
):
    """So it is where most would change, or the columns have."""
    with work(settings) as connection:
        publish(connection, settings)
        a_quiet_day(connection)
        connection.execute(KNOWN[what])
        publish(connection, settings)
        assert copies(connection) == 0
        assert content(settings.published_file) == full(connection, settings, tmp_path / "full")


def a_quiet_day(connection: duckdb.DuckDBPyConnection, seed: int = 1) -> None:
    """Build one day more of one metric."""
    tell_anew(connection, {"views": str(TODAY)}, str(TODAY), TODAY + timedelta(days=1), seed)


def test_after_a_quiet_day_the_file_is_a_changed_copy(settings: Settings, tmp_path: Path):
    """DuckDB 1.0 can open it, who has the last one open keeps that, and it does not grow for ever."""
    with work(settings) as connection:
        publish(connection, settings)
        first = content(settings.published_file)
        size = settings.published_file.stat().st_size
        with open_published(settings.published_file) as reader:
            for copied in range(1, 6):
                a_quiet_day(connection)
                publish(connection, settings)
                assert copies(connection) == copied
            assert reader.query("from observations") == first["observations"]
        assert content(settings.published_file) == full(connection, settings, tmp_path / "full") != first
        assert settings.published_file.stat().st_size < 2 * size
    with duckdb.connect(settings.published_file, read_only=True) as client:
        assert client.execute("select tags from duckdb_databases() where not internal").fetchall() == [
            ({"storage_version": "v1.0.0+"},)
        ]


def test_what_several_builds_have_told_is_published_at_once(settings: Settings, tmp_path: Path):
    """The last one tells nothing of what the one before has told anew."""
    with work(settings) as connection:
        publish(connection, settings)
        tell_anew(connection, {"downloads": "2024-12-01"}, "2024-12-01", TODAY, seed=2)
        a_quiet_day(connection)
        publish(connection, settings)
        assert copies(connection) == 1
        assert content(settings.published_file) == full(connection, settings, tmp_path / "full")


# Killed at the n-th of the lines that publish, each of which counts when it is first come to.
KILLED = """
import os, signal, sys
from pathlib import Path
from warehouse.build.load import open_work
from warehouse.build.publish import publish
from warehouse.config.settings import read_settings

lines, last = set(), int(sys.argv[1])

def count(frame, event, argument):
    if frame.f_code.co_filename.endswith(("build/publish.py", "last_file.py", "observations.py", "days.py")):
        lines.add((frame.f_code.co_filename, frame.f_lineno))
        if len(lines) == last:
            os.kill(os.getpid(), signal.SIGKILL)
    return count

with open_work(settings := read_settings()) as connection:
    sys.settrace(count)
    publish(connection, settings)
    sys.settrace(None)
print(len(lines))
"""


def test_killed_between_any_two_steps_it_leaves_a_whole_file(settings: Settings, tmp_path: Path, monkeypatch):
    """It is the last one or the next; what is left behind is no hindrance for the next publication."""
    monkeypatch.setenv("BAROMETER_DATA", str(settings.data))
    monkeypatch.setenv("BAROMETER_CONFIG", str(settings.config))
    with work(settings) as connection:
        publish(connection, settings)
    found, told = list[bool](), -signal.SIGKILL
    for line in range(random.Random(1).randrange(1, EVERY + 1), 1000, EVERY):
        before = content(settings.published_file)
        with open_work(settings) as connection:
            a_quiet_day(connection, seed=line)
            after = full(connection, settings, tmp_path / "full")
        told = publish_until(line)
        if told != -signal.SIGKILL:  # there are no more lines
            break
        assert content(settings.published_file) in (before, after)
        found.append(content(settings.published_file) == after)
        assert publish_until(1000) > 0
        assert content(settings.published_file) == after
    assert told > 50 and found == sorted(found)


def publish_until(line: int) -> int:
    """Publish in a process that ends at this line; return how many there were, or how it ended."""
    done = subprocess.run([sys.executable, "-c", KILLED, str(line)], stdout=subprocess.PIPE, text=True)
    return done.returncode or int(done.stdout)


def test_what_a_killed_publication_left_in_a_log_is_not_published(settings: Settings, tmp_path: Path):
    """DuckDB would apply the log beside the copy to it, or refuse to open it."""
    with work(settings) as connection:
        publish(connection, settings)
        a_quiet_day(connection)
        left = settings.published_file.with_suffix(".duckdb.new")
        holder = duckdb.connect(copy_file(settings.published_file, left) or left)
        holder.execute("delete from observations where metric_id = 'downloads'")
        log = wal_of(left).read_bytes()
        holder.close()
        wal_of(left).write_bytes(log)
        publish(connection, settings)
        assert copies(connection) == 1
        assert content(settings.published_file) == full(connection, settings, tmp_path / "full")
