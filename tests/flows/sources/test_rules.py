"""What the collectors do about answers that no recording shows, over real HTTP."""

import json
import time
from datetime import date

import pytest

from warehouse.config.ecosystem import Subject
from warehouse.errors import AccessDenied, LimitReached, Postponed, UnexpectedAnswer

SUNDAY, WEEK = 1_754_179_200, 604_800
REPOSITORY = {"id": 5, "full_name": "o/r", "stargazers_count": 0, "forks_count": 0, "open_issues_count": 0}
REPOSITORY["subscribers_count"] = 0


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
    got = replayed("github star_history", [subject(github="o/r")], pages)

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
    got = replayed("github star_history", [subject(github="o/r")], answers)

    assert isinstance(got.error, UnexpectedAnswer) and told in str(got.error)


def test_a_repository_without_stars_may_have_no_weeks(replayed, sent):
    """No weeks are a failure only where the counter tells of stars."""
    answers = {"/stargazers/history": sent([]), "": sent(REPOSITORY)}

    assert replayed("github star_history", [subject(github="o/r")], answers).error is None


def test_an_empty_history_of_a_repository_with_stars_is_archived_as_no_answer(replayed, sent):
    """What it must not be is known before it is archived, so it counts nowhere as an answer."""
    answers = {"/stargazers/history": sent([]), "": sent(REPOSITORY | {"stargazers_count": 1200})}
    got = replayed("github star_history", [subject(github="o/r")], answers)

    assert str(got.error) == "github o/r 1: found no weeks, expected those of its 1,200 stars"
    assert [page.problem for page in got.pages] == [str(got.error)]


def releases(*numbers: int, repository: str = "o/r") -> list[dict[str, object]]:
    return [
        {
            "id": n,
            "tag_name": f"v{n}",
            "name": f"{n}",
            "published_at": "2025-01-29T17:18:27Z",
            "draft": False,
            "prerelease": False,
            "html_url": f"https://github.com/{repository}/releases/tag/v{n}",
        }
        for n in numbers
    ]


def promised(last: int, per_page: int) -> str:
    """A link to the last page."""
    return f'<http://h/x?per_page={per_page}&page={last}>; rel="last"'


def test_all_releases_are_read_and_the_newest_page_last(replayed, sent):
    """Of 201 releases there are three pages; with the newest one known, all are."""
    pages = {
        **{f"&page={n}": sent(releases(n), Link=promised(3, 100)) for n in (1, 2, 3)},
        "per_page=1": sent(releases(201), Link=promised(201, 1)),
    }
    got = replayed("github releases", [subject(github="o/r")], pages)

    assert got.error is None
    assert [(page.endpoint, page.key) for page in got.pages] == [
        ("release_count", "o/r"),
        ("releases", "o/r 2"),
        ("releases", "o/r 3"),
        ("releases", "o/r 1"),
    ]


def test_releases_of_another_repository_are_no_answer(replayed, sent):
    """Their own addresses tell whose they are, whatever the size of the letters."""
    same = sent(releases(1, repository="O/R"))
    assert replayed("github releases", [subject(github="o/r")], {"": same}).error is None

    other = sent(releases(1, repository="o/x"))
    got = replayed("github releases", [subject(github="o/r")], {"": other})
    assert str(got.error) == "github o/r: found releases of o/x, expected o/r"


def test_releases_are_read_behind_a_move(replayed, sent):
    """They carry the new name, which the address that answered does not tell."""
    moved = sent({}, 301, Location="https://api.github.com/repositories/5/releases")
    answers = {"/repos/o/old": moved, "/repositories/5": sent(releases(1, 2, repository="o/new"))}

    assert replayed("github releases", [subject(github="o/old")], answers).error is None


def test_a_page_of_releases_that_was_promised_is_not_empty(replayed, sent):
    """Nor is then the newest page believed to be all: the next run asks again."""
    pages = {"per_page=100": sent([]), "per_page=1": sent(releases(101), Link=promised(101, 1))}
    got = replayed("github releases", [subject(github="o/r")], pages)

    assert "github o/r 2: found no releases" in str(got.error)
    assert [page.key for page in got.pages] == ["o/r", "o/r 2"]


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
    got = replayed("stackoverflow question_months", two_months(), {"": told})
    assert type(got.error) is error and len(got.paths) == 1

    refused = sent({"error_id": 400, "error_name": "bad_parameter", "error_message": "no tag"}, 400)
    got = replayed("stackoverflow question_months", two_months(), {"": refused})
    assert got.error is None and len(got.paths) == 2


def two_months() -> list[Subject]:
    """A tag whose questions of July and, so far, of August 2025 are due."""
    return [subject(stackoverflow="keras", first_release_on=date(2025, 10, 2))]


def totals(*tags: str, **wrapper: object) -> dict[str, object]:
    """An answer with the totals of tags."""
    return {"items": [{"name": tag, "count": 1} for tag in tags], "has_more": False, **wrapper}


def throttled(message: str) -> dict[str, object]:
    """What StackExchange answers to one request too many."""
    return {"error_id": 502, "error_name": "throttle_violation", "error_message": message}


def test_a_short_wait_that_only_the_message_tells_is_kept(replayed, sent):
    """The question is asked again after it; a limit that goes on is told then, and nothing else is asked."""
    begun = time.monotonic()
    message = "too many requests from this IP, more requests available in 1 seconds"
    got = replayed("stackoverflow question_months", two_months(), {"": sent(throttled(message), 400)})

    assert time.monotonic() - begun >= 1
    assert isinstance(got.error, LimitReached) and str(got.error).endswith(message)
    assert len(got.paths) == 2 and len(got.pages) == 1


