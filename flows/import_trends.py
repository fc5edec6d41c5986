"""Importing the export of Google Trends' website: one more pull, archived as the file is, byte by byte."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path
from urllib.parse import quote

from flows.shapes.google_trends_export import Export, read_export
from flows.stages import ecosystem_of, load_archive
from warehouse.archive import Page, record_attempt
from warehouse.ecosystem import Ecosystem
from warehouse.errors import ConfigurationError
from warehouse.settings import Settings

SOURCE, ENDPOINT = "google_trends", "export"
# The website gives at most some hundred rows.
LARGEST_FILE_BYTES = 2**20


@dataclass(frozen=True)
class Import:
    """What a file holds, the day it is of, and whether the archive had it before."""

    export: Export
    as_of: date
    is_new: bool

    def __str__(self) -> str:
        columns = self.export.columns
        what = f"{self.export.periods} periods of {', '.join(columns.terms)} ({columns.region})"
        if not self.is_new:
            return f"{what}: the archive has this file already, as of {self.as_of}"
        return f"{what} archived as of {self.as_of}; `barometer build` publishes them"


def archive_export(
    file: Path, settings: Settings, as_of: date | None = None, region: str | None = None
) -> Import:
    """Archive an export as a pull of the day `as_of`; a file that is in the archive is left as it is there.

    Without `as_of` it is taken for as old as it can be: of the last day it tells of, if that is over.
    Raises ConfigurationError, and archives nothing, for a file that is not wholly understood, one about
    other terms than the configured, and a folder of the demo's figures.
    """
    ecosystem = ecosystem_of(settings)
    body = _content(file)
    try:
        export = read_export(body, _terms(settings, ecosystem), region)
        day = _day_of(export, as_of, settings.clock().date())
    except ValueError as error:
        raise ConfigurationError(f"{file}: {error}") from error
    key = f"{export.columns.region}: {','.join(export.columns.terms)} {hashlib.sha256(body).hexdigest()[:12]}"
    if before := load_archive(settings, ecosystem)[SOURCE].get((ENDPOINT, key)):
        return Import(export, before.read_at.date(), is_new=False)
    pulled_at = datetime.combine(day, time(), UTC)
    page = Page(ENDPOINT, key, f"file:{quote(file.name)}", 200, pulled_at, body)
    record_attempt(settings.archive, SOURCE, settings.clock, lambda add: add(page))
    return Import(export, day, is_new=True)


def _terms(settings: Settings, ecosystem: Ecosystem) -> list[str]:
    if settings.demo:
        raise ConfigurationError(
            f"BAROMETER_DATA: {settings.data} holds the demo's figures, expected a folder for live ones"
        )
    terms = [term for subject in ecosystem.subjects for term in subject.identifiers(SOURCE)]
    if SOURCE not in ecosystem.sources or not terms:
        raise ConfigurationError(
            f"{settings.config}: found no {SOURCE}, expected it under sources, and the terms of subjects"
        )
    return terms


def _content(file: Path) -> bytes:
    try:
        if file.stat().st_size > LARGEST_FILE_BYTES:
            raise ConfigurationError(f"{file}: found more than 1 MiB, expected an export of Google Trends")
        return file.read_bytes()
    except OSError as error:
        raise ConfigurationError(f"{file}: {error.strerror}, expected an export of Google Trends") from error


def _day_of(export: Export, as_of: date | None, today: date) -> date:
    """Return the day that a file is of; raise ValueError for one on which it cannot have been made."""
    day = as_of or min(export.last_day, today)
    if not export.last_start <= day <= today:
        raise ValueError(f"found rows up to {export.last_start} as of {day}, expected neither after {today}")
    return day
