"""The Prefect flows: a run, each of whose stages and services is a task of its own; verify the archive.

Prefect orders and watches; what is done stands in `flows.pipeline.run`. No task is tried again: within one
the client asks again where that helps, and what a source does not answer today the next run asks for.
"""

from secrets import token_urlsafe

from prefect import flow, task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State
from prefect.runtime import flow_run
from prefect.settings import (
    PREFECT_API_AUTH_STRING,
    PREFECT_API_URL,
    PREFECT_SERVER_API_AUTH_STRING,
    temporary_settings,
)
from prefect.states import Completed

from flows.console.progress import let_through, logger
from flows.console.signals import heed_again
from flows.pipeline import steps
from flows.pipeline.run import Stages, run
from flows.pipeline.tasks import collect_all
from warehouse.archive.lock import only_writer
from warehouse.archive.run_log import last_run
from warehouse.config.ecosystem import Ecosystem
from warehouse.config.settings import Settings, read_settings
from warehouse.errors import ArchiveDamaged

HOUR = 3600


@task(cache_policy=NO_CACHE, persist_result=False, timeout_seconds=2 * HOUR)
def build(settings: Settings, ecosystem: Ecosystem) -> bool:
    """Load the archive and build what is new; return whether there is something to publish."""
    return steps.build_news(settings, ecosystem)


@task(cache_policy=NO_CACHE, persist_result=False, timeout_seconds=HOUR)
def publish(settings: Settings) -> None:
    """Swap the marts in as the published file."""
    steps.publish_marts(settings)


@task(cache_policy=NO_CACHE, persist_result=False, timeout_seconds=HOUR)
def report(settings: Settings) -> None:
    """Write the site from the published file."""
    steps.report(settings)


# Eight hours to collect, which gives up by itself, and the tasks after it.
@flow(name="barometer", persist_result=False, timeout_seconds=12 * HOUR)
def barometer(refresh: bool = False, wait: bool = False) -> State[None] | None:
    """Collect every configured source once, then build, publish and report.

    Reads settings from the environment and subjects from `ecosystem.toml`. One source's failure
    leaves the others alone. Raises NothingPublished, with the published file untouched, when no
    source answered or a check failed, and Busy while another process writes the data folder. A run that
    another has made up for since is skipped.

    Args:
        refresh: Ask for everything again, settled months included.
        wait: Wait while another process writes the data folder.
    """
    let_through()
    heed_again()  # in a command; Prefect's handler raises what DuckDB and dbt make a failure of their own of
    settings = read_settings()
    steps.refuse_mixing(settings)
    ecosystem = steps.ecosystem_of(settings)
    with only_writer(settings, wait, within=True):
        if made_up := _made_up_for(settings, refresh):
            logger.info(made_up)
            return Completed(name="Skipped", message=made_up)
        run(settings, ecosystem, Stages(collect_all, build, publish, report), refresh)
        return None


def has_server() -> bool:
    """Whether Prefect's settings name a server."""
    return bool(PREFECT_API_URL.value())


def run_here() -> None:
    """Run the flow in this process: at the configured server, else at one that lasts as long as the run.

    That one asks for a login, which it is given here: whoever has an account on this machine could otherwise
    write into Prefect's database while it lasts.
    """
    if has_server():
        barometer()
        return
    login = f"run:{token_urlsafe()}"
    with temporary_settings({PREFECT_API_AUTH_STRING: login, PREFECT_SERVER_API_AUTH_STRING: login}):
        barometer()


def _made_up_for(settings: Settings, refresh: bool) -> str | None:
    """Tell of a run that began after this one was due, on a machine that slept: it asked for all that was."""
    last, due_at = last_run(settings), flow_run.scheduled_start_time
    if refresh or last is None or last.blocked or due_at is None or last.started_at <= due_at:
        return None
    return f"due on {due_at:%Y-%m-%d %H:%M}, made up for by the run of {last.started_at:%Y-%m-%d %H:%M} UTC"


@flow(name="verify", persist_result=False, timeout_seconds=2 * HOUR)
def verify() -> None:
    """Verify every file of the archive against its digests; raises ArchiveDamaged, naming those that fail."""
    let_through()
    if found := steps.verify(read_settings()):
        told = "; ".join(f"{one.file}: found {one.found}, expected {one.expected}" for one in found)
        raise ArchiveDamaged(f"archive: {told}")
