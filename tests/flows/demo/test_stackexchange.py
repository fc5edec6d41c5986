"""StackExchange's side of the demo: a month it knows, or a refusal; never a zero in place of the unknown."""

from calendar import timegm
from datetime import UTC, date, datetime, timedelta

import pytest
import requests

from flows.sources.stackoverflow.demo import KEY_IN_ADDRESS, SAMPLE
from flows.sources.stackoverflow.demo_formula import site_questions, unanswered_questions


def get(demo, path, headers=None, **parameters):
    sent = {"site": "stackoverflow", **parameters}
    return requests.get(f"{demo.url}/2.3/{path}", sent, headers=headers, timeout=5)


def questions(demo, tag, year, month, path="questions"):
    first = date(year, month, 1)
    following = (first + timedelta(days=31)).replace(day=1)
    fromdate, todate = timegm(first.timetuple()), timegm(following.timetuple()) - 1
    tagged = {"tagged": tag} if tag else {}
    return get(demo, path, **tagged, fromdate=fromdate, todate=todate, filter="total")


def unknown(response):
    body = response.json()
    return response.status_code, body["total"], body["unknown"]


def refusal(response):
    body = response.json()
    return response.status_code, body["error_id"], body["error_name"], body["error_message"]


def test_a_month_known_is_the_committed_figure(demo):
    """The total alone, as `filter=total` gives it."""
    response = questions(demo, "tensorflow", 2020, 5)

    assert (response.status_code, response.json()) == (200, {"total": 2159})


@pytest.mark.parametrize(("tag", "year", "month"), [("tensorflow", 2015, 9), ("pytorch", 2016, 11)])
def test_a_tag_that_is_not_there_yet_has_no_questions(demo, tag, year, month):
    """Zero is the answer before the tag's first month."""
    assert questions(demo, tag, year, month).json() == {"total": 0}


def test_a_tag_without_figures_is_unknown(demo):
    """Nothing is known of it, and that is not zero."""
    message = "the demo holds no figure for this tag"

    assert unknown(questions(demo, "jax", 2020, 5)) == (200, None, message)


@pytest.mark.parametrize("month", [(2018, 10), (2019, 3), (2022, 6)])
def test_a_month_that_no_source_printed_is_unknown(demo, month):
    """Zero would be a lie: TensorFlow had about a thousand questions in each."""
    message = "the demo holds no figure for this month"

    assert unknown(questions(demo, "tensorflow", *month)) == (200, None, message)


def test_months_after_the_table_are_unknown(demo):
    """The figures end in May 2023, those of the site too; what has not begun is refused."""
    ended = "the demo's figures end in May 2023"
    assert unknown(questions(demo, "pytorch", 2023, 6)) == (200, None, ended)
    assert unknown(questions(demo, None, 2023, 6)) == (200, None, ended)
    demo.now = datetime(2020, 5, 31, 23, 59, 59, tzinfo=UTC)
    begun = "June 2020 has not begun"
    assert refusal(questions(demo, "pytorch", 2020, 6)) == (400, 400, "bad_parameter", begun)


def test_a_running_month_has_its_part_of_the_month_and_is_a_sample(demo):
    """Half of May has passed, so half of its 647 questions are told; nobody counted them."""
    demo.now = datetime(2020, 5, 16, 12, tzinfo=UTC)
    assert questions(demo, "pytorch", 2020, 5).json() == {"total": 324, **SAMPLE}


def test_what_no_figure_is_at_hand_for_is_a_sample(demo):
    """The whole site's questions, those without an answer, and that there are no synonyms."""
    site = questions(demo, None, 2020, 5).json()
    unanswered = questions(demo, "pytorch", 2020, 5, "questions/no-answers").json()
    assert site == {"total": site_questions(date(2020, 5, 1)), **SAMPLE}
    assert unanswered == {"total": unanswered_questions(647, date(2020, 5, 1)), **SAMPLE}
    assert 0 < unanswered["total"] < 647 < site["total"]
    synonyms = get(demo, "tags/keras;pytorch/synonyms").json()
    assert (synonyms["items"], synonyms["has_more"], synonyms["sample"]) == ([], False, SAMPLE["sample"])


