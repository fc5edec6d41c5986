"""The HTTP client: what is archived, and how an answer is told from a refusal, a limit and a failure."""

import base64
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from pydantic import TypeAdapter
from typing_extensions import TypedDict

from flows.client.client import Client
from flows.client.errors import Unanswered
from flows.client.service import Service
from flows.demo.schedule import Planned
from flows.demo.server import DemoServer
from warehouse.archive.write import LastAnswer, Page
from warehouse.config.settings import Settings
from warehouse.errors import AccessDenied, LimitReached, UnexpectedAnswer, Unreachable


class Asked:
    """A client and the pages it handed over."""

    def __init__(self, settings: Settings) -> None:
        self.pages: list[Page] = []
        self.client = Client(Service("pypi"), replace(settings, demo=True), self.pages.append)

    def ask(self, url: str):
        return self.client.ask("overall", "torch", url)


@pytest.fixture
def asked(settings: Settings) -> Asked:
    return Asked(settings)


def test_an_answer_is_archived_and_returned(asked: Asked, faulty):
    """What came back is handed over as it came, with when and what was asked."""
    server = faulty(body=b'{"a": [1]}')
    answer = asked.ask(server.url + "/x")

    assert answer.data == {"a": [1]}
    (page,) = asked.pages
    assert (page.body, page.status, page.url, page.problem) == (b'{"a": [1]}', 200, server.url + "/x", None)
    assert page.fetched_at == asked.client.settings.clock()


@pytest.mark.parametrize("status", [400, 404, 410, 422, 451])
def test_a_refusal_concerns_one_question_only(asked: Asked, faulty, status: int):
    """It is returned with its problem, and archived; the source may be asked other things."""
    server = faulty(status=status, body=b'{"message": "no such thing"}')
    answer = asked.ask(server.url)

    assert answer.page.problem == f"pypi torch: HTTP {status}, expected 200: no such thing"
    assert asked.pages == [answer.page] and answer.data is None


@pytest.mark.parametrize(
    ("status", "headers", "body", "error"),
    [
        (429, {}, b"slow down", LimitReached),
        (403, {"x-ratelimit-remaining": "0"}, b"{}", LimitReached),
        (403, {}, b'{"message": "You have exceeded a secondary rate limit"}', LimitReached),
        (403, {}, b'{"message": "Forbidden"}', AccessDenied),
        (401, {}, b'{"message": "Bad credentials"}', AccessDenied),
        (302, {"Location": "https://elsewhere.example/sorry"}, b"", UnexpectedAnswer),
        (200, {"Content-Type": "text/html"}, b"<html>consent", UnexpectedAnswer),
        (200, {}, b'{"data": [1, 2', UnexpectedAnswer),
        (200, {}, b"", UnexpectedAnswer),
    ],
)
def test_a_failure_ends_the_asking_and_is_archived(asked: Asked, faulty, status, headers, body, error):
    """Limits, denied access and answers of another kind raise each their own error; the page is kept.

    None of them is asked again: a limit that names no time, a refused credential, another kind of answer.
    """
    server = faulty(status=status, headers=headers, body=body)
    with pytest.raises(error, match="pypi torch: "):
        asked.ask(server.url)

    assert asked.pages[0].body == body and asked.pages[0].problem
    assert len(server.paths) == len(asked.pages) == 1


def test_a_server_error_is_asked_again_and_then_told(asked: Asked, faulty):
    """Four tries, then one message with the status and the beginning of what was sent."""
    server = faulty(status=500, body=b"<h1>Oops</h1>\n\n try later")
    with pytest.raises(
        UnexpectedAnswer, match=r"^pypi torch: HTTP 500, expected 200: <h1>Oops</h1> try later$"
    ):
        asked.ask(server.url)

    assert len(server.paths) == 4


def test_a_short_wait_is_waited_and_a_long_one_told(asked: Asked, faulty):
    """A limit is asked again after the wait it names, unless that is longer than a run should be held up."""
    short = faulty(status=429, headers={"Retry-After": "0"})
    with pytest.raises(LimitReached, match="it asks to wait 0 s"):
        asked.ask(short.url)
    assert len(short.paths) == 4

    for headers in (
        {"Retry-After": "3600"},
        {"Retry-After": "Fri, 01 Jan 2100 00:00:00 GMT"},
        {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "4102444800"},
        {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "11987"},
    ):
        long = faulty(status=403, headers=headers)
        with pytest.raises(LimitReached, match=r"; it asks to wait \d+ s$"):
            asked.ask(long.url)
        assert len(long.paths) == 1, "who goes on is banned"


