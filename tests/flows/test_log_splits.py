"""The query for versions and countries, run by a real ClickHouse over tables of the documented schemas.

The engine is the package chdb, of the dependency group `clickhouse`; it takes 900 MB.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from flows.client.errors import Unanswered
from flows.sources.pypi.split_answers import SplitDays, read_log_splits
from flows.sources.pypi.split_query import LOG_SPLITS, log_splits_parameters

session = pytest.importorskip(
    "chdb.session", reason="chdb is not installed: `pip install -r requirements-clickhouse.lock`"
)

# https://github.com/ClickHouse/clickpy, scripts/create_tables.sh
BY_VERSION = "pypi.pypi_downloads_per_day_by_version_by_installer_by_type"
BY_COUNTRY = f"{BY_VERSION}_by_country"
TABLES = f"""
create database pypi;
create table {BY_VERSION} (
    project String, version String, date Date, installer String, type LowCardinality(String), count Int64
) engine = SummingMergeTree order by (project, version, date, installer);
create table {BY_COUNTRY} (
    project String, version String, date Date, installer String, type LowCardinality(String),
    country_code LowCardinality(String), count Int64
) engine = SummingMergeTree order by (project, version, date, country_code, installer, type)
"""
# The second insert is another part, until the engine merges them.
ROWS = f"""
insert into {BY_VERSION} values
    ('torch', '2.0.1', '2025-01-01', 'pip', 'sdist', 5), ('torch', '2.0.0', '2025-01-01', '', 'sdist', 7),
    ('torch', '2.10', '2025-01-01', 'uv', 'sdist', 4), ('torch', '2.1.0rc1', '2025-01-01', 'pip', 'sdist', 3),
    ('torch', '2.0.1', '2025-01-01', 'Bandersnatch', 'sdist', 900),
    ('torch', '2.0.1', '2024-12-31', 'pip', 'sdist', 9), ('torch', '2.1', '2025-01-02', 'Nexus', 'sdist', 90),
    ('torch', '2.1', '2025-01-03', 'pip', 'sdist', 6),
    ('keras', '3', '2025-01-03', 'pip', 'sdist', 5000000000),
    ('numpy', '2.0', '2025-01-01', 'pip', 'sdist', 8), ('pip', '25.0', '2025-01-01', 'pip', 'sdist', 1000),
    ('pip', '25.0', '2025-01-02', 'pip', 'sdist', 1000);
insert into {BY_VERSION} values ('torch', '2.0.1', '2025-01-01', 'pip', 'sdist', 5);
insert into {BY_COUNTRY} values
    ('torch', '2.0.1', '2025-01-01', 'pip', 'sdist', 'DE', 24),
    ('torch', '2.1', '2025-01-03', 'pip', 'sdist', 'US', 3),
    ('torch', '2.1', '2025-01-03', 'uv', 'sdist', 'US', 1),
    ('torch', '2.1', '2025-01-03', 'pip', 'sdist', '', 2),
    ('torch', '2.1', '2025-01-03', 'devpi', 'sdist', 'FR', 50),
    ('pip', '25.0', '2025-01-03', 'pip', 'sdist', 'US', 7)
"""
FIRST, LAST, LOCATED_FROM = date(2025, 1, 1), date(2025, 1, 10), date(2025, 1, 2)
PACKAGES = ("torch", "keras")


def row(day: int, package: str, versions: dict[str, int], countries: dict[str, int]) -> dict[str, object]:
    return {
        "date": f"2025-01-{day:02}",
        "package": package,
        "versions": versions,
        "countries": countries,
        "downloads": sum(versions.values()),
        "located": sum(countries.values()),
    }


# On the second day mirrors alone fetched torch; of the first no countries are asked for.
DAYS = [
    row(1, "pip", {}, {}),
    row(1, "torch", {"2.0": 17, "2.10": 4, "pre-release": 3}, {}),
    row(2, "pip", {}, {}),
    row(3, "keras", {"3.0": 5_000_000_000}, {}),
    row(3, "torch", {"2.1": 6}, {"": 2, "US": 4}),
]
VERSIONS = {
    "2.0": ["2.0", "v2.0.1", "2.0.0.post1", "2.0+cu118", "2.0-1", "02.00.7"],
    "3.0": ["3", "3-1"],
    "2024.1": ["2024.01.31"],
    "pre-release": ["2.0rc1", "2.0.0.dev20250101", "1.0a", "2.0.0-beta.2", "1.0rc1.post2.dev3"],
    "other": ["", "nightly", "2004d", "1.0.0.0x", "99999999999.1", "x2.0", "1!2.0"],
}


@dataclass(frozen=True)
class Ask:
    """Sends the query as the collector does, with its parameters and settings."""

    clickhouse: session.Session

    def __call__(
        self, *packages: str, located_from: date = LOCATED_FROM, row_limit: str = "", **settings: str
    ) -> bytes:
        sent = log_splits_parameters("demo", packages or PACKAGES, FIRST, LAST, located_from)
        of_query = {name[6:]: value for name, value in sent.items() if name.startswith("param_")}
        if row_limit:
            of_query["row_limit"] = row_limit
        settings = {name: value for name, value in sent.items() if name.endswith("_mode")} | settings
        named = ", ".join(f"{name} = '{value}'" for name, value in settings.items())
        try:
            return self.clickhouse.query(
                f"{LOG_SPLITS} settings {named}", sent["default_format"], params=of_query
            ).bytes()
        except RuntimeError:
            # What a failed query had begun to write stands at the head of the session's next answer.
            self.clickhouse.query("select 1")
            raise


@pytest.fixture(scope="module")
def ask(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ask]:
    """A ClickHouse with the tables, which cuts what goes beyond its limits as the service does."""
    folder: Path = tmp_path_factory.mktemp("clickhouse")
    with session.Session(str(folder)) as clickhouse:
        for statement in f"{TABLES};{ROWS}".split(";"):
            clickhouse.query(statement)
        for minor, versions in VERSIONS.items():
            for number, version in enumerate(versions):
                clickhouse.query(
                    f"insert into {BY_VERSION} values "
                    f"('of-{minor}', '{version}', '2025-01-04', 'pip', 'sdist', {10**number})"
                )
        clickhouse.query("set read_overflow_mode = 'break', result_overflow_mode = 'break'")
        yield Ask(clickhouse)


def read(body: bytes, packages: tuple[str, ...] = PACKAGES, limit: int = 100) -> SplitDays:
    return read_log_splits(packages, FIRST, LAST, LOCATED_FROM, limit, body)


def test_each_packages_days_are_told_by_version_and_country(ask: Ask):
    """Parts are summed, mirrors of any spelling left out; of another package and day nothing comes."""
    told = json.loads(ask())

    assert told["data"] == DAYS
    assert (told["rows"], told["totals"]["downloads"], told["totals"]["located"]) == (5, 5_000_000_030, 6)
    assert [day.model_dump(mode="json") for day in read(ask()).data] == DAYS


@pytest.mark.parametrize("minor", VERSIONS)
def test_a_version_counts_as_its_minor_version_a_pre_release_or_another_thing(ask: Ask, minor: str):
    """By the first two numbers of a final release, as PEP 440 reads it; an epoch has no minor version."""
    (day,) = [row for row in json.loads(ask(f"of-{minor}"))["data"] if row["package"] != "pip"]
    assert day["versions"] == {minor: sum(10**number for number in range(len(VERSIONS[minor])))}


def test_pip_is_told_by_version_where_it_is_asked_about(ask: Ask):
    """Then its rows are figures like any other's."""
    told = read(ask("pip"), ("pip",)).data
    assert [(day.date.day, day.versions, day.countries) for day in told] == [
        (1, {"25.0": 1000}, {}),
        (2, {"25.0": 1000}, {}),
        (3, {}, {"US": 7}),
    ]


