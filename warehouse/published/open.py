"""The published file, as readers see it: opened read-only, shut off from everything outside it."""

import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event, Timer
from typing import TYPE_CHECKING, Any

import duckdb

from warehouse.config.settings import COUNTED_PERCENT
from warehouse.disk import wal_of
from warehouse.errors import ConfigurationError, NothingPublished, StorageFailed
from warehouse.published.row_files import FileFormat, write_rows
from warehouse.text import quoted

if TYPE_CHECKING:
    import pandas as pd

# In this order: the last one makes the others final. Files, network, extensions and the variables of this
# program are out of reach, and so are settings (a log or a profile is written to a file, too).
SHUT_OFF = (
    "set TimeZone = 'UTC'",
    "set python_enable_replacements = false",
    "set enable_external_access = false",
    "set lock_configuration = true",
)

# Left alone DuckDB keeps what it has read of the file in up to four fifths of the machine's memory, and of a
# large file the rest does not do for Python.
IN_MEMORY = f"set memory_limit = '{COUNTED_PERCENT}%'"

# What is held and drawn as a whole; more than that nobody reads. A value counts as many signs beside its own,
# for drawing it takes as long.
MOST_SIGNS, SIGNS_OF_A_VALUE = 10_000_000, 100

# What a statement answers with that is a question.
ROWS = [duckdb.ExpectedResultType.QUERY_RESULT]


@dataclass(frozen=True)
class Limits:
    """How long one query may take, and how much it may take of memory and of temporary files, in MB.

    `temporary` is the folder for these files; without one a query has its memory and no more.
    """

    seconds: int
    memory_mb: int
    temporary_mb: int
    temporary: Path | None = None

    def statements(self) -> list[str]:
        """Return what sets them, before the settings are final."""
        return [
            f"set memory_limit = '{self.memory_mb}MB'",
            f"set temp_directory = {quoted(str(self.temporary or ''))}",
            f"set max_temp_directory_size = '{self.temporary_mb}MB'",
            "set arrow_large_buffer_size = true",  # or 2 GiB of text in some thousand rows would be a mistake
        ]


