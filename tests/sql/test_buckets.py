"""What is built in buckets is what one machine builds: every table, row for row, and every check."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import duckdb
import pytest

from tests.made import configuration
from warehouse.build.buckets.keyed import Layer, layers, reads_answers
from warehouse.build.buckets.spread import one_after_the_other
from warehouse.build.dbt import parsed_project

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


def a_day_later(told, days):
    """Days of all packages in one answer, none as before, and some of one package in other answers."""
    at = NOW - timedelta(days=20 - days)
    return logs(told, PACKAGES, at, count=1_000 + days), overall(told, "one", at), splits(told, "two", at)


@pytest.fixture
def in_two(warehouse, tmp_path):
    """A warehouse whose builds may be in buckets, and one of the same answers that is built by itself."""
    house = warehouse(COMPARED, now=NOW)
    return house, house.on(replace(house.settings, data=tmp_path / "beside"))


@pytest.mark.usefixtures("first_without_dbt")
def test_buckets_and_one_machine_make_the_same_whoever_goes_on(in_two, told):
    """From scratch in buckets, then a day by one machine, then one in buckets: each as without them."""
    house, beside = in_two
    house.straight = None
    asked_at_once = (one_after_the_other(3), None, one_after_the_other(2))
    for days, workers in enumerate(asked_at_once):
        for each in in_two:
            each.tell(*(a_day_later(told, days) if days else first_answers(told)))
        house.build(workers)
        beside.build()
        assert different(house, beside) == [], days
    assert list(house.settings.data.glob("buckets")) == []
    failed = "select count(*) from quality_checks where source_id = 'pypi' and failing_rows > 0"
    assert house.rows(failed)[0][0] > 1, "checks that all pass prove little"
    assert house.rows("select distinct state from package_downloads_daily order by 1") == [
        ("ok",),
        ("partial",),
        ("suspect",),
    ]


@pytest.mark.usefixtures("first_without_dbt")
def test_what_a_bucket_finds_fault_with_is_withheld_as_ever(in_two, told):
    """One impossible answer goes into quarantine; where most of a kind are, their source is held back."""
    house, beside = in_two
    house.straight = None
    at = NOW - timedelta(days=1)
    impossible = logs(told, PACKAGES[:2], at)
    impossible.body["data"][0]["downloads"] = -3
    lost = splits(told, "two", at)
    lost.body["data"][0]["versions"] = {"1.0": 3}
    for each, workers in ((house, one_after_the_other(2)), (beside, None)):
        each.tell(*(logs(told, [package], LONG_AGO, days=40) for package in PACKAGES), impossible, lost)
        each.build(workers)
    assert different(house, beside) == []
    ((state, reason),) = house.rows("select state, reason from source_status where source_id = 'pypi'")
    assert state == "never" and "logged_versions_sum_to_the_day" in reason
    assert house.rows("select count(*) from quality_checks where not passed and severity = 'error'") == [(2,)]


def test_the_keyed_models_are_made_of_each_other_and_the_configuration(settings):
    """What is told of a name hangs on the answers about it alone, and what is unique is so within a name."""
    every = layers(parsed_project(settings))
    assert [layer.source_id for layer in every] == ["pypi"]
    for layer in every:
        assert len(layer.tests) > 30
        assert {name: wrong for name in layer.columns if (wrong := foreign(layer, name))} == {}
        for name in layer.tests:
            node = layer.manifest.nodes[name]
            if "unique_key" in name:
                (column,) = {layer.columns[parent] for parent in node.depends_on.nodes}
                assert column in node.test_metadata.kwargs["columns"], name


def foreign(layer: Layer, name: str) -> list[str]:
    """Of what a keyed model is made, what neither is keyed nor is the same whatever was answered."""
    node = layer.manifest.nodes[name]
    parents = [one for one in node.depends_on.nodes if not (reads_answers(node) and one.endswith(".pages"))]
    return [one for one in parents if one not in layer.columns and not layer.is_of_configuration(one)]
