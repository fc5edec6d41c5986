"""The command line. Exit codes: 0 all good; 1 nothing could be published, or written; 2 wrong usage or
configuration; 3 published, but a source is degraded; 4 another process writes the data folder; 128 and the
signal's number when a signal has stopped it (130 by Ctrl-C, 143 by SIGTERM).
"""

from collections.abc import Mapping
from functools import cache
from traceback import format_exc
from typing import Any

import typer
from typer.core import TyperGroup

from flows.commands.deferred import Deferred, commands_in, taking_as_told
from flows.console.json_logs import tell_as
from flows.console.say import guard_logs, say_problem, told
from flows.console.signals import stopped_by
from flows.sources import command_module, source_ids
from warehouse.errors import BarometerError

# In the order of the help.
COMMANDS: Mapping[str, str] = {
    name: f"flows.commands.{module}"
    for module, names in {
        "init_check": ("init", "check"),
        "add": ("add",),
        "service.serve": ("serve", "server", "worker"),
        "doctor": ("doctor",),
        "status": ("status",),
        "maintain": ("compact", "verify"),
        "quarantine": ("quarantine",),
        "pipeline": ("demo", "run", "collect", "backfill", "build", "report", "rebuild"),
        "sql": ("sql",),
        "evidence.claims": ("claims",),
        "evidence.prove": ("prove",),
    }.items()
    for name in names
}


class Commands(TyperGroup):
    """The commands, each imported when it is called; last those of the sources."""

    def get_params(self, ctx: Any) -> list[Any]:
        """Return the parameters that all commands share."""
        return taking_as_told(super().get_params(ctx))

    def list_commands(self, ctx: Any) -> list[str]:
        """Return the names of all commands."""
        return [*COMMANDS, *_of_sources(), *super().list_commands(ctx)]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Return a command; None where there is none of that name."""
        if cmd_name in COMMANDS:
            return Deferred(COMMANDS[cmd_name], cmd_name)
        return _of_sources().get(cmd_name) or super().get_command(ctx, cmd_name)


app = typer.Typer(
    cls=Commands,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.callback()(tell_as)


@cache
def _of_sources() -> Mapping[str, Any]:
    found = (command for source_id in source_ids() for command in commands_in(command_module(source_id)))
    return {str(command.name): command for command in found}


def run_command() -> int:
    """Run a command and return its exit code; an expected error ends it with one line and no traceback.

    A mistake of ours has a traceback, and like all that is said it holds no secret.
    """
    guard_logs()
    try:
        app()
    except BarometerError as error:
        return _told(str(error), error.exit_code)
    except OSError as error:
        return _told(told(error), 1)
    except MemoryError:
        return _told("found no more memory, expected some", 1)
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    except Exception:
        if not stopped_by():
            say_problem(format_exc().rstrip())
        return 1
    return 0


def _told(error: str, exit_code: int) -> int:
    if not stopped_by():  # what comes of being stopped is no error
        say_problem(f"barometer: {error}")
    return exit_code
