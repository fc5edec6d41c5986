"""Anaconda's package data: downloads of conda packages by month, from one Parquet file a month.

Of a file only the parts are read that hold the packages asked for; their rows are archived, with its version.
Cost: one request for a month's file now and then, and some five more, a few MB, where it is new or rewritten.
"""

import json
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from functools import partial

from flows.client.calendar import months_down_to, next_month
from flows.client.client import Client
from flows.client.parts import RemoteFile
from flows.client.request import EACH_TIME, Question
from flows.client.service import Service
from flows.client.session import Pace, Quota
from flows.sources.anaconda.answers import COLUMNS, Version, read_rows, read_version
from warehouse.archive.write import LastAnswers, Page
from warehouse.config.catalog import catalog
from warehouse.config.ecosystem import Subject
from warehouse.config.settings import Settings
from warehouse.errors import AccessDenied, NotFound, UnexpectedAnswer

# There is no limit. So many a day read the whole past within ten days, some 50 MB a day.
A_DAY = Quota(120, 86_400)
FORBIDDEN = 403
# A month is late by up to half a year, and was written anew within two; an old one is seldom.
NEW_FOR = timedelta(days=240)
NEW_EVERY_DAYS, OLD_EVERY_DAYS = 7, 91
REQUESTS_A_FILE = 7


def services(settings: Settings) -> tuple[Service]:
    """Return the bucket of the files."""
    pace = Pace(per_second=2)
    return (Service("anaconda", pace=pace, quota=A_DAY, requests_a_file=REQUESTS_A_FILE),)


def questions(subjects: Sequence[Subject], settings: Settings, known: LastAnswers) -> Iterator[Question]:
    """Yield the months that are over, the newest first; a file that has rows not read yet is due at once."""
    today = settings.clock().date()
    for month in months_down_to(catalog()["anaconda"].bounds.first_day, today):
        packages = _packages(subjects, month)
        if packages and next_month(month) <= today:
            yield _question(month, packages, today, known)


def _question(month: date, packages: Sequence[str], today: date, known: LastAnswers) -> Question:
    ask, file = partial(_read_month, month, packages), known.get(("month_file", _month(month)))
    if file and file.etag and (unread := _unread(packages, month, file.etag, known)):
        return Question("month_rows", _key(unread[0], month), ask, EACH_TIME, requests=REQUESTS_A_FILE)
    every_days = NEW_EVERY_DAYS if today - month <= NEW_FOR else OLD_EVERY_DAYS
    return Question("month_file", _month(month), ask, every_days, requests=1 if file else REQUESTS_A_FILE)


def _packages(subjects: Sequence[Subject], month: date) -> list[str]:
    """Return every package once that counts on some day of a month."""
    named = (one for subject in subjects for one in subject.dated_identifiers("anaconda"))
    after = next_month(month)
    counting = (
        one
        for one in named
        if (one.valid_from or date.min) < after and (one.valid_until or date.max) >= month
    )
    return list(dict.fromkeys(one.name for one in counting))


def _unread(packages: Sequence[str], month: date, etag: str, known: LastAnswers) -> list[str]:
    """Return the packages of which another version of a month's file was read, or none."""
    read = {package: known.get(("month_rows", _key(package, month))) for package in packages}
    return [package for package, last in read.items() if last is None or last.etag != etag]


def _read_month(month: date, packages: Sequence[str], client: Client) -> None:
    """Look at a month's file, and read what is new in it.

    A file that is not there yet is late, and that is what is archived of it. Raises UnexpectedAnswer for one
    that was there before.
    """
    key, url = _month(month), f"{client.settings.urls['ANACONDA_URL']}/conda/monthly/{month:%Y/%Y-%m}.parquet"
    try:
        version = read_version(client.look(key, url))
    except (NotFound, AccessDenied) as error:
        # Of a file that it does not have, a bucket whose list nobody may read says 403.
        if isinstance(error, AccessDenied) and error.status != FORBIDDEN:
            raise
        if (last := client.known.get(("month_file", key))) and last.etag:
            raise UnexpectedAnswer(f"{error}, as before") from error
        status = 404 if isinstance(error, NotFound) else FORBIDDEN
        client.keep(_page(client, "month_file", key, url, {"month": key, "found": str(error)}, status=status))
        return
    except ValueError as error:
        raise UnexpectedAnswer(f"anaconda {key}: {error}") from error
    if unread := _unread(packages, month, version.etag, client.known):
        _read_packages(month, unread, url, version, client)
    client.keep(_page(client, "month_file", key, url, {"month": key, **version.model_dump()}, version.etag))


def _read_packages(month: date, packages: Sequence[str], url: str, version: Version, client: Client) -> None:
    key = _month(month)
    file = RemoteFile(client, key, url, version.size, version.etag)
    try:
        rows = read_rows(file, key, packages)
    except ValueError as error:
        problem = f"anaconda {key}: {error}"
        for package in packages:
            client.keep(_page(client, "month_rows", _key(package, month), url, {}, problem=problem))
        return
    for package in packages:
        told = {**version.model_dump(), "columns": COLUMNS, "rows": rows[package]}
        client.keep(_page(client, "month_rows", _key(package, month), url, told, version.etag))


def _page(
    client: Client,
    endpoint: str,
    key: str,
    url: str,
    told: object,
    etag: str | None = None,
    problem: str | None = None,
    status: int = 200,
) -> Page:
    body = json.dumps(told).encode()
    return Page(endpoint, key, url, status, client.settings.clock(), body, problem=problem, etag=etag)


def _month(month: date) -> str:
    return f"{month:%Y-%m}"


def _key(package: str, month: date) -> str:
    return f"{package} {_month(month)}"
