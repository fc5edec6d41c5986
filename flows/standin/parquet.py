"""Parquet files that a stand-in serves: written by DuckDB, in row groups as small as others write them."""

from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

ROW_GROUP = 10_000


def parquet_of(query: str, sample: str) -> bytes:
    """Return the rows of a query as a Parquet file, whose own notes say by `sample` that it is made up."""
    return parquets_of({"rows": query}, sample)["rows"]


def parquets_of(queries: Mapping[str, str], sample: str | None = None) -> Mapping[str, bytes]:
    """Return the rows of each query as a Parquet file, under the query's name; without `sample` real ones."""
    notes = sample and ", kv_metadata {{sample: '{}'}}".format(sample.replace("'", "''"))
    with TemporaryDirectory() as folder, duckdb.connect() as connection:
        file = Path(folder) / "rows.parquet"

        def written(query: str) -> bytes:
            options = f"format parquet, row_group_size {ROW_GROUP}{notes or ''}"
            connection.execute(f"copy ({query}) to '{file}' ({options})")
            return file.read_bytes()

        return {name: written(query) for name, query in queries.items()}
