"""Publishing: the marts become a new file that replaces the published one by rename.

Readers that hold the old file keep it; new readers get the new one; neither waits for the other.
"""

import os
from collections.abc import Sequence
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
select table_name, comment from duckdb_tables()
where schema_name = 'marts' and database_name = current_database()
union all
select view_name, comment from duckdb_views()
where schema_name = 'marts' and database_name = current_database()
order by table_name
"""
COLUMNS = """
select table_name, column_name, comment from duckdb_columns()
where schema_name = 'marts' and database_name = current_database() and comment is not null
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
        comments = _comments(connection)
        rows = {table: _copy(connection, table, told) for table, told in comments.items()}
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


def _copy(connection: duckdb.DuckDBPyConnection, table: str, comments: Sequence[str]) -> int:
    # Sorted, so that equal marts make equal tables.
    connection.execute(f'create table published.main."{table}" as from marts."{table}" order by all')
    for statement in comments:
        connection.execute(statement)
    return int(connection.execute(f'select count(*) from published.main."{table}"').fetchall()[0][0])


def _add_macros(file: Path) -> None:
    # In a connection of their own: a macro finds its tables by the schema it is made in.
    with duckdb.connect(file) as connection:
        try:
            connection.execute(MACROS.read_text(encoding="utf-8"))
        except duckdb.Error as error:
            raise GateClosed(f"{MACROS.name}: {error}") from error


def _comments(connection: duckdb.DuckDBPyConnection) -> dict[str, list[str]]:
    """Return the statements that carry each mart's descriptions over; a copied table has none."""
    tables = connection.execute(MARTS).fetchall()
    found = {
        table: [f'comment on table published.main."{table}" is {_quote(told)}'] if told else []
        for table, told in tables
    }
    for table, column, told in connection.execute(COLUMNS).fetchall():
        found[table].append(f'comment on column published.main."{table}"."{column}" is {_quote(told)}')
    return found


def _quote(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
