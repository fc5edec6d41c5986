"""The published file, as readers see it: opened read-only, shut off from everything outside it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from warehouse.errors import ConfigurationError, NothingPublished

if TYPE_CHECKING:
    import pandas as pd


class Published:
    """Answers SQL from the published file."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection

    def query(self, sql: str) -> tuple[list[str], list[tuple[Any, ...]]]:
        """Return column names and rows.

        Raises ConfigurationError with the engine's own message, caret included, for SQL that fails.
        """
        try:
            result = self._connection.execute(sql)
            return [column[0] for column in result.description or []], result.fetchall()
        except duckdb.Error as error:
            raise ConfigurationError(f"sql: {error}") from error

    def rows(self, sql: str, parameters: Sequence[object] = ()) -> list[dict[str, Any]]:
        """Return the rows of a query as mappings by column name."""
        result = self._connection.execute(sql, list(parameters))
        names = [column[0] for column in result.description or []]
        return [dict(zip(names, row, strict=True)) for row in result.fetchall()]

    def frame(self, sql: str, parameters: Sequence[object] = ()) -> "pd.DataFrame":
        """Return the rows of a query as a data frame."""
        return self._connection.execute(sql, list(parameters)).df()


@contextmanager
def open_published(path: Path) -> Iterator[Published]:
    """Open the published file; any number of readers may, while a run publishes the next.

    Raises NothingPublished where there is none.
    """
    if not path.exists():
        raise NothingPublished(
            f"{path}: nothing has been published yet, expected a file made by `barometer demo` or "
            "`barometer run`"
        )
    try:
        connection = duckdb.connect(path, read_only=True)
    except duckdb.Error as error:
        raise NothingPublished(f"{path}: cannot be opened as a DuckDB file: {error}") from error
    try:
        connection.execute("set TimeZone = 'UTC'")
        connection.execute("set enable_external_access = false")
        yield Published(connection)
    finally:
        connection.close()
