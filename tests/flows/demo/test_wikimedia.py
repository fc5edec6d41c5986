"""Wikimedia's side of the demo: an article's views by day, every answer marked as a sample."""

from datetime import UTC, date, datetime, timedelta

import pytest
import requests

from flows.sources.wikipedia.demo_formula import ARTICLES, WEEKDAYS

PATH = "/api/rest_v1/metrics/pageviews/per-article/en.wikipedia/all-access/user"


def ask(demo, article, first, last):
    return requests.get(f"{demo.url}{PATH}/{article}/daily/{first}/{last}", timeout=5)


def test_days_are_told_in_wikimedias_words(demo):
    """The days asked for, both ends included, as the formula has them, and the word sample beside them."""
    answer = ask(demo, "TensorFlow", "20200503", "20200504").json()

    words = {"project": "en.wikipedia", "article": "TensorFlow", "granularity": "daily"}
    counted = {"access": "all-access", "agent": "user"}
    views = ARTICLES["TensorFlow"].views
    assert answer["items"] == [
        {**words, "timestamp": "2020050300", **counted, "views": views(date(2020, 5, 3))},
        {**words, "timestamp": "2020050400", **counted, "views": views(date(2020, 5, 4))},
    ]
    assert answer["sample"]


def test_the_newest_day_is_yesterday_and_the_oldest_when_the_article_was_new(demo):
    """Days after it and days without views are left out."""
    demo.now = datetime(2017, 10, 3, 6, tzinfo=UTC)
    days = [item["timestamp"] for item in ask(demo, "PyTorch", "20150101", "20301231").json()["items"]]

    assert (days[0], days[-1], len(days)) == ("2017090100", "2017100200", 32)


@pytest.mark.parametrize(
    ("article", "first", "last"),
    [
        ("Theano", "20200501", "20200502"),
        ("pytorch", "20200501", "20200502"),
        ("C%2FC%2B%2B", "20200501", "20200502"),
        ("PyTorch", "20150701", "20160701"),
        ("PyTorch", "20250806", "20250807"),
    ],
)
def test_an_article_without_views_is_not_found(demo, article, first, last):
    """In Wikimedia's shape: an unknown article, and days before or after the known ones."""
    answer = ask(demo, article, first, last)

    assert (answer.status_code, answer.json()["title"]) == (404, "Not Found")
    assert {"type", "detail"} <= set(answer.json())


@pytest.mark.parametrize(
    "bounds", [("20200502", "20200501"), ("soon", "20200501"), ("20200501", "2020-13-01")]
)
def test_dates_that_are_none_are_a_bad_request(demo, bounds):
    """Not days, or the last before the first."""
    assert ask(demo, "PyTorch", *bounds).status_code == 400


@pytest.mark.parametrize("article", ARTICLES)
def test_weekends_are_quieter_than_the_days_before(article):
    """Whatever the article; a week of factors sums to seven."""
    monday = date(2023, 5, 1)
    *week, saturday, sunday = (ARTICLES[article].views(monday + timedelta(days=n)) for n in range(7))

    assert 0 < max(saturday, sunday) < min(week)
    assert sum(WEEKDAYS) == pytest.approx(7)
