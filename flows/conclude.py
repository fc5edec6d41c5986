"""What follows a run under Prefect: events, a message, artifacts, and a line in the run log."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from uuid import UUID

from prefect.client.orchestration import get_client
from prefect.client.schemas.actions import ArtifactCreate
from prefect.events import emit_event
from prefect.runtime import flow_run
from prefect.settings import PREFECT_API_URL

from flows.news import News, conditions, news
from flows.notify import read_addresses, send
from flows.progress import logger
from warehouse.published import open_published
from warehouse.run_log import Run, append_run, last_run
from warehouse.settings import Settings

STATUS = (
    "select source_id as source, state, last_success_at as last_success, last_period, lag_days, reason "
    "from source_status order by source_id"
)


def conclude(
    settings: Settings, started_at: datetime, done: Sequence[Mapping[str, object]], blocked: str | None
) -> None:
    """Tell what has changed since it was last told, and log the run; never raises.

    What an address did not take is told again after the next run.
    """
    try:
        last = last_run(settings)
        now = conditions(settings, blocked)
        changes = news(last.told if last else None, now)
        if PREFECT_API_URL.value():  # a command's own temporary server has nobody who looks or acts
            _emit(changes)
        told = {name: one.state for name, one in now.items()}
        if not _sent(settings, changes):
            told = dict(last.told) if last else {}
        append_run(settings, Run(started_at, datetime.now(UTC), blocked, told, done))
        if PREFECT_API_URL.value():
            _leave_artifacts(settings, changes)
    except Exception as error:  # what was published stays so, whatever became of the telling
        logger.warning("telling of the run failed: %s: %s", type(error).__name__, error)


def _emit(changes: Sequence[News]) -> None:
    for one in changes:
        logger.warning("%s", one.text)
        resource = {"prefect.resource.id": one.resource, "prefect.resource.name": one.resource}
        emit_event(one.event, resource=resource, payload={"text": one.text, **one.payload})


def _sent(settings: Settings, changes: Sequence[News]) -> bool:
    """Whether there was nobody or nothing to tell, or everybody has been told; the demo tells nobody."""
    if not changes or not settings.notify or settings.demo:
        return True
    taken = send(read_addresses(settings.notify), changes)
    if not taken:
        logger.warning("an address of BAROMETER_NOTIFY did not take the message; it is sent again next time")
    return taken


def _leave_artifacts(settings: Settings, changes: Sequence[News]) -> None:
    """Show in Prefect how the sources are, what has changed, and where the report is."""
    with get_client(sync_client=True) as client:
        for artifact in _artifacts(settings, changes):
            client.create_artifact(artifact)


def _artifacts(settings: Settings, changes: Sequence[News]) -> Iterator[ArtifactCreate]:
    run_id = UUID(flow_run.id)
    lines = [f"- {one.text}" for one in changes] or ["Nothing has changed since it was last told."]
    yield ArtifactCreate(key="news", type="markdown", data="\n".join(lines), flow_run_id=run_id)
    if settings.published_file.exists():
        with open_published(settings.published_file) as published:
            rows = json.dumps(published.rows(STATUS), default=str)
        yield ArtifactCreate(key="sources", type="table", data=rows, flow_run_id=run_id)
    report = settings.site / "index.html"
    if report.exists():
        link = f"[The report]({settings.site_url or report.as_uri()})"
        yield ArtifactCreate(key="report", type="markdown", data=link, flow_run_id=run_id)
