"""Rows and columns of Python as tables of DuckDB, without importing pandas for it."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import duckdb

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


def fill(connection: duckdb.DuckDBPyConnection, table: str, rows: Sequence[Sequence[object]]) -> None:
    """Append rows to a table, by column: a parameter for each value would take DuckDB twice the time."""
    if rows:
        columns = [list(column) for column in zip(*rows, strict=True)]
        connection.execute(f"insert into {table} select {', '.join(['unnest(?)'] * len(columns))}", columns)


def relation_of(
    columns: "Mapping[str, NDArray[np.generic]]", connection: duckdb.DuckDBPyConnection
) -> duckdb.DuckDBPyRelation:
    """Return columns of equal length as a relation; not a number is null, and text is varchar."""
    told = dict(columns)  # found by this name
    # DuckDB takes an array of text for an enumeration of what stands in it.
    selected = (f"{name}::varchar as {name}" if told[name].dtype.kind == "U" else name for name in told)
    return connection.sql(f"select {', '.join(selected)} from told")
