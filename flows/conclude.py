"""What follows a run under Prefect: events, a message, artifacts, and a line in the run log."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from prefect.artifacts import create_link_artifact, create_markdown_artifact, create_table_artifact
from prefect.events import emit_event

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
        _emit(changes)
        told = {name: one.state for name, one in now.items()}
        if not _sent(settings, changes):
            told = dict(last.told) if last else {}
        append_run(settings, Run(started_at, datetime.now(UTC), blocked, told, done))
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
    if settings.published_file.exists():
        with open_published(settings.published_file) as published:
            rows = [
                {name: value and str(value) for name, value in row.items()} for row in published.rows(STATUS)
            ]
        create_table_artifact(table=rows, key="sources", description="How fresh each source is, and why.")
    report = settings.site / "index.html"
    if report.exists():
        create_link_artifact(link=settings.site_url or report.as_uri(), link_text="The report", key="report")
    lines = [f"- {one.text}" for one in changes] or ["Nothing has changed since it was last told."]
    create_markdown_artifact(markdown="\n".join(lines), key="news")
