#!/usr/bin/env bash
# DuckDB 2 writes a Parquet column as "not null" when the rows of the day happen to hold no null, so that an unknown
# figure of the next day is read as 0.
#
# A good engineer would guess: the schema of a file follows from the table. Nothing was declared "not null", so every
# column of every day's file may be null, as DuckDB 1.4.4 writes it; a folder with a file a day is one table.
#
# What happens: COPY asks the optimizer's statistics. On a day without nulls the column is REQUIRED, on the next OPTIONAL.
# pyarrow refuses to put the two together, and read as one data set it gives a column "not null" with a null in it, which
# it then refuses to write. ClickHouse takes the first file's schema for all and reads the unknown figure as 0. Nothing
# warns. (`set disabled_optimizers = 'statistics_propagation'` before the COPY makes every column OPTIONAL.)
#
# Who meets it: who exports a table every day and reads the days together.
#
# Seen with duckdb 2.0.0, pyarrow 26.0.1, chdb 4.4.0 (ClickHouse 26.9) and Python 3.11 on 2026-11-30. Exits non-zero if
# that changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check duckdb==2.0.0 pyarrow==26.0.1 chdb==4.4.0
mkdir days optional
venv/bin/python - <<'PYTHON'
import chdb
import duckdb
import pyarrow
import pyarrow.parquet

print("duckdb", duckdb.__version__, "pyarrow", pyarrow.__version__)
connection = duckdb.connect()
connection.execute("create table figures (day date, downloads double)")


def write(folder: str) -> list[pyarrow.Table]:
    for day, downloads in (("2026-01-01", 5), ("2026-01-02", None)):
        connection.execute("delete from figures")
        connection.execute("insert into figures values (?, ?)", [day, downloads])
        connection.execute(f"copy figures to '{folder}/{day}.parquet'")
    return [pyarrow.parquet.read_table(f"{folder}/2026-01-0{n}.parquet") for n in (1, 2)]


def read_by_clickhouse(folder: str) -> list[str]:
    query = f"select day, downloads from file('{folder}/*.parquet', Parquet) order by day"
    return str(chdb.query(query, "TSV")).splitlines()


days = write("days")
nullable = [day.schema.field("downloads").nullable for day in days]
print("may be null, by day:", nullable)
try:
    pyarrow.concat_tables(days)
except pyarrow.ArrowInvalid as error:
    refused = str(error).splitlines()[0]
    print("pyarrow:", refused)
else:
    refused = ""
zero = read_by_clickhouse("days")
print("ClickHouse:", zero)

connection.execute("set disabled_optimizers = 'statistics_propagation'")
optional = write("optional")
together = pyarrow.concat_tables(optional).column("downloads").to_pylist()
unknown = read_by_clickhouse("optional")
print("without these statistics:", together, unknown)

seen = (nullable, bool(refused), zero[1], together, unknown[1])
assert seen == ([False, True], True, "2026-01-02\t0", [5.0, None], "2026-01-02\t\\N"), seen
PYTHON
