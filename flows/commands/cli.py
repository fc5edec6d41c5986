"""The command line. Exit codes: 0 all good; 1 nothing could be published, or written; 2 wrong usage or
configuration; 3 published, but a source is degraded; 4 another process writes the data folder; 128 and the
signal's number when a signal has stopped it (130 by Ctrl-C, 143 by SIGTERM).
"""

import os
from collections.abc import Mapping
from dataclasses import astuple, fields
from datetime import datetime
from pathlib import Path
from traceback import format_exc
from typing import Annotated

import typer

from flows.client.service import Service
from flows.commands.add import add
from flows.commands.claims import claims
from flows.commands.doctor import doctor
from flows.commands.init_check import check, init
from flows.commands.maintain import Wait, compact, verify
from flows.commands.quarantine import quarantine
from flows.commands.service.own_server import require_home
from flows.commands.service.serve import serve, server, worker
from flows.commands.sql import sql
from flows.commands.status import end_degraded, finish, status
from flows.console.json_logs import tell_as
from flows.console.progress import shown, stage
from flows.console.say import guard_logs, say_problem, told
from flows.console.signals import in_threads, stopped_by
from flows.console.table import Grid, print_grid
from flows.pipeline import steps
from flows.sources import commands_of, services_of, source_ids
from warehouse.archive.lock import only_writer
from warehouse.archive.write import Attempt, LastAnswers
from warehouse.build.load import forget_work
from warehouse.config.ecosystem import Ecosystem
from warehouse.config.settings import Settings, path_of, read_settings
from warehouse.errors import BarometerError, ConfigurationError

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
for command in (init, check, add, serve, server, worker, doctor, status, compact, verify, quarantine):
    app.command()(command)
app.callback()(tell_as)


@app.command()
def demo() -> None:
    """Run the whole pipeline on past figures, without network and keys."""
    from flows.demo.run import run_demo  # the server's parts take a second to import

    steps.require_site(read_settings())
    with shown():
        run_demo(read_settings(), _run_flow)
    finish(read_settings())


@app.command()
def run(wait: Wait = False) -> None:
    """Collect every source once, then build, publish and report."""
    settings = read_settings()
    steps.ecosystem_of(settings)
    steps.refuse_mixing(settings)
    steps.require_site(settings)
    with shown(), only_writer(settings, wait):  # before Prefect has started, which takes a while
        _run_flow()
    finish(settings)


@app.command()
def collect(
    sources: Annotated[list[str] | None, typer.Argument(metavar="[SOURCE]...")] = None, wait: Wait = False
) -> None:
    """Collect the named sources, or all, into the archive."""
    settings = read_settings()
    ecosystem = steps.ecosystem_of(settings)
    steps.refuse_mixing(settings)
    chosen = _chosen(sources, ecosystem)
    with shown(), only_writer(settings, wait):
        _collect(chosen, settings, ecosystem, steps.load_archive(settings, ecosystem))


@app.command()
def backfill(
    sources: Annotated[list[str] | None, typer.Argument(metavar="[SOURCE]...")] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Print how many requests and how long; ask nothing.")
    ] = False,
    refresh: Annotated[
        bool, typer.Option("--refresh", help="Ask for everything again, settled months included.")
    ] = False,
    wait: Wait = False,
) -> None:
    """Collect the whole past; once stopped, by a limit or by hand, it goes on where it was."""
    settings = read_settings()
    ecosystem = steps.ecosystem_of(settings)
    steps.refuse_mixing(settings)
    chosen = _chosen(sources, ecosystem)
    with shown(), only_writer(settings, wait):
        known = steps.load_archive(settings, ecosystem)
        if refresh:
            known = {source_id: {} for source_id in known}
        if not dry_run:
            _collect(chosen, settings, ecosystem, known)
            return
    services = services_of(chosen, settings)
    plans = [astuple(steps.plan(one, settings, ecosystem, known[one.source_id])) for one in services]
    print_grid(Grid([column.name for column in fields(steps.Plan)], plans))


