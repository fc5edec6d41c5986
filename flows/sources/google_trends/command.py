"""`barometer import-trends`: an export of Google Trends' website is one more pull, archived byte by byte."""

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Annotated
from urllib.parse import parse_qs, quote, unquote, urlsplit

import typer

from flows.commands.maintain import Wait
from flows.console.progress import shown
from flows.console.say import say
from flows.pipeline.steps import ecosystem_of, load_archive
from flows.sources.google_trends.export import Export, read_export, resolution_of
from flows.sources.google_trends.export_name import Named, read_name
from warehouse.archive.lock import only_writer
from warehouse.archive.write import Page, record_attempt
from warehouse.build.load import newest_answers, open_work
from warehouse.config.ecosystem import Ecosystem
from warehouse.config.settings import Settings, read_settings
from warehouse.errors import ConfigurationError
from warehouse.regular import read_regular

SOURCE, ENDPOINT = "google_trends", "export"
# The website gives at most some hundred rows.
LARGEST_FILE_BYTES = 2**20


def import_trends(
    file: Annotated[Path, typer.Argument(metavar="FILE.csv")],
    as_of: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], metavar="DATE", help="Day of the download.")
    ] = None,
    region: Annotated[
        str | None, typer.Option(help="Region of a file that states none, or which of several.")
    ] = None,
    wait: Wait = False,
) -> None:
    """Archive an export of Google Trends' website as one more pull."""
    settings = read_settings()
    with shown(), only_writer(settings, wait):
        imported = archive_export(file, settings, as_of.date() if as_of else None, region)
    say(str(imported))


COMMANDS = (import_trends,)


@dataclass(frozen=True)
class Import:
    """What a file holds, the day it is of, and whether the archive had it before.

    `newer` names the pull that stands before it in its resolution; None where this one is the newest.
    """

    export: Export
    as_of: date
    is_new: bool
    newer: str | None = None

    def __str__(self) -> str:
        columns = self.export.columns
        what = f"{self.export.periods} periods of {', '.join(columns.terms)} ({columns.region})"
        if not self.is_new:
            what = f"{what}: the archive has this file already, as of {self.as_of}"
        else:
            what = f"{what} archived as of {self.as_of}; `barometer build` publishes them"
        if self.newer:
            what = (
                f"{what}; {self.newer} is newer and stands before it: --as-of a later day makes it the newest"
            )
        return what


def archive_export(
    file: Path, settings: Settings, as_of: date | None = None, region: str | None = None
) -> Import:
    """Archive an export as a pull of the day `as_of`, else of the day that its name tells.

    Without either it is taken for as old as it can be: of the last day it tells of, if that is over. What the
    archive has is archived again only as of a later day that is given or named. Raises ConfigurationError,
    and archives nothing, for a file that is not wholly understood, one about other terms than the
    configured, and a folder of the demo's figures.
    """
    ecosystem = ecosystem_of(settings)
    terms, body, named = _terms(settings, ecosystem), _content(file), read_name(file.name)
    try:
        export = read_export(body, terms, region, named.region if named else None)
        day = _day_of(export, as_of, named, settings.clock().date())
    except ValueError as error:
        raise ConfigurationError(f"{file}: {error}") from error
    key = f"{export.columns.region}: {','.join(export.columns.terms)} {hashlib.sha256(body).hexdigest()[:12]}"
    before = load_archive(settings, ecosystem)[SOURCE].get((ENDPOINT, key))
    if before and (day <= before.read_at.date() or not (as_of or named)):
        day = before.read_at.date()
        return Import(export, day, is_new=False, newer=_newer(settings, export.resolution, day, key))
    newer = _newer(settings, export.resolution, day)
    page = Page(ENDPOINT, key, f"file:{quote(file.name)}", 200, _midnight(day), body)
    record_attempt(settings.archive, SOURCE, settings.clock, lambda add: add(page), secrets=settings.secrets)
    return Import(export, day, is_new=True, newer=newer)


def _newer(settings: Settings, resolution: str, day: date, key: str | None = None) -> str | None:
    """Name the archived pull that stands before one of `day`, which is archived under `key` or to be."""
    with open_work(settings) as connection:
        answers = newest_answers(connection, SOURCE, _midnight(day))
    for endpoint, told_of, url, at, body in answers:
        if _resolution(endpoint, url, body) == resolution:
            is_itself = endpoint == ENDPOINT and (told_of == key if key else at == _midnight(day))
            what = (
                unquote(urlsplit(url).path).lstrip("/") if endpoint == ENDPOINT else f"the answer {told_of!r}"
            )
            return None if is_itself else f"{what} of {at:%Y-%m-%d}"
    return None


def _resolution(endpoint: str, url: str, body: str) -> str | None:
    """Return how long the periods of an answer are, or of an export; None where its question is not told."""
    if endpoint == ENDPOINT:
        return resolution_of(body.encode())
    asked = parse_qs(urlsplit(url).query).get("req")
    return str(json.loads(asked[0])["resolution"]) if asked else None


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


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
        return read_regular(file, LARGEST_FILE_BYTES)
    except OSError as error:
        raise ConfigurationError(f"{file}: {error.strerror}, expected an export of Google Trends") from error


def _day_of(export: Export, as_of: date | None, named: Named | None, today: date) -> date:
    """Return the day that a file is of; raise ValueError for one on which it cannot have been made."""
    day = as_of or (_day_here(named, today) if named else min(export.last_day, today))
    if not export.last_start <= day <= today:
        raise ValueError(f"found rows up to {export.last_start} as of {day}, expected neither after {today}")
    return day


def _day_here(named: Named, today: date) -> date:
    """Return the day of a name, which is that of the browser's clock: tomorrow may have begun there."""
    return today if named.day == today + timedelta(days=1) else named.day
