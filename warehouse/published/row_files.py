"""Rows as files: Parquet, CSV and JSON, written by a DuckDB that holds nothing but the rows."""

from enum import StrEnum
from pathlib import Path
from typing import Any, Protocol

import duckdb


class FileFormat(StrEnum):
    """What rows are written to files as."""

    CSV = "csv"
    JSON = "json"
    PARQUET = "parquet"


class Rows(Protocol):
    """Rows with names and types, as Arrow's C stream hands them over: a relation, a frame of any library."""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> Any: ...


# A spreadsheet reads a cell that begins with one of these as a formula.
_FORMULA = r"^[=+@\t\r\n-]"

# A number as digits, equal to it when it is read again: ClickHouse takes a column with 1e-05 in it for text.
_PLAIN = r"""
create macro plain(number) as (
    with written as (
        select
            number::varchar as told,
            regexp_extract(
                told, '^(-?)(\d+)\.?(\d*)e([+-]\d+)$', ['sign', 'whole', 'rest', 'power']
            ) as parts,
            parts['whole'] || parts['rest'] as digits,
            strlen(parts['whole']) + try_cast(parts['power'] as integer) as point
    )
    select
        case
            when point is null then told
            when point <= 0 then parts['sign'] || '0.' || repeat('0', -point) || digits
            else parts['sign'] || rpad(digits, greatest(point, strlen(digits))::integer, '0')
        end
    from written
)
"""

_OPTIONS = {
    FileFormat.CSV: "format csv, header",
    FileFormat.JSON: "format json, array",
    FileFormat.PARQUET: "format parquet, compression zstd",
}


def write_rows(rows: Rows, target: Path, format: FileFormat, memory_mb: int | None = None) -> None:
    """Write rows of anywhere to a file, as `copy_rows` does, in no more memory than is given."""
    with open_writer() as connection:
        if memory_mb:
            connection.execute(f"set memory_limit = '{memory_mb}MB'")
        connection.register("rows", rows.__arrow_c_stream__())
        copy_rows(connection, "rows", target, format)


def open_writer() -> duckdb.DuckDBPyConnection:
    """Open an empty database in memory that writes equal rows as equal bytes."""
    connection = duckdb.connect()
    connection.execute("set TimeZone = 'UTC'")
    connection.execute("set threads = 1")  # row groups in one order
    connection.execute("set memory_limit = '800MB'")  # of a table that is written what is at hand is enough
    # From what the day's rows happen to hold DuckDB 2 concludes that a column of Parquet is never null, and
    # files of two days have two schemas then. Without this every column may be null, in every file.
    connection.execute("set disabled_optimizers = 'statistics_propagation'")
    connection.execute(_PLAIN)
    return connection


def copy_rows(connection: duckdb.DuckDBPyConnection, table: str, target: Path, format: FileFormat) -> None:
    """Write the rows of a table that the connection knows to a file.

    In CSV a text that a spreadsheet would take for a formula gets an apostrophe in front, and numbers are
    written without exponents; all text stays as it is in Parquet and JSON. A column of Parquet may be null,
    whatever the rows, and has the type that it has here.
    """
    columns = _safe_columns(connection, table) if format is FileFormat.CSV else "*"
    connection.execute(f"copy (select {columns} from {table}) to ? ({_OPTIONS[format]})", [str(target)])


def _safe_columns(connection: duckdb.DuckDBPyConnection, table: str) -> str:
    described = connection.execute(f"describe from {table}").fetchall()
    return ", ".join(_of_csv(name, kind) for name, kind, *_ in described)


def _of_csv(name: str, kind: str) -> str:
    if kind == "VARCHAR":
        return _safe(name)
    return f"plain({_quoted(name)}) as {_quoted(name)}" if kind in ("DOUBLE", "FLOAT") else _quoted(name)


def _safe(name: str) -> str:
    column = _quoted(name)
    is_formula = f"regexp_matches({column}, '{_FORMULA}')"
    return f"case when {is_formula} then chr(39) || {column} else {column} end as {column}"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
