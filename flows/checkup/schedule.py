"""The schedule: Prefect's server, who takes up its runs, when the next is, and how the last one went."""

import os
from collections.abc import Iterator
from datetime import timedelta

from flows.checkup import Finding, Verdict
from flows.stages import degraded_sources
from warehouse.errors import NothingPublished
from warehouse.published import open_published
from warehouse.run_log import last_run
from warehouse.settings import Settings

# The daily run, and another day for one that failed.
OLDEST = timedelta(hours=50)


def look(settings: Settings) -> Iterator[Finding]:
    """Yield how Prefect is, where one is set, and how old what is published is."""
    if os.environ.get("PREFECT_API_URL"):
        yield from _prefect()
    else:
        yield Finding("schedule", Verdict.OK, "PREFECT_API_URL is not set, so no schedule was looked at")
    yield _last_run(settings)
    yield from _published(settings)


def _prefect() -> Iterator[Finding]:
    from prefect.client.orchestration import get_client  # takes a second to import

    with get_client(sync_client=True) as client:
        if client.api_healthcheck() is not None:
            url = os.environ["PREFECT_API_URL"]
            yield Finding(
                "Prefect server", Verdict.PROBLEM, f"{url} does not answer; start it, or mend PREFECT_API_URL"
            )
            return
        yield Finding("Prefect server", Verdict.OK, f"{client.api_url} answers")
        found = [one for one in client.read_deployments() if "barometer" in one.tags]
        runs = [run for run in client.read_flow_runs() if run.state and run.state.is_scheduled()]
    if not found:
        yield Finding(
            "deployments", Verdict.PROBLEM, "none; `barometer serve`, or `prefect deploy --all` and a worker"
        )
    for one in found:
        times = [run.expected_start_time for run in runs if run.deployment_id == one.id]
        coming = min((f"{at:%Y-%m-%d %H:%M} UTC" for at in times if at), default=None)
        yield _deployment(one.name, getattr(one.status, "value", ""), coming)


def _deployment(name: str, status: str, coming: str | None) -> Finding:
    if status != "READY":
        advice = "`prefect worker start --pool barometer --limit 1`, or `barometer serve`"
        return Finding(name, Verdict.PROBLEM, f"nobody takes up its runs; {advice}")
    if coming is None:
        return Finding(name, Verdict.PROBLEM, "no run is scheduled; look whether its schedule is paused")
    return Finding(name, Verdict.OK, f"next run {coming}")


def _last_run(settings: Settings) -> Finding:
    run = last_run(settings)
    if run is None:
        return Finding("last run", Verdict.WARNING, "none yet; `barometer run`")
    if run.blocked:
        return Finding("last run", Verdict.WARNING, f"{run.finished_at:%Y-%m-%d %H:%M} UTC: {run.blocked}")
    return Finding("last run", Verdict.OK, f"{run.finished_at:%Y-%m-%d %H:%M} UTC")


def _published(settings: Settings) -> Iterator[Finding]:
    try:
        with open_published(settings.published_file) as published:
            (row,) = published.rows("select built_at from build_info")
    except NothingPublished as error:
        yield Finding("published", Verdict.WARNING, str(error))
        return
    age = settings.clock() - row["built_at"]
    found = f"{row['built_at']:%Y-%m-%d %H:%M} UTC, {age // timedelta(hours=1)} hours ago"
    yield Finding("published", Verdict.WARNING if age > OLDEST else Verdict.OK, found)
    if degraded := degraded_sources(settings):
        yield Finding("sources", Verdict.WARNING, f"degraded: {', '.join(degraded)}; see `barometer status`")
