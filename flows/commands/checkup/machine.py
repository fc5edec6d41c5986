"""The configuration and the folders: valid, writable, with room, and of no other time."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from flows.commands.checkup import Finding, Verdict
from flows.pipeline import steps
from warehouse.archive.clock import DAY, WHAT_TO_DO, latest
from warehouse.archive.lock import holder
from warehouse.archive.quarantine import believed_files
from warehouse.archive.write import started_at
from warehouse.build.unasked import unasked
from warehouse.config.settings import Settings
from warehouse.errors import BarometerError, ConfigurationError
from warehouse.text import cleaned

# A build of the default comparison keeps three databases of some ten MB at once; a large one needs more.
LEAST_FREE_BYTES, FEW_FREE_BYTES = 200 * 10**6, 10**9


def look(settings: Settings) -> Iterator[Finding]:
    """Yield what is found on this machine, without asking anybody."""
    yield _configuration(settings)
    yield _folder("data folder", "BAROMETER_DATA", settings.data)
    yield _folder("site folder", "BAROMETER_SITE", settings.site)
    yield _room(settings)
    yield _archive(settings)
    yield from _unasked(settings)
    yield Finding("writer", Verdict.OK, _writer(settings))


def _configuration(settings: Settings) -> Finding:
    try:
        ecosystem = steps.ecosystem_of(settings)
    except ConfigurationError as error:
        return Finding("configuration", Verdict.PROBLEM, str(error))
    found = f"{len(ecosystem.subjects)} subjects at {len(ecosystem.sources)} sources, {settings.config}"
    return Finding("configuration", Verdict.OK, found)


def _folder(check: str, variable: str, folder: Path) -> Finding:
    place = _existing(folder)
    if os.access(place, os.W_OK | os.X_OK):
        return Finding(check, Verdict.OK, str(folder))
    return Finding(
        check, Verdict.PROBLEM, f"{place} cannot be written; give it to this user, or set {variable}"
    )


def _room(settings: Settings) -> Finding:
    free = shutil.disk_usage(_existing(settings.data)).free
    found = f"{free / 10**9:,.1f} GB free"
    if free < FEW_FREE_BYTES:
        verdict = Verdict.PROBLEM if free < LEAST_FREE_BYTES else Verdict.WARNING
        return Finding("disk", verdict, f"{found}; make room, or move BAROMETER_DATA")
    return Finding("disk", Verdict.OK, found)


def _archive(settings: Settings) -> Finding:
    try:
        files = believed_files(settings.archive)
    except BarometerError as error:
        return Finding("archive", Verdict.PROBLEM, f"{error}; put it back from a backup")
    if files and started_at(files[-1]) > latest(settings):
        found = f"its newest file is of {started_at(files[-1]):%Y-%m-%d %H:%M} UTC, which is not yet"
        if started_at(files[-1]) > settings.clock() + DAY:
            found = f"{found}, so nothing is collected or built"
        return Finding("archive", Verdict.PROBLEM, f"{found}; {WHAT_TO_DO}")
    return Finding("archive", Verdict.OK, f"{len(files):,} attempts; `barometer verify` proves each whole")


def _unasked(settings: Settings) -> Iterator[Finding]:
    try:
        found = unasked(settings, steps.ecosystem_of(settings))
    except ConfigurationError:  # told of already
        return
    if found:
        names = "; ".join(f"{source_id} {', '.join(known)}" for source_id, known in found.items())
        told = f"nobody asks any more for what the archive knows of: {names}; if you miss it, put back"
        yield Finding("subjects", Verdict.OK, cleaned(f"{told} {settings.config}"))


def _writer(settings: Settings) -> str:
    held_by = holder(settings)
    return f"{held_by} is writing the data folder" if held_by else "nobody is writing the data folder"


def _existing(path: Path) -> Path:
    return next(place for place in (path, *path.parents) if place.exists())
