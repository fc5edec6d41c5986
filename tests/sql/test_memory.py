"""However long the answers are that tell ten years of days, a build stays within the memory it is given."""

import json
from dataclasses import replace
from datetime import date, datetime, timedelta

import duckdb
import pytest

from flows.pipeline import steps
from tests.made import configuration
from warehouse.build.dbt import dbt_options
from warehouse.build.invoke import run_dbt
from warehouse.build.load import load, open_work

NOW = datetime.fromisoformat("2025-03-10T06:00:00Z")
FIRST_DAY = date(2015, 3, 12)
DAYS = 3650
# Sixty megabytes of answers, which ran out of memory while they were parsed by their number.
PACKAGES = 30
INSTALLERS = [f"installer number {number}" for number in range(20)]


@pytest.fixture
def loaded(warehouse, told):
    """Answers of two megabytes, of which DuckDB would take 2,048 in hand at once."""
    day = {"installers": dict.fromkeys(INSTALLERS, "1000"), "downloads": "20000", "counted": "20000"}
    data = [{"date": f"{FIRST_DAY + timedelta(days=n)}", **day} for n in range(DAYS)]
    body = json.dumps({"data": data, "rows": DAYS})
    assert len(body) > 2e6
    packages = [f"package-{number}" for number in range(PACKAGES)]
    house = warehouse(configuration({"pypi": 4}, many={"pypi": packages}), now=NOW)
    house.tell(*(told("pypi", "log_days", f"{name} 2015-03-12", body, NOW) for name in packages))
    with open_work(house.settings) as connection:
        load(connection, house.settings, steps.ecosystem_of(house.settings))
    return replace(house.settings, memory=2 * 10**9)


def test_long_answers_are_parsed_by_their_bytes(loaded):
    """Each is parsed, with room beside it: wherever 2,048 rows begin, they hold little more than a part."""
    result = run_dbt(["run", "--select", "stg_pypi__log_days", *dbt_options(loaded)])

    assert [node.message for node in result.result.results] == ["OK"]
    beside = "sum(body_bytes) over (rows between current row and 2047 following)"
    with duckdb.connect(loaded.work_file) as work:
        counted = "select count(*), count(distinct package), sum(downloads) from staging.stg_pypi__log_days"
        assert work.execute(counted).fetchall() == [(PACKAGES * DAYS, PACKAGES, PACKAGES * DAYS * 20_000)]
        ((most,),) = work.execute(
            f"select max(found) from (select {beside} as found from raw.pages)"
        ).fetchall()
    assert most < 20e6
