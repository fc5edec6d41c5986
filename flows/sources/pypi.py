"""PyPI downloads: pypistats for the last 180 days, the logs' ClickHouse copy for the whole past.

Cost: one request a package to each. pypistats allows 30 a minute for an address.
"""

from collections.abc import Sequence
from functools import partial

from flows.http import Client
from flows.session import Pace
from flows.shapes.pypi import read_installer_months, read_overall
from warehouse.archive import LastAnswers
from warehouse.ecosystem import Subject

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


def fetch_current(client: Client, subjects: Sequence[Subject]) -> None:
    """Ask pypistats for each package's daily downloads, with and without mirrors.

    Only 180 days are kept there: what is not asked for in time is lost.
    Source: https://pypistats.org/api/
    """
    base = client.settings.urls["PYPISTATS_URL"]
    for package in _packages(subjects):
        url = f"{base}/api/packages/{package}/overall"
        client.ask("overall", package, url, parse=partial(read_overall, package))


def fetch_history(client: Client, subjects: Sequence[Subject], known: LastAnswers) -> None:
    """Ask the download logs for each package's months by installer; days are mended later, so always all.

    Source: https://clickhouse.com/docs/interfaces/http, tables of https://github.com/ClickHouse/clickpy
    """
    url = client.settings.urls["CLICKHOUSE_URL"] + "/"
    parse = partial(read_installer_months, ROW_LIMIT)
    for package in _packages(subjects):
        client.ask(
            "installer_months",
            package,
            url,
            parse=parse,
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
