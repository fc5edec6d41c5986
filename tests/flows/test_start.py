"""A short command answers at once: it imports what it needs to answer, and nothing of what others need."""

from importlib import import_module

import duckdb
import pytest

from flows.commands.cli import COMMANDS
from flows.commands.deferred import Deferred, commands_in
from flows.sources import command_module, source_ids
from tests.conftest import ROOT, Barometer

# What asks, builds, draws, orders and tells news, and the catalogue, which is validated for those who do.
OF_OTHERS = {
    "altair",
    "apprise",
    "dbt",
    "fsspec",
    "jinja2",
    "markupsafe",
    "numpy",
    "pandas",
    "prefect",
    "pydantic",
    "reports",
    "requests",
    "rich.progress",
    "starlette",
    "tomlkit",
    "urllib3",
    "uvicorn",
    "vl_convert",
    "warehouse.build",
    "warehouse.config.catalog",
    "warehouse.config.ecosystem",
}
PROXIES = dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy"), "")
STATES = """
create table source_status as
select
    'one' as source_id,
    'fresh' as state,
    null::timestamptz as last_success_at,
    null::date as last_period,
    1 as lag_days,
    2 as expected_lag_days,
    null as reason;
create table quality_checks as
select 'one' as source_id, 'a_check' as check_id, 'warn' as severity, 'two' as detail, false as passed;
"""


def imported(barometer: Barometer, *command: str) -> tuple[set[str], str]:
    """Run a command to its good end; return each module that it imported, and what it wrote."""
    done = barometer(*command, PYTHONPROFILEIMPORTTIME="1", **PROXIES)
    assert done.returncode == 0, done.stderr[-2000:]
    timed = [line for line in done.stderr.splitlines() if line.startswith("import time:")]
    return {line.rpartition("|")[2].strip() for line in timed}, done.stdout


@pytest.mark.parametrize(
    ("command", "answer", "needs", "needs_not"),
    [
        (["--version"], "barometer ", "typer", {"duckdb", "rich", "flows.pipeline"}),
        (["--help"], "sql", "rich", {"duckdb", "flows.pipeline", "flows.client"}),
        (["sql", "select 6 * 7 as answer"], "42", "duckdb", {"flows.pipeline", "flows.client"}),
        (["status"], "warn: a_check: two", "duckdb", {"flows.pipeline.steps", "flows.client"}),
    ],
    ids=lambda value: value[0] if isinstance(value, list) else "",
)
def test_a_short_command_imports_what_it_needs(
    barometer: Barometer, tmp_path, command: list[str], answer: str, needs: str, needs_not: set[str]
):
    """Nothing that asks, builds or draws, for which it would wait longer than for its answer."""
    folder = tmp_path / "data"
    folder.mkdir()
    with duckdb.connect(folder / "barometer.duckdb") as connection:
        connection.execute(STATES)
    modules, written = imported(barometer, *command)

    assert answer in written
    assert {"flows.commands.cli", needs} <= modules
    roots = tuple(f"{root}." for root in OF_OTHERS | needs_not)
    assert {module for module in modules if f"{module}.".startswith(roots)} == set()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--log-format", "xml", "status"], "'xml' is not one of"),
        (["sql", "--timeout", "soon", "select 1"], "valid integer"),
        (["sql", "--timeout", "0", "select 1"], "greater than or equal to 1"),
    ],
)
def test_what_is_not_of_its_type_yet_is_validated(barometer: Barometer, arguments: list[str], told: str):
    """By what knows its type, its choices and its bounds."""
    done = barometer(*arguments)

    assert done.returncode == 2
    assert told in " ".join(done.stderr.replace("\N{BOX DRAWINGS LIGHT VERTICAL}", " ").split())


@pytest.mark.parametrize("name", COMMANDS)
def test_the_list_tells_of_a_command_what_its_function_says(name: str):
    """Its first line is read without importing it."""
    told = Deferred(COMMANDS[name], name)
    first = (getattr(import_module(COMMANDS[name]), name).__doc__ or "").splitlines()[0]

    assert told.name == name
    assert (told.help or "").splitlines()[0] == first


def test_the_commands_of_the_sources_are_found_without_importing_them():
    """Those that each names, and none of a source without any."""
    with_commands = {source_id for source_id in source_ids() if commands_in(command_module(source_id))}
    assert with_commands == {
        source_id
        for source_id in source_ids()
        if (ROOT / "flows/sources" / source_id / "command.py").is_file()
    }
    assert with_commands
    for source_id in with_commands:
        named = import_module(command_module(source_id)).COMMANDS
        found = commands_in(command_module(source_id))
        assert [command.name for command in found] == [one.__name__.replace("_", "-") for one in named]