def test_a_quota_that_comes_as_a_server_error_is_a_limit(asked: Asked, faulty):
    """ClickHouse says so in a header and in its text; asking again would be charged too."""
    headers = {"X-ClickHouse-Exception-Code": "201"}
    server = faulty(status=500, headers=headers, body=b"Code: 201. DB::Exception: Quota for user `demo`")
    with pytest.raises(LimitReached, match=r"HTTP 500, expected 200: Code: 201\. DB::Exception: Quota"):
        asked.ask(server.url)

    assert len(server.paths) == 1


@pytest.mark.parametrize(
    ("code", "status", "is_of_this_query"),
    [
        (158, 500, True),
        (159, 408, True),
        (159, 500, True),
        (160, 500, True),
        (307, 500, True),
        (396, 500, True),
        (164, 500, False),
        (452, 500, False),
    ],
)
def test_what_cannot_pass_is_not_asked_again(asked: Asked, faulty, code: int, status: int, is_of_this_query):
    """What one query may read or take refuses that query alone; a setting that nobody may set refuses all.

    The codes come with whatever status, as text or, in newer servers, within JSON.
    """
    text = f"Code: {code}. DB::Exception: It cannot be. (NAME) (version 26.9)"
    headers = {"X-ClickHouse-Exception-Code": str(code)}
    for body in (text, f'{{"exception": "{text}"}}'):
        server = faulty(status=status, headers=headers, body=body.encode())
        told = f"pypi torch: HTTP {status}, expected 200: {text}"
        if is_of_this_query:
            assert asked.ask(server.url).page.problem == told
            asked.ask(faulty().url)
        else:
            with pytest.raises(UnexpectedAnswer, match="HTTP 500, expected 200: Code") as error:
                asked.ask(server.url)
            assert str(error.value) == told
        assert len(server.paths) == 1


def test_a_limit_of_a_query_that_follows_its_rows_refuses_it_alone(asked: Asked, faulty):
    """ClickHouse may have begun a 200 by then."""
    server = faulty(body=b'{"data": [\n\nCode: 307. DB::Exception: Limit for rows or bytes to read exceeded')
    assert asked.ask(server.url).page.problem.startswith("pypi torch: found no content type, expected JSON")


def test_an_endpoint_that_is_held_is_not_asked(asked: Asked, faulty):
    """A hold concerns one endpoint, or all of them; what cannot be waited for is told instead of asked."""
    server = faulty()
    asked.client.holds.put("recent", 600, "the source asks to wait 600 s")
    asked.ask(server.url)
    asked.client.holds.put(None, 600, "the source asks to wait 600 s")
    with pytest.raises(LimitReached, match=r"^pypi torch: not asked: the source asks to wait 600 s$"):
        asked.ask(server.url)

    assert len(server.paths) == len(asked.pages) == 1


def test_a_check_that_fails_is_told_and_archived(asked: Asked, faulty):
    """A body of the right shape, from an address where something else is told, is no answer."""

    def check(data: object, url: str) -> None:
        raise ValueError(f"found {data} at {url[-2:]}")

    with pytest.raises(UnexpectedAnswer, match=r"^pypi torch: found \{\} at /x$"):
        asked.client.ask("overall", "torch", faulty().url + "/x", check=check)
    assert asked.pages[0].problem == "pypi torch: found {} at /x"


def test_an_empty_answer_refuses_one_question(asked: Asked, faulty):
    """Where nothing means unknown, it is archived as no answer and returned; the next question is asked."""

    def parse(body: bytes) -> None:
        raise Unanswered("found no days")

    answer = asked.client.ask("overall", "torch", faulty().url, parse=parse)
    assert (answer.data, answer.page.problem) == (None, "pypi torch: found no days")


def test_a_repository_that_is_blocked_is_one_refusal(asked: Asked, faulty):
    """GitHub closes a repository with a 451 or a 403; neither concerns the token or another repository."""
    body = b'{"message": "Repository access blocked", "block": {"reason": "tos"}}'
    answer = asked.ask(faulty(status=403, body=body).url)

    assert answer.page.problem == "pypi torch: HTTP 403, expected 200: Repository access blocked"


def test_one_move_within_the_host_is_followed(asked: Asked, faulty):
    """A renamed thing is asked for at its new place, once; another host is not followed."""
    server = faulty(status=301, headers={"Location": "/elsewhere"})
    with pytest.raises(UnexpectedAnswer, match="HTTP 301, expected 200"):
        asked.ask(server.url + "/here")
    assert server.paths == ["/here", "/elsewhere"]

    other_scheme = faulty(status=301)
    other_scheme.fault.headers["Location"] = other_scheme.url.replace("http:", "https:") + "/here"
    with pytest.raises(UnexpectedAnswer, match="HTTP 301, expected 200"):
        asked.ask(other_scheme.url)
    assert len(other_scheme.paths) == 1

    away = faulty(status=302, headers={"Location": "https://elsewhere.example/sorry"})
    with pytest.raises(
        UnexpectedAnswer, match=r"HTTP 302, expected 200, moved to https://elsewhere\.example: {}"
    ):
        asked.ask(away.url)
    assert len(away.paths) == 1


