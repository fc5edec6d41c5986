"""The commands that run the pipeline, as a whole or a stage of it."""

import os
from collections.abc import Iterable, Mapping
from dataclasses import astuple, fields, replace
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from flows.client.service import Service
from flows.commands.maintain import Wait
from flows.commands.service.own_server import require_home
from flows.commands.status import end_degraded, finish
from flows.console.progress import shown, stage
from flows.console.signals import in_threads
from flows.console.table import Grid, print_grid
from flows.pipeline import steps
from flows.pipeline.run import run as run_stages
from flows.sources import services_of
from warehouse.archive.fetched import fetch_published
from warehouse.archive.lock import only_writer
from warehouse.archive.write import Attempt, LastAnswers
from warehouse.build.load import forget_work
from warehouse.config.ecosystem import Ecosystem
from warehouse.config.settings import Settings, path_of, read_settings
from warehouse.errors import ConfigurationError


def demo() -> None:
    """Run the whole pipeline on past figures, without network and keys."""
    from flows.demo.run import run_demo  # the server's parts take a second to import

    with shown():
        steps.require_site(read_settings())
        run_demo(read_settings(), _run)
    finish(read_settings())


def run(wait: Wait = False) -> None:
    """Collect every source once, then build, publish and report; Prefect shows it where its server is set."""
    settings = read_settings()
    steps.ecosystem_of(settings)
    steps.refuse_mixing(settings)
    with shown():
        steps.require_site(settings)
    with shown(), only_writer(settings, wait):
        _run()
    finish(settings)


DryRun = Annotated[bool, typer.Option("--dry-run", help="Print how many requests and how long; ask nothing.")]


def collect(
    sources: Annotated[list[str] | None, typer.Argument(metavar="[SOURCE]...")] = None,
    dry_run: DryRun = False,
    wait: Wait = False,
) -> None:
    """Collect the named sources, or all, into the archive."""
    settings = read_settings()
    ecosystem = steps.ecosystem_of(settings)
    steps.refuse_mixing(settings)
    chosen = _chosen(sources, ecosystem)
    with shown(), only_writer(settings, wait):
        known = steps.load_archive(settings, ecosystem)
        if not dry_run:
            _collect(services_of(chosen, settings), settings, ecosystem, known)
            return
    _print_plans(services_of(chosen, settings), settings, ecosystem, known)


def backfill(
    sources: Annotated[list[str] | None, typer.Argument(metavar="[SOURCE]...")] = None,
    dry_run: DryRun = False,
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
    # Each is asked for as long as its host allows: who backfills expects it.
    services = [replace(service, most_a_run=None) for service in services_of(chosen, settings)]
    with shown(), only_writer(settings, wait):
        known = steps.load_archive(settings, ecosystem)
        if refresh:
            known = {source_id: {} for source_id in known}
        if not dry_run:
            _collect(services, settings, ecosystem, known)
            return
    _print_plans(services, settings, ecosystem, known)


def build(wait: Wait = False) -> None:
    """Load the archive, build the models, and publish them when every check passes."""
    settings = read_settings()
    ecosystem = steps.ecosystem_of(settings)
    with shown(), only_writer(settings, wait):
        steps.require_archive(settings)
        _build(settings, ecosystem)
    finish(settings)


def report(
    single_file: Annotated[
        bool, typer.Option("--single-file", help="Also write barometer.html: every page in one file.")
    ] = False,
    with_sql: Annotated[
        bool,
        typer.Option("--with-sql", help="Also write ask.html, which answers SQL; npm fetches its engine."),
    ] = False,
    open_it: Annotated[bool, typer.Option("--open", help="Open what was written in the browser.")] = False,
) -> None:
    """Write the site from the published file."""
    settings = read_settings()
    settings = replace(settings, site_sql=with_sql or settings.site_sql)
    with shown():
        steps.require_site(settings)
        fetch_published(settings)
        steps.report(settings, single_file)
    if open_it:
        page = settings.site / ("barometer.html" if single_file else "index.html")
        typer.launch(page.as_uri())
    finish(settings)


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
    ecosystem = steps.ecosystem_of(settings)
    present = settings
    if as_of:
        settings = settings.of(as_of.date())
    with shown():
        steps.require_site(settings)
    with shown(), only_writer(settings, wait):
        steps.require_archive(present)
        if as_of:
            steps.require_answers_by(as_of.date(), present)
        forget_work(settings)
        _build(settings, ecosystem)
        steps.report(settings)
    finish(settings)


def _chosen(sources: list[str] | None, ecosystem: Ecosystem) -> list[str]:
    if unknown := sorted(set(sources or ()) - set(ecosystem.sources)):
        raise ConfigurationError(
            f"sources: found {', '.join(unknown)}, expected some of {', '.join(ecosystem.sources)}"
        )
    return sources or list(ecosystem.sources)


def _print_plans(
    services: Iterable[Service],
    settings: Settings,
    ecosystem: Ecosystem,
    known: Mapping[str, LastAnswers],
) -> None:
    plans = [astuple(steps.plan(one, settings, ecosystem, known[one.source_id])) for one in services]
    print_grid(Grid([column.name for column in fields(steps.Plan)], plans))


def _collect(
    services: Iterable[Service],
    settings: Settings,
    ecosystem: Ecosystem,
    known: Mapping[str, LastAnswers],
) -> None:
    """Collect from the services of several sources at once; end with 3 where one is not complete."""

    def collected(service: Service) -> Attempt:
        return steps.collect_service(service, settings, ecosystem, known[service.source_id])

    attempts = in_threads(collected, services)
    steps.require_an_answer(attempts, settings)
    failed = (attempt.source_id for attempt in attempts if attempt.problem)
    end_degraded(failed, "why stands above; what was answered is archived")


def _run() -> None:
    """Run the whole here: under Prefect where its server is set, or Dask's workers are, else without it."""
    settings = read_settings()
    if settings.dask_scheduler or _has_server():
        _run_flow()
    else:
        run_stages(settings, steps.ecosystem_of(settings))


def _has_server() -> bool:
    """Whether a Prefect server is set, in the environment or in the profile that Prefect keeps."""
    if os.environ.get("PREFECT_API_URL"):
        return True
    if not path_of(os.environ, "PREFECT_PROFILES_PATH", _prefect_home() / "profiles.toml").is_file():
        return False
    from flows.pipeline.flow import has_server  # Prefect takes a second to import

    return has_server()


def _prefect_home() -> Path:
    return path_of(os.environ, "PREFECT_HOME", Path.home() / ".prefect")


def _run_flow() -> None:
    """Run the Prefect flow in this process; with no server set, as Dask allows, Prefect starts its own."""
    require_home(_prefect_home())
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
