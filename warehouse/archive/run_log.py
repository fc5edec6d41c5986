"""The run log: one JSON line a run, with what each stage took and what its readers have been told."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from warehouse.config.settings import Settings


@dataclass(frozen=True)
class Run:
    """How one run of the flow went.

    Times are the machine's, whatever day the figures are of. `blocked` says why nothing was published.
    `told` are the conditions of which people know, by name; the next run tells of what differs from them.
    `stages` have name and seconds, collecting also requests and bytes, publishing rows.
    """

    started_at: datetime
    finished_at: datetime
    blocked: str | None
    told: Mapping[str, str]
    stages: Sequence[Mapping[str, Any]]


def append_run(settings: Settings, run: Run) -> None:
    """Append a run; what a killed process left of a line before it stays a line of its own."""
    line = settings.secrets.strip(json.dumps(asdict(run), default=datetime.isoformat, ensure_ascii=False))
    with settings.run_log.open("ab") as file:
        file.write(f"{'' if _ends_whole(settings) else chr(10)}{line}\n".encode())


def last_run(settings: Settings) -> Run | None:
    """Return the newest run that is told of whole; None where there is none."""
    lines = settings.run_log.read_bytes().splitlines() if settings.run_log.exists() else []
    return next((run for run in map(_read, reversed(lines)) if run), None)


def _read(line: bytes) -> Run | None:
    try:
        told = json.loads(line)
        times = {name: datetime.fromisoformat(told[name]) for name in ("started_at", "finished_at")}
        return Run(**{**told, **times})
    except (ValueError, LookupError, TypeError, RecursionError):
        return None


def _ends_whole(settings: Settings) -> bool:
    log = settings.run_log.read_bytes()
    return not log or log.endswith(b"\n")
