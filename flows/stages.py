"""The stages of a run as plain functions; `flows.pipeline` orders them, and so do single commands."""

from collections.abc import Iterable, Mapping

from flows.collect import collect
from flows.demo import ENDED_SOURCES
from flows.progress import stage
from flows.sources import source_ids
from warehouse.archive import Attempt, LastAnswers, archived_files
from warehouse.build import build_models
from warehouse.ecosystem import Ecosystem, read_ecosystem
from warehouse.errors import ConfigurationError, NothingPublished
from warehouse.publish import publish
from warehouse.published import open_published
from warehouse.settings import PUBLIC_URLS, Settings
from warehouse.work import forget_outdated_work, last_answers, load, open_work


def ecosystem_of(settings: Settings) -> Ecosystem:
    """Return the validated configuration."""
    return read_ecosystem(settings.config, source_ids())


def refuse_mixing(settings: Settings) -> None:
    """Raise ConfigurationError before live answers and the demo's come into one archive."""
    live = [name for name, url in settings.urls.items() if url == PUBLIC_URLS[name]]
    if settings.demo and live:
        raise ConfigurationError(
            f"BAROMETER_DATA: {settings.data} holds the demo's figures, expected a folder for live ones; "
            "set BAROMETER_DATA to another folder, or remove this one with `make clean`"
        )


def load_archive(settings: Settings, ecosystem: Ecosystem) -> Mapping[str, LastAnswers]:
    """Load what is new in the archive; return what each source has answered so far."""
    forget_outdated_work(settings)
    with stage("load") as told, open_work(settings) as connection:
        files = load(connection, settings, ecosystem)
        told.result = f"{files} new archive files"
        return {source_id: last_answers(connection, source_id) for source_id in ecosystem.sources}


def collect_source(source_id: str, settings: Settings, ecosystem: Ecosystem, known: LastAnswers) -> Attempt:
    """Collect one source into the archive."""
    with stage(f"collect {source_id}") as told:
        attempt = collect(source_id, ecosystem.subjects, settings, known)
        told.result = describe(attempt)
        return attempt


def require_archive(settings: Settings) -> None:
    """Raise NothingPublished for an empty archive, which could only make an empty file."""
    if not archived_files(settings.archive):
        raise NothingPublished(f"{settings.archive}: no archived answers, expected some to build from")


def build(settings: Settings) -> None:
    """Build the models and run the checks that stand before publishing."""
    with stage("build") as told:
        told.result = f"{build_models(settings)} seeds, models and checks passed"


def publish_marts(settings: Settings) -> None:
    """Swap the marts in as the published file."""
    with stage("publish") as told, open_work(settings) as connection:
        rows = publish(connection, settings)
        told.result = f"{len(rows)} tables, {sum(rows.values()):,} rows"


def report(settings: Settings, single_file: bool = False) -> None:
    """Write the site from the published file."""
    from reports.site import build_site  # charts take a second to import

    with stage("report") as told:
        files = build_site(settings.published_file, settings.site, settings.site_url, single_file)
        told.result = f"{len(files)} files, open {settings.site / 'index.html'}"


def describe(attempt: Attempt) -> str:
    """Return an attempt in one line."""
    counted = f"{attempt.answers} answers"
    return f"{counted}, {attempt.problem}" if attempt.problem else counted


def require_an_answer(attempts: Iterable[Attempt]) -> None:
    """Raise NothingPublished unless some source answered: the published file stays as it is."""
    if not any(attempt.answers for attempt in attempts):
        raise NothingPublished("no source answered, so nothing was published; the last published file stays")


def degraded_sources(settings: Settings) -> list[str]:
    """Return the sources of the published file that are failed, stale or were never collected.

    In the demo, sources whose figures are known to end are as they should be.
    """
    with open_published(settings.published_file) as published:
        rows = published.rows(
            "select source_id from source_status "
            "where state in ('failed', 'stale', 'never') order by source_id"
        )
    expected = ENDED_SOURCES if settings.demo else frozenset[str]()
    return [row["source_id"] for row in rows if row["source_id"] not in expected]
