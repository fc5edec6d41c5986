"""The work database: a cache of the archive, with the configuration beside it.

`raw.pages` holds every archived answer, `raw.attempts` how each attempt went; both are only ever
appended to. A row of `raw.pages` without a number is room beside a long answer (READ_LINES). The other
tables of `raw` are today's configuration, written anew by each load.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import astuple, dataclass
from datetime import UTC, datetime
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

import duckdb

from warehouse.archive import LastAnswer, LastAnswers, archived_files, name_of, started_at
from warehouse.build import models_digest
from warehouse.checks import Check
from warehouse.ecosystem import Ecosystem
from warehouse.errors import ArchiveDamaged, ConfigurationError
from warehouse.months import laid_out
from warehouse.settings import Settings
from warehouse.storage import storage_told

SCHEMA = """
create schema if not exists raw;
create table if not exists raw.pages (
    page_id bigint, source varchar, endpoint varchar, key varchar, fetched_at timestamptz,
    url varchar, status integer, sha256 varchar, etag varchar, same_as varchar, problem varchar,
    file varchar, body varchar, body_bytes bigint
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
create or replace table raw.sources (source_id varchar, expected_lag_days integer);
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
create table if not exists raw.built (page_id bigint, configuration_sha256 varchar);
"""

# What does not fit is put aside on the disk; sql/profiles.yml has the limit of a build.
MEMORY_LIMIT = "1200MB"

# Ten years of days are thousands of files, which do not fit into memory together.
FILES_AT_ONCE = 250

# One reading of new files: lines of both kinds, told apart by `kind`. DuckDB keeps, reads and compresses
# 2,048 rows together, and as many answers that tell ten years of days are gigabytes. So a long one has room
# beside it, empty rows, one for each 8 KB of it: wherever 2,048 rows begin, they hold some 16 MB.
READ_LINES = """
create or replace temp table lines as
select
    * exclude (kind, body, place), parse_path(filename)[-2] || '/' || parse_filename(filename) as file,
    case when place = 0 then kind end as kind, case when place = 0 then body end as body
from (
    select *, unnest(range(1 + case when strlen(body) > 16384 then strlen(body) // 8192 else 0 end)) as place
    from read_json(
        $files, format = 'newline_delimited', filename = true, maximum_object_size = 67108864,
        columns = {
            kind: 'varchar', source: 'varchar', endpoint: 'varchar', key: 'varchar', url: 'varchar',
            status: 'integer', fetched_at: 'timestamptz', sha256: 'varchar', etag: 'varchar',
            same_as: 'varchar', problem: 'varchar', body: 'varchar', body_base64: 'varchar',
            started_at: 'timestamptz', finished_at: 'timestamptz', answers: 'bigint', refused: 'bigint',
            bytes: 'bigint', postponed: 'varchar', service: 'varchar'
        }
    )
)
"""

WHOLE_FILES = "select filename from lines where kind = 'attempt'"

# Numbered by what says when and of what they are; of ten years of days the bodies are too long to be sorted.
APPEND_PAGES = """
insert into raw.pages by name
select numbered.* exclude (line), lines.body, strlen(lines.body) as body_bytes
from lines
left join (
    select
        rowid as line,
        (select coalesce(max(page_id), 0) from raw.pages)
        + row_number() over (order by fetched_at, file, endpoint, key, sha256) as page_id,
        source, endpoint, key, fetched_at, url, status, sha256, etag, same_as, problem, file
    from lines
    where kind = 'page'
) as numbered on lines.rowid = numbered.line
where lines.kind is distinct from 'attempt'
"""

# An answer that says "as before" stands for the body that it confirms.
CONFIRM_BODIES = """
update raw.pages as confirming
set body = confirmed.body, body_bytes = strlen(confirmed.body)
from (
    select source, sha256, any_value(body) as body
    from raw.pages
    where sha256 in (select same_as from raw.pages) and same_as is null
    group by all
) as confirmed
where confirming.source = confirmed.source and confirming.same_as = confirmed.sha256
    and confirming.file in (select file from lines)
"""

APPEND_ATTEMPTS = """
insert into raw.attempts
select file, source, started_at, finished_at, answers, refused, bytes, problem, postponed, service
from lines where kind = 'attempt'
"""


WHAT_IS_BUILT = """
insert into raw.built
select distinct read_until, configuration_sha256
from intermediate.int_renewed cross join raw.build
"""


@contextmanager
def open_work(settings: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the work database for writing.

    Raises ConfigurationError when the folder cannot be written or another run holds the file, and
    StorageFailed when the disk is full.
    """
    try:
        settings.folder.mkdir(parents=True, exist_ok=True)
        connection = duckdb.connect(settings.work_file)
    except (OSError, duckdb.Error) as error:
        expected = "a folder that can be written and that no other run is writing"
        if _is_damaged(error):
            expected = "a work database, which `barometer rebuild` makes again from the archive"
        raise ConfigurationError(
            f"BAROMETER_DATA: {settings.work_file}: {_first_line(error)}; expected {expected}"
        ) from error
    try:
        connection.execute("set TimeZone = 'UTC'")
        connection.execute(f"set memory_limit = '{MEMORY_LIMIT}'")
        # What cannot be written is told by the write, or by the commit that was to make it last.
        with storage_told(settings.folder, duckdb.IOException, duckdb.TransactionException):
            yield connection
    finally:
        connection.close()


def forget_work(settings: Settings) -> None:
    """Delete the work database, with what a killed run left beside it; the archive has it all.

    Raises ConfigurationError while another run writes it.
    """
    try:
        with open_work(settings):
            pass
    except ConfigurationError as error:
        if not _is_damaged(error.__cause__):
            raise
    settings.work_file.unlink()
    settings.work_file.with_name(f"{settings.work_file.name}.wal").unlink(missing_ok=True)


def forget_outdated_work(settings: Settings) -> None:
    """Delete a work database that other models than today's filled: what they parsed would stay in it.

    So would what a source told last, where an answer has come into the archive that it gave before that.
    """
    if not settings.work_file.exists():
        return
    with open_work(settings) as connection:
        try:
            filled_by = connection.execute("select models_sha256 from raw.build").fetchall()
            is_overtaken = _is_overtaken(connection, settings)
        except duckdb.Error:  # of an earlier shape, or never loaded
            filled_by, is_overtaken = [], False
    if filled_by != [(models_digest(),)] or is_overtaken:
        forget_work(settings)


def _is_overtaken(connection: duckdb.DuckDBPyConnection, settings: Settings) -> bool:
    """Whether the archive holds a file older than the newest loaded one of its source, and not loaded."""
    loaded = {str(file) for (file,) in connection.execute("select file from raw.attempts").fetchall()}
    newest = {file.partition("/")[0]: started_at(Path(file)) for file in sorted(loaded)}
    return any(
        started_at(file) < newest.get(file.parent.name, started_at(file))
        for file in archived_files(settings.archive)
        if name_of(file) not in loaded
    )


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

    Of a withheld source all other files are left out, and for a day in the past of every source later ones.
    Files are read oldest first, some hundred at once and of those all or nothing, so that a killed load
    leaves no half-read file and the next one goes on from there. Raises ArchiveDamaged, naming the file,
    when one cannot be read whole.
    """
    connection.execute(SCHEMA)
    new_files = _new_files(connection, settings, {one.source_id: one.files for one in withheld})
    connection.execute("begin")
    _write_configuration(connection, settings, ecosystem, withheld)
    _fill(connection, "raw.withheld", [(one.source_id, one.reason, one.is_checked) for one in withheld])
    connection.execute("commit")
    for start in range(0, len(new_files), FILES_AT_ONCE):
        connection.execute("begin")
        with laid_out(new_files[start : start + FILES_AT_ONCE], settings.folder / "unpacked") as paths:
            _append(connection, paths)
        connection.execute("commit")
    return len(new_files)


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


def _append(connection: duckdb.DuckDBPyConnection, files: list[str]) -> None:
    try:
        connection.execute(READ_LINES, {"files": files})
    except duckdb.Error as error:
        raise ArchiveDamaged(
            f"archive: {_first_line(error)}; expected whole gzip JSON-lines files"
        ) from error
    # The last line of a file tells how the attempt went; without it the file was cut.
    whole = {file for (file,) in connection.execute(WHOLE_FILES).fetchall()}
    if cut := sorted(set(files) - whole):
        raise ArchiveDamaged(f"archive: {cut[0]}: found no last line, expected whole JSON-lines files")
    connection.execute(APPEND_PAGES)
    connection.execute(CONFIRM_BODIES)
    connection.execute(APPEND_ATTEMPTS)
    connection.execute("drop table lines")


def record_checks(connection: duckdb.DuckDBPyConnection, settings: Settings, checks: Sequence[Check]) -> None:
    """Keep how a whole build's checks went, and how far it read the answers: the next goes on from there.

    The mart of the checks, built before they ran, is filled anew.
    """
    connection.execute("begin")
    connection.execute("delete from raw.checks")
    _fill(connection, "raw.checks", [(*astuple(check), settings.clock()) for check in checks])
    connection.execute("delete from marts.quality_checks")
    connection.execute("insert into marts.quality_checks by name from raw.checks")
    connection.execute("delete from raw.built")
    connection.execute(WHAT_IS_BUILT)
    connection.execute("commit")


def _new_files(
    connection: duckdb.DuckDBPyConnection, settings: Settings, withheld: Mapping[str, frozenset[str]]
) -> list[Path]:
    loaded = {row[0] for row in connection.execute("select file from raw.attempts").fetchall()}
    latest = settings.as_of or datetime.max.replace(tzinfo=UTC)
    files = {name_of(file): file for file in archived_files(settings.archive)}
    return [
        file
        for name, file in files.items()
        if name not in loaded and name in withheld.get(file.parent.name, files) and started_at(file) <= latest
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
    sources = [(source_id, options.expected_lag_days) for source_id, options in ecosystem.sources.items()]
    expectations = [
        (source_id, name, expected.at_least, expected.at_most, expected.reason)
        for source_id, options in ecosystem.sources.items()
        for name, expected in options.expect.items()
    ]
    told = sha256(repr((subjects, identifiers)).encode()).hexdigest()
    build = [
        (settings.clock(), version("barometer"), settings.demo, ecosystem.question, models_digest(), told)
    ]
    _fill(connection, "raw.subjects", subjects)
    _fill(connection, "raw.identifiers", identifiers)
    _fill(connection, "raw.sources", sources)
    _fill(connection, "raw.expectations", expectations)
    _fill(connection, "raw.build", build)


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


def _fill(connection: duckdb.DuckDBPyConnection, table: str, rows: Sequence[Sequence[object]]) -> None:
    if rows:
        marks = ", ".join("?" * len(rows[0]))
        connection.executemany(f"insert into {table} values ({marks})", rows)


def _is_damaged(error: BaseException | None) -> bool:
    """Whether the file is there and free, but no database that can be read."""
    return isinstance(error, duckdb.Error) and "lock" not in str(error) and "Cannot open" not in str(error)


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0]