def test_a_window_must_be_one_calendar_month(demo):
    """A second more or less cannot be answered from monthly figures."""
    start, end = timegm((2020, 5, 1, 0, 0, 0)), timegm((2020, 6, 1, 0, 0, 0)) - 1
    for fromdate, todate in [(start + 1, end), (start, end + 1), (start, "")]:
        window = {"fromdate": fromdate, "todate": todate}
        response = get(demo, "questions", tagged="keras", filter="total", **window)

        assert refusal(response)[:3] == (400, 400, "bad_parameter")


def test_site_is_required(demo):
    """The first thing StackExchange asks for."""
    response = requests.get(f"{demo.url}/2.3/tags/keras/info", timeout=5)

    assert refusal(response) == (400, 400, "bad_parameter", "site is required")


def test_a_tag_counts_its_months_so_far(demo):
    """Known tags come with the sum of the months that are over; unknown ones are left out."""
    demo.now = datetime(2016, 1, 15, tzinfo=UTC)
    answer = get(demo, "tags/tensorflow;no-such-tag/info").json()

    flags = {"has_synonyms": False, "is_moderator_only": False, "is_required": False}
    assert answer["items"] == [{**flags, "name": "tensorflow", "count": 0 + 199 + 184}]
    assert (answer["has_more"], answer["quota_max"]) == (False, 300)


def test_tags_end_a_month_after_the_figures(demo):
    """A sum that ends in May 2023 passes for a total until the end of June."""
    demo.now = datetime(2023, 7, 1, 6, tzinfo=UTC)
    assert get(demo, "tags/keras/info").status_code == 200
    demo.now = datetime(2023, 7, 3, tzinfo=UTC)
    assert refusal(get(demo, "tags/keras/info"))[1:3] == (400, "bad_parameter")


def test_the_quota_is_kept_by_day(demo):
    """Every request of a day counts, errors too; the 301st is refused until midnight, without a key."""
    demo.now = datetime(2020, 3, 1, 6, tzinfo=UTC)
    questions(demo, "keras", 2020, 2)
    assert get(demo, "tags/keras/info").json()["quota_remaining"] == 298
    left = [get(demo, "tags/keras/info").json()["quota_remaining"] for _ in range(298)]
    assert (left[0], left[-1]) == (297, 0)

    spent = "too many requests from this IP, more requests available in 64800 seconds"
    assert refusal(get(demo, "tags/keras/info")) == (400, 502, "throttle_violation", spent)
    with_key = get(demo, "tags/keras/info", {"Authorization": "Bearer any"}).json()
    assert (with_key["quota_max"], with_key["quota_remaining"]) == (10_000, 9_999)
    demo.now = datetime(2020, 3, 2, 6, tzinfo=UTC)
    assert get(demo, "tags/keras/info").json()["quota_remaining"] == 299


def test_a_key_in_the_address_is_refused(demo):
    """As the service refuses it since June 2026, for every method, and whatever the header says."""
    answers = [
        get(demo, "tags/keras/info", key="any"),
        get(demo, "tags/keras/info", {"Authorization": "Bearer any"}, key="any"),
        get(demo, "questions", key="any", filter="total"),
    ]
    assert {refusal(answer) for answer in answers} == {(400, 400, "bad_parameter", KEY_IN_ADDRESS)}


def test_answers_are_compressed_unasked(demo):
    """Also for a client that did not say it could read them."""
    headers = {"Accept-Encoding": "identity"}
    response = requests.get(f"{demo.url}/2.3/tags/keras/info", headers=headers, timeout=5)

    assert response.headers["content-encoding"] == "gzip"


def test_tags_are_found_by_a_part_of_their_name(demo):
    """The most used first; none is an empty list, and without a site it is refused."""
    demo.now = datetime(2023, 6, 2, 6, tzinfo=UTC)
    found = get(demo, "tags", inname="tor").json()["items"]

    assert [item["name"] for item in found] == ["pytorch"]
    assert [item["name"] for item in get(demo, "tags", inname="e").json()["items"]] == ["tensorflow", "keras"]
    assert get(demo, "tags", inname="theano").json()["items"] == []
    assert requests.get(f"{demo.url}/2.3/tags", {"inname": "k"}, timeout=5).status_code == 400
