"""`barometer sql`: one question to the published file, from wherever its text comes."""

import os
import re
import sys
from pathlib import Path
from typing import Annotated

import typer

from flows import output
from flows.grid import Grid, print_grid
from warehouse.errors import ConfigurationError
from warehouse.published import open_published
from warehouse.saved import SavedQuery, saved_queries, saved_query
from warehouse.settings import read_settings


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
) -> None:
    """Answer SQL from the published file, read-only and shut off from all other files."""
    if list_saved:
        _print_list(saved_queries(), paging=not no_pager)
        return
    settings = read_settings()
    text = _text(query, file, saved)
    values = _values(param or [], saved_query(saved) if saved else None)
    chosen = output.format_for(format, output_file)
    output.refuse_own_files(output_file, settings)
    with open_published(settings.published_file) as published:
        published.set_variables({"now": settings.clock().isoformat()} | values)
        try:
            output.write(published, text, chosen, output_file, paging=not no_pager)
            sys.stdout.flush()
        except BrokenPipeError:  # who reads along (head, a pager) has seen enough
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _text(query: str | None, file: Path | None, saved: str | None) -> str:
    given = [value for value in (query, file, saved) if value is not None]
    if len(given) != 1:
        raise ConfigurationError(
            f"sql: found {len(given)} queries, expected one: as an argument, from - or --file, or by --saved"
        )
    if saved:
        return saved_query(saved).sql
    try:
        return file.read_text(encoding="utf-8") if file else sys.stdin.read() if query == "-" else str(query)
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"sql --file: {file}: {error}, expected a file with a query") from error


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
