"""Google Trends' side of the demo: the real pytrends walks it, and every value says it is a sample."""

import json
from datetime import UTC, datetime

import pytest
import requests
from pytrends.request import TrendReq

TERMS = ["pytorch", "tensorflow", "keras", "jax"]


class DemoTrends(TrendReq):
    """pytrends as it is, sent to another address."""

    def __init__(self, address):
        self.address = address
        super().__init__()

    def GetGoogleCookie(self):  # noqa: N802
        return dict(requests.get(f"{self.address}/trends/explore/?geo=US", timeout=5).cookies)

    def _get_data(self, url, **options):
        return super()._get_data(url.replace("https://trends.google.com", self.address), **options)


def explore(demo, terms, window, cookies=None):
    items = [{"keyword": term, "time": window, "geo": ""} for term in terms]
    comparison = {"comparisonItem": items, "category": 0, "property": ""}
    parameters = {"hl": "en-US", "tz": 0, "req": json.dumps(comparison)}
    cookies = {"NID": "demo"} if cookies is None else cookies
    return requests.post(f"{demo.url}/trends/api/explore", params=parameters, cookies=cookies, timeout=5)


def multiline(demo, request, token):
    parameters = {"req": json.dumps(request), "token": token, "tz": 0}
    return requests.get(f"{demo.url}/trends/api/widgetdata/multiline", parameters, timeout=5)


def widgets(response):
    return json.loads(response.text.removeprefix(")]}'\n"))["widgets"]


def values(response):
    return json.loads(response.text.removeprefix(")]}',\n"))


def test_pytrends_reads_interest_over_time(demo):
    """The client of the real service works end to end, partial last week included."""
    trends = DemoTrends(demo.url)
    trends.build_payload(TERMS, timeframe="today 5-y")
    interest = trends.interest_over_time()

    assert list(interest.columns) == [*TERMS, "isPartial"]
    assert interest[TERMS].max().max() == 100
    assert (str(interest.index[0].date()), str(interest.index[-1].date())) == ("2020-08-09", "2025-08-03")
    assert interest["isPartial"].sum() == 1 and interest["isPartial"].iloc[-1]


def test_values_say_that_they_are_a_sample(demo):
    """Everything downstream learns from this key that the values are not Google's."""
    widget = widgets(explore(demo, TERMS, "2024-01-01 2024-01-31"))[0]
    answer = values(multiline(demo, widget["request"], widget["token"]))

    assert answer["sample"] == "formula of Barometer's demo, not Google's figures"
    assert answer["default"]["timelineData"][0].keys() == {
        *("time", "formattedTime", "formattedAxisTime", "value", "hasData", "formattedValue")
    }


@pytest.mark.parametrize(
    ("window", "resolution", "request_time"),
    [
        ("2024-01-01 2024-09-26", "DAY", "2024-01-01 2024-09-26"),
        ("2024-01-01 2024-09-27", "WEEK", "2024-01-01 2024-09-27"),
        ("today 3-m", "DAY", "2025-05-06 2025-08-06"),
        ("today 12-m", "WEEK", "2024-08-06 2025-08-06"),
        ("today 5-y", "WEEK", "2020-08-06 2025-08-06"),
        ("all", "MONTH", "2004-01-01 2025-08-06"),
    ],
)
def test_a_window_decides_its_dates_and_resolution(demo, window, resolution, request_time):
    """Every form of window becomes two dates, and its length the resolution."""
    request = widgets(explore(demo, ["keras"], window))[0]["request"]

    assert (request["time"], request["resolution"]) == (request_time, resolution)


def test_one_term_has_four_widgets_and_more_have_three_each(demo):
    """The order in which pytrends walks them."""
    one, two = (widgets(explore(demo, TERMS[:n], "today 12-m")) for n in (1, 2))

    assert [widget["id"] for widget in one] == ["TIMESERIES", "GEO_MAP", "RELATED_TOPICS", "RELATED_QUERIES"]
    assert [widget["id"] for widget in two] == [
        *("TIMESERIES", "GEO_MAP"),
        *("TITLE_0", "GEO_MAP_0", "RELATED_QUERIES_0"),
        *("TITLE_1", "GEO_MAP_1", "RELATED_QUERIES_1"),
    ]


def test_without_the_cookie_explore_is_429_and_hands_it_out(demo):
    """Both the page and the refusal set NID."""
    refused = explore(demo, TERMS, "today 12-m", cookies={})
    page = requests.get(f"{demo.url}/trends/explore/?geo=US", timeout=5)

    assert (refused.status_code, page.status_code) == (429, 404)
    assert refused.cookies.keys() == page.cookies.keys() == ["NID"]


@pytest.mark.parametrize(
    ("terms", "window"),
    [
        ([*TERMS, "numpy", "scipy"], "all"),
        (TERMS, "last week"),
        (TERMS, "2024-02-01 2024-01-01"),
        ([], "all"),
    ],
)
def test_what_google_cannot_compare_is_400(demo, terms, window):
    """Six terms, none, or a window that cannot be read, in HTML."""
    response = explore(demo, terms, window)

    assert (response.status_code, response.headers["content-type"]) == (400, "text/html; charset=utf-8")


def test_a_token_belongs_to_the_values_of_its_request(demo):
    """Another order of its fields does no harm; another value or no token is 401."""
    widget = widgets(explore(demo, TERMS, "today 12-m"))[0]
    turned = dict(reversed(widget["request"].items()))
    changed = widget["request"] | {"resolution": "DAY"}

    assert multiline(demo, turned, widget["token"]).status_code == 200
    assert multiline(demo, changed, widget["token"]).status_code == 401
    assert multiline(demo, widget["request"], "").status_code == 401


def test_the_last_period_is_partial_until_it_is_over(demo):
    """A month in progress is marked; a month later it is not."""
    widget = widgets(explore(demo, TERMS, "2018-01-01 2025-07-31"))[0]
    demo.now = datetime(2025, 7, 31, 23, 59, tzinfo=UTC)
    running = values(multiline(demo, widget["request"], widget["token"]))["default"]["timelineData"]
    demo.now = datetime(2025, 8, 1, tzinfo=UTC)
    over = values(multiline(demo, widget["request"], widget["token"]))["default"]["timelineData"]

    assert [point.get("isPartial") for point in running[-2:]] == [None, True]
    assert over == [*running[:-1], {key: running[-1][key] for key in running[-1] if key != "isPartial"}]
