"""Answers about packages that are built in buckets, and what two data folders tell otherwise."""

from datetime import UTC, date, datetime, timedelta

import duckdb

from tests.made import configuration

NOW = datetime(2025, 3, 10, 6, tzinfo=UTC)
LONG_AGO = NOW - timedelta(days=400)
PACKAGES = ("one", "two", "two-old", "two-core")
COMPARED = configuration(
    one={"first_release_on": date(2015, 1, 1), "pypi": ["one"]},
    two={
        "first_release_on": date(2015, 1, 1),
        "pypi": [
            "two",
            {"package": "two-old", "until": date(2024, 12, 10)},
            {"package": "two-core", "within": "two"},
        ],
    },
)


def logs(told, packages, at, days=60, count=1_000):
    """The last days of packages that the logs were asked about at once, of which some month is in doubt."""
    last = at.date() - timedelta(days=1)
    data = [
        {
            "date": str(last - timedelta(days=back)),
            "package": package,
            "installers": {"pip": told_count, "bandersnatch": 5},
            "downloads": told_count + 5,
            "counted": told_count + (6 if (back, package) == (9, "two") else 5),
        }
        for back in range(days)
        for package in packages
        for told_count in [count + 7 * len(package) if back % 41 else 2]
    ]
    return told("pypi", "log_days", f"{';'.join(packages)} {last}", {"data": data, "rows": len(data)}, at)


def overall(told, package, at, days=180, count=1_000):
    last = at.date() - timedelta(days=1)
    data = [
        {"category": category, "date": str(last - timedelta(days=back)), "downloads": count + more}
        for back in range(days)
        for category, more in (("with_mirrors", 40), ("without_mirrors", back % 3))
    ]
    return told("pypi", "overall", package, {"data": data, "package": package}, at)


def splits(told, package, at, days=60):
    last = at.date() - timedelta(days=1)
    data = [
        {
            "date": str(last - timedelta(days=back)),
            "package": package,
            "versions": {"1.0": 600, "1.1": 400},
            "countries": {"DE": 990 + back % 2, "": 10},
            "downloads": 1_000,
        }
        for back in reversed(range(days))
    ]
    return told("pypi", "log_splits", f"{package} {last}", {"data": data, "rows": len(data)}, at)


def systems(told, package, at):
    last = at.date() - timedelta(days=1)
    data = [
        {"category": category, "date": str(last - timedelta(days=back)), "downloads": 500}
        for back in range(90)
        for category in ("Linux", "null")
    ]
    return told("pypi", "system", package, {"data": data, "type": "system_downloads"}, at)


def first_answers(told):
    """Years of each package, and days of three of them that one answer tells."""
    at = NOW - timedelta(days=30)
    yield from (logs(told, [package], LONG_AGO, days=500) for package in PACKAGES)
    yield logs(told, PACKAGES[:3], at)
    for package in PACKAGES:
        yield from (overall(told, package, at), splits(told, package, at), systems(told, package, at))


def a_day_later(told):
    """Days of all packages in one answer, none as before, and some of one package in other answers."""
    at = NOW - timedelta(days=19)
    return logs(told, PACKAGES, at, count=1_001), overall(told, "one", at), splits(told, "two", at)


ATTACHED = ("ours", "theirs")
TABLES = """
select schema_name || '.' || table_name from duckdb_tables()
where database_name = '{database}' and schema_name <> 'raw'
"""
DIFFERENT = """
select '{table}' as of_table, count(*) as rows from (
    (from ours.{table} except all from theirs.{table})
    union all
    (from theirs.{table} except all from ours.{table})
)
having rows > 0
"""


def different(house, other):
    """Return what two data folders tell otherwise: of tables that both build or publish, columns and rows."""
    of_work = differing_tables(house.settings.work_file, other.settings.work_file)
    return of_work + differing_tables(house.settings.published_file, other.settings.published_file)


def differing_tables(ours, theirs):
    with duckdb.connect() as both:
        both.execute("set TimeZone = 'UTC'")
        both.execute(f"attach '{ours}' as ours (read_only); attach '{theirs}' as theirs (read_only)")
        names = [set(both.execute(TABLES.format(database=one)).fetchall()) for one in ATTACHED]
        tables = sorted(table for (table,) in names[0] & names[1])
        assert len(tables) > 25
        found = [(table,) for table in tables if len({columns(both, one, table) for one in ATTACHED}) > 1]
        for table in tables:
            found += both.execute(DIFFERENT.format(table=table)).fetchall()
        return found


def columns(both, database, table):
    return tuple(column[:2] for column in both.execute(f"describe {database}.{table}").fetchall())
