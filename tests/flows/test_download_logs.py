"""The query that is sent to ClickHouse, run by a real ClickHouse over tables of the documented schemas.

The engine is the package chdb, of the dependency group `clickhouse`; it takes 900 MB.
"""

import json
from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from pathlib import Path

import pytest

from flows.answers import Unanswered
from flows.download_logs import LOG_DAYS, log_days_parameters
from flows.shapes.download_logs import read_log_days

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
    ('2025-01-04', 'pip', 1000), ('2025-01-05', 'pip', 10), ('2025-01-01', 'torch', 17)
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
DAYS = [
    {"date": "2025-01-01", "installers": {"": 7, "pip": 10}, "downloads": 17},
    {"date": "2025-01-02", "installers": {}, "downloads": 0},
    {"date": "2025-01-04", "installers": {'we"ird\\': 1}, "downloads": 1},
    {"date": "2025-01-05", "installers": {"uv": 5_000_000_000}, "downloads": 5_000_000_000},
]

Ask = Callable[..., bytes]


@pytest.fixture(scope="module")
def ask(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ask]:
    """Send the query as the collector does: what it sends as parameters, apart from the text."""
    folder: Path = tmp_path_factory.mktemp("clickhouse")
    with session.Session(str(folder)) as clickhouse:
        for statement in f"{TABLES};{PARTS}".split(";"):
            clickhouse.query(statement)

        def answer(package: str, quoted: str = "", **changes: str) -> bytes:
            sent = log_days_parameters("demo", package, FIRST, LAST)
            of_query = {name.removeprefix("param_"): value for name, value in sent.items()} | changes
            quote = "output_format_json_quote_64bit_integers"
            query = f"{LOG_DAYS} settings {quote} = {quoted or sent[quote]}"
            return clickhouse.query(query, sent["default_format"], params=of_query).bytes()

        yield answer


read = partial(read_log_days, FIRST, LAST, 100, is_whole=True)


def test_each_logged_day_is_told_by_installer(ask: Ask):
    """Parts are summed, every installer survives, other packages and days outside the window stay away."""
    told = json.loads(ask("torch"))

    assert told["data"] == DAYS
    assert (told["rows"], told["totals"]["downloads"]) == (4, 5_000_000_018)
    assert [day.model_dump(mode="json") for day in read(ask("torch")).data] == DAYS


def test_integers_are_read_quoted_too(ask: Ask):
    """Older servers quote 64-bit integers, those within the map as well."""
    body = ask("torch", quoted="1")

    assert json.loads(body)["data"][0]["installers"] == {"": "7", "pip": "10"}
    assert [day.model_dump(mode="json") for day in read(body).data] == DAYS


def test_a_result_that_was_cut_without_a_word_is_no_answer(ask: Ask):
    """The totals are of all days, however few of them come; the limit is a parameter like the others."""
    body = ask("torch", row_limit="2")

    assert json.loads(body)["data"] == DAYS[:2]
    with pytest.raises(ValueError, match="found days of 17 downloads, expected the total of 5000000018"):
        read(body)


@pytest.mark.parametrize("package", ["no-such-package", "", "x' OR 1 = 1 --", "{package:String}"])
def test_a_package_that_nobody_ever_fetched_is_unknown(ask: Ask, package: str):
    """Days were logged, no download of it: that is no zero. A name is a value and never part of the query."""
    told = json.loads(ask(package))
    assert [row["downloads"] for row in told["data"]] == [0, 0, 0, 0]

    with pytest.raises(Unanswered, match="found no downloads"):
        read(ask(package))
    assert len(read_log_days(FIRST, LAST, 100, ask(package), is_whole=False).data) == 4
