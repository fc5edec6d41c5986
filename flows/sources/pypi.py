"""PyPI downloads: pypistats for the last 180 days, the logs' ClickHouse copy for the whole past.

Cost: one request a package to each. pypistats allows 30 a minute for an address.
"""

from collections.abc import Iterator, Sequence
from functools import partial

from flows.http import Client
from flows.questions import EACH_TIME, Question
from flows.session import Pace
from flows.shapes.pypi import read_installer_months, read_overall
from warehouse.archive import LastAnswers
from warehouse.ecosystem import Subject
from warehouse.settings import Settings

PACE = Pace(per_second=4, per_minute=28)

# Tables of this kind merge in their own time: only sum(count) is right. A result that is as long as
# its limit may have been cut, so the limit is far above a hundred months of thirty installers.
ROW_LIMIT = 15_000
INSTALLER_MONTHS = f"""
SELECT toStartOfMonth(date) AS month, installer, sum(count) AS downloads, max(date) AS last_day
FROM pypi.pypi_downloads_per_day_by_version_by_installer_by_type
WHERE project = {{package:String}}
GROUP BY month, installer
ORDER BY month, installer
LIMIT {ROW_LIMIT}
"""


def quota(settings: Settings) -> None:
    """Return none: what pypistats allows in a minute is a pace."""


def questions(subjects: Sequence[Subject], settings: Settings, known: LastAnswers) -> Iterator[Question]:
    """Yield each package's days, which are kept for 180 days only, then its months since 2016."""
    for package in _packages(subjects):
        yield Question("overall", package, partial(_ask_days, package), EACH_TIME)
    for package in _packages(subjects):
        # Days are mended later, so always all months.
        yield Question("installer_months", package, partial(_ask_months, package))


def _ask_days(package: str, client: Client) -> None:
    """Ask pypistats for a package's daily downloads, with and without mirrors.

    Source: https://pypistats.org/api/
    """
    url = f"{client.settings.urls['PYPISTATS_URL']}/api/packages/{package}/overall"
    client.ask("overall", package, url, parse=partial(read_overall, package))


def _ask_months(package: str, client: Client) -> None:
    """Ask the download logs for a package's months by installer.

    Source: https://clickhouse.com/docs/interfaces/http, tables of https://github.com/ClickHouse/clickpy
    """
    client.ask(
        "installer_months",
        package,
        client.settings.urls["CLICKHOUSE_URL"] + "/",
        parse=partial(read_installer_months, ROW_LIMIT),
        method="POST",
        params=_parameters(client, package),
        data=INSTALLER_MONTHS,
    )


def _parameters(client: Client, package: str) -> dict[str, str]:
    return {
        "user": client.settings.clickhouse_user,
        "default_format": "JSON",
        "output_format_json_quote_64bit_integers": "0",
        # Else a failure after the first rows would end a 200.
        "wait_end_of_query": "1",
        "param_package": package,
    }


def _packages(subjects: Sequence[Subject]) -> list[str]:
    return [package for subject in subjects for package in subject.identifiers("pypi")]
