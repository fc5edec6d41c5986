"""One run, whoever orders it: collect every source at once, build what came in, publish, report, tell."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from flows.client.service import Service
from flows.console.progress import heard, logger, stage
from flows.console.signals import in_threads
from flows.pipeline import steps
from flows.sources import services_of
from warehouse.archive.write import Attempt, LastAnswers
from warehouse.config.ecosystem import Ecosystem
from warehouse.config.settings import Settings
from warehouse.errors import StorageFailed

Known = Mapping[str, LastAnswers]


def collect_here(settings: Settings, ecosystem: Ecosystem, known: Known) -> list[Attempt]:
    """Collect from every service in threads of this process; return how each went that no mistake ended.

    Raises StorageFailed for a full disk.
    """

    def collected(service: Service) -> Attempt | None:
        try:
            return steps.collect_service(service, settings, ecosystem, known[service.source_id])
        except StorageFailed:
            raise
        except Exception as error:
            tell_mistake(error)
            return None

    attempts = in_threads(collected, services_of(ecosystem.sources, settings))
    return [attempt for attempt in attempts if attempt]


def tell_mistake(error: Exception) -> None:
    """Tell of a mistake of ours that ended the collecting from one service, and stops no other."""
    logger.error("collect: %s: %s", type(error).__name__, error)


@dataclass(frozen=True)
class Stages:
    """What a run is made of: plain functions, or under Prefect tasks.

    `collect` is told what each source has answered so far, and returns how each attempt went; `build` returns
    whether there is something to publish.
    """

    collect: Callable[[Settings, Ecosystem, Known], list[Attempt]] = collect_here
    build: Callable[[Settings, Ecosystem], bool] = steps.build_news
    publish: Callable[[Settings], None] = steps.publish_marts
    report: Callable[[Settings], None] = steps.report


def run(
    settings: Settings, ecosystem: Ecosystem, stages: Stages | None = None, refresh: bool = False
) -> None:
    """Run the stages, tell what has changed, and log the run; the caller is the only writer.

    `refresh` asks for everything again. Raises NothingPublished, with the published file untouched, when no
    source answered, and GateClosed when a check failed.
    """
    # Imported with this module it keeps DuckDB alive to the end of the process, which DuckDB tells at length.
    from flows.pipeline.after_run import conclude

    started_at = datetime.now(UTC)
    with heard() as done:
        try:
            with stage("collect to report"):
                _collect_to_report(settings, ecosystem, stages or Stages(), refresh)
        except Exception as error:
            conclude(settings, started_at, done, str(error))
            raise
        conclude(settings, started_at, done, None)


def _collect_to_report(settings: Settings, ecosystem: Ecosystem, stages: Stages, refresh: bool) -> None:
    known = steps.load_archive(settings, ecosystem)
    if refresh:
        known = {source_id: {} for source_id in known}
    attempts = stages.collect(settings, ecosystem, known)
    steps.require_an_answer(attempts, settings)
    if stages.build(settings, ecosystem):
        stages.publish(settings)
    stages.report(settings)
