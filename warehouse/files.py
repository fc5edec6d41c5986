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

_OPTIONS = {
    FileFormat.CSV: "format csv, header",
    FileFormat.JSON: "format json, array",
    FileFormat.PARQUET: "format parquet, compression zstd",
}


def write_rows(rows: Rows, target: Path, format: FileFormat) -> None:
    """Write rows to a file; equal rows make equal bytes.

    In CSV a text that a spreadsheet would take for a formula gets an apostrophe in front; numbers stay as
    they are, and so does all text in Parquet and JSON.
    """
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        connection.execute("set threads = 1")  # row groups in one order
        stream = rows.__arrow_c_stream__()
        connection.execute("create table rows as from stream")
        columns = _safe_columns(connection) if format is FileFormat.CSV else "*"
        connection.execute(f"copy (select {columns} from rows) to ? ({_OPTIONS[format]})", [str(target)])
        del stream


def _safe_columns(connection: duckdb.DuckDBPyConnection) -> str:
    described = connection.execute("describe rows").fetchall()
    return ", ".join(_safe(name) if kind == "VARCHAR" else _quoted(name) for name, kind, *_ in described)


def _safe(name: str) -> str:
    column = _quoted(name)
    is_formula = f"regexp_matches({column}, '{_FORMULA}')"
    return f"case when {is_formula} then chr(39) || {column} else {column} end as {column}"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