def test_a_long_wait_that_only_the_message_tells_ends_the_asking(replayed, sent):
    """Asked once; the message keeps the wait."""
    message = "too many requests from this IP, more requests available in 46472 seconds"
    got = replayed("stackoverflow question_months", two_months(), {"": sent(throttled(message), 400)})

    assert isinstance(got.error, LimitReached) and len(got.paths) == 1
    assert str(got.error) == f"stackoverflow keras 2025-08: HTTP 400, expected 200: {message}"


def test_a_wrong_key_is_told_as_such(replayed, sent):
    """It comes as a bad parameter like any other, but no other question would be answered either."""
    message = "`key` doesn't match a known application"
    told = sent({"error_id": 400, "error_name": "bad_parameter", "error_message": message}, 400)
    got = replayed("stackoverflow both", two_months(), {"": told})

    assert isinstance(got.error, AccessDenied) and len(got.paths) == 1
    assert str(got.error) == (
        f"stackoverflow keras: HTTP 400, expected 200: {message}; "
        "expected a key of stackapps.com in STACKEXCHANGE_KEY"
    )


def test_a_tag_that_the_answer_leaves_out_is_refused_by_name_and_not_counted(replayed, sent):
    """The others keep their totals; its months, which would all be zero, are not asked for."""
    subjects = [*two_months(), subject(stackoverflow="kears", first_release_on=date(2025, 10, 2))]
    answers = {
        "keras;kears/info": sent(totals("keras")),
        "kears/info": sent(totals()),
        "/synonyms": sent(totals()),
        "": sent({"total": 0}),
    }
    got = replayed("stackoverflow both", subjects, answers)

    assert got.error is None
    assert [(page.endpoint, page.key, page.problem) for page in got.pages] == [
        ("tag_totals", "keras;kears", None),
        ("tag_totals", "kears", "stackoverflow kears: found no tags"),
        ("tag_synonyms", "keras;kears", None),
        ("site_months", "2025-08", None),
        ("question_months", "keras 2025-08", None),
        ("site_months", "2025-07", None),
        ("question_months", "keras 2025-07", None),
        ("unanswered_months", "keras 2025-07", None),
    ]


def test_a_tag_with_a_sign_in_it_is_asked_for_whole(replayed, sent):
    """An unescaped `#` would end the address."""
    subjects = [subject(stackoverflow="c#", first_release_on=date(2025, 11, 2))]
    got = replayed(
        "stackoverflow both", subjects, {"/tags/c%23/": sent(totals("c#")), "": sent({"total": 0})}
    )

    assert [path.partition("?")[0] for path in got.paths[:2]] == [
        "/2.3/tags/c%23/info",
        "/2.3/tags/c%23/synonyms",
    ]
    assert str(got.error).startswith("stackoverflow c#: items.0.from_tag: found nothing there")


def test_a_short_backoff_is_waited_for(replayed, sent):
    """The same method is asked again only after as many seconds as the service asks for."""
    begun = time.monotonic()
    told = sent({"total": 0, "backoff": 0.3})
    got = replayed("stackoverflow question_months", two_months(), {"": told})

    assert got.error is None and len(got.pages) == 2
    assert time.monotonic() - begun >= 0.3


def test_a_long_backoff_ends_the_asking(replayed, sent):
    """What was answered is kept, and the request that would break the rule is not made."""
    told = sent({"total": 0, "backoff": 600})
    got = replayed("stackoverflow question_months", two_months(), {"": told})

    assert isinstance(got.error, LimitReached)
    assert str(got.error) == "stackoverflow keras 2025-07: not asked: the service asks to wait 600 s"
    assert len(got.paths) == 1 and got.pages[0].problem is None


def test_a_backoff_holds_its_method_whatever_is_counted_by_it(replayed, sent):
    """The site's questions and a tag's are counted by one method."""
    told = {"tagged=": sent({"total": 0}), "": sent({"total": 0, "backoff": 600})}
    answers = {"/info": sent(totals("keras")), "/synonyms": sent(totals()), **told}
    got = replayed("stackoverflow both", two_months(), answers)

    assert str(got.error) == "stackoverflow keras 2025-08: not asked: the service asks to wait 600 s"


@pytest.mark.parametrize(("left", "asked"), [(30, 1), (31, 2), (0, 1)])
def test_a_quota_is_not_used_up(replayed, sent, left: int, asked: int):
    """What was answered is kept, nothing more is asked in this run, and that is no failure."""
    told = totals("keras", quota_remaining=left)
    got = replayed(
        "stackoverflow both", two_months(), {"/info": sent(told), "": sent({"items": [], "has_more": False})}
    )

    assert type(got.error) is Postponed and len(got.paths) == asked
    assert str(got.error) == f"stackoverflow: the day's quota is used up but for {min(left, 30)} requests"
    assert all(page.problem is None for page in got.pages)


def test_a_backoff_holds_its_own_method_only(replayed, sent):
    """A pause asked for by the tags does not stop the questions; a quota of -1 says nothing."""
    item = totals("keras", quota_remaining=-1, backoff=600)
    answers = {"/info": sent(item), "/synonyms": sent(totals()), "": sent({"total": 0})}
    got = replayed("stackoverflow both", two_months(), answers)

    assert got.error is None and len(got.pages) == 2 + 2 + 3