def test_a_move_to_another_scheme_is_not_followed(asked: Asked, faulty):
    """The same host without encryption would read the token."""
    server = faulty(status=301)
    server.fault.headers["Location"] = there = server.url.replace("http:", "https:")
    with pytest.raises(UnexpectedAnswer, match=f"HTTP 301, expected 200, moved to {there}: "):
        asked.ask(server.url)
    assert len(server.paths) == 1


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_credential_stays_with_its_host(asked: Asked, faulty, status: int):
    """Neither another name nor another port of the same machine is sent it, or asked at all."""
    other = faulty()
    server = faulty(status=status, headers={"Location": other.url.replace("127.0.0.1", "localhost")})
    for place in (server.fault.headers["Location"], other.url):
        server.fault.headers["Location"] = place
        with pytest.raises(UnexpectedAnswer, match=f"HTTP {status}, expected 200"):
            asked.client.ask("overall", "torch", server.url, headers={"Authorization": "Bearer secret"})
    assert [sent["Authorization"] for sent in server.headers] == ["Bearer secret"] * 2
    assert other.paths == []


def test_the_credentials_of_this_machine_are_nobody_s(asked: Asked, faulty, tmp_path, monkeypatch):
    """What `.netrc` has for a host neither replaces a token nor goes out without one; an address' own do."""
    netrc, server = tmp_path / "netrc", faulty()
    netrc.write_text("machine 127.0.0.1 login somebody password hunter2\n")
    monkeypatch.setenv("NETRC", str(netrc))
    asked.client.ask("overall", "torch", server.url, headers={"Authorization": "Bearer ours"})
    asked.ask(server.url)
    asked.ask(server.url.replace("http://", "http://user:word@"))

    basic = "Basic " + base64.b64encode(b"user:word").decode()
    assert [sent["Authorization"] for sent in server.headers] == ["Bearer ours", None, basic]


@pytest.mark.parametrize(("place", "query"), [("/there?page=2&id=7", "page=2&id=7"), ("/there", "page=2")])
def test_a_move_is_asked_with_each_parameter_once(asked: Asked, faulty, place: str, query: str):
    """The new place has the whole question in it, or the parameters are still to be added."""
    server = faulty(status=301, headers={"Location": place})
    with pytest.raises(UnexpectedAnswer):
        asked.client.ask("overall", "torch", server.url + "/here", params={"page": 2})
    assert server.paths == ["/here?page=2", f"/there?{query}"]


@pytest.mark.parametrize("place", ["http://[::1", "/caf\xe9", ""])
def test_a_place_that_is_none_is_told(asked: Asked, faulty, place: str):
    """A malformed address ends in a message like any other answer that was not asked for."""
    with pytest.raises(UnexpectedAnswer, match="pypi torch: HTTP 301, expected 200"):
        asked.ask(faulty(status=301, headers={"Location": place}).url)


def test_a_body_without_end_is_cut_off(asked: Asked, faulty):
    """No answer is that long; the memory of a run is not for the source to fill."""
    with pytest.raises(UnexpectedAnswer, match="found a body of more than 33,554,432 bytes"):
        asked.ask(faulty(body=b" " * (32 * 2**20 + 1)).url)


def test_a_body_that_only_drips_is_given_up(asked: Asked, server: DemoServer):
    """Each byte comes within the timeout, and the whole would take minutes."""
    server.faults = [Planned("hanging", 1)]
    service = Service("pypi", longest_answer_seconds=0.5)
    hurried = Client(service, asked.client.settings, asked.pages.append)
    with pytest.raises(Unreachable, match=r"pypi torch: no whole answer within 0.5 s"):
        hurried.ask("overall", "torch", f"{server.url}/api/packages/torch/overall")

    assert asked.pages == []


def test_a_body_of_another_shape_is_told_with_its_place(asked: Asked, faulty):
    """Where a model is expected, the message says which field, what was found and what is wrong with it."""
    parse = TypeAdapter(list[dict[str, int]]).validate_json
    server = faulty(body=b'[{"downloads": "many"}]')
    with pytest.raises(UnexpectedAnswer) as error:
        asked.client.ask("overall", "torch", server.url, parse=parse)

    assert str(error.value).startswith(
        "pypi torch: 0.downloads: found 'many'; Input should be a valid integer"
    )
    assert asked.pages[0].problem == str(error.value)

    parse = TypeAdapter(TypedDict("Row", {"downloads": int})).validate_json
    with pytest.raises(
        UnexpectedAnswer, match=r"^pypi torch: downloads: found nothing there, expected a value$"
    ):
        asked.client.ask("overall", "torch", faulty().url, parse=parse)


