"""Columns of NumPy as a table of DuckDB: what a Python model hands over, without importing pandas for it."""

from collections.abc import Mapping

import duckdb
import numpy as np
from numpy.typing import NDArray


def relation_of(
    columns: Mapping[str, NDArray[np.generic]], connection: duckdb.DuckDBPyConnection
) -> duckdb.DuckDBPyRelation:
    """Return columns of equal length as a relation; not a number is null, and text is varchar."""
    told = dict(columns)  # found by this name
    # DuckDB takes an array of text for an enumeration of what stands in it.
    selected = (f"{name}::varchar as {name}" if told[name].dtype.kind == "U" else name for name in told)
    return connection.sql(f"select {', '.join(selected)} from told")
