"""The query for days by installer, run by a real ClickHouse over tables of the documented schemas.

The engine is the package chdb, of the dependency group `clickhouse`; it takes 900 MB.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path

import pytest

from flows.client.errors import Unanswered
from flows.sources.pypi.log_answers import read_log_days
from flows.sources.pypi.log_query import LOG_DAYS, log_days_parameters

session = pytest.importorskip(
    "chdb.session", reason="chdb is not installed: `pip install -r requirements-clickhouse.lock`"
)

# https://github.com/ClickHouse/clickpy, scripts/create_tables.sh
TABLES = """
create database pypi;
create table pypi.pypi_downloads_per_day (date Date, project String, count Int64)
engine = SummingMergeTree order by (project, date);
create table pypi.pypi_downloads_per_day_by_version_by_installer_by_type (
    project String, version String, date Date, installer String, type LowCardinality(String), count Int64
) engine = SummingMergeTree order by (project, version, date, installer);
insert into pypi.pypi_downloads_per_day values
    ('2025-01-01', 'pip', 900), ('2025-01-01', 'pip', 100), ('2025-01-02', 'pip', 1000),
    ('2025-01-04', 'pip', 1000), ('2025-01-05', 'pip', 10), ('2025-01-01', 'torch', 12),
    ('2025-01-01', 'torch', 5), ('2025-01-04', 'torch', 1), ('2025-01-05', 'torch', 5000000000)
"""
# The same key in two inserts, which are two parts until the engine merges them.
PARTS = """
insert into pypi.pypi_downloads_per_day_by_version_by_installer_by_type values
    ('torch', '1.0', '2025-01-01', 'pip', 'sdist', 5), ('torch', '2.0', '2025-01-01', '', 'bdist_wheel', 7),
    ('torch', '1.0', '2025-01-04', 'we"ird\\\\', 'sdist', 1),
    ('torch', '1.0', '2024-12-31', 'pip', 'sdist', 9), ('keras', '1.0', '2025-01-02', 'pip', 'sdist', 3);
insert into pypi.pypi_downloads_per_day_by_version_by_installer_by_type values
    ('torch', '1.0', '2025-01-01', 'pip', 'sdist', 5),
    ('torch', '2.0', '2025-01-05', 'uv', 'sdist', 5000000000)
"""
FIRST, LAST = date(2025, 1, 1), date(2025, 1, 10)


# The third day was not logged; on the second nobody fetched the package.
def row(day: int, package: str, installers: dict[str, int], counted: int) -> dict[str, object]:
    downloads = {"downloads": sum(installers.values()), "counted": counted}
    return {"date": f"2025-01-{day:02}", "package": package, "installers": installers, **downloads}


DAYS = [
    row(1, "torch", {"": 7, "pip": 10}, 17),
    row(2, "torch", {}, 0),
    row(4, "torch", {'we"ird\\': 1}, 1),
    row(5, "torch", {"uv": 5_000_000_000}, 5_000_000_000),
]
# Ten days of February on which pip was fetched a thousand times and a package ten times, and what befell
# single ones of them: the copy's repair deletes a day from one table after the other.
BY_INSTALLER = "pypi.pypi_downloads_per_day_by_version_by_installer_by_type"
PER_DAY = "pypi.pypi_downloads_per_day"
LOADED = {
    BY_INSTALLER: "select 'fetched', '1.0', toDate('2025-02-01') + number, 'pip', 'sdist', 10 "
    "from numbers({}, {})",
    PER_DAY: "select toDate('2025-02-01') + number, 'fetched', 10 from numbers({}, {})",
}


def load(first: int, days: int, *tables: str) -> list[str]:
    """Fill so many of the package's days into tables."""
    return [f"insert into {table} {LOADED[table].format(first, days)}" for table in tables]


def delete(where: str, *tables: str) -> list[str]:
    return [f"alter table {table} delete where {where} settings mutations_sync = 1" for table in tables]


BEFALLEN = (
    f"insert into {PER_DAY} select toDate('2025-02-01') + number, 'pip', 1000 from numbers(10)",
    *load(0, 10, BY_INSTALLER, PER_DAY),
    *delete("date = '2025-02-02'", BY_INSTALLER),
    *delete("date = '2025-02-03'", PER_DAY),
    *delete("date = '2025-02-04'", PER_DAY, BY_INSTALLER),
    *load(4, 1, BY_INSTALLER),
    *load(5, 1, PER_DAY),
    *load(6, 1, BY_INSTALLER, PER_DAY),
    *delete("date = '2025-02-08' and project = 'fetched'", PER_DAY, BY_INSTALLER),
    f"insert into {BY_INSTALLER} select 'long', toString(number), '2025-02-01', 'pip', 'sdist', 1 "
    "from numbers(300000)",
)

