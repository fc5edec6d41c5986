"""What the collectors do about answers that no recording shows, over real HTTP."""

import json
import time
from datetime import date

import pytest

from warehouse.ecosystem import Subject
from warehouse.errors import AccessDenied, LimitReached, UnexpectedAnswer

SUNDAY, WEEK = 1_788_652_800, 604_800
REPOSITORY = {"id": 5, "full_name": "o/r", "stargazers_count": 0, "forks_count": 0, "open_issues_count": 0}


@pytest.fixture
def sent(exchange):
    """Make an answer of a JSON body."""

    def make(body: object, status: int = 200, **headers: str):
        return exchange(status, headers, json.dumps(body).encode())

    return make


def subject(**identifiers: object) -> Subject:
    return Subject(id="x", name="x", **identifiers)


def weeks(newest: int, count: int) -> list[dict[str, object]]:
    return [{"week": SUNDAY - n * WEEK, "total": 0, "days": [0] * 7} for n in range(newest, newest + count)]


def test_a_package_without_days_is_refused_and_the_next_one_asked(replayed, sent):
    """Nothing known of one package says nothing of another, and is archived as no answer."""
    day = {"category": "without_mirrors", "date": "2025-03-01", "downloads": 7}
    empty, full = (
        {"package": p, "type": "overall_downloads", "data": d} for p, d in (("a", []), ("b", [day]))
    )
    got = replayed("pypi current", [subject(pypi=["a", "b"])], {"/a/": sent(empty), "/b/": sent(full)})

    assert got.error is None
    assert [(page.key, page.problem) for page in got.pages] == [("a", "pypi a: found no days"), ("b", None)]


def test_too_many_queries_at_once_is_a_limit_even_in_a_200(replayed, exchange):
    """ClickHouse sends its errors as text, whatever the status said before."""
    text = b"Code: 202. DB::Exception: Too many simultaneous queries. (TOO_MANY_SIMULTANEOUS_QUERIES)"
    got = replayed("pypi log_days", [subject(pypi=["a"])], {"": exchange(200, {}, text)})

    assert isinstance(got.error, LimitReached)
    assert str(got.error).startswith(
        "pypi a 2016-01-01: found Code: 202. DB::Exception: Too many simultaneous queries"
    )
    assert got.pages[0].problem == str(got.error)


@pytest.mark.parametrize("order", ["per_page=30&page={}", "page={}&per_page=30"])
def test_every_page_that_is_promised_is_read(replayed, sent, order: str):
    """The last page's number is read from its link, wherever it stands in it."""
    link = ", ".join(f'<http://h/x?{order.format(n)}>; rel="{rel}"' for n, rel in ((2, "next"), (3, "last")))
    pages = {f"&page={page}": sent(weeks(page, 1), Link=link) for page in (1, 2, 3)}
    got = replayed("github history", [subject(github="o/r")], pages)

    assert got.error is None
    assert [page.key for page in got.pages] == ["o/r 1", "o/r 2", "o/r 3"]


@pytest.mark.parametrize(
    ("link", "told"),
    [
        ('<http://h/x?page=2>; rel="next"', "found none as the last page, expected 1 to 100"),
        ('<http://h/x?page=many>; rel="last"', "found many as the last page, expected 1 to 100"),
        ('<http://h/x?page=101>; rel="last"', "found 101 as the last page, expected 1 to 100"),
        ('<http://h/x?page=2>; rel="last"', "github o/r 2: found no weeks"),
    ],
)
def test_a_history_that_cannot_be_read_whole_is_a_failure(replayed, sent, link: str, told: str):
    """A promise of pages that cannot be counted, or a promised page with nothing in it."""
    answers = {"&page=1": sent(weeks(0, 1), Link=link), "&page=2": sent([])}
    got = replayed("github history", [subject(github="o/r")], answers)

    assert isinstance(got.error, UnexpectedAnswer) and told in str(got.error)


def test_a_repository_without_stars_may_have_no_weeks(replayed, sent):
    """No weeks are a failure only where the counter tells of stars."""
    answers = {"/stargazers/history": sent([]), "": sent(REPOSITORY)}

    assert replayed("github history", [subject(github="o/r")], answers).error is None


def test_a_move_to_another_repository_is_no_rename(replayed, sent):
    """Behind a move the id must be the one that GitHub moved us to."""
    moved = sent({}, 301, Location="https://api.github.com/repositories/6")
    answers = {"/repos/o/old": moved, "/repositories/6": sent(REPOSITORY)}
    got = replayed("github current", [subject(github="o/old")], answers)

    assert str(got.error) == "github o/old: found o/r (id 5), expected the repository of /repositories/6"
    assert got.pages[0].problem == str(got.error)


@pytest.mark.parametrize(
    ("error_id", "error"),
    [
        (403, AccessDenied),
        (405, AccessDenied),
        (500, UnexpectedAnswer),
        (502, LimitReached),
        (503, UnexpectedAnswer),
    ],
)
def test_trouble_of_the_whole_service_ends_the_asking(replayed, sent, error_id: int, error: type):
    """StackExchange tells everything as HTTP 400; only a refused question is followed by the next one."""
    told = sent({"error_id": error_id, "error_name": "x", "error_message": "no more"}, 400)
    got = replayed("stackoverflow history", two_months(), {"": told})
    assert type(got.error) is error and len(got.paths) == 1

    refused = sent({"error_id": 400, "error_name": "bad_parameter", "error_message": "no tag"}, 400)
    got = replayed("stackoverflow history", two_months(), {"": refused})
    assert got.error is None and len(got.paths) == 2


def two_months() -> list[Subject]:
    """A tag whose questions of June and July 2025 are due."""
    return [subject(stackoverflow="keras", first_release_on=date(2025, 9, 1))]


def test_a_short_backoff_is_waited_for(replayed, sent):
    """The same method is asked again only after as many seconds as the service asks for."""
    begun = time.monotonic()
    got = replayed("stackoverflow history", two_months(), {"": sent({"total": 0, "backoff": 0.3})})

    assert got.error is None and len(got.pages) == 2
    assert time.monotonic() - begun >= 0.3


def test_a_long_backoff_ends_the_asking(replayed, sent):
    """What was answered is kept, and the request that would break the rule is not made."""
    got = replayed("stackoverflow history", two_months(), {"": sent({"total": 0, "backoff": 600})})

    assert isinstance(got.error, LimitReached)
    assert str(got.error) == "stackoverflow keras 2025-07: not asked: the service asks to wait 600 s"
    assert len(got.paths) == 1 and got.pages[0].problem is None


def test_an_empty_quota_ends_the_asking(replayed, sent):
    """The answer that used it up is kept, and nothing more is asked of any method in this run."""
    item = {"items": [{"name": "keras", "count": 1}], "has_more": False, "quota_remaining": 0}
    got = replayed("stackoverflow both", two_months(), {"/tags/": sent(item), "": sent({"total": 0})})

    assert isinstance(got.error, LimitReached)
    assert str(got.error) == "stackoverflow keras 2025-06: not asked: the day's quota is used up"
    assert len(got.paths) == 1 and got.pages[0].problem is None


def test_a_backoff_holds_its_own_method_only(replayed, sent):
    """A pause asked for by the tags does not stop the questions; a quota of -1 says nothing."""
    item = {
        "items": [{"name": "keras", "count": 1}],
        "has_more": False,
        "quota_remaining": -1,
        "backoff": 600,
    }
    got = replayed("stackoverflow both", two_months(), {"/tags/": sent(item), "": sent({"total": 0})})

    assert got.error is None and len(got.pages) == 3
