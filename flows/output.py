"""How rows are written: for people as a table or Markdown, for programs as CSV, JSON or Parquet."""

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory

from flows.grid import Grid, print_grid, print_markdown
from warehouse.errors import ConfigurationError
from warehouse.files import FileFormat
from warehouse.published import Published
from warehouse.settings import Settings


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
}


def format_for(asked: Format | None, output: Path | None) -> Format:
    """Return the format that was asked for, else what the file's ending says, else a table.

    Raises ConfigurationError for Parquet without a file: it is nothing for a terminal.
    """
    chosen = asked or ENDINGS.get(output.suffix if output else "", Format.TABLE)
    if chosen is Format.PARQUET and output is None:
        raise ConfigurationError("sql --format parquet: found no --output, expected a file to write")
    return chosen


def write(published: Published, sql: str, format: Format, output: Path | None, *, paging: bool) -> None:
    """Answer a query into a file or, without one, to standard output."""
    if output is not None:
        with replacing(output) as building:
            _write_file(published, sql, format, building)
    elif format in (Format.TABLE, Format.MARKDOWN):
        grid = Grid(*published.query(sql))
        print_markdown(grid, sys.stdout) if format is Format.MARKDOWN else print_grid(grid, paging=paging)
    else:
        with TemporaryDirectory() as folder:
            _write_file(published, sql, format, written := Path(folder, "rows"))
            with written.open(encoding="utf-8") as rows:
                shutil.copyfileobj(rows, sys.stdout)


def _write_file(published: Published, sql: str, format: Format, target: Path) -> None:
    if format not in (Format.TABLE, Format.MARKDOWN):
        published.save(sql, target, FileFormat(format.value))
        return
    grid = Grid(*published.query(sql))
    with target.open("w", encoding="utf-8") as file:
        print_markdown(grid, file) if format is Format.MARKDOWN else print_grid(grid, file)


def refuse_own_files(output: Path | None, settings: Settings) -> None:
    """Raise ConfigurationError before a file of the data folder would be replaced."""
    if output is not None and output.resolve().is_relative_to(settings.data):
        raise ConfigurationError(
            f"sql --output: found {output}, expected a file outside of Barometer's own {settings.data}"
        )


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Yield a file to write, which takes the place of `path` when it is whole; else `path` stays as it was.

    Raises ConfigurationError for a place that cannot be written.
    """
    building = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        building.touch()
        yield building
        building.replace(path)
    except OSError as error:
        raise ConfigurationError(
            f"sql --output: {path}: {error.strerror}, expected a file that can be written"
        ) from error
    finally:
        with suppress(OSError):
            building.unlink(missing_ok=True)
