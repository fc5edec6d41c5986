"""The stages of a run as plain functions; `flows.pipeline.run` orders them, and so do single commands."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from importlib import import_module
from threading import Thread

from flows.client.request import expected_seconds
from flows.client.service import Service, lacks
from flows.console.progress import Stage, stage
from flows.pipeline.collect import Asking, asked_here, collect, due_questions
from flows.pipeline.dask_workers import dask_workers
from flows.pipeline.gated_build import build_within_gate
from reports.build.engine.packages import require_packages
from reports.build.place import require_place
from warehouse.archive.clock import require_clock
from warehouse.archive.mirror import verified_objects
from warehouse.archive.quarantine import quarantined
from warehouse.archive.recovery import recover_interrupted
from warehouse.archive.verify import Damage, verified
from warehouse.archive.write import Attempt, LastAnswers, archived_files, started_at
from warehouse.build.buckets.spread import Workers
from warehouse.build.built import record_checks, without_news
from warehouse.build.load import forget_outdated_work, last_answers, load, open_work
from warehouse.build.publish import publish
from warehouse.config.claims import claims_of
from warehouse.config.ecosystem import Ecosystem, read_ecosystem
from warehouse.config.settings import PUBLIC_URLS, Settings
from warehouse.disk import storage_told
from warehouse.errors import BarometerError, ConfigurationError, NothingPublished
from warehouse.published.open import open_published


def ecosystem_of(settings: Settings) -> Ecosystem:
    """Return the validated configuration; raises ConfigurationError for wrong claims, too."""
    ecosystem = read_ecosystem(settings.config)
    claims_of(ecosystem, settings.config)
    return ecosystem


def refuse_mixing(settings: Settings) -> None:
    """Raise ConfigurationError before live answers and the demo's come into one archive."""
    live = [name for name, url in settings.urls.items() if url == PUBLIC_URLS[name]]
    if settings.demo and live:
        raise ConfigurationError(
            f"BAROMETER_DATA: {settings.data} holds the demo's figures, expected a folder for live ones; "
            "set BAROMETER_DATA to another folder, or remove this one with `make clean`"
        )


def require_site(settings: Settings) -> None:
    """Raise ConfigurationError where no report can be written: for the folder, or for want of the engine."""
    if settings.data.is_relative_to(settings.site):
        raise ConfigurationError(
            f"BAROMETER_SITE: {settings.site} holds the data folder, expected a folder of the site's own"
        )
    require_place(settings.site)
    if settings.site_sql:
        with stage("fetch the engine that answers SQL"):
            require_packages(settings.packages)


def load_archive(settings: Settings, ecosystem: Ecosystem) -> Mapping[str, LastAnswers]:
    """Load what is new in the archive; return what each source has answered so far.

    What killed runs left is brought into the archive first. Raises ConfigurationError, before anything is
    written, where the clock is behind the archive.
    """
    require_clock(settings)
    recover_interrupted(settings.archive, settings.secrets)
    forget_outdated_work(settings, ecosystem.sources)
    with stage("load") as told, open_work(settings) as connection:
        files = load(connection, settings, ecosystem)
        told.result = f"{files} new archive files"
        return {source_id: last_answers(connection, source_id) for source_id in ecosystem.sources}


def collect_service(
    service: Service, settings: Settings, ecosystem: Ecosystem, known: LastAnswers
) -> Attempt:
    """Collect what is due of one service into the archive; `known` is what its source has answered so far."""
    return collect_and_tell(service, settings, ecosystem, known)[0]


def collect_and_tell(
    service: Service,
    settings: Settings,
    ecosystem: Ecosystem,
    known: LastAnswers,
    asked: Asking = asked_here,
) -> tuple[Attempt, Stage]:
    """Do the same, and return also what it took, for one who asked for it in another process.

    `asked` is given the questions, and has them as they are to be asked.
    """
    with stage(f"collect {service}") as told:
        questions = due_questions(service, ecosystem.called_at(service.source_id), settings, known)
        told.total = questions.requests
        with asked(service, questions, settings, known) as to_ask:
            attempt = collect(service, to_ask, settings, known, told.advance)
        told.bytes, told.result = attempt.bytes, describe(attempt)
    return attempt, told


@dataclass(frozen=True)
class Plan:
    """What collecting from a service now would take; its limits make it last at least so long."""

    source: str
    service: str | None
    questions: int
    requests: int
    limit: str
    at_least: timedelta


def plan(service: Service, settings: Settings, ecosystem: Ecosystem, known: LastAnswers) -> Plan:
    """Return how many requests a service's due questions take, and how long, without asking any."""
    questions = due_questions(service, ecosystem.called_at(service.source_id), settings, known)
    requests = questions.requests
    if service.most_a_run is not None:
        requests = min(requests, service.most_a_run)
    at_least = timedelta(seconds=round(expected_seconds(requests, service.pace, service.quota)))
    return Plan(service.source_id, service.name, len(questions), requests, service.limit, at_least)


