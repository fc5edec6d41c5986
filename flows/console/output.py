"""How rows are written: for people as a table or Markdown, for programs as CSV, JSON or Parquet."""

import errno
import os
import resource
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path

from flows.console.table import Grid, print_grid, print_markdown
from warehouse.config.settings import Settings
from warehouse.errors import ConfigurationError, StorageFailed
from warehouse.published.open import Limits, Published
from warehouse.published.row_files import FileFormat
from warehouse.regular import replacing
from warehouse.text import cleaned


class Format(StrEnum):
    """What rows can be written as."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"
    MARKDOWN = "markdown"
    PARQUET = "parquet"


ENDINGS = {
    ".csv": Format.CSV,
    ".json": Format.JSON,
    ".md": Format.MARKDOWN,
    ".parquet": Format.PARQUET,
    ".txt": Format.TABLE,
}


def format_for(asked: Format | None, output: Path | None) -> Format:
    """Return the format that was asked for, or that the file's ending says; a table where there is no file.

    Raises ConfigurationError for an ending that nobody knows, unless a format is given, for one that says
    another, and for Parquet without a file: it is nothing for a terminal.
    """
    if output is None:
        if asked is Format.PARQUET:
            raise ConfigurationError("sql --format parquet: found no --output, expected a file to write")
        return asked or Format.TABLE
    told = ENDINGS.get(output.suffix.lower())
    if told is None and asked is None:
        found = f"the ending {output.suffix!r}" if output.suffix else "no ending"
        raise ConfigurationError(
            f"sql --output: {output}: found {found}, expected one of {', '.join(ENDINGS)}, or --format"
        )
    if told and asked and told is not asked:
        raise ConfigurationError(
            f"sql --format {asked}: found the ending {output.suffix!r} of {told}, expected them to agree"
        )
    return asked or told or Format.TABLE


def write(
    published: Published, sql: str, format: Format, output: Path | None, limits: Limits, *, paging: bool
) -> None:
    """Answer a query into a file or, without one, to standard output.

    What programs read there is made in a temporary file before, so that it is whole.
    """
    if output is not None:
        with _telling(output), replacing(output) as building:
            _write_file(published, sql, format, building)
    elif format in (Format.TABLE, Format.MARKDOWN):
        grid = Grid(*published.query(sql))
        print_markdown(grid, sys.stdout) if format is Format.MARKDOWN else print_grid(grid, paging=paging)
    else:
        if limits.temporary is None:
            raise ConfigurationError(
                f"sql --format {format}: found no folder for temporary files, set TMPDIR"
            )
        written = limits.temporary / "rows"
        with _rows_within(limits.temporary_mb):
            _write_file(published, sql, format, written)
        with written.open(encoding="utf-8", newline="") as rows:
            # As data, but for a terminal, which would obey it.
            sys.stdout.writelines(map(cleaned, rows) if sys.stdout.isatty() else rows)


def _write_file(published: Published, sql: str, format: Format, target: Path) -> None:
    if format not in (Format.TABLE, Format.MARKDOWN):
        published.save(sql, target, FileFormat(format.value))
        return
    grid = Grid(*published.query(sql))
    with target.open("w", encoding="utf-8") as file:
        print_markdown(grid, file) if format is Format.MARKDOWN else print_grid(grid, file)


def refuse_own_files(output: Path | None, settings: Settings) -> None:
    """Raise ConfigurationError before a file of the data folder would be replaced."""
    if output is not None and Path(os.path.realpath(output)).is_relative_to(settings.data):
        raise ConfigurationError(
            f"sql --output: found {output}, expected a file outside of Barometer's own {settings.data}"
        )


@contextmanager
def _telling(output: Path) -> Iterator[None]:
    """Raise ConfigurationError for a place that cannot be written."""
    try:
        yield
    except OSError as error:
        raise ConfigurationError(
            f"sql --output: {output}: {error.strerror}, expected a file that can be written"
        ) from error


@contextmanager
def at_most(kind: int, megabytes: int) -> Iterator[None]:
    """Hold this process to a limit of the kernel's for as long as the block lasts.

    RLIMIT_DATA is of what comes beside the memory that is in use already, as far as that can be known.
    """
    soft, hard = resource.getrlimit(kind)
    most = megabytes * 10**6 + (_data_bytes() if kind == resource.RLIMIT_DATA else 0)
    resource.setrlimit(kind, (min(limit for limit in (most, soft, hard) if limit >= 0), hard))
    try:
        yield
    finally:
        resource.setrlimit(kind, (soft, hard))


def _data_bytes() -> int:
    """Return how much of what RLIMIT_DATA counts this process has; Linux tells it, others count it not."""
    try:
        pages = Path("/proc/self/statm").read_text().split()[5]
    except OSError:
        return 0
    return int(pages) * resource.getpagesize()


@contextmanager
def _rows_within(megabytes: int) -> Iterator[None]:
    """Raise ConfigurationError for rows that become a larger file than that."""
    try:
        with at_most(resource.RLIMIT_FSIZE, megabytes):
            yield
    except StorageFailed as error:
        if os.strerror(errno.EFBIG) not in str(error):
            raise
        advice = "--temporary gives room, and --output writes a file"
        raise ConfigurationError(
            f"sql: found more than {megabytes:,} MB of rows, expected less; {advice}"
        ) from error
