"""The file that was published last: whether it is the one that was written, and what has changed since.

The work database tells both. `raw.published` has one row, none where nothing is known, and
`raw.published_marks` what was said of single figures then (`int_marks`). `raw.unpublished` holds from which
day on builds have told each metric's figures anew since (`int_renewed`).
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import duckdb

from warehouse.build.project import models_digest

SCHEMA = """
create table if not exists raw.published (file varchar, made_by varchar, copies integer);
create table if not exists raw.unpublished (metric_id varchar, renewed_from date);
"""

# A disk may spoil what nobody reads, and a copy keeps it: once a month or so all is written anew.
MOST_COPIES = 30

WHAT_IS_UNPUBLISHED = """
insert into raw.unpublished
select metric_id, renewed_from from intermediate.int_renewed
"""

RENEWED = """
with built as (
    from raw.unpublished
    union all
    select metric_id, renewed_from from intermediate.int_renewed
)
select metric_id, min(renewed_from)::varchar from built group by all order by all
"""

REMEMBERED = (
    "delete from raw.unpublished",
    "create or replace table raw.published_marks as from intermediate.int_marks",
    "delete from raw.published",
)


@dataclass(frozen=True)
class Renewed:
    """How often the last file was copied already, and which metrics were told anew since, by first day."""

    copies: int
    metrics: Mapping[str, Sequence[str]]


def renewed_since(connection: duckdb.DuckDBPyConnection, file: Path) -> Renewed | None:
    """Return what was told anew since this file was published; None where that is not known, or is all.

    It is known of a file that is as it was written, from this work database, by this version.
    """
    found = connection.execute("select file, made_by, copies from raw.published").fetchall()
    if not file.is_file() or not found or found[0][:2] != (_identity(file), made_by()):
        return None
    days = dict[str, str](connection.execute(RENEWED).fetchall())
    if found[0][2] >= MOST_COPIES or set(days.values()) <= {"-infinity"}:
        return None
    told_anew = sorted(set(days.values()) - {"infinity"})
    by_day = {day: [name for name, first in days.items() if first == day] for day in told_anew}
    return Renewed(found[0][2], by_day)


def remember(connection: duckdb.DuckDBPyConnection, file: Path, copies: int) -> None:
    """Note that this file, which may be renamed but not changed any more, has all that is built."""
    connection.begin()
    for statement in REMEMBERED:
        connection.execute(statement)
    connection.execute("insert into raw.published values (?, ?, ?)", [_identity(file), made_by(), copies])
    connection.commit()


@cache
def made_by() -> str:
    """Return a digest of what makes a published file of the same figures another one."""
    modules = [Path(__file__).parents[1] / "publish.py", *sorted(Path(__file__).parent.glob("*.py"))]
    code = b"".join(module.read_bytes() for module in modules)
    told = [models_digest(), duckdb.__version__, hashlib.sha256(code).hexdigest()]
    return hashlib.sha256(" ".join(told).encode()).hexdigest()


def _identity(file: Path) -> str:
    # Whoever writes into the file changes the time, and whoever puts another in its place the number.
    found = file.stat()
    return f"{found.st_ino} {found.st_size} {found.st_mtime_ns}"
