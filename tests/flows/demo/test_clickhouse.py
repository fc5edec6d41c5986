"""ClickHouse's side of the demo: downloads by month and installer."""

from datetime import UTC, datetime

import requests

QUERY = "select ... from pypi.pypi_downloads_per_day_by_version_by_installer_by_type group by all"


def ask(demo, query=QUERY, **parameters):
    return requests.post(demo.url, query, params={"user": "demo", **parameters}, timeout=5)


def test_months_come_with_installer_and_last_day(demo):
    """One row a month: the empty installer where the client did not say, pip from April 2021 on."""
    response = ask(demo, param_package="torch", output_format_json_quote_64bit_integers="0")
    answer = response.json()

    assert [column["name"] for column in answer["meta"]] == ["month", "installer", "downloads", "last_day"]
    assert answer["data"][0] == row("2018-02-01", "", 103747, "2018-02-28")
    assert answer["data"][-1] == row("2024-10-01", "pip", 30775201, "2024-10-31")
    assert answer["rows"] == answer["rows_before_limit_at_least"] == len(answer["data"]) == 78
    assert [row["month"] for row in answer["data"]] == sorted({row["month"] for row in answer["data"]})
    assert response.headers["x-clickhouse-format"] == "JSON"


def row(month, installer, downloads, last_day):
    return {"month": month, "installer": installer, "downloads": downloads, "last_day": last_day}


def test_long_integers_are_quoted_unless_asked_otherwise(demo):
    """Without the setting the downloads are strings."""
    assert ask(demo, param_package="torch").json()["data"][0]["downloads"] == "103747"


def test_a_month_ends_with_yesterday(demo):
    """A window that is over stands in a month that is not: its days so far are summed."""
    demo.now = datetime(2019, 10, 26, tzinfo=UTC)
    answer = ask(demo, param_package="torch", output_format_json_quote_64bit_integers="0").json()

    # 761 215 downloads in the 30 days to 24 October; 25 days of October are over.
    assert answer["data"][-1] == row("2019-10-01", "", round(761215 / 30 * 25), "2019-10-25")


def test_a_parameter_is_unescaped(demo):
    """A backslash in a value escapes what follows it: `\\t` is a tabulator, `\\c` is c."""
    assert ask(demo, param_package="\\torch").json()["rows"] == 0
    assert ask(demo, param_package="tor\\ch").json()["rows"] == 78


def test_what_is_not_known_is_an_empty_answer(demo):
    """A package without figures gives no rows."""
    assert ask(demo, param_package="no-such-package").json()["data"] == []


def test_mistakes_are_exceptions_in_text(demo):
    """An unknown table and a missing parameter carry ClickHouse's codes."""
    table, parameter = ask(demo, "select 1 from elsewhere"), ask(demo)

    assert (table.status_code, table.headers["x-clickhouse-exception-code"]) == (404, "60")
    assert table.text.startswith("Code: 60. DB::Exception: ")
    assert (parameter.status_code, parameter.headers["x-clickhouse-exception-code"]) == (400, "456")
