"""What the download logs' ClickHouse copy is asked: one query for many packages.

Tables: https://github.com/ClickHouse/clickpy. Interface: https://clickhouse.com/docs/interfaces/http
"""

from collections.abc import Sequence
from datetime import date

from flows.client.clickhouse import parameters

# One row for each package and day that the logs hold, with its downloads by installer.
# - Tables of this kind merge in their own time: only sum(count) is right.
# - pip itself is downloaded on every day that was logged. So a day without a row was not logged, and a row
#   without an installer is a day on which nobody downloaded that package.
# - Two tables count the same downloads, and a day is loaded into and deleted from each by itself, as the
#   copy's own repair does (scripts/day-fix.sh). A day on which they differ is true of neither.
# - The totals are of all rows: rows that sum to less were cut.
LOG_DAYS = """
SELECT
    date,
    package,
    sumMap(installers) AS installers,
    sum(downloads) AS downloads,
    sum(counted) AS counted
FROM (
    SELECT date, project AS package, map(installer, count) AS installers, count AS downloads, 0 AS counted
    FROM pypi.pypi_downloads_per_day_by_version_by_installer_by_type
    WHERE project IN {packages:Array(String)} AND date BETWEEN {first_day:Date} AND {last_day:Date}
    UNION ALL
    SELECT
        date,
        arrayJoin(if(project = 'pip', {packages:Array(String)}, [project])) AS package,
        CAST(map(), 'Map(String, Int64)') AS installers,
        0 AS downloads,
        if(project = package, count, 0) AS counted
    FROM pypi.pypi_downloads_per_day
    WHERE project IN arrayPushBack({packages:Array(String)}, 'pip')
        AND date BETWEEN {first_day:Date} AND {last_day:Date}
)
GROUP BY date, package WITH TOTALS
ORDER BY date, package
LIMIT {row_limit:UInt32}
"""

# The service allows 10 MB. Ten years of a package's twenty installers are about 2 MB, and the last 65 days of
# 150 such packages 9,750 rows of 5 MB. Their names, of 40 letters each, fit into an address of 8 KB.
ROW_LIMIT, PACKAGES_A_QUERY = 15_000, 150

# Between the packages of a question to the logs, in its key.
AND = ";"


def key_of(packages: Sequence[str], first_day: date) -> str:
    """Return the key of a question to the logs about packages' days from one on."""
    return f"{AND.join(packages)} {first_day}"


def log_days_parameters(
    user: str, packages: Sequence[str], first_day: date, last_day: date
) -> dict[str, str]:
    """Return the parameters of a request that sends LOG_DAYS for packages and a window of days."""
    return parameters(
        user,
        packages=str(list(packages)),
        first_day=first_day.isoformat(),
        last_day=last_day.isoformat(),
        row_limit=str(ROW_LIMIT),
    )
