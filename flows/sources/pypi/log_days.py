"""PyPI downloads in the logs, by installer: its questions, and how each is asked.

Cost: a request for all days of a package since 2016, now and then; for the last 60 days one a day for up to
150 packages.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import partial

from flows.client.client import Answer, Client
from flows.client.request import Question, parts_of
from flows.sources.pypi.log_answers import read_log_days
from flows.sources.pypi.log_query import (
    AND,
    LOG_DAYS,
    PACKAGES_A_QUERY,
    ROW_LIMIT,
    key_of,
    log_days_parameters,
)
from warehouse.archive.write import LastAnswers
from warehouse.config.settings import Settings

# The logs hold nothing before it.
FIRST_DAY = date(2016, 1, 1)
# Single days were wrong and mended later: the last weeks are always read again, now and then all days.
MENDED_DAYS = timedelta(days=60)
ENDPOINT = "log_days"


def log_days(
    packages: Sequence[str],
    known: LastAnswers,
    now: datetime,
    service: str,
    every_days: int,
    whole_every_days: int,
) -> Iterator[Question]:
    """Yield the last 60 days of as many packages at once as an answer holds, then all days of single ones.

    All days are asked for at first and now and then, of the package first whose were longest not read: what a
    quota leaves to the next run is not left again. Before a package has answered so it is not among others:
    an unknown one is refused by its name, and would be zero there.
    """
    today = now.date()
    wholes = {
        package: _question([package], FIRST_DAY, today, whole_every_days, service) for package in packages
    }
    due = {package: whole for package, whole in wholes.items() if whole.is_due(known, now)}
    unread = [
        package for package in packages if package not in due and _read_at(package, known).date() < today
    ]
    # A turn, on a day of its own, begins another window, which is another question.
    first_day = today - MENDED_DAYS - timedelta(days=today.toordinal() % every_days)
    for part in parts_of(unread, PACKAGES_A_QUERY):
        yield _question(part, first_day, today, whole_every_days, service)
    for package in sorted(due, key=lambda package: _read_at(package, known)):
        yield due[package]


def logs_read_on(known: LastAnswers) -> Mapping[str, date]:
    """Return the day on which each package's days were last read, whole or among others'.

    One whose whole past was never read is not there, whatever another answer told of it.
    """
    read_on = dict[str, date]()
    for (endpoint, key), last in known.items():
        names, _, first_day = key.partition(" ")
        for package in names.split(AND) if endpoint == ENDPOINT else ():
            if first_day == str(FIRST_DAY) or (ENDPOINT, key_of([package], FIRST_DAY)) in known:
                read_on[package] = max(read_on.get(package, date.min), last.read_at.date())
    return read_on


def _read_at(package: str, known: LastAnswers) -> datetime:
    """Return when all days of a package were last read."""
    last = known.get((ENDPOINT, key_of([package], FIRST_DAY)))
    return last.read_at if last else datetime.min.replace(tzinfo=UTC)


def _question(
    packages: Sequence[str], first_day: date, today: date, every_days: int, service: str
) -> Question:
    ask = partial(_ask, packages, first_day, today - timedelta(days=1), service)
    return Question(ENDPOINT, key_of(packages, first_day), ask, every_days, service=service)


def _ask(packages: Sequence[str], first_day: date, last_day: date, service: str, client: Client) -> None:
    """Ask the download logs for the days of packages by installer; of a part that is refused, for its halves.

    A query may meet a limit for what a few of its packages hold. Three in a row that are refused end it all.
    """
    if _ask_once(packages, first_day, last_day, service, client).page.problem and len(packages) > 1:
        middle = len(packages) // 2
        for half in (packages[:middle], packages[middle:]):
            _ask(half, first_day, last_day, service, client)


def _ask_once(
    packages: Sequence[str], first_day: date, last_day: date, service: str, client: Client
) -> Answer:
    settings: Settings = client.settings
    user, is_whole = str(settings.credential("CLICKHOUSE_USER")), first_day == FIRST_DAY
    return client.ask(
        ENDPOINT,
        key_of(packages, first_day),
        settings.urls[service] + "/",
        parse=partial(read_log_days, packages, first_day, last_day, ROW_LIMIT, is_whole=is_whole),
        method="POST",
        params=log_days_parameters(user, packages, first_day, last_day),
        data=LOG_DAYS,
    )
