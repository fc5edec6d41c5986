"""The demo's server: one address, one clock, a list of what was asked."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest
import requests

from flows.demo.journal import Exchange
from flows.demo.server import DemoServer

QUERY = "from pypi.pypi_downloads_per_day_by_version_by_installer_by_type"


def test_requests_are_listed_in_order(demo):
    """Method, path as it was sent, and status."""
    requests.get(f"{demo.url}/repos/no/such", timeout=5)
    requests.post(f"{demo.url}/?param_packages=torch", QUERY, timeout=5)

    assert demo.requests == [
        Exchange("GET", "/repos/no/such", 404),
        Exchange("POST", "/?param_packages=torch", 400),
    ]


def test_answers_are_dated_by_the_simulated_clock(demo):
    """The Date header is part of what a client takes for the time."""
    demo.now = datetime(2020, 2, 29, 12, tzinfo=UTC)

    assert requests.get(demo.url, timeout=5).headers["date"] == "Sat, 29 Feb 2020 12:00:00 GMT"


def test_a_closed_server_answers_no_more():
    """Its port is free again once the block is left, and another server has another address."""
    with DemoServer() as first, DemoServer() as second:
        assert first.url != second.url
        assert requests.get(f"{first.url}/nothing", timeout=5).status_code == 404
    with pytest.raises(requests.ConnectionError):
        requests.get(first.url, timeout=5)


@pytest.mark.parametrize("today", [date(2019, 10, 25), date(2021, 7, 4), date(2022, 2, 9), date(2023, 6, 1)])
def test_no_answer_tells_anything_later_than_now(demo, today):
    """Every date and every figure that any source gives lies before the clock's day is over."""
    demo.now = datetime(today.year, today.month, today.day, 6, tzinfo=UTC)
    told = [*star_days(demo), *download_days(demo), *logged_days(demo)]
    told += [*interest_days(demo), *read_days(demo)]

    assert len(told) > 100
    assert max(told) <= today


def star_days(demo):
    weeks = requests.get(f"{demo.url}/repos/tensorflow/tensorflow/stargazers/history", timeout=5).json()
    for week in weeks:
        sunday = datetime.fromtimestamp(week["week"], UTC).date()
        yield sunday
        yield from (sunday + timedelta(days=n) for n, stars in enumerate(week["days"]) if stars)


def read_days(demo):
    path = "/api/rest_v1/metrics/pageviews/per-article/en.wikipedia/all-access/user/TensorFlow/daily"
    items = requests.get(f"{demo.url}{path}/20150701/20301231", timeout=5).json()["items"]
    yield from (date.fromisoformat(item["timestamp"][:8]) for item in items)


def download_days(demo):
    answer = requests.get(f"{demo.url}/api/packages/tensorflow/overall", timeout=5)
    if answer.ok:
        yield from (date.fromisoformat(row["date"]) for row in answer.json()["data"])


def logged_days(demo):
    window = {"param_first_day": "2016-01-01", "param_last_day": "2030-12-31"}
    answer = requests.post(
        demo.url, QUERY, params={"param_packages": "['torch']", **window}, timeout=5
    ).json()
    yield from (date.fromisoformat(row["date"]) for row in answer["data"])


def interest_days(demo):
    item = {"keyword": "tensorflow", "time": "2019-06-01 2025-08-06", "geo": ""}
    request = {"req": json.dumps({"comparisonItem": [item]})}
    explored = requests.post(
        f"{demo.url}/trends/api/explore", params=request, cookies={"NID": "demo"}, timeout=5
    )
    widget = json.loads(explored.text.split("\n", 1)[1])["widgets"][0]
    asked = {"req": json.dumps(widget["request"]), "token": widget["token"]}
    answer = requests.get(f"{demo.url}/trends/api/widgetdata/multiline", asked, timeout=5)
    for point in json.loads(answer.text.split("\n", 1)[1])["default"]["timelineData"]:
        yield datetime.fromtimestamp(int(point["time"]), UTC).date()
