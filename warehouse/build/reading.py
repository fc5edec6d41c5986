"""Reading archive files into the work database: each proven to be as it was written, or none of them read.

A file's name carries the digest of its content, a page that of its body, the last line the number of pages.
"""

import gzip
import hashlib
import zlib
from collections.abc import Sequence
from pathlib import Path

import duckdb

from warehouse.errors import ArchiveDamaged

CHUNK_BYTES = 2**20

# One reading of new files: lines of both kinds, told apart by `kind`, in the order of the files' own lines.
# DuckDB keeps, reads and compresses 2,048 rows together, and as many answers that tell ten years of days are
# gigabytes. So a long one has room beside it, rows without a kind, one for each 8 KB of it: wherever 2,048
# rows begin, they hold some 16 MB.
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

# What is not as it was written, by file: what was found and what was expected.
DIFFERENCES = """
select file, 'another body of ' || key as found, 'SHA-256 ' || left(sha256, 12) || '…' as expected
from lines
where
    kind = 'page'
    and sha256 is distinct from coalesce(sha256(body), sha256(from_base64(body_base64)))
union all
select
    file,
    count(*) filter (where kind = 'page') || ' pages',
    'as many as its last line tells'
from lines
group by file
having
    arg_max(kind, rowid) is distinct from 'attempt'
    or count(*) filter (where kind = 'attempt') <> 1
    or count(*) filter (where kind = 'page') is distinct from max(answers) + max(refused)
union all
select distinct file, 'lines of ' || source, 'those of the source whose folder it lies in'
from lines
where source is distinct from split_part(file, '/', 1)
order by all
limit 1
"""

# Numbered by what says when and of what they are; of ten years of days the bodies are too long to be sorted.
APPEND_PAGES = """
insert into raw.pages by name
select numbered.* exclude (place), lines.body, strlen(lines.body) as body_bytes
from lines
left join (
    select
        place, line, source, endpoint, key, fetched_at, url, status, sha256, etag, same_as, problem, file,
        (select coalesce(max(page_id), 0) from raw.pages)
        + row_number() over (order by fetched_at, file, endpoint, key, sha256) as page_id
    from (
        select * exclude (body), rowid as place, row_number() over (partition by file order by rowid) as line
        from lines
        where kind is not null
    )
    where kind = 'page'
) as numbered on lines.rowid = numbered.place
where lines.kind is distinct from 'attempt'
"""

APPEND_ATTEMPTS = """
insert into raw.attempts
select file, source, started_at, finished_at, answers, refused, bytes, problem, postponed, service
from lines where kind = 'attempt'
"""

# An answer that says "as before" stands for the body that it confirms.
CONFIRM_BODIES = """
update raw.pages as confirming
set body = confirmed.body, body_bytes = strlen(confirmed.body)
from (
    select source, sha256, any_value(body) as body
    from raw.pages
    where sha256 in (select same_as from raw.pages) and same_as is null and problem is null
    group by all
) as confirmed
where confirming.source = confirmed.source and confirming.same_as = confirmed.sha256
    and confirming.file in (select file from lines)
"""

CONFIRM_NOTHING = """
update raw.pages
set problem = 'it confirms an answer that is not believed, or not there'
where same_as is not null and coalesce(body, '') = '' and problem is null and file in (select file from lines)
"""


def read_files(connection: duckdb.DuckDBPyConnection, paths: Sequence[str]) -> None:
    """Append the pages and attempts of archive files to `raw`, within the caller's transaction.

    Raises ArchiveDamaged, naming the file, for one that is not as it was written.
    """
    for path in paths:
        _require_content(Path(path))
    _read_lines(connection, paths)
    for file, found, expected in connection.execute(DIFFERENCES).fetchall():
        raise ArchiveDamaged(f"archive: {file}: found {found}, expected {expected}")
    connection.execute(APPEND_PAGES)
    connection.execute(APPEND_ATTEMPTS)


def confirm_bodies(connection: duckdb.DuckDBPyConnection) -> None:
    """Give the pages just read that say "as before" the body they confirm, and let go of them."""
    connection.execute(CONFIRM_BODIES)
    connection.execute(CONFIRM_NOTHING)
    connection.execute("drop table lines")


def _require_content(file: Path) -> None:
    """Raise ArchiveDamaged unless the content is the one whose digest the name carries."""
    digest, length = hashlib.sha256(), 0
    try:
        with gzip.open(file) as stream:
            while chunk := stream.read(CHUNK_BYTES):
                digest.update(chunk)
                length += len(chunk)
    except (OSError, EOFError, zlib.error) as error:
        raise _damaged(file, str(error), "a whole gzip file") from error
    if not length:
        raise _damaged(file, "nothing", "lines of JSON, one a page")
    told = digest.hexdigest()[:12]
    if f"-{told}." not in file.name:
        raise _damaged(file, f"content of digest {told}", "the digest in its name")


def _read_lines(connection: duckdb.DuckDBPyConnection, paths: Sequence[str]) -> None:
    try:
        connection.execute(READ_LINES, {"files": list(paths)})
    except duckdb.Error as error:
        if len(paths) > 1:  # one of them is to blame, and the error may not say which
            for path in paths:
                _read_lines(connection, [path])
        raise _damaged(Path(paths[0]), str(error).splitlines()[0], "lines of JSON, one a page") from error


def _damaged(file: Path, found: str, expected: str) -> ArchiveDamaged:
    return ArchiveDamaged(f"archive: {file.parent.name}/{file.name}: found {found}, expected {expected}")