def test_integers_are_read_quoted_too(ask: Ask):
    """Older servers quote 64-bit integers, those within the maps as well."""
    body = ask(output_format_json_quote_64bit_integers="1")

    assert json.loads(body)["data"][4]["countries"] == {"": "2", "US": "4"}
    assert [day.model_dump(mode="json") for day in read(body).data] == DAYS


def test_an_answer_that_was_cut_or_is_of_another_range_is_none(ask: Ask):
    """Rows cut by the limit, rows as many as the limit, days or countries or packages not asked for."""
    with pytest.raises(ValueError, match="found days of 24 downloads, expected the total of 5000000030"):
        read(ask(row_limit="2"))
    with pytest.raises(ValueError, match="found 5 rows, expected fewer than the limit of 5"):
        read(ask(), limit=5)
    with pytest.raises(ValueError, match="found countries of 2025-01-01, expected them from 2025-01-02 on"):
        read(ask(located_from=FIRST))
    with pytest.raises(ValueError, match="found days of torch, expected those of keras"):
        read(ask(), ("keras",))
    with pytest.raises(ValueError, match="found days from 2025-01-01 to 2025-01-03, expected them within"):
        read_log_splits(PACKAGES, date(2025, 1, 2), LAST, LOCATED_FROM, 100, ask())


@pytest.mark.parametrize(
    ("limit", "code"),
    [("max_rows_to_read", 158), ("max_result_rows", 396), ("max_rows_to_group_by", 158)],
    ids=lambda value: str(value),
)
def test_what_goes_beyond_a_limit_is_an_error(ask: Ask, limit: str, code: int):
    """The service's limits cut, unless asked not to."""
    with pytest.raises(RuntimeError, match=rf"Code: {code}\. DB::Exception: Limit for"):
        ask(**{limit: "2"})


def test_a_window_without_a_logged_day_is_unanswered(ask: Ask):
    """A package that nobody fetched has no row, and pip has; where pip has none, nothing is known."""
    assert [day.package for day in read(ask("no-such"), ("no-such",)).data] == ["pip", "pip"]

    body = json.dumps({"data": [], "rows": 0, "totals": {"downloads": 0, "located": 0}}).encode()
    with pytest.raises(Unanswered, match="found no day that was logged"):
        read(body)


def test_only_the_rows_of_the_packages_are_read(ask: Ask):
    """A name in a list is looked up in the tables' order; ClickHouse tells which keys it uses."""
    sent = log_splits_parameters("demo", PACKAGES, FIRST, LAST, LOCATED_FROM)
    of_query = {name[6:]: value for name, value in sent.items() if name.startswith("param_")}
    plan = ask.clickhouse.query(f"explain indexes = 1 {LOG_SPLITS}", "TSV", params=of_query).bytes().decode()

    assert "project in 3-element set" in plan and "project in 2-element set" in plan


def test_who_may_only_read_may_send_the_query(ask: Ask):
    """The last test, because a session that may only read stays so."""
    ask.clickhouse.query("set read_overflow_mode = 'throw', result_overflow_mode = 'throw'")
    ask.clickhouse.query("set group_by_overflow_mode = 'throw'")
    ask.clickhouse.query("set readonly = 1")

    assert read(ask()).rows == 5
