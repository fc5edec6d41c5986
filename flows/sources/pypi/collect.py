"""PyPI downloads: pypistats for the last 180 days, the logs' ClickHouse copy for every day since 2016.

They are two services: one that does not answer leaves the other alone. Cost: a package's days are one
request to each a day, and its two splits one each a week; at first four in all. The logs' splits of all
packages are two requests a week, and at first one for each year since 2016. A tool's days are one to each in
five days.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import partial
from zlib import crc32

from flows.client.client import Client
from flows.client.request import EACH_TIME, Question, whole_or_recent
from flows.client.service import Service
from flows.client.session import Pace, Quota
from flows.sources.pypi.answers import SPLITS, read_overall, read_split
from flows.sources.pypi.log_answers import read_log_days
from flows.sources.pypi.log_query import LOG_DAYS, ROW_LIMIT, log_days_parameters
from flows.sources.pypi.log_splits import log_splits
from warehouse.archive.write import LastAnswers
from warehouse.config.settings import Settings
from warehouse.config.subject import Called
from warehouse.config.tool import ToolBase

PYPISTATS, CLICKHOUSE = "PYPISTATS_URL", "CLICKHOUSE_URL"
# Longer than the 60 s that ClickHouse gives a query: who gives up earlier asks again, and is charged again.
QUERY_SECONDS = 90.0

# The logs hold nothing before it.
FIRST_DAY = date(2016, 1, 1)
# Single days were wrong and mended later: the last weeks are always read again, now and then all days.
MENDED_DAYS = timedelta(days=60)
REREAD_DAYS = 28
# Shares change slowly, and pypistats keeps a day's for half a year.
SPLITS_EVERY_DAYS = 7
# Their figures are of months. With the two days that the logs take, none is later than the seven that may be.
TOOLS_EVERY_DAYS = 5
PYPISTATS_KEEPS = timedelta(days=180)


def services(settings: Settings) -> tuple[Service, Service]:
    """Return pypistats, which allows 5 requests a second and 30 a minute, and the logs' ClickHouse copy.

    Sources: https://pypistats.org/api/ and the set-up of its user "demo" in ClickHouse/sql.clickhouse.com
    """
    logs = Service(
        "pypi", CLICKHOUSE, pace=Pace(per_second=1), quota=Quota(60, 3600), read_seconds=QUERY_SECONDS
    )
    return Service("pypi", PYPISTATS, pace=Pace(per_second=4, per_minute=28)), logs


def questions(called: Sequence[Called], settings: Settings, known: LastAnswers) -> Iterator[Question]:
    """Yield each package's days at pypistats and in the logs, and its splits at both; last the tools' days.

    The logs are asked for all days since 2016 now and then, else for the last 60, those of the package first
    that were longest not read: what a quota leaves to the next run is not left again. pypistats is not asked
    for a package that has long ceased to count: nobody may have downloaded it in the half year it keeps.
    Whatever becomes of a tool's packages, the subjects have been asked about by then; a tool has no splits.
    """
    now = settings.clock()
    subjects = [one for one in called if not isinstance(one, ToolBase)]
    kept_since = now.date() - PYPISTATS_KEEPS
    packages, present = _packages(subjects), _packages(subjects, kept_since)
    yield from _days(packages, present, known, now)
    for package in present:
        for split in SPLITS:
            ask = partial(_ask_split, split, package)
            yield Question(split, package, ask, SPLITS_EVERY_DAYS, service=PYPISTATS)
    yield from log_splits(packages, FIRST_DAY, now.date(), MENDED_DAYS, CLICKHOUSE)
    tools, present_tools = (
        [package for package in found if package not in packages]
        for found in (_packages(called), _packages(called, kept_since))
    )
    yield from _days(tools, present_tools, known, now, TOOLS_EVERY_DAYS)


def _days(
    packages: Sequence[str], present: Sequence[str], known: LastAnswers, now: datetime, every_days: int = 1
) -> Iterator[Question]:
    for package in present:
        rhythm = every_days if every_days > 1 else EACH_TIME
        yield Question("overall", package, partial(_ask_days, package), rhythm, service=PYPISTATS)
    for package in _longest_unread_first(packages, known):
        whole = _log_days(package, FIRST_DAY, now.date(), REREAD_DAYS)
        # Its turn, on a day of its own, begins another window, which is another question.
        since_turn = (now.date().toordinal() + crc32(package.encode())) % every_days
        first_day = now.date() - MENDED_DAYS - timedelta(days=since_turn)
        recent = _log_days(package, first_day, now.date(), REREAD_DAYS)
        if question := whole_or_recent(whole, recent, known, now):
            yield question


def _ask_days(package: str, client: Client) -> None:
    """Ask pypistats for a package's daily downloads, with and without mirrors.

    Source: https://pypistats.org/api/
    """
    url = f"{client.settings.urls[PYPISTATS]}/api/packages/{package}/overall"
    client.ask("overall", package, url, parse=partial(read_overall, package, _today(client)))


def _ask_split(split: str, package: str, client: Client) -> None:
    """Ask pypistats for a package's daily downloads by what the client says of itself, mirrors left out."""
    url = f"{client.settings.urls[PYPISTATS]}/api/packages/{package}/{split}"
    client.ask(split, package, url, parse=partial(read_split, split, package, _today(client)))


def _today(client: Client) -> date:
    """Return the UTC day of asking: a long run goes on into the next one, and is told of the one before."""
    return client.settings.clock().date()


def _log_days(package: str, first_day: date, today: date, every_days: int) -> Question:
    ask = partial(_ask_log_days, package, first_day, today - timedelta(days=1))
    return Question("log_days", _key(package, first_day), ask, every_days, service=CLICKHOUSE)


def _ask_log_days(package: str, first_day: date, last_day: date, client: Client) -> None:
    """Ask the download logs for a package's days by installer."""
    user = str(client.settings.credential("CLICKHOUSE_USER"))
    client.ask(
        "log_days",
        _key(package, first_day),
        client.settings.urls[CLICKHOUSE] + "/",
        parse=partial(read_log_days, first_day, last_day, ROW_LIMIT, is_whole=first_day == FIRST_DAY),
        method="POST",
        params=log_days_parameters(user, package, first_day, last_day),
        data=LOG_DAYS,
    )


def _longest_unread_first(packages: Sequence[str], known: LastAnswers) -> list[str]:
    """Return the packages by when their logs were last read, whole or in part, those never read first."""
    read_at = dict.fromkeys(packages, datetime.min.replace(tzinfo=UTC))
    for (endpoint, key), last in known.items():
        package = key.partition(" ")[0]
        if endpoint == "log_days" and package in read_at:
            read_at[package] = max(read_at[package], last.read_at)
    return sorted(packages, key=lambda package: read_at[package])


def _key(package: str, first_day: date) -> str:
    return f"{package} {first_day}"


def _packages(called: Sequence[Called], since: date | None = None) -> list[str]:
    """Return every package once, or those that count on a day or later."""
    members = (member for one in called for member in one.dated_identifiers("pypi"))
    counting = (m for m in members if not (since and m.valid_until and m.valid_until < since))
    return list(dict.fromkeys(member.name for member in counting))
