"""ClickHouse's side of the demo: downloads by day and installer."""

from datetime import UTC, datetime

import requests

QUERY = "select ... from pypi.pypi_downloads_per_day_by_version_by_installer_by_type group by all"
WINDOW = {"param_first_day": "2016-01-01", "param_last_day": "2025-08-05"}


def ask(demo, query=QUERY, **parameters):
    return requests.post(demo.url, query, params={"user": "demo", **WINDOW, **parameters}, timeout=5)


def logged(day, installers, downloads):
    return {
        "date": day,
        "package": "torch",
        "installers": installers,
        "downloads": downloads,
        "counted": downloads,
    }


def test_days_come_with_their_installers(demo):
    """One row a day whose month is known: the empty installer where the client did not say, later pip.

    Of the day after the last of them nothing is loaded yet. Both counts are the same.
    """
    response = ask(demo, param_packages="['torch']")
    answer = response.json()

    assert [column["name"] for column in answer["meta"]] == [
        "date",
        "package",
        "installers",
        "downloads",
        "counted",
    ]
    # 103 747 in the 28 days of February 2018, 30 775 201 in the 31 of October 2024.
    assert answer["data"][0] == logged("2018-02-01", {"": 3705}, 3705)
    assert answer["data"][-2:] == [
        logged("2024-10-31", {"pip": 992748}, 992748),
        logged("2024-11-01", {}, 0),
    ]
    months = {row["date"][:7] for row in answer["data"][:-1]}
    assert len(months) == 78 and "2019-08" not in months
    days = [row["date"] for row in answer["data"]]
    assert days == sorted(set(days)) and answer["rows"] == len(days)
    for count in ("downloads", "counted"):
        assert answer["totals"][count] == sum(row[count] for row in answer["data"])
    assert response.headers["x-clickhouse-format"] == "JSON" and "spread" not in response.headers
    assert answer["spread"].startswith("the daily mean")


def test_a_month_of_days_sums_to_its_figure(demo):
    """Spread evenly, in whole numbers that lose nothing."""
    answer = ask(demo, param_packages="['torch']").json()
    october = [row["downloads"] for row in answer["data"] if row["date"].startswith("2024-10")]

    assert (len(october), sum(october)) == (31, 30_775_201)
    assert max(october) - min(october) <= 1


def test_only_the_window_is_answered(demo):
    """From the first day asked to the last, both included."""
    window = {"param_first_day": "2024-10-29", "param_last_day": "2024-10-30"}
    answer = ask(demo, param_packages="['torch']", **window).json()

    assert [row["date"] for row in answer["data"]] == ["2024-10-29", "2024-10-30"]


def test_long_integers_are_quoted_where_that_is_set(demo):
    """As older servers do of themselves: the downloads are strings, those by installer as well."""
    row = ask(demo, param_packages="['torch']", output_format_json_quote_64bit_integers="1").json()["data"][0]
    assert row == logged("2018-02-01", {"": "3705"}, "3705")


def test_the_newest_day_is_yesterday(demo):
    """A window that is over stands in a month that is not: of it only the days so far are told."""
    demo.now = datetime(2019, 10, 26, tzinfo=UTC)
    answer = ask(demo, param_packages="['torch']").json()

    # 761 215 downloads in the 30 days to 24 October; 25 days of October are over.
    october = [row["downloads"] for row in answer["data"] if row["date"].startswith("2019-10")]
    assert (len(october), sum(october)) == (25, round(761215 / 30 * 25))


def test_a_parameter_is_unescaped(demo):
    """A backslash in a value escapes what follows it: `\\t` is a tabulator, `\\c` is c."""
    assert ask(demo, param_packages="['\\torch']").json()["rows"] == 0
    assert (
        ask(demo, param_packages="['tor\\ch']").json()["rows"]
        == ask(demo, param_packages="['torch']").json()["rows"]
    )


SPLITS = f"{QUERY} union all pypi.pypi_downloads_per_day_by_version_by_installer_by_type_by_country"


def test_versions_and_countries_of_a_day_are_shares_made_up_of_its_downloads(demo):
    """A row a package and day, which sums to the day by installer; pip tells which days there are."""
    window = {
        "param_first_day": "2024-10-29",
        "param_last_day": "2024-10-31",
        "param_located_from": "2024-10-30",
    }
    answer = ask(demo, SPLITS, param_packages="['torch', 'no-such-package']", **window).json()

    assert answer["sample"].startswith("shares made up")
    assert [(row["date"][8:], row["package"]) for row in answer["data"]] == [
        (day, package) for day in ("29", "30", "31") for package in ("pip", "torch")
    ]
    torch = answer["data"][1::2]
    assert [row["downloads"] for row in torch] == [992749, 992748, 992748]
    assert all(sum(row["versions"].values()) == row["downloads"] for row in torch)
    assert [sum(row["countries"].values()) for row in torch] == [0, 992748, 992748]
    # The newest was released on 19 July, and 1.25 in March.
    assert max(torch[0]["versions"].items(), key=lambda one: one[1])[0] == "1.26"
    assert answer["totals"]["downloads"] == sum(row["downloads"] for row in torch)


def test_what_is_not_known_is_an_empty_answer(demo):
    """A package without figures gives no rows."""
    assert ask(demo, param_packages="['no-such-package']").json()["data"] == []


def test_mistakes_are_exceptions_in_text(demo):
    """An unknown table, a missing parameter and one that is no day carry ClickHouse's codes."""
    table, parameter = ask(demo, "select 1 from elsewhere"), ask(demo)
    day = ask(demo, param_packages="['torch']", param_first_day="yesterday")

    assert (table.status_code, table.headers["x-clickhouse-exception-code"]) == (404, "60")
    assert table.text.startswith("Code: 60. DB::Exception: ")
    assert (parameter.status_code, parameter.headers["x-clickhouse-exception-code"]) == (400, "456")
    assert (day.status_code, day.headers["x-clickhouse-exception-code"]) == (400, "457")