@app.command()
def build(wait: Wait = False) -> None:
    """Load the archive, build the models, and publish them when every check passes."""
    settings = read_settings()
    ecosystem = steps.ecosystem_of(settings)
    steps.require_archive(settings)
    with shown(), only_writer(settings, wait):
        _build(settings, ecosystem)
    finish(settings)


@app.command()
def report(
    single_file: Annotated[
        bool, typer.Option("--single-file", help="Also write barometer.html: every page in one file.")
    ] = False,
    open_it: Annotated[bool, typer.Option("--open", help="Open what was written in the browser.")] = False,
) -> None:
    """Write the site from the published file."""
    settings = read_settings()
    steps.require_site(settings)
    with shown():
        steps.report(settings, single_file)
    if open_it:
        page = settings.site / ("barometer.html" if single_file else "index.html")
        typer.launch(page.as_uri())
    finish(settings)


@app.command()
def rebuild(
    as_of: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="The past day, UTC, whose figures are made again."),
    ] = None,
    wait: Wait = False,
) -> None:
    """Make everything again from the archive: work database, published file and site.

    With --as-of only what had been answered by the end of that day is read, and file and site are written
    to a folder of their own beside the present ones.
    """
    settings = read_settings()
    if as_of:
        steps.require_answers_by(as_of.date(), settings)
        settings = settings.of(as_of.date())
    ecosystem = steps.ecosystem_of(settings)
    steps.require_archive(settings)
    steps.require_site(settings)
    with shown(), only_writer(settings, wait):
        forget_work(settings)
        _build(settings, ecosystem)
        steps.report(settings)
    finish(settings)


app.command()(sql)
app.command()(claims)


for source_id in source_ids():
    for command in commands_of(source_id):
        app.command()(command)


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


def _chosen(sources: list[str] | None, ecosystem: Ecosystem) -> list[str]:
    if unknown := sorted(set(sources or ()) - set(ecosystem.sources)):
        raise ConfigurationError(
            f"sources: found {', '.join(unknown)}, expected some of {', '.join(ecosystem.sources)}"
        )
    return sources or list(ecosystem.sources)


def _collect(
    chosen: list[str], settings: Settings, ecosystem: Ecosystem, known: Mapping[str, LastAnswers]
) -> None:
    """Collect from the services of several sources at once; end with 3 where one is not complete."""

    def collected(service: Service) -> Attempt:
        return steps.collect_service(service, settings, ecosystem, known[service.source_id])

    attempts = in_threads(collected, services_of(chosen, settings))
    steps.require_an_answer(attempts, settings)
    failed = (attempt.source_id for attempt in attempts if attempt.problem)
    end_degraded(failed, "why stands above; what was answered is archived")


def _run_flow() -> None:
    """Run the Prefect flow in this process; with no server configured, Prefect starts its own."""
    require_home(path_of(os.environ, "PREFECT_HOME", Path.home() / ".prefect"))
    os.environ.setdefault("PREFECT_SERVER_ANALYTICS_ENABLED", "false")
    os.environ.setdefault("PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS", "60")
    # The stages tell what happens; Prefect's own log would say it again, with tracebacks.
    os.environ.setdefault("PREFECT_LOGGING_LEVEL", "CRITICAL")
    with stage("run under Prefect"):
        from flows.pipeline.flow import run_here

        try:
            run_here()
        except RuntimeError as error:  # Prefect has no class of its own for this
            if "Failed to reach API" not in str(error):
                raise
            raise ConfigurationError(
                f"PREFECT_API_URL: {error}, expected a running Prefect server, or no such setting"
            ) from error


def _build(settings: Settings, ecosystem: Ecosystem) -> None:
    steps.load_archive(settings, ecosystem)
    steps.build(settings, ecosystem)
    steps.publish_marts(settings)
