"""Publishing: the marts become a new file that replaces the published one by rename.

Readers that hold the old file keep it; new readers get the new one; neither waits for the other.
"""

import logging
import os
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from warehouse.build.in_place import last_file
from warehouse.build.in_place.days import order_of, renew_days, tables_of_days
from warehouse.build.in_place.observations import ORDER, RatherAnew, renew
from warehouse.build.project import MACROS
from warehouse.config.settings import Settings
from warehouse.disk import copy_file, wal_of
from warehouse.errors import GateClosed
from warehouse.text import quoted

logger = logging.getLogger("barometer")

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
    """Write the marts, with the comments on their tables and columns, add the macros, and swap the file in.

    Where the file that was published last is at hand as it was written, a copy of it is changed; else, and
    where that fails, the new one is made from nothing. Return the number of rows by table. Killed before the
    rename, it leaves the last good file; so does GateClosed, raised for a macro that does not fit the tables.
    """
    temporary = settings.published_file.with_suffix(".duckdb.new")
    renewed = last_file.renewed_since(connection, settings.published_file)
    rows = _change_a_copy(connection, settings.published_file, temporary, renewed) if renewed else None
    copies = renewed.copies + 1 if renewed and rows else 0
    if rows is None:
        _forget(temporary)
        with _attached(connection, temporary):
            rows = _write(connection)
    _add_macros(temporary)
    with temporary.open("rb+") as file:
        os.fsync(file.fileno())
    last_file.remember(connection, temporary, copies)
    temporary.replace(settings.published_file)
    # What a program that held the file has written beside it belongs to the old one, and would keep others
    # from opening the new one.
    wal_of(settings.published_file).unlink(missing_ok=True)
    return rows


def _change_a_copy(
    connection: duckdb.DuckDBPyConnection, last: Path, temporary: Path, renewed: last_file.Renewed
) -> dict[str, int] | None:
    """Return the number of rows by table; None where the copy cannot be made what is to be published."""
    _forget(temporary)
    copy_file(last, temporary)
    if not last_file.renewed_since(connection, last):  # another program wrote into it meanwhile
        return None
    try:
        with _attached(connection, temporary):
            renew(connection, renewed.metrics)
            kept = ["observations", *renew_days(connection, tables_of_days(connection))]
            tables = "select table_name from duckdb_tables() where database_name = 'published'"
            for (table,) in connection.execute(tables).fetchall():
                if table not in kept:
                    connection.execute(f'drop table published.main."{table}"')
            return _write(connection, kept)
    except (RatherAnew, duckdb.Error) as error:
        logger.info("publishing all anew, not what has changed alone: %s", error)
        return None


@contextmanager
def _attached(connection: duckdb.DuckDBPyConnection, file: Path) -> Iterator[None]:
    """Attach a file as `published`, and write what the block does in one transaction."""
    connection.execute(f"attach {quoted(str(file))} as published (storage_version {quoted(STORAGE_VERSION)})")
    connection.begin()  # some hundred statements, each of which would wait for the disk
    try:
        yield
        connection.commit()
    except BaseException:
        connection.rollback()
        raise
    finally:
        connection.execute("detach published")


def _forget(temporary: Path) -> None:
    """Delete what a killed run left behind, with any log that DuckDB would write into it."""
    for left in temporary.parent.glob(f"{temporary.name}*"):
        left.unlink()


def _write(connection: duckdb.DuckDBPyConnection, kept: Collection[str] = ()) -> dict[str, int]:
    """Write all marts, but those that are kept, and all comments; return the number of rows by table."""
    rows, of_days = dict[str, int](), tables_of_days(connection)
    for table, comments in _comments(connection).items():
        order = ORDER if table == "observations" else order_of(table, of_days)
        if table not in kept:
            sql = f'create table published.main."{table}" as from marts."{table}" order by {order}'
            connection.execute(sql)
        for statement in comments:
            connection.execute(statement)
        rows[table] = connection.execute(f'select count(*) from published.main."{table}"').fetchall()[0][0]
    return rows


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
        table: [f'comment on table published.main."{table}" is {quoted(told)}'] if told else []
        for table, told in tables
    }
    for table, column, told in connection.execute(COLUMNS).fetchall():
        found[table].append(f'comment on column published.main."{table}"."{column}" is {quoted(told)}')
    return found