def require_archive(settings: Settings) -> None:
    """Raise NothingPublished for an empty archive, which could only make an empty file."""
    if not archived_files(settings.archive):
        raise NothingPublished(f"{settings.archive}: no archived answers, expected some to build from")


def require_answers_by(day: date, settings: Settings) -> None:
    """Raise ConfigurationError for a day that is not yet, NothingPublished for one before all answers."""
    require_archive(settings)
    today, first = settings.clock().date(), started_at(archived_files(settings.archive)[0]).date()
    if day > today:
        raise ConfigurationError(f"--as-of: found {day}, expected a day up to {today}")
    if day < first:
        raise NothingPublished(
            f"--as-of: found {day}, expected a day from {first} on, that of the first answer"
        )


def verify(settings: Settings) -> list[Damage]:
    """Return what is wrong with each damaged file; raises NothingPublished for an empty archive.

    Where the archive lives in object storage, every object of it is fetched and looked at, too.
    """
    with stage("verify") as told:
        looked_at = list(verified(settings.archive))
        if settings.remote:
            looked_at += verified_objects(settings)
        if not looked_at:
            require_archive(settings)
        found = [damage for damage in looked_at if damage]
        out = len(quarantined(settings.archive))
        counts = [f"{len(looked_at) - len(found):,} files proved whole", f"{len(found)} damaged"]
        told.result = ", ".join([*counts, *([f"{out} in quarantine and not looked at"] if out else [])])
        return found


def build(
    settings: Settings, ecosystem: Ecosystem, *, with_tests: bool = True, workers: Workers | None = None
) -> None:
    """Build the models and run the checks that stand before publishing; on Dask's workers what they can do.

    An answer that cannot be read or be true goes into quarantine. A source of which another check fails is
    built again from what was published of it last; what is found then of the others is told as well. Raises
    GateClosed where that does not help.
    """
    with stage("build") as told:
        workers = workers or dask_workers(settings)
        checks, reasons = build_within_gate(settings, ecosystem, with_tests=with_tests, workers=workers)
        with open_work(settings) as connection:
            record_checks(connection, settings, checks)
        passed = sum(check.passed for check in checks)
        told.result = "; ".join([f"{passed} of {len(checks)} checks passed", *reasons])


def build_news(settings: Settings, ecosystem: Ecosystem) -> bool:
    """Load what is new in the archive, and build; return whether there is something to publish.

    Nothing is built where that would tell only what is published. Raises GateClosed when a check fails.
    """
    load_archive(settings, ecosystem)
    with open_work(settings) as connection:
        built_at = without_news(connection)
    if built_at is None or built_at != _published_at(settings):
        Thread(target=_import_what_draws).start()  # while DuckDB builds, before the report needs it
        build(settings, ecosystem)
        return True
    with stage("build") as told:
        told.result = f"nothing new since {built_at:%Y-%m-%d %H:%M} UTC, so what was published then stays"
    return False


def _import_what_draws() -> None:
    with suppress(Exception):  # the report says what is wrong with it
        import_module("reports.build.make")


def _published_at(settings: Settings) -> datetime | None:
    try:
        with open_published(settings.published_file) as published:
            built_at: datetime = published.rows("select built_at from build_info")[0]["built_at"]
            return built_at
    except BarometerError:
        return None


def publish_marts(settings: Settings) -> None:
    """Swap the marts in as the published file."""
    with stage("publish") as told, open_work(settings) as connection:
        rows = publish(connection, settings)
        told.rows = sum(rows.values())
        told.result = f"{len(rows)} tables, {told.rows:,} rows"


def report(settings: Settings, single_file: bool = False) -> None:
    """Write the site from the published file."""
    from reports.build.site import build_site  # charts take a second to import

    with stage("report") as told, storage_told(settings.site):
        packages = settings.packages if settings.site_sql else None
        files = build_site(
            settings.published_file,
            settings.site,
            settings.site_url,
            single_file,
            packages=packages,
            corrections=settings.corrections_url,
        )
        told.result = f"{len(files)} files, open {settings.site / 'index.html'}"


def describe(attempt: Attempt) -> str:
    """Return an attempt in one line."""
    return ", ".join(filter(None, [f"{attempt.answers} answers", attempt.problem, attempt.postponed]))


def require_an_answer(attempts: Iterable[Attempt], settings: Settings) -> None:
    """Raise NothingPublished where sources failed and none answered, nor had a reason not to be asked.

    The published file stays as it is. That nothing was due is no failure; a source that cannot be asked with
    these settings has no say in it.
    """
    attempts = [attempt for attempt in attempts if not lacks(attempt.source_id, settings)]
    failed = any(attempt.problem for attempt in attempts)
    if failed and not any(attempt.answers or attempt.postponed for attempt in attempts):
        raise NothingPublished("no source answered, so nothing was published; the last published file stays")
