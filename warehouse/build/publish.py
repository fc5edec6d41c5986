"""Publishing: the marts become a new file that replaces the published one by rename.

Readers that hold the old file keep it; new readers get the new one; neither waits for the other.
"""

import os
from pathlib import Path

import duckdb

from warehouse.build.dbt import MACROS
from warehouse.config.settings import Settings
from warehouse.disk import wal_of
from warehouse.errors import GateClosed

# Readers come with DuckDB of many versions (the command line, JDBC, R); all since 1.0 read this one.
STORAGE_VERSION = "v1.0.0"

# A mart can be a view; in the published file all are tables.
MARTS = """
select database_name, schema_name, table_name, comment from duckdb_tables()
union all
select database_name, schema_name, view_name, comment from duckdb_views()
"""


def publish(connection: duckdb.DuckDBPyConnection, settings: Settings) -> dict[str, int]:
    """Copy the marts, with the comments on their tables and columns, add the macros, and swap the file in.

    Return the number of rows by table. Killed before the rename, it leaves the last good file; so does
    GateClosed, raised for a macro that does not fit the tables.
    """
    temporary = settings.published_file.with_suffix(".duckdb.new")
    temporary.unlink(missing_ok=True)
    connection.execute(
        f"attach {_quote(str(temporary))} as published (storage_version {_quote(STORAGE_VERSION)})"
    )
    connection.begin()  # some hundred statements, each of which would wait for the disk
    try:
        rows = {table: _copy(connection, table) for table in _marts(connection)}
        connection.commit()
    except BaseException:
        connection.rollback()
        raise
    finally:
        connection.execute("detach published")
    _add_macros(temporary)
    with temporary.open("rb+") as file:
        os.fsync(file.fileno())
    temporary.replace(settings.published_file)
    # What a program that held the file has written beside it belongs to the old one, and would keep others
    # from opening the new one.
    wal_of(settings.published_file).unlink(missing_ok=True)
    return rows


def _marts(connection: duckdb.DuckDBPyConnection) -> list[str]:
    rows = connection.execute(
        f"select table_name from ({MARTS}) where schema_name = 'marts' "
        "and database_name = current_database() order by table_name"
    ).fetchall()
    return [table for (table,) in rows]


def _copy(connection: duckdb.DuckDBPyConnection, table: str) -> int:
    # Sorted, so that equal marts make equal tables.
    connection.execute(f'create table published.main."{table}" as from marts."{table}" order by all')
    for statement in _comments(connection, table):
        connection.execute(statement)
    return int(connection.execute(f'select count(*) from published.main."{table}"').fetchall()[0][0])


def _add_macros(file: Path) -> None:
    # In a connection of their own: a macro finds its tables by the schema it is made in.
    with duckdb.connect(file) as connection:
        try:
            connection.execute(MACROS.read_text(encoding="utf-8"))
        except duckdb.Error as error:
            raise GateClosed(f"{MACROS.name}: {error}") from error


def _comments(connection: duckdb.DuckDBPyConnection, table: str) -> list[str]:
    """Return the statements that carry a mart's descriptions over; a copied table has none."""
    where = "schema_name = 'marts' and database_name = current_database() and table_name = ?"
    tables = connection.execute(f"select comment from ({MARTS}) where {where}", [table]).fetchall()
    columns = connection.execute(
        f"select column_name, comment from duckdb_columns() where {where}", [table]
    ).fetchall()
    target = f'published.main."{table}"'
    return [f"comment on table {target} is {_quote(comment)}" for (comment,) in tables if comment] + [
        f'comment on column {target}."{column}" is {_quote(comment)}'
        for column, comment in columns
        if comment
    ]


def _quote(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