# https://github.com/ClickHouse/sql.clickhouse.com, setup.sql
CUTTING = "set read_overflow_mode = 'break', result_overflow_mode = 'break'"

Window = tuple[date, date]


@dataclass(frozen=True)
class Ask:
    """Sends the query as the collector does, with its parameters and settings."""

    clickhouse: session.Session

    def __call__(
        self, *packages: str, days: Window = (FIRST, LAST), row_limit: str = "", **settings: str
    ) -> bytes:
        sent = log_days_parameters("demo", packages, *days)
        of_query = {name[6:]: value for name, value in sent.items() if name.startswith("param_")}
        if row_limit:
            of_query["row_limit"] = row_limit
        settings = {name: value for name, value in sent.items() if name.endswith("_mode")} | settings
        named = ", ".join(f"{name} = '{value}'" for name, value in settings.items())
        query = f"{LOG_DAYS} settings {named}" if named else LOG_DAYS
        try:
            return self.clickhouse.query(query, sent["default_format"], params=of_query).bytes()
        except RuntimeError:
            # What a failed query had begun to write stands at the head of the session's next answer.
            self.clickhouse.query("select 1")
            raise


@pytest.fixture(scope="module")
def ask(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ask]:
    """A ClickHouse with the tables, which cuts what goes beyond its limits as the service does."""
    folder: Path = tmp_path_factory.mktemp("clickhouse")
    with session.Session(str(folder)) as clickhouse:
        for statement in (*f"{TABLES};{PARTS}".split(";"), *BEFALLEN):
            clickhouse.query(statement)
        clickhouse.query(CUTTING)
        yield Ask(clickhouse)


read = partial(read_log_days, ["torch"], FIRST, LAST, 100, is_whole=True)


def test_each_logged_day_is_told_by_installer(ask: Ask):
    """Parts are summed, every installer survives, other packages and days outside the window stay away."""
    told = json.loads(ask("torch"))

    assert told["data"] == DAYS
    assert (told["rows"], told["totals"]["downloads"]) == (4, 5_000_000_018)
    assert [day.model_dump(mode="json") for day in read(ask("torch")).data] == DAYS


def test_integers_are_read_quoted_too(ask: Ask):
    """Older servers quote 64-bit integers, those within the map as well; which it is, is not asked for."""
    body = ask("torch", output_format_json_quote_64bit_integers="1")

    assert json.loads(body)["data"][0]["installers"] == {"": "7", "pip": "10"}
    assert [day.model_dump(mode="json") for day in read(body).data] == DAYS


def test_a_result_that_was_cut_without_a_word_is_no_answer(ask: Ask):
    """The totals are of all days, however few of them come; the limit is a parameter like the others."""
    body = ask("torch", row_limit="2")

    assert json.loads(body)["data"] == DAYS[:2]
    with pytest.raises(ValueError, match="found days of 17 downloads, expected the total of 5000000018"):
        read(body)


FEBRUARY = (date(2025, 2, 1), date(2025, 2, 10))


def test_a_day_that_the_copys_two_tables_count_otherwise_is_told_so(ask: Ask):
    """A day deleted from one table or loaded into one twice; what befell both alike is equal, or not logged.

    The fourth is gone from both, pip's downloads included, so it was not logged. The seventh was loaded twice
    into both, and of the eighth only the package is gone: that is for others to find out.
    """
    told = json.loads(ask("fetched", days=FEBRUARY))["data"]

    assert [(row["date"][8:], row["downloads"], row["counted"]) for row in told] == [
        ("01", 10, 10),
        ("02", 0, 10),
        ("03", 10, 0),
        ("05", 20, 10),
        ("06", 10, 20),
        ("07", 20, 20),
        ("08", 0, 0),
        ("09", 10, 10),
        ("10", 10, 10),
    ]
    assert (
        len(read_log_days(["fetched"], *FEBRUARY, 100, ask("fetched", days=FEBRUARY), is_whole=True).data)
        == 9
    )


def test_a_day_without_a_download_is_zero_while_one_table_is_repaired(ask: Ask):
    """Zero both times where pip's day is there, and no row where it is not; pip itself is counted once."""
    nobody = json.loads(ask("not-fetched", days=FEBRUARY))["data"]
    assert [row["date"][8:] for row in nobody] == ["01", "02", "05", "06", "07", "08", "09", "10"]
    assert {(row["downloads"], row["counted"]) for row in nobody} == {(0, 0)}

    pip = json.loads(ask("pip", days=FEBRUARY))["data"]
    assert [row["counted"] for row in pip] == [1000] * 8


