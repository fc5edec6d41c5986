"""The work database: a cache of the archive, with the configuration beside it.

`raw.pages` holds every archived answer, `raw.attempts` how each attempt went; both are only ever
appended to. A row of `raw.pages` without a number is room beside a long answer (`warehouse.build.reading`).
The other tables of `raw` are today's configuration, written anew by each load.
"""

import logging
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

import duckdb

from warehouse.archive.clock import latest
from warehouse.archive.month_files import laid_out
from warehouse.archive.quarantine import Entry, believed_files, quarantined
from warehouse.archive.write import LastAnswer, LastAnswers, name_of, started_at
from warehouse.build import registers
from warehouse.build.columns import fill
from warehouse.build.in_place import last_file
from warehouse.build.project import models_digest
from warehouse.build.reading import confirm_bodies, read_files
from warehouse.config.catalog import catalog
from warehouse.config.claims import claims_of
from warehouse.config.ecosystem import Ecosystem
from warehouse.config.settings import Settings
from warehouse.config.tool import placed
from warehouse.disk import storage_told, wal_of
from warehouse.errors import ConfigurationError

logger = logging.getLogger("barometer")

SCHEMA = (
    """
create schema if not exists raw;
create table if not exists raw.pages (
    page_id bigint, source varchar, endpoint varchar, key varchar, fetched_at timestamptz,
    url varchar, status integer, sha256 varchar, etag varchar, same_as varchar, problem varchar,
    file varchar, line bigint, body varchar, body_bytes bigint
);
create table if not exists raw.attempts (
    file varchar primary key, source varchar, started_at timestamptz, finished_at timestamptz,
    answers bigint, refused bigint, bytes bigint, problem varchar, postponed varchar, service varchar
);
create or replace table raw.subjects (
    subject_id varchar, position integer, name varchar, color varchar, first_release_on date
);
create or replace table raw.identifiers (
    subject_id varchar, source_id varchar, identifier varchar,
    valid_from date, valid_until date, within varchar
);
create or replace table raw.tools (
    tool_id varchar, position integer, name varchar, theme varchar, subject_id varchar
);
create or replace table raw.comparisons (
    comparison_id varchar, position integer, question varchar, subjects varchar, measures varchar
);
create or replace table raw.tool_identifiers (
    tool_id varchar, source_id varchar, identifier varchar,
    valid_from date, valid_until date, within varchar, pulled_in_by varchar
);
create or replace view raw.every_identifier as
select * from raw.identifiers
union all
select * exclude (pulled_in_by) from raw.tool_identifiers;
create or replace table raw.sources (source_id varchar, expected_lag_days integer, ended_on date);
create or replace table raw.quarantined (
    source_id varchar, file varchar, line bigint, why varchar, said_at timestamptz, said_by varchar
);
create or replace table raw.withheld (source_id varchar, reason varchar, is_checked boolean);
create table if not exists raw.checks (
    check_id varchar, source_id varchar, severity varchar, passed boolean, failing_rows bigint,
    detail varchar, checked_at timestamptz
);
create or replace table raw.expectations (
    source_id varchar, expectation varchar, at_least double, at_most double, reason varchar
);
create or replace table raw.build (
    built_at timestamptz, code_version varchar, demo boolean, question varchar, models_sha256 varchar,
    configuration_sha256 varchar
);
create table if not exists raw.built (
    page_id bigint, attempts bigint, configuration_sha256 varchar, built_at timestamptz
);
"""
    + registers.SCHEMA
    + last_file.SCHEMA
)

# Before the blocks of a DuckDB file.
HEADER_BYTES = 3 * 4096

# Ten years of days are thousands of files, which do not fit into memory together.
FILES_AT_ONCE = 250

# What a person or the gate took out of single files; the question is asked again, as after any refusal.
LEAVE_OUT = """
update raw.pages as pages
set problem = 'quarantined: ' || quarantined.why
from raw.quarantined as quarantined
where
    pages.file = quarantined.file and pages.line = quarantined.line
    and pages.problem is null and pages.file in (select file from lines)
"""

NOT_YET = """
update raw.pages
set problem = 'answered at ' || fetched_at || ', which was not yet when it was read'
where fetched_at > $latest and problem is null and file in (select file from lines)
"""


