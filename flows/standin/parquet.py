"""A Parquet file that a stand-in serves: written by DuckDB, in row groups as small as others write them."""

from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

ROW_GROUP = 10_000


def parquet_of(query: str, sample: str) -> bytes:
    """Return the rows of a query as a Parquet file, whose own notes say by `sample` that it is made up."""
    with TemporaryDirectory() as folder, duckdb.connect() as connection:
        file = Path(folder) / "rows.parquet"
        told = sample.replace("'", "''")
        connection.execute(
            f"copy ({query}) to '{file}' "
            f"(format parquet, row_group_size {ROW_GROUP}, kv_metadata {{sample: '{told}'}})"
        )
        return file.read_bytes()
