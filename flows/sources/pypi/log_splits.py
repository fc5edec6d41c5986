"""PyPI downloads in the logs, by minor version and by country: its questions, and how each is asked.

Cost: two requests a week for up to fifteen packages, and at first one for each year since 2016.
"""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from functools import partial

from flows.client.client import Client
from flows.client.request import Question, parts_of
from flows.sources.pypi.log_query import key_of
from flows.sources.pypi.split_answers import read_log_splits
from flows.sources.pypi.split_query import LOG_SPLITS, PACKAGES_A_QUERY, ROW_LIMIT, log_splits_parameters
from warehouse.config.settings import Settings


def log_splits(
    packages: Sequence[str],
    first_day: date,
    today: date,
    mended: timedelta,
    service: str,
    every_days: int,
) -> Iterator[Question]:
    """Yield a question for each year and part of the packages, the newest first.

    The newest reaches until yesterday, and goes back over New Year for as long as days are mended; by country
    its last days alone are told, which are so many. Years before it are settled, and told with the day after
    them: the newest day of an answer may be loaded in part.
    """
    newest, yesterday = (today - mended).year, today - timedelta(days=1)
    parts = parts_of(packages, PACKAGES_A_QUERY)
    for year in range(newest, first_day.year - 1, -1):
        first, after = date(year, 1, 1), date(year + 1, 1, 1)
        for part in parts:
            window = (first, yesterday if year == newest else after, today - mended)
            ask = partial(_ask, part, *window, service)
            yield Question(
                "log_splits", key_of(part, first), ask, every_days, after + mended, service=service
            )


def _ask(
    packages: Sequence[str], first_day: date, last_day: date, located_from: date, service: str, client: Client
) -> None:
    """Ask the download logs for the days of packages within a window."""
    settings: Settings = client.settings
    window = (first_day, last_day, located_from)
    client.ask(
        "log_splits",
        key_of(packages, first_day),
        settings.urls[service] + "/",
        parse=partial(read_log_splits, packages, *window, ROW_LIMIT),
        method="POST",
        params=log_splits_parameters(str(settings.credential("CLICKHOUSE_USER")), packages, *window),
        data=LOG_SPLITS,
    )