class WorkDamaged(ConfigurationError):
    """The work database is there and free, and cannot be read; it is a cache, and can be made anew."""


@contextmanager
def open_work(settings: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the work database for writing.

    Raises ConfigurationError when the folder cannot be written or another run holds the file, WorkDamaged
    when it is cut or no database at all, and StorageFailed when the disk is full.
    """
    try:
        settings.folder.mkdir(parents=True, exist_ok=True)
        connection = duckdb.connect(settings.work_file)
    except (OSError, duckdb.Error) as error:
        if _is_damaged(error, settings):
            raise _work_damaged(settings, _first_line(error)) from error
        raise ConfigurationError(
            f"BAROMETER_DATA: {settings.work_file}: {_first_line(error)}; "
            "expected a folder that can be written and that no other run is writing"
        ) from error
    try:
        _require_whole(connection, settings)
        connection.execute("set TimeZone = 'UTC'")
        connection.execute(f"set memory_limit = '{settings.memory_limit}'")
        # What cannot be written is told by the write, or by the commit that was to make it last.
        with storage_told(settings.folder, duckdb.IOException, duckdb.TransactionException):
            yield connection
    finally:
        connection.close()


def _require_whole(connection: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    """Raise WorkDamaged for a file with less room than its own list of blocks in use takes."""
    size = "select used_blocks * block_size from pragma_database_size()"
    told = HEADER_BYTES + connection.execute(size).fetchall()[0][0]
    found = settings.work_file.stat().st_size
    if found < told:
        raise _work_damaged(settings, f"found {found:,} bytes, expected {told:,} at least")


def _work_damaged(settings: Settings, found: str) -> WorkDamaged:
    return WorkDamaged(
        f"BAROMETER_DATA: {settings.work_file}: {found}; expected a work database, which `barometer rebuild` "
        "makes again from the archive"
    )


def forget_work(settings: Settings) -> None:
    """Delete the work database, with what a killed run left beside it; the archive has it all.

    Raises ConfigurationError while another run writes it.
    """
    with suppress(WorkDamaged), open_work(settings):
        pass
    settings.work_file.unlink()
    wal_of(settings.work_file).unlink(missing_ok=True)


def forget_outdated_work(settings: Settings, asked: Collection[str] = ()) -> None:
    """Delete a work database that is damaged, that other models filled, or that holds what is not to be read.

    So is one that was built without a source that is `asked` now. What earlier models parsed would stay in
    it, and so would what a source told last, where an answer has come into the archive that it gave before
    that, and what is not there or not believed any more.
    """
    if not settings.work_file.exists():
        return
    try:
        with open_work(settings) as connection:
            is_outdated = _is_outdated(connection, settings) or not _knows(connection, asked)
    except WorkDamaged as error:
        logger.warning("%s; done now", error)
        is_outdated = True
    if is_outdated:
        forget_work(settings)


def _is_outdated(connection: duckdb.DuckDBPyConnection, settings: Settings) -> bool:
    readable, left_out = _readable_files(settings), _left_out(quarantined(settings.archive))
    try:
        filled_by = connection.execute("select models_sha256 from raw.build").fetchall()
        loaded = {str(file) for (file,) in connection.execute("select file from raw.attempts").fetchall()}
        were_left_out = connection.execute("from raw.quarantined").fetchall()
    except duckdb.Error:  # of an earlier shape, or never loaded
        return True
    newest = {file.partition("/")[0]: started_at(Path(file)) for file in sorted(loaded)}
    is_overtaken = any(
        name not in loaded and started_at(file) < newest.get(file.parent.name, started_at(file))
        for name, file in readable.items()
    )
    is_other = filled_by != [(models_digest(),)] or were_left_out != left_out
    return is_other or is_overtaken or not loaded <= set(readable)


def _knows(connection: duckdb.DuckDBPyConnection, asked: Collection[str]) -> bool:
    """Whether nothing was built yet, or the models of all these sources, of which each has observations."""
    sql = "select table_name from duckdb_tables() where schema_name = 'intermediate' union all "
    sql += "select view_name from duckdb_views() where schema_name = 'intermediate'"
    built = {name for (name,) in connection.execute(sql).fetchall()}
    return not built or all(f"int_{source_id}__observations" in built for source_id in asked)


def _readable_files(settings: Settings) -> dict[str, Path]:
    """Return the archive files by name that can be read now: believed, and of no time that is not yet."""
    return {
        name_of(file): file
        for file in believed_files(settings.archive)
        if started_at(file) <= latest(settings)
    }


def _left_out(entries: Sequence[Entry]) -> list[tuple[object, ...]]:
    """Return the rows of `raw.quarantined`."""
    return [
        (one.place.file.partition("/")[0], one.place.file, one.place.line, one.why, one.said_at, one.by)
        for one in entries
    ]


@dataclass(frozen=True)
class Withheld:
    """A source whose newest answers failed a check: of it only archive files that were published are read.

    Where today's checks find fault with these too, they stay, unchecked, under the identifiers that they were
    published with (rows of `raw.identifiers`); None for those of the configuration.
    """

    source_id: str
    files: frozenset[str]
    reason: str
    is_checked: bool = True
    identifiers: Sequence[Sequence[object]] | None = None


def load(
    connection: duckdb.DuckDBPyConnection,
    settings: Settings,
    ecosystem: Ecosystem,
    withheld: Sequence[Withheld] = (),
) -> int:
    """Append what the archive holds and the database does not; return the number of new files.

    Of a withheld source all other files are left out, of every source what is not believed, what is of a time
    that is not yet, and for a day in the past what came later.
    Files are read oldest first, some hundred at once and of those all or nothing, so that a killed load
    leaves no half-read file and the next one goes on from there. Raises ArchiveDamaged, naming the file,
    when one cannot be read whole.
    """
    connection.execute("begin")
    connection.execute(SCHEMA)
    new_files = _new_files(connection, settings, {one.source_id: one.files for one in withheld})
    _begin(connection, settings, ecosystem, withheld)
    # What several threads read is put in order by one: two take twice the processor time, and end no sooner.
    connection.execute("set threads = 1")
    _read(connection, settings, new_files, settings.folder / "unpacked")
    connection.execute("reset threads")
    return len(new_files)


def load_files(
    connection: duckdb.DuckDBPyConnection,
    settings: Settings,
    ecosystem: Ecosystem,
    names: Collection[str],
    folder: Path,
) -> int:
    """Load of the archive these files alone into an empty database; return how many of them are there.

    What is packed is laid out in `folder`. Raises ArchiveDamaged, naming the file, when one is not as it was
    written.
    """
    connection.execute("begin")
    connection.execute(SCHEMA)
    _begin(connection, settings, ecosystem, ())
    files = [file for name, file in _readable_files(settings).items() if name in names]
    _read(connection, settings, files, folder)
    return len(files)


def _begin(
    connection: duckdb.DuckDBPyConnection,
    settings: Settings,
    ecosystem: Ecosystem,
    withheld: Sequence[Withheld],
) -> None:
    """Write down what is configured now, and what is not to be believed, and end the transaction."""
    _write_configuration(connection, settings, ecosystem, withheld)
    fill(connection, "raw.withheld", [(one.source_id, one.reason, one.is_checked) for one in withheld])
    fill(connection, "raw.quarantined", _left_out(quarantined(settings.archive)))
    connection.execute("commit")


def _read(
    connection: duckdb.DuckDBPyConnection, settings: Settings, new_files: Sequence[Path], folder: Path
) -> None:
    for start in range(0, len(new_files), FILES_AT_ONCE):
        connection.execute("begin")
        with laid_out(new_files[start : start + FILES_AT_ONCE], folder) as paths:
            read_files(connection, paths)
        connection.execute(LEAVE_OUT)
        if not settings.as_of:
            connection.execute(NOT_YET, {"latest": latest(settings)})
        confirm_bodies(connection)
        connection.execute("commit")


def last_answers(connection: duckdb.DuckDBPyConnection, source_id: str) -> LastAnswers:
    """Return how each question of a source was last answered, for collectors that need not ask again."""
    rows = connection.execute(
        "select endpoint, key, fetched_at, coalesce(same_as, sha256), etag from raw.pages "
        "where source = ? and problem is null "
        "qualify row_number() over (partition by endpoint, key order by fetched_at desc, page_id desc) = 1",
        [source_id],
    ).fetchall()
    return {(endpoint, key): LastAnswer(*told) for endpoint, key, *told in rows}


def newest_answers(
    connection: duckdb.DuckDBPyConnection, source_id: str, since: datetime
) -> list[tuple[str, str, str, datetime, str]]:
    """Return endpoint, key, URL, time and body of a source's last answers since then, the newest first."""
    return connection.execute(
        "select endpoint, key, url, fetched_at, body from raw.pages "
        "where source = ? and problem is null and fetched_at >= ? "
        "qualify row_number() over (partition by endpoint, key order by fetched_at desc, page_id desc) = 1 "
        "order by fetched_at desc, page_id desc",
        [source_id, since],
    ).fetchall()


def _new_files(
    connection: duckdb.DuckDBPyConnection, settings: Settings, withheld: Mapping[str, frozenset[str]]
) -> list[Path]:
    loaded = {row[0] for row in connection.execute("select file from raw.attempts").fetchall()}
    files = _readable_files(settings)
    return [
        file
        for name, file in files.items()
        if name not in loaded and name in withheld.get(file.parent.name, files)
    ]


def _write_configuration(
    connection: duckdb.DuckDBPyConnection,
    settings: Settings,
    ecosystem: Ecosystem,
    withheld: Sequence[Withheld],
) -> None:
    colors = ecosystem.colors()
    subjects = [
        (subject.id, position, subject.name, colors[subject.id], subject.first_release_on)
        for position, subject in enumerate(ecosystem.subjects)
    ]
    identifiers = _identifiers(ecosystem, withheld)
    tools = [
        (tool.id, position, tool.name, tool.theme, tool.subject)
        for position, tool in enumerate(ecosystem.tools)
    ]
    comparisons = [
        (one.id, position, one.question, ", ".join(one.subjects), ", ".join(one.measures) or None)
        for position, one in enumerate(ecosystem.comparisons)
    ]
    of_tools = [
        (tool.id, source_id, *identifier, within)
        for tool in ecosystem.tools
        for source_id in ecosystem.sources
        for identifier, within in placed(tool, source_id)
    ]
    sources = [
        (source_id, options.expected_lag_days, catalog()[source_id].ended_on)
        for source_id, options in ecosystem.sources.items()
    ]
    expectations = [
        (source_id, name, expected.at_least, expected.at_most, expected.reason)
        for source_id, options in ecosystem.sources.items()
        for name, expected in options.expect.items()
    ]
    tables: dict[str, Sequence[Sequence[object]]] = {
        "raw.subjects": subjects,
        "raw.identifiers": identifiers,
        "raw.tools": tools,
        "raw.tool_identifiers": of_tools,
        "raw.comparisons": comparisons,
        "raw.sources": sources,
        "raw.expectations": expectations,
        **registers.registers(catalog()),
        **registers.claim_registers(claims_of(ecosystem, settings.config), ecosystem),
    }
    told = sha256(repr(tables).encode()).hexdigest()
    question, now = ecosystem.question, settings.clock()
    tables["raw.build"] = [(now, version("barometer"), settings.demo, question, models_digest(), told)]
    for table, rows in tables.items():
        fill(connection, table, rows)


def _identifiers(ecosystem: Ecosystem, withheld: Sequence[Withheld]) -> list[Sequence[object]]:
    """Return the rows of `raw.identifiers`; of a source that is kept as it was published, those of then."""
    kept = {one.source_id: one.identifiers for one in withheld if one.identifiers is not None}
    compared = {subject.id for subject in ecosystem.subjects}
    of_today = [
        (subject.id, source_id, *identifier)
        for subject in ecosystem.subjects
        for source_id in ecosystem.sources
        if source_id not in kept
        for identifier in subject.dated_identifiers(source_id)
    ]
    return [*of_today, *(row for rows in kept.values() for row in rows if row[0] in compared)]


def _is_damaged(error: BaseException, settings: Settings) -> bool:
    """Whether the file is there and free, but no database that can be read."""
    is_free = "lock" not in str(error) and "Cannot open" not in str(error)
    return isinstance(error, duckdb.Error) and is_free and settings.work_file.is_file()


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0]
