"""The Prefect flow: collect every source in parallel, then build, publish and report.

Prefect orders and watches; what is done stands in `flows.stages`.
"""

import logging

from prefect import flow, task
from prefect.cache_policies import NO_CACHE
from prefect.futures import wait

from flows import stages
from flows.progress import logger, stage
from warehouse.archive import Attempt, LastAnswers
from warehouse.ecosystem import Ecosystem
from warehouse.settings import Settings, read_settings


@task(task_run_name="collect-{source_id}", cache_policy=NO_CACHE, persist_result=False)
def collect_source(source_id: str, settings: Settings, ecosystem: Ecosystem, known: LastAnswers) -> Attempt:
    """Collect one source into the archive; a source that fails is told by its attempt."""
    return stages.collect_source(source_id, settings, ecosystem, known)


@task(cache_policy=NO_CACHE, persist_result=False)
def build(settings: Settings, ecosystem: Ecosystem) -> None:
    """Load the archive and build the models; raises GateClosed when a check fails."""
    stages.load_archive(settings, ecosystem)
    stages.build(settings, ecosystem)


@task(cache_policy=NO_CACHE, persist_result=False)
def publish(settings: Settings) -> None:
    """Swap the marts in as the published file."""
    stages.publish_marts(settings)


@task(cache_policy=NO_CACHE, persist_result=False)
def report(settings: Settings) -> None:
    """Write the site from the published file."""
    stages.report(settings)


@flow(name="barometer", persist_result=False)
def barometer() -> None:
    """Collect every configured source once, then build, publish and report.

    Reads settings from the environment and subjects from `ecosystem.toml`. One source's failure
    leaves the others alone. Raises NothingPublished, with the published file untouched, when no
    source answered or a check failed.
    """
    if not logger.isEnabledFor(logging.INFO):
        logger.setLevel(logging.INFO)  # under a worker nobody else asked for the stages' lines
    settings = read_settings()
    stages.refuse_mixing(settings)
    ecosystem = stages.ecosystem_of(settings)
    with stage("flow, collect to report"):
        attempts = _collect_all(settings, ecosystem)
        stages.require_an_answer(attempts)
        build(settings, ecosystem)
        publish(settings)
        report(settings)


def _collect_all(settings: Settings, ecosystem: Ecosystem) -> list[Attempt]:
    known = stages.load_archive(settings, ecosystem)
    futures = [
        collect_source.submit(source_id, settings, ecosystem, known[source_id])
        for source_id in ecosystem.sources
    ]
    wait(futures)
    return [future.result() for future in futures if future.state.is_completed()]
