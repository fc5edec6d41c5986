"""The schedule: Prefect's server, who takes up its runs, when the next is, and how the last one went."""

import os
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

from flows.commands.checkup import Finding, Look, Verdict, look_at
from flows.commands.service.own_server import is_at_work, prefect_home, read_server, server_file
from flows.pipeline.degraded import degraded_sources
from warehouse.archive.lock import holder
from warehouse.archive.run_log import last_run
from warehouse.config.settings import Settings
from warehouse.errors import NothingPublished
from warehouse.published.open import open_published

# The daily run, and another day for one that failed.
OLDEST = timedelta(hours=50)
# Runs are taken up every ten seconds; one that is later than this is taken up by nobody.
LATE = timedelta(minutes=5)
# A service brings up its schedules anew when it starts. Half a minute later runs are scheduled and taken up.
STARTING = timedelta(minutes=1)


def look(settings: Settings) -> Iterator[Finding]:
    """Yield how Prefect is, where a server is set or has been started, and how old what is published is."""
    looks: dict[str, Look] = {"schedule": _schedule, "last run": _last_run, "published": _published}
    return look_at(settings, looks)


def _schedule(settings: Settings) -> Iterator[Finding]:
    own = read_server(prefect_home(settings))
    if url := os.environ.get("PREFECT_API_URL"):
        yield from _prefect(settings, url)
    elif own is None:
        yield Finding("schedule", Verdict.OK, "no service has run on this data folder; `barometer serve`")
    elif is_at_work(prefect_home(settings)):
        yield from _prefect(settings, own.url, own.login)
    else:
        found = f"the one of {own.url} has ended, and with it what runs the schedules; start it again, or, "
        file = server_file(prefect_home(settings))
        yield Finding("Prefect server", Verdict.PROBLEM, f"{found}if none shall run, delete {file}")


def _prefect(settings: Settings, url: str, login: str | None = None) -> Iterator[Finding]:
    """Yield how the server is; where no login is given, Prefect knows from its own settings."""
    from httpx import TransportError
    from prefect.client.orchestration import SyncPrefectClient, get_client  # takes a second to import
    from prefect.exceptions import PrefectHTTPStatusError

    from flows.commands.service.deployments import known_deployments, next_runs

    with SyncPrefectClient(url, auth_string=login) if login else get_client(sync_client=True) as client:
        if client.api_healthcheck() is not None:
            yield Finding(
                "Prefect server", Verdict.PROBLEM, f"{url} does not answer; start it, or mend PREFECT_API_URL"
            )
            return
        try:
            found = [(one, next_runs(client, one)) for one in known_deployments(client)]
        except PrefectHTTPStatusError as error:
            status = error.response.status_code
            yield Finding(
                "Prefect server", Verdict.PROBLEM, f"{url}: HTTP {status}; set PREFECT_API_AUTH_STRING"
            )
            return
        except TransportError as error:
            what = f"{url} answers, but not what is scheduled: {type(error).__name__}; try again"
            yield Finding("Prefect server", Verdict.PROBLEM, what)
            return
    yield Finding("Prefect server", Verdict.OK, f"{url} answers")
    began = _began(settings) if login else None
    if not found:
        yield no_deployments(began, datetime.now(UTC))
    for known, times in found:
        is_ready = known.status == "READY"
        active = [one.created for one in known.schedules if one.active and one.created and not known.paused]
        since = max([*active, began or active[0]]) if active else None
        yield deployment(known.name, is_ready, since, times, datetime.now(UTC), holder(settings))


def _began(settings: Settings) -> datetime:
    """Return when the server of our own has started, which is when it wrote down where it listens."""
    return datetime.fromtimestamp(server_file(prefect_home(settings)).stat().st_mtime, UTC)


def no_deployments(began: datetime | None, now: datetime) -> Finding:
    """Return whether it is well that a server, which `began` then if that is known, has no deployment."""
    if began and now - began < STARTING:
        return Finding("deployments", Verdict.OK, f"none yet, the server began at {began:%H:%M:%S} UTC")
    return Finding("deployments", Verdict.PROBLEM, "none; `barometer serve`, or `barometer worker`")


def deployment(
    name: str,
    is_ready: bool,
    since: datetime | None,
    due: Sequence[datetime],
    now: datetime,
    under_way: str | None,
) -> Finding:
    """Return whether somebody takes up the runs that are due, the first one first, in time.

    `since` is when its active schedule or its server was brought up; None where no schedule is active.
    """
    if since and now - since < STARTING and not (is_ready and due):
        found = f"not scheduled yet, its service began at {since:%H:%M:%S} UTC"
        return Finding(name, Verdict.OK, found)
    if not is_ready:
        return Finding(
            name, Verdict.PROBLEM, "nobody takes up its runs; `barometer serve`, or `barometer worker`"
        )
    if not due:
        advice = "restart the service" if since else "it has no active schedule: resume it on Prefect's pages"
        return Finding(name, Verdict.PROBLEM, f"no run is scheduled; {advice}")
    if (late := now - due[0]) < LATE:
        return Finding(name, Verdict.OK, f"next run {due[0]:%Y-%m-%d %H:%M} UTC")
    if under_way:
        return Finding(name, Verdict.OK, f"the run of {due[0]:%Y-%m-%d %H:%M} UTC waits: {under_way}")
    told = f"late by {late // timedelta(hours=1)} h {late % timedelta(hours=1) // timedelta(minutes=1)} min"
    return Finding(
        name,
        Verdict.PROBLEM,
        f"the run of {due[0]:%Y-%m-%d %H:%M} UTC is {told}; nobody takes it up, restart the service",
    )


def ago(age: timedelta) -> str:
    """Return how long something is ago: in hours, and from two days on in days."""
    hours = age // timedelta(hours=1)
    return f"{hours} hours" if hours < 48 else f"{hours // 24:,} days"


def _last_run(settings: Settings) -> Iterator[Finding]:
    run = last_run(settings)
    if run is None:
        yield Finding("last run", Verdict.WARNING, "none yet; `barometer run`")
    elif run.blocked:
        yield Finding("last run", Verdict.WARNING, f"{run.finished_at:%Y-%m-%d %H:%M} UTC: {run.blocked}")
    else:
        yield Finding("last run", Verdict.OK, f"{run.finished_at:%Y-%m-%d %H:%M} UTC")


def _published(settings: Settings) -> Iterator[Finding]:
    try:
        with open_published(settings.published_file) as published:
            (row,) = published.rows("select built_at from build_info")
    except NothingPublished as error:
        yield Finding("published", Verdict.WARNING, str(error))
        return
    age = settings.clock() - row["built_at"]
    found = f"{row['built_at']:%Y-%m-%d %H:%M} UTC, {ago(age)} ago"
    yield Finding("published", Verdict.WARNING if age > OLDEST else Verdict.OK, found)
    if degraded := degraded_sources(settings):
        yield Finding("sources", Verdict.WARNING, f"degraded: {', '.join(degraded)}; see `barometer status`")
