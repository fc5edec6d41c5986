"""Collecting from all services at once: in threads of this process, or spread over the workers of Dask.

One task is one service, however many subjects it has: a limit is a host's, and two workers that asked one
host would ask it twice as fast as it allows. One that is read in files has its attempt here, which gives the
files to the workers and keeps to the limits for all of them.
"""

from collections.abc import Mapping
from typing import Any

from prefect import task
from prefect.cache_policies import NO_CACHE
from prefect.futures import PrefectFuture
from prefect.futures import wait as wait_for
from prefect.task_runners import TaskRunner, ThreadPoolTaskRunner

from flows.client.service import Service
from flows.console.progress import Stage, let_through
from flows.pipeline import steps
from flows.pipeline.dask_workers import asked_on_workers, no_scheduler
from flows.pipeline.run import tell_mistake
from flows.sources import services_of
from warehouse.archive.shared import fetch_archive
from warehouse.archive.write import Attempt, LastAnswers
from warehouse.config.ecosystem import Ecosystem
from warehouse.config.settings import Settings
from warehouse.errors import StorageFailed


# Prefect cannot end what runs in a thread, and warns of such timeouts; `collect` gives up by itself.
@task(task_run_name="collect {service}", cache_policy=NO_CACHE, persist_result=False)
def collect_service(
    service: Service, settings: Settings, ecosystem: Ecosystem, known: LastAnswers
) -> tuple[Attempt, Stage]:
    """Collect from one service into the archive; one that fails is told by its attempt."""
    let_through(settings.secrets)
    return steps.collect_and_tell(service, settings.on_this_machine(), ecosystem, known)


@task(task_run_name="collect {service}", cache_policy=NO_CACHE, persist_result=False)
def collect_files(
    service: Service, settings: Settings, ecosystem: Ecosystem, known: LastAnswers
) -> tuple[Attempt, Stage]:
    """Do the same, with each file asked for by a Dask task of its own."""
    return steps.collect_and_tell(service, settings, ecosystem, known, asked_on_workers)


def collect_all(settings: Settings, ecosystem: Ecosystem, known: Mapping[str, LastAnswers]) -> list[Attempt]:
    """Collect from every service, and return how each went but those that a mistake of ours ended.

    Raises ConfigurationError for a scheduler of Dask that does not answer, StorageFailed for a full disk.
    """
    services = services_of(ecosystem.sources, settings)
    in_files = [one for one in services if settings.dask_scheduler and one.requests_a_file]

    def given(one: Service) -> dict[str, Any]:
        return {"service": one, "settings": settings, "ecosystem": ecosystem, "known": known[one.source_id]}

    here: TaskRunner[Any] = ThreadPoolTaskRunner()
    with _task_runner(settings) as runner, here:
        try:
            whole = [runner.submit(collect_service, given(one)) for one in services if one not in in_files]
        except OSError as error:
            raise no_scheduler(str(error)) from error
        by_file = [here.submit(collect_files, given(one)) for one in in_files]
        wait_for([*whole, *by_file])
        told = [answer for future in whole if (answer := _told(future))]
        told_here = [answer for future in by_file if (answer := _told(future))]
    if settings.dask_scheduler:
        for _, elsewhere in told:
            elsewhere.end()
        fetch_archive(settings)
    return [attempt for attempt, _ in told + told_here]


def _task_runner(settings: Settings) -> TaskRunner[Any]:
    if settings.dask_scheduler is None:
        return ThreadPoolTaskRunner()
    try:
        from prefect_dask.task_runners import DaskTaskRunner  # not part of the usual installation
    except ImportError as error:
        raise no_scheduler(f"{error}; `make dask` installs it") from error
    runner: TaskRunner[Any] = DaskTaskRunner(address=settings.dask_scheduler)
    return runner


def _told(future: PrefectFuture[tuple[Attempt, Stage]]) -> tuple[Attempt, Stage] | None:
    """Return how a service went; None, told of, where a mistake of ours ended it, which stops no other."""
    try:
        return future.result()
    except StorageFailed:
        raise
    except Exception as error:
        tell_mistake(error)
        return None