def test_no_answer_is_told_without_the_url(asked: Asked, faulty):
    """A connection that is refused or cut names the host alone: the URL may hold a key."""
    server = faulty(cut=True)
    with pytest.raises(Unreachable, match=r"pypi torch: no answer from 127.0.0.1:\d+: ") as cut:
        asked.ask(server.url + "/?key=secret")
    with pytest.raises(Unreachable, match=r"no answer from 127.0.0.1:1: .*refused") as refused:
        asked.ask("http://127.0.0.1:1/?key=secret")

    assert "secret" not in f"{cut.value}{refused.value}"
    assert asked.pages == []


def test_the_client_says_who_it_is(settings: Settings, faulty):
    """The project by name, and the operator's address when there is one."""
    server = faulty(body=b"{}")
    for contact in (None, "ops@example.org"):
        with Client(Service("pypi"), replace(settings, contact=contact), lambda page: None) as client:
            client.ask("overall", "torch", server.url)

    assert server.agents == [
        "barometer/0.1.0 (ecosystem analytics)",
        "barometer/0.1.0 (ecosystem analytics; ops@example.org)",
    ]


def test_what_is_consulted_is_not_archived(asked: Asked, faulty):
    """A session's token is no evidence; its failure is an error all the same."""
    assert asked.client.consult("torch", faulty(body=b"[1]").url) == [1]
    with pytest.raises(LimitReached):
        asked.client.consult("torch", faulty(status=429).url)

    assert asked.pages == []


def test_an_answer_as_before_is_asked_for_by_its_version(at_server, faulty):
    """The last answer's version goes out; "as before" is a page without body that names what it confirms."""
    server, pages = faulty(status=304, body=b"", headers={"ETag": '"v1"'}), []
    noon = datetime(2025, 8, 6, 12, tzinfo=UTC)
    known = {("repository", "a/b"): LastAnswer(noon, "digest", 'W/"v1"')}
    with Client(Service("github"), at_server, pages.append, known) as client:
        answer = client.ask("repository", "a/b", server.url, unless_as_before=True)

    assert answer.data is None and pages == [answer.page]
    assert (answer.page.status, answer.page.body, answer.page.same_as) == (304, b"", "digest")
    assert answer.page.problem is None
    assert server.versions == ['W/"v1"']


def test_as_before_of_nothing_is_no_answer(at_server, faulty):
    """A 304 that nobody asked for is an error like any other status."""
    server = faulty(status=304, body=b"")
    with (
        Client(Service("github"), at_server, lambda page: None) as client,
        pytest.raises(UnexpectedAnswer, match="HTTP 304, expected 200"),
    ):
        client.ask("repository", "a/b", server.url, unless_as_before=True)
    assert server.versions == [None]


def test_what_an_answer_repeats_of_a_secret_is_not_believed(settings: Settings, faulty):
    """It is parsed as it is archived: one whose sense changes with the marker is no answer, and says so."""
    pages, secret = [], replace(settings, demo=True, credentials={"GITHUB_TOKEN": "12345678"})
    with Client(Service("pypi"), secret, pages.append) as client:
        assert client.ask("overall", "torch", faulty(body=b'{"a": "12345678"}').url).data == {
            "a": "[secret removed]"
        }
        with pytest.raises(UnexpectedAnswer, match=r"expected JSON: \{\"a\": \[secret removed\]\}"):
            client.ask("overall", "torch", faulty(body=b'{"a": 12345678}').url)
    assert [page.body for page in pages] == [b'{"a": "[secret removed]"}', b'{"a": [secret removed]}']


@pytest.mark.parametrize("tag", ['"a\rb"', "no quotes", '"\xe9"', "\x1b[2J"])
def test_a_version_that_cannot_be_sent_back_is_none(at_server, faulty, tag: str):
    """It would keep every later request from being sent; neither kept nor, from an older archive, sent."""
    server, pages = faulty(headers={"ETag": tag}), []
    known = {("repository", "a/b"): LastAnswer(datetime(2025, 8, 6, 12, tzinfo=UTC), "digest", tag)}
    with Client(Service("github"), at_server, pages.append, known) as client:
        client.ask("repository", "a/b", server.url, unless_as_before=True)
    assert (pages[0].etag, server.versions) == (None, [None])