def test_a_read_that_was_cut_is_no_answer(ask: Ask):
    """As the service reads by itself, the totals are of the part that was read, and all agrees; asked as we
    do, it is an error.
    """
    limit = {"max_rows_to_read": "70000"}
    cut = read_log_days(
        ["long"],
        *FEBRUARY,
        100,
        ask("long", days=FEBRUARY, read_overflow_mode="break", **limit),
        is_whole=True,
    )
    assert 0 < cut.totals.downloads < 300_000

    with pytest.raises(RuntimeError, match=r"Code: 158\. DB::Exception: Limit for rows"):
        ask("long", days=FEBRUARY, **limit)


@pytest.mark.parametrize(
    ("limit", "code"), [("max_result_rows", 396), ("max_rows_to_group_by", 158)], ids=lambda value: str(value)
)
def test_a_result_or_a_grouping_beyond_a_limit_is_no_answer(ask: Ask, limit: str, code: int):
    """The service's other two limits cut as well, unless asked not to."""
    with pytest.raises(RuntimeError, match=rf"Code: {code}\. DB::Exception: Limit for"):
        ask("fetched", days=FEBRUARY, **{limit: "2"})


@pytest.mark.parametrize("package", ["no-such-package", "", "x OR 1 = 1 --", "{packages:Array(String)}"])
def test_a_package_that_nobody_ever_fetched_is_unknown(ask: Ask, package: str):
    """Days were logged, no download of it: that is no zero. A name is a value and never part of the query."""
    told = json.loads(ask(package))
    assert [row["downloads"] for row in told["data"]] == [0, 0, 0, 0]

    with pytest.raises(Unanswered, match="found no downloads"):
        read_log_days([package], FIRST, LAST, 100, ask(package), is_whole=True)
    assert len(read_log_days([package], FIRST, LAST, 100, ask(package), is_whole=False).data) == 4


def test_each_of_many_packages_has_a_row_for_each_day_that_was_logged(ask: Ask):
    """Zero for who was not fetched on it, unknown ones too: who was asked about stands there by name."""
    told = json.loads(ask("torch", "keras", "no-such-package", "pip"))

    assert [row for row in told["data"] if row["package"] == "torch"] == DAYS
    assert [row for row in told["data"] if row["package"] == "keras"] == [
        row(1, "keras", {}, 0),
        row(2, "keras", {"pip": 3}, 0),
        row(4, "keras", {}, 0),
        row(5, "keras", {}, 0),
    ]
    nobody = [row for row in told["data"] if row["package"] == "no-such-package"]
    assert nobody == [row(day, "no-such-package", {}, 0) for day in (1, 2, 4, 5)]
    counted = [row["counted"] for row in told["data"] if row["package"] == "pip"]
    assert counted == [1000, 1000, 1000, 10]


def test_many_packages_are_told_what_each_is_told_alone(ask: Ask):
    """Days that are repaired table by table among them."""
    packages = ("fetched", "long", "not-fetched", "pip", "torch")
    told = json.loads(ask(*packages, days=FEBRUARY))["data"]

    alone = [row for package in packages for row in json.loads(ask(package, days=FEBRUARY))["data"]]
    assert sorted(told, key=lambda row: (row["package"], row["date"])) == alone
    assert len({row["package"] for row in told}) == 5


def test_an_answer_about_many_is_of_them_all_or_refused(ask: Ask):
    """Cut between two packages, without one of them, with another one in its place."""
    packages = ["keras", "torch"]
    read_both = partial(read_log_days, packages, FIRST, LAST, 100, is_whole=False)
    assert read_both(ask(*packages)).rows == 8

    with pytest.raises(ValueError, match="expected the total of 5000000021"):
        read_both(ask(*packages, row_limit="7"))
    with pytest.raises(ValueError, match="found no day of keras, expected some of each package"):
        read_both(ask("torch"))
    with pytest.raises(ValueError, match="found days of kera, expected those of keras, torch"):
        read_both(ask("kera", "torch"))


def test_who_may_only_read_may_send_the_query(ask: Ask):
    """Whoever may only read changes no setting: what is sent is what the server has, or lets be changed.

    The last test, because a session that may only read stays so.
    """
    ask.clickhouse.query(CUTTING.replace("break", "throw"))
    ask.clickhouse.query("set readonly = 1")

    assert read(ask("torch")).rows == 4
    with pytest.raises(RuntimeError, match=r"Cannot modify .* in readonly mode"):
        ask("torch", output_format_json_quote_64bit_integers="1")
