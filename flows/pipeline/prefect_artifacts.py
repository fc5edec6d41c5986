"""What a run leaves with a Prefect server: events for automations, and artifacts for those who look."""

import json
from collections.abc import Iterator, Sequence
from uuid import UUID

from prefect.client.orchestration import get_client
from prefect.client.schemas.actions import ArtifactCreate
from prefect.events import emit_event
from prefect.runtime import flow_run

from flows.console.progress import logger
from flows.pipeline.alerts import News
from warehouse.config.settings import Settings
from warehouse.published.freshness import sources_at
from warehouse.published.open import open_published

SHOWN = ("source_id", "state", "last_success_at", "last_period", "lag_days", "reason")


def emit(changes: Sequence[News]) -> None:
    """Emit an event for each change, and say it in the log."""
    for one in changes:
        logger.warning("%s", one.text)
        resource = {"prefect.resource.id": one.resource, "prefect.resource.name": one.resource}
        emit_event(one.event, resource=resource, payload={"text": one.text, **one.payload})


def leave_artifacts(settings: Settings, changes: Sequence[News]) -> None:
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
            sources = sources_at(published, settings.clock())
        rows = [{name: row[name] for name in SHOWN} for row in sources]
        table = json.dumps(rows, default=str)
        yield ArtifactCreate(key="sources", type="table", data=table, flow_run_id=run_id)
    report = settings.site / "index.html"
    if report.exists():
        link = f"[The report]({settings.site_url or report.as_uri()})"
        yield ArtifactCreate(key="report", type="markdown", data=link, flow_run_id=run_id)
