"""What the download logs are asked of versions and countries: one query for many packages.

Tables: https://github.com/ClickHouse/clickpy. Interface: https://clickhouse.com/docs/interfaces/http
"""

import csv
from collections.abc import Sequence
from datetime import date

from flows.client.clickhouse import parameters
from warehouse.config.settings import PROJECT

# Which installers are mirrors; the models read the same table.
INSTALLERS = PROJECT / "sql/seeds/sources/pypi/installers.csv"

# One row for each package and day, with its downloads by minor version and by country, mirrors left out.
# - A final release counts under the first two numbers of its version, which are written without leading
#   zeros, and 3 is 3.0. What PEP 440 calls a pre-release or a development release is `pre-release`,
#   anything else `other`: https://packaging.python.org/en/latest/specifications/version-specifiers/
# - The country is that of the client's address, '' where the logs know none. It is told of the last days
#   alone: there are ten times as many countries as versions.
# - Versions and countries come from two tables, each loaded by itself: `located` is the second count.
# - pip itself is downloaded on every day that was logged, so its rows tell that there are days at all.
# - The totals are of all rows: rows that sum to less were cut.
LOG_SPLITS = r"""
WITH
    '^v?[0-9]{1,9}([.][0-9]{1,9})?([.][0-9]+)*' AS numbers,
    '([-_.]?(post|rev|r)[-_.]?[0-9]*|-[0-9]+)?' AS post,
    '([+][a-z0-9]+([-_.][a-z0-9]+)*)?$' AS local,
    '([-_.]?(alpha|beta|a|b|c|rc|preview|pre)[-_.]?[0-9]*)?' AS pre,
    '([-_.]?dev[-_.]?[0-9]*)?' AS dev
SELECT
    date,
    package,
    sumMap(versions) AS versions,
    sumMap(countries) AS countries,
    sum(downloads) AS downloads,
    sum(located) AS located
FROM (
    SELECT
        date,
        project AS package,
        lower(version) AS told,
        multiIf(
            match(told, concat(numbers, post, local)),
            concat(
                toString(toUInt32(extract(told, '^v?([0-9]+)'))), '.',
                toString(toUInt32OrZero(extract(told, '^v?[0-9]+[.]([0-9]+)')))
            ),
            match(told, concat(numbers, pre, post, dev, local)), 'pre-release',
            'other'
        ) AS minor,
        project IN {packages:Array(String)} AS is_asked,
        if(is_asked, map(minor, count), CAST(map(), 'Map(String, Int64)')) AS versions,
        CAST(map(), 'Map(String, Int64)') AS countries,
        if(is_asked, count, 0) AS downloads,
        0 AS located
    FROM pypi.pypi_downloads_per_day_by_version_by_installer_by_type
    WHERE project IN arrayPushBack({packages:Array(String)}, 'pip')
        AND lower(installer) NOT IN {mirrors:Array(String)}
        AND date BETWEEN {first_day:Date} AND {last_day:Date}
    UNION ALL
    SELECT
        date,
        project AS package,
        '' AS told,
        '' AS minor,
        1 AS is_asked,
        CAST(map(), 'Map(String, Int64)') AS versions,
        map(toString(country_code), count) AS countries,
        0 AS downloads,
        count AS located
    FROM pypi.pypi_downloads_per_day_by_version_by_installer_by_type_by_country
    WHERE project IN {packages:Array(String)}
        AND lower(installer) NOT IN {mirrors:Array(String)}
        AND date BETWEEN greatest({first_day:Date}, {located_from:Date}) AND {last_day:Date}
)
GROUP BY date, package WITH TOTALS
ORDER BY date, package
LIMIT {row_limit:UInt32}
"""

# A year of PACKAGES_A_QUERY packages and of pip is 5,856 rows, and about 3 MB; the service allows 10 MB.
ROW_LIMIT, PACKAGES_A_QUERY = 15_000, 15


def log_splits_parameters(
    user: str, packages: Sequence[str], first_day: date, last_day: date, located_from: date
) -> dict[str, str]:
    """Return the parameters of a request that sends LOG_SPLITS; countries are told from a day on."""
    return parameters(
        user,
        packages=str(list(packages)),
        mirrors=str(_mirrors()),
        first_day=first_day.isoformat(),
        last_day=last_day.isoformat(),
        located_from=located_from.isoformat(),
        row_limit=str(ROW_LIMIT),
    )


def _mirrors() -> list[str]:
    """Return the installers that copy whatever others use, in small letters."""
    with INSTALLERS.open(encoding="utf-8", newline="") as rows:
        listed = [row for row in csv.DictReader(rows) if row["installer_class"] == "mirror"]
    return [row["installer"].lower() for row in listed]
