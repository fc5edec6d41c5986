"""The configuration and the folders: valid, writable, with room, and of no other time."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from flows.commands.checkup import Finding, Look, Verdict, look_at
from flows.pipeline import steps
from flows.pipeline.notify import read_addresses
from warehouse.archive.clock import DAY, WHAT_TO_DO, latest
from warehouse.archive.lock import holder
from warehouse.archive.quarantine import believed_files
from warehouse.archive.unasked import unasked
from warehouse.archive.write import started_at
from warehouse.config.settings import Settings
from warehouse.errors import ArchiveDamaged, BarometerError, ConfigurationError
from warehouse.text import cleaned

# A build of the default comparison keeps three databases of some ten MB at once; a large one needs more.
LEAST_FREE_BYTES, FEW_FREE_BYTES = 200 * 10**6, 10**9


def look(settings: Settings) -> Iterator[Finding]:
    """Yield what is found on this machine, without asking anybody."""
    looks: dict[str, Look] = {
        "configuration": _configuration,
        "data folder": _data,
        "site folder": _site,
        "news": _news,
        "disk": _room,
        "archive": _archive,
        "subjects": _unasked,
        "writer": _writer,
    }
    return look_at(settings, looks)


def _configuration(settings: Settings) -> Iterator[Finding]:
    ecosystem = steps.ecosystem_of(settings)
    tools = f" and {len(ecosystem.tools)} tools" if ecosystem.tools else ""
    found = f"{len(ecosystem.subjects)} subjects{tools} at {len(ecosystem.sources)} sources"
    yield Finding("configuration", Verdict.OK, f"{found}, {settings.config}")


def _data(settings: Settings) -> Iterator[Finding]:
    place = _existing(settings.data)
    if place.is_dir() and os.access(place, os.W_OK | os.X_OK):
        yield Finding("data folder", Verdict.OK, str(settings.data))
    else:
        found = f"{place} cannot be written; give it to this user, or set BAROMETER_DATA"
        yield Finding("data folder", Verdict.PROBLEM, found)


def _site(settings: Settings) -> Iterator[Finding]:
    steps.require_site(settings)
    yield Finding("site folder", Verdict.OK, str(settings.site))


def _news(settings: Settings) -> Iterator[Finding]:
    """Yield whether anybody is told, and that the addresses are understood; none of them is shown."""
    if settings.notify:
        read_addresses(settings.notify)
    found = "sent when something changes" if settings.notify else "told to nobody; see BAROMETER_NOTIFY"
    yield Finding("news", Verdict.OK, found)


def _room(settings: Settings) -> Iterator[Finding]:
    free = shutil.disk_usage(_existing(settings.data)).free
    found = f"{free / 10**9:,.1f} GB free"
    if free < FEW_FREE_BYTES:
        verdict = Verdict.PROBLEM if free < LEAST_FREE_BYTES else Verdict.WARNING
        yield Finding("disk", verdict, f"{found}; make room, or move BAROMETER_DATA")
    else:
        yield Finding("disk", Verdict.OK, found)


def _archive(settings: Settings) -> Iterator[Finding]:
    try:
        files = believed_files(settings.archive)
    except BarometerError as error:
        raise ArchiveDamaged(f"{error}; put it back from a backup") from error
    if files and started_at(files[-1]) > latest(settings):
        found = f"its newest file is of {started_at(files[-1]):%Y-%m-%d %H:%M} UTC, which is not yet"
        if started_at(files[-1]) > settings.clock() + DAY:
            found = f"{found}, so nothing is collected or built"
        yield Finding("archive", Verdict.PROBLEM, f"{found}; {WHAT_TO_DO}")
        return
    yield Finding("archive", Verdict.OK, f"{len(files):,} attempts; `barometer verify` proves each whole")


def _unasked(settings: Settings) -> Iterator[Finding]:
    try:
        found = unasked(settings, steps.ecosystem_of(settings))
    except ConfigurationError:  # told of already
        return
    if found:
        names = "; ".join(f"{source_id} {', '.join(known)}" for source_id, known in found.items())
        told = f"nobody asks any more for what the archive knows of: {names}; if you miss it, put back"
        yield Finding("subjects", Verdict.OK, cleaned(f"{told} {settings.config}"))


def _writer(settings: Settings) -> Iterator[Finding]:
    yield Finding("writer", Verdict.OK, f"{holder(settings) or 'nobody'} is writing the data folder")


def _existing(path: Path) -> Path:
    return next(place for place in (path, *path.parents) if place.exists())
