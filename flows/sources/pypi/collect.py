"""PyPI downloads: pypistats for the last 180 days, the logs' ClickHouse copy for every day since 2016.

They are two services: one that does not answer leaves the other alone. Cost: a package's days are one
request a day to pypistats, and its two splits one each a week. The logs are asked for up to 150 packages at
once, one request a day, and for a package's whole past at first and in four weeks; their splits of up to
fifteen packages are two requests a week, and at first one for each year since 2016. Tools' days are asked for
in five days. Of many packages pypistats is asked about those alone whose days the logs lack, and about the
others in turns of eight weeks.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial

from flows.client.client import Client
from flows.client.request import EACH_TIME, Question
from flows.client.service import Service
from flows.client.session import Pace, Quota
from flows.sources.pypi.answers import SPLITS, read_overall, read_split
from flows.sources.pypi.log_days import FIRST_DAY, MENDED_DAYS, log_days, logs_read_on
from flows.sources.pypi.log_splits import log_splits
from warehouse.archive.write import LastAnswers
from warehouse.config.catalog import catalog
from warehouse.config.settings import Settings
from warehouse.config.subject import Called
from warehouse.config.tool import ToolBase

PYPISTATS, CLICKHOUSE = "PYPISTATS_URL", "CLICKHOUSE_URL"
# Longer than the 60 s that ClickHouse gives a query: who gives up earlier asks again, and is charged again.
QUERY_SECONDS = 90.0


@dataclass(frozen=True)
class _Rhythm:
    """After how many days each is due again: pypistats' days and splits, the logs' whole days and splits.

    The logs' days that are asked for whole were mended; pypistats' are kept for half a year.
    """

    days: int
    splits: int
    whole: int
    log_splits: int


# A week of days by version that is over is late two weeks after it, and the logs come up to two days late.
OF_A_FEW = _Rhythm(days=EACH_TIME, splits=7, whole=28, log_splits=4)
# What pypistats tells beside the logs is a second count then, and no day of it is lost.
IN_TURNS = _Rhythm(days=56, splits=56, whole=112, log_splits=8)
# Of a package whose logs were not read when it was their turn, nor in these days, the logs lack the newest.
LOGS_LACK_AFTER = timedelta(days=2)
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

    pypistats is not asked for a package that has long ceased to count: nobody may have downloaded it in the
    half year it keeps. Of many packages it is asked each time for those alone whose days the logs lack.
    Whatever becomes of a tool's packages, the subjects have been asked about by then; a tool has no splits.
    """
    now = settings.clock()
    rhythm = IN_TURNS if catalog()["pypi"].takes_turns(_packages(called)) else OF_A_FEW
    subjects = [one for one in called if not isinstance(one, ToolBase)]
    kept_since = now.date() - PYPISTATS_KEEPS
    packages, present = _packages(subjects), _packages(subjects, kept_since)
    read_on = logs_read_on(known)
    yield from _days_told(present, read_on, now, rhythm.days)
    yield from log_days(packages, known, now, CLICKHOUSE, 1, rhythm.whole)
    for package in present:
        for split in SPLITS:
            ask = partial(_ask_split, split, package)
            yield Question(split, package, ask, rhythm.splits, service=PYPISTATS)
    yield from log_splits(packages, FIRST_DAY, now.date(), MENDED_DAYS, CLICKHOUSE, rhythm.log_splits)
    tools, present_tools = (
        [package for package in found if package not in packages]
        for found in (_packages(called), _packages(called, kept_since))
    )
    yield from _days_told(present_tools, read_on, now, rhythm.days, TOOLS_EVERY_DAYS)
    yield from log_days(tools, known, now, CLICKHOUSE, TOOLS_EVERY_DAYS, rhythm.whole)


def _days_told(
    packages: Sequence[str],
    read_on: Mapping[str, date],
    now: datetime,
    every_days: int,
    logs_every_days: int = EACH_TIME,
) -> Iterator[Question]:
    """Yield what pypistats is asked of days: as often as the logs at most, and where these lack them.

    `read_on` tells on which day the logs of each package were last read.
    """
    told_since = now.date() - timedelta(days=logs_every_days) - LOGS_LACK_AFTER
    for package in packages:
        is_told = read_on.get(package, date.min) >= told_since
        rhythm = max(every_days, logs_every_days) if is_told else logs_every_days
        yield Question("overall", package, partial(_ask_days, package), rhythm, service=PYPISTATS)


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


def _packages(called: Sequence[Called], since: date | None = None) -> list[str]:
    """Return every package once, or those that count on a day or later."""
    members = (member for one in called for member in one.dated_identifiers("pypi"))
    counting = (m for m in members if not (since and m.valid_until and m.valid_until < since))
    return list(dict.fromkeys(member.name for member in counting))