class Published:
    """Answers SQL from the published file, within limits where there are some."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, limits: Limits | None = None) -> None:
        self._connection = connection
        self._limits = limits

    def interrupt(self) -> None:
        """End the query that is being answered; may be called by another thread or a signal's handler."""
        self._connection.interrupt()

    def set_variables(self, values: Mapping[str, str]) -> None:
        """Set what `getvariable` tells to the queries that follow; names are identifiers."""
        for name, value in values.items():
            self._connection.execute(f'set variable "{name}" = ?', [value])

    def query(self, sql: str) -> tuple[list[str], list[tuple[Any, ...]]]:
        """Return column names and rows.

        Raises ConfigurationError with the engine's own message, caret included, for SQL that fails, and
        for an answer beyond the limits; StorageFailed where the disk fails.
        """
        with self._told(sql):
            result = self._connection.execute(sql)
            names = [column[0] for column in result.description or []]
            return names, self._within_limits(result) if self._limits else result.fetchall()

    def save(self, sql: str, target: Path, format: FileFormat) -> None:
        """Write the rows of a query to a file; raises ConfigurationError as `query` does."""
        with self._told(sql):
            rows = self._connection.sql(sql)
            if rows is None:
                raise ConfigurationError("sql: found a statement without rows, expected a query")
            write_rows(rows, target, format, self._limits.memory_mb if self._limits else None)

    def rows(self, sql: str, parameters: Sequence[object] = ()) -> list[dict[str, Any]]:
        """Return the rows of a query as mappings by column name.

        Raises NothingPublished for a file of another version, which lacks what is asked for, as does `frame`.
        """
        result = self._executed(sql, parameters)
        names = [column[0] for column in result.description or []]
        return [dict(zip(names, row, strict=True)) for row in result.fetchall()]

    def frame(self, sql: str, parameters: Sequence[object] = ()) -> "pd.DataFrame":
        """Return the rows of a query as a data frame."""
        return self._executed(sql, parameters).df()

    def tables(self) -> list[str]:
        """Return the names of the published tables."""
        return self._names("select table_name from duckdb_tables() where not internal order by all")

    def macros(self) -> list[str]:
        """Return the names of the published macros."""
        return self._names("select function_name from duckdb_functions() where not internal order by all")

    def _executed(self, sql: str, parameters: Sequence[object]) -> duckdb.DuckDBPyConnection:
        try:
            return self._connection.execute(sql, list(parameters))
        except (duckdb.CatalogException, duckdb.BinderException) as error:
            told = str(error).splitlines()[0]
            raise NothingPublished(
                f"what is published was built by another version: {told} `barometer build` makes it anew"
            ) from error

    def _names(self, sql: str) -> list[str]:
        # A cursor of its own: a query that failed half-way still holds the other one.
        return [name for (name,) in self._connection.cursor().execute(sql).fetchall()]

    def _within_limits(self, result: duckdb.DuckDBPyConnection) -> list[tuple[Any, ...]]:
        rows, signs = list[tuple[Any, ...]](), 0
        while (row := result.fetchone()) is not None:
            rows.append(row)
            signs += sum(SIGNS_OF_A_VALUE + (len(value) if hasattr(value, "__len__") else 0) for value in row)
            if signs > MOST_SIGNS:
                raise ConfigurationError(
                    f"sql: found more than {MOST_SIGNS // 10**6} MB in a table, expected less: ask for "
                    "fewer rows or columns, or take --format csv, json or parquet"
                )
        return rows

    @contextmanager
    def _told(self, sql: str) -> Iterator[None]:
        with self._timed() as is_over:
            try:
                self._require_one_answer(sql)
                yield
            except duckdb.CatalogException as error:
                known = f"tables are {', '.join(self.tables())}; macros are {', '.join(self.macros())}"
                raise ConfigurationError(f"sql: {error}\n\nThe published {known}.") from error
            except duckdb.IOException as error:
                raise StorageFailed(f"sql: {error}") from error
            except duckdb.Error as error:
                raise ConfigurationError(f"sql: {self._why(error, is_over)}") from error

    def _require_one_answer(self, sql: str) -> None:
        """Raise ConfigurationError for no query, and for several: only the last one's rows are shown."""
        statements = self._connection.extract_statements(sql)
        if not statements:
            raise ConfigurationError("sql: found nothing to answer, expected a query")
        if any(one.expected_result_type == ROWS for one in statements[:-1]):
            raise ConfigurationError(f"sql: found {len(statements)} statements, expected one query, the last")

    @contextmanager
    def _timed(self) -> Iterator[Event]:
        """Interrupt what takes longer than the limits allow; the event tells that this has happened."""
        is_over = Event()

        def end() -> None:
            is_over.set()
            self.interrupt()

        timer = Timer(self._limits.seconds if self._limits else 0, end)
        timer.daemon = True
        if self._limits:
            timer.start()
        try:
            yield is_over
        finally:
            timer.cancel()

    def _why(self, error: duckdb.Error, is_over: Event) -> str:
        """Return why a query has failed: in one line where a limit was met, else in the engine's words."""
        if self._limits and is_over.is_set():
            return f"found no answer within {self._limits.seconds} s, expected one; --timeout gives it longer"
        if self._limits and isinstance(error, duckdb.OutOfMemoryException):
            found, expected = str(error).splitlines()[0], f"at most {self._limits.memory_mb} MB of memory"
            return (
                f"{found} Expected {expected} and {self._limits.temporary_mb} MB of temporary files; "
                "--memory and --temporary give it more"
            )
        return str(error)


@contextmanager
def open_published(path: Path, limits: Limits | None = None) -> Iterator[Published]:
    """Open the published file; any number of readers may, while a run publishes the next.

    While another program holds it for writing, or has left what it wrote beside it, a copy is read: what was
    published. Raises NothingPublished where there is none.
    """
    if not path.is_file():
        raise NothingPublished(
            f"{path}: nothing has been published yet, expected a file made by `barometer demo` or "
            "`barometer run`"
        )
    with ExitStack() as stack:
        try:
            connection = stack.enter_context(_connect(path, stack))
        except (duckdb.Error, OSError) as error:
            raise NothingPublished(f"{path}: cannot be opened as a DuckDB file: {error}") from error
        for statement in (*(limits.statements() if limits else (IN_MEMORY,)), *SHUT_OFF):
            connection.execute(statement)
        yield Published(connection, limits)


def _connect(path: Path, stack: ExitStack) -> duckdb.DuckDBPyConnection:
    """Open the file, or where that is not possible a copy of it, which lasts as long as the stack."""
    if not wal_of(path).exists():
        try:
            return duckdb.connect(path, read_only=True)
        except duckdb.IOException as error:
            if "Conflicting lock" not in str(error):
                raise
    # DuckDB's lock is on the file itself, whatever its name, and what stands in a log beside it is not ours.
    folder = stack.enter_context(TemporaryDirectory(prefix="barometer-"))
    return duckdb.connect(shutil.copyfile(path, Path(folder) / path.name), read_only=True)
