"""`barometer sql`: one question to the published file, from wherever its text comes.

Exit codes: 0 answered; 1 nothing has been published yet, or the disk is full; 2 the query is wrong, or takes
more than its limits.
"""

import re
import resource
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from flows.console import output
from flows.console.signals import on_stop
from flows.console.table import Grid, print_grid
from warehouse.archive.fetched import fetch_published
from warehouse.config.settings import read_settings
from warehouse.errors import ConfigurationError
from warehouse.published.open import Limits, open_published
from warehouse.published.saved_queries import SavedQuery, saved_queries, saved_query
from warehouse.regular import read_regular

# What this program takes before it asks, threads and all; its rows may take as much again as the engine.
OWN_MEMORY_MB = 1_000
# Far more than anybody writes.
LARGEST_QUERY_BYTES = 2**24


def sql(
    query: Annotated[str | None, typer.Argument(help="SQL, or - to read it from standard input.")] = None,
    file: Annotated[Path | None, typer.Option(help="Read the SQL from a file.")] = None,
    saved: Annotated[str | None, typer.Option(metavar="NAME", help="Run a saved query.")] = None,
    param: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=VALUE", help="What getvariable('NAME') tells the query."),
    ] = None,
    list_saved: Annotated[bool, typer.Option("--list", help="List the saved queries.")] = False,
    format: Annotated[
        output.Format | None,
        typer.Option(help="How rows are written; by default as the file's ending says, else as a table."),
    ] = None,
    output_file: Annotated[
        Path | None, typer.Option("--output", metavar="FILE", help="Write to a file, whole or not at all.")
    ] = None,
    no_pager: Annotated[bool, typer.Option("--no-pager", help="Print long results at once.")] = False,
    timeout: Annotated[
        int, typer.Option(metavar="SECONDS", min=1, max=86_400, help="How long it may take.")
    ] = 300,
    memory: Annotated[int, typer.Option(metavar="MB", min=50, help="How much memory it may take.")] = 1_000,
    temporary: Annotated[
        int, typer.Option(metavar="MB", min=0, help="How much it may write to temporary files.")
    ] = 4_000,
) -> None:
    """Answer SQL from the published file, read-only and shut off from all other files."""
    if list_saved:
        _print_list(saved_queries(), paging=not no_pager)
        return
    settings = read_settings()
    text = _text(query, file, saved)
    values = _values(param or [], saved_query(saved) if saved else None)
    output.refuse_own_files(output_file, settings)
    chosen = output.format_for(format, output_file)
    fetch_published(settings)
    with _temporary_folder() as folder:
        limits = Limits(timeout, memory, temporary, folder)
        with (
            open_published(settings.published_file, limits) as published,
            on_stop(published.interrupt),
            output.at_most(resource.RLIMIT_DATA, OWN_MEMORY_MB + 2 * memory),
        ):
            published.set_variables({"now": settings.clock().isoformat()} | values)
            output.write(published, text, chosen, output_file, limits, paging=not no_pager)


@contextmanager
def _temporary_folder() -> Iterator[Path | None]:
    """Yield a folder for as long as the block lasts; None where none can be made."""
    try:
        folder = TemporaryDirectory(prefix="barometer-", ignore_cleanup_errors=True)
    except OSError:
        yield None
        return
    with folder as path:
        yield Path(path)


def _text(query: str | None, file: Path | None, saved: str | None) -> str:
    given = [value for value in (query, file, saved) if value is not None]
    if len(given) != 1:
        raise ConfigurationError(
            f"sql: found {len(given)} queries, expected one: as an argument, from - or --file, or by --saved"
        )
    if saved:
        return saved_query(saved).sql
    if file is None and query != "-":
        return str(query)
    where = f"sql --file: {file}" if file else "sql: standard input"
    try:
        return read_regular(file, LARGEST_QUERY_BYTES).decode() if file else _standard_input()
    except UnicodeDecodeError as error:
        raise ConfigurationError(f"{where}: {error}, expected a query in UTF-8") from error
    except OSError as error:
        raise ConfigurationError(f"{where}: {error.strerror}, expected a file with a query") from error


def _standard_input() -> str:
    text = sys.stdin.read(LARGEST_QUERY_BYTES + 1)
    if len(text) > LARGEST_QUERY_BYTES:
        raise ConfigurationError(f"sql: found more than {LARGEST_QUERY_BYTES:,} signs, expected a query")
    return text


def _values(parameters: list[str], saved: SavedQuery | None) -> dict[str, str]:
    values: dict[str, str] = {}
    for parameter in parameters:
        name, equals, value = parameter.partition("=")
        if not equals or not re.fullmatch(r"[a-z_][a-z0-9_]*", name):
            raise ConfigurationError(f"sql --param: found {parameter}, expected NAME=VALUE")
        values[name] = value
    if saved and (unknown := sorted(set(values) - set(saved.defaults))):
        known = ", ".join(saved.defaults) or "none"
        raise ConfigurationError(f"sql --param: {saved.name}: found {unknown[0]}, expected one of: {known}")
    return values


def _print_list(queries: list[SavedQuery], *, paging: bool) -> None:
    rows = [
        (query.name, query.question, ", ".join(f"{name}={value}" for name, value in query.defaults.items()))
        for query in queries
    ]
    print_grid(Grid(("name", "question", "parameters"), rows), paging=paging)
