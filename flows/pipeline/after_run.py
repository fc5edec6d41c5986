"""What follows a run: a message where something has changed, and a line in the run log."""

import os
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from flows.console.progress import logger
from flows.pipeline.alerts import News, conditions, news
from flows.pipeline.notify import read_addresses, send
from warehouse.archive.run_log import Run, append_run, last_run
from warehouse.config.settings import Settings


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
        told = {name: one.state for name, one in now.items()}
        if not _sent(settings, changes):
            told = dict(last.told) if last else {}
        append_run(settings, Run(started_at, datetime.now(UTC), blocked, told, done))
        if os.environ.get("PREFECT_API_URL"):
            # A command's own temporary server has nobody who looks or acts.
            from flows.pipeline.prefect_artifacts import emit, leave_artifacts

            emit(changes)
            leave_artifacts(settings, changes)
    except Exception as error:  # what was published stays so, whatever became of the telling
        logger.warning("telling of the run failed: %s: %s", type(error).__name__, error)


def _sent(settings: Settings, changes: Sequence[News]) -> bool:
    """Whether there was nobody or nothing to tell, or everybody has been told; the demo tells nobody."""
    if not changes or not settings.notify or settings.demo:
        return True
    taken = send(read_addresses(settings.notify), changes)
    if not taken:
        logger.warning("an address of BAROMETER_NOTIFY did not take the message; it is sent again next time")
    return taken
