"""What the download logs' ClickHouse copy is asked: one query, and how it is sent.

Tables: https://github.com/ClickHouse/clickpy. Interface: https://clickhouse.com/docs/interfaces/http
"""

from datetime import date

from flows.client.clickhouse import parameters

# One row for each day that the logs hold, with the package's downloads by installer.
# - Tables of this kind merge in their own time: only sum(count) is right.
# - pip itself is downloaded on every day that was logged. So a day with no row was not logged, and a day
#   on which the package has no installer was, without a download of it.
# - Two tables count the same downloads, and a day is loaded into and deleted from each by itself, as the
#   copy's own repair does (scripts/day-fix.sh). A day on which they differ is true of neither.
# - The totals are of all days: rows that sum to less were cut.
LOG_DAYS = """
SELECT date, sumMap(installers) AS installers, sum(downloads) AS downloads, sum(counted) AS counted
FROM (
    SELECT date, map(installer, count) AS installers, count AS downloads, 0 AS counted
    FROM pypi.pypi_downloads_per_day_by_version_by_installer_by_type
    WHERE project = {package:String} AND date BETWEEN {first_day:Date} AND {last_day:Date}
    UNION ALL
    SELECT
        date,
        CAST(map(), 'Map(String, Int64)') AS installers,
        0 AS downloads,
        if(project = {package:String}, count, 0) AS counted
    FROM pypi.pypi_downloads_per_day
    WHERE project IN ('pip', {package:String}) AND date BETWEEN {first_day:Date} AND {last_day:Date}
)
GROUP BY date WITH TOTALS
ORDER BY date
LIMIT {row_limit:UInt32}
"""

# Far above the days since 2016. Ten years of twenty installers are about 2 MB; the service allows 10 MB.
ROW_LIMIT = 15_000


def log_days_parameters(user: str, package: str, first_day: date, last_day: date) -> dict[str, str]:
    """Return the parameters of a request that sends LOG_DAYS for a package and a window of days."""
    return parameters(
        user,
        package=package,
        first_day=first_day.isoformat(),
        last_day=last_day.isoformat(),
        row_limit=str(ROW_LIMIT),
    )
