"""Nothing asks on after answers that say that the request itself is wrong; unknown names end nothing."""

import json
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from flows.client.client import Client
from flows.client.refusals import (
    MOST_NOT_FOUND,
    MOST_NOT_FOUND_AFTER_ANSWERS,
    MOST_REJECTED,
    MOST_UNLIKE,
    Refusals,
)
from flows.client.service import Service
from flows.demo.schedule import Planned
from flows.pipeline import steps
from flows.pipeline.steps import ecosystem_of
from flows.sources import services_of
from warehouse.archive.write import Attempt
from warehouse.config.settings import PROJECT, PUBLIC_URLS, Settings
from warehouse.errors import NotFound, Refused, Rejected, UnexpectedAnswer

# As StackExchange may say it; the words are not known.
KEY_ELSEWHERE = {
    "error_id": 400,
    "error_name": "bad_parameter",
    "error_message": "credentials are accepted in the Authorization header only",
}


def collected(settings: Settings, *source_ids: str) -> dict[str, Attempt]:
    """Collect from each service of some sources, with nothing known of before."""
    ecosystem = ecosystem_of(settings)
    return {
        str(service): steps.collect_service(service, settings, ecosystem, {})
        for service in services_of(source_ids, settings)
    }


def refused(refusals: Refusals, told: str, kind: type[Refused] = Rejected, endpoint: str = "a") -> int:
    """Refuse questions about one thing after the other; return how many until that is too much."""
    for number in range(1, 100):
        where, name = f"pypi package-{chr(96 + number)}", f"package-{chr(96 + number)}"
        words = told.format(name=name, number=number, letters=chr(96 + number) * 3)
        error = kind(f"{where}: HTTP 400, expected 200: {words}")
        try:
            refusals.note(endpoint, where, f"http://h/{name}", 400, error)
        except UnexpectedAnswer:
            return number
    return 0


@pytest.mark.parametrize("told", ["no", "{name} is no", "no, request {number}a{number}: {number}", ""])
def test_refusals_that_say_the_same_are_alike(told: str):
    """But for the thing asked about, and for numbers and whatever else has a digit in it."""
    assert refused(Refusals(), told) == MOST_REJECTED
    assert refused(Refusals(), told, NotFound) == MOST_NOT_FOUND


def test_refusals_that_say_something_else_each_time_are_not_alike():
    """Each is about its own question; so are those of two kinds by turns."""
    refusals = Refusals()
    for word in ("one", "two", "three", "four", "five", "six"):
        refusals.note("a", "pypi x", "http://h/x", 400, Rejected(f"pypi x: HTTP 400, expected 200: {word}"))
    for kind in (Rejected, NotFound, Rejected, NotFound, Rejected, NotFound):
        refusals.note("a", "pypi x", "http://h/x", 400, kind("pypi x: HTTP 400, expected 200: no"))


def test_refusals_of_one_status_end_in_whatever_words():
    """As of a page that repeats the request and is cut off: what is left of it differs each time."""
    assert refused(Refusals(), "{letters}") == refused(Refusals(), "{letters}", NotFound) == MOST_UNLIKE


def test_an_answer_begins_anew_and_allows_for_more_unknown_names():
    """An empty one too, which shows that the question was understood."""
    for answer in (None, Refused("pypi y: found no days")):
        refusals = Refusals()
        for _ in range(3 * MOST_REJECTED):
            refusals.note("a", "pypi x", "http://h/x", 400, Rejected("pypi x: no"))
            refusals.note("a", "pypi x", "http://h/x", 400, Rejected("pypi x: no"))
            refusals.note("a", "pypi y", "http://h/y", 200, answer)
        assert refused(refusals, "no", NotFound) == MOST_NOT_FOUND_AFTER_ANSWERS


def test_an_endpoint_that_refuses_is_closed_beside_one_that_answers():
    """Nothing more is asked of it; the other goes on."""
    refusals, error = Refusals(), Rejected("pypi x: no")
    for _ in range(MOST_REJECTED):
        assert not refusals.is_closed("system")
        refusals.note("system", "pypi x", "http://h/x", 400, error)
        refusals.note("overall", "pypi x", "http://h/x", 200, None)

    assert refusals.is_closed("system") and not refusals.is_closed("overall")


@pytest.mark.parametrize("status", [400, 422, 404, 410, 451])
def test_every_service_that_refuses_everything_is_asked_a_few_times(at_server: Settings, faulty, status: int):
    """The default comparison's first run. StackExchange was asked 652 times before, pypistats and logs 25."""
    server = faulty(status=status, body=json.dumps(KEY_ELSEWHERE).encode())
    here = replace(
        at_server,
        urls=dict.fromkeys(PUBLIC_URLS, server.url),
        config=PROJECT / "ecosystem.toml",
        credentials={"STACKEXCHANGE_KEY": "key"},
    )
    most = MOST_REJECTED if status in (400, 422) else MOST_NOT_FOUND
    attempts = collected(here, *ecosystem_of(here).sources)

    asked = {name: attempt.refused for name, attempt in attempts.items()}
    several = ("pypi pypistats", "pypi clickhouse", "stackoverflow")
    known = {**dict.fromkeys(several, most), "github": 2, "google_trends": 0, "wikipedia": 2}
    assert {name: asked[name] for name in known} == known
    assert all(refused <= most for refused in asked.values())
    assert len(server.paths) <= most * len(asked), "that is of each a few, whatever it archives of them"
    for name in several:
        problem = attempts[name].problem
        assert f": refused alike {most} times in a row: HTTP {status}, expected 200: credentials" in problem


def test_a_refusal_is_not_asked_again(at_server: Settings, faulty):
    """One request each, whatever is asked again of faults."""
    for status in (400, 404, 405, 406, 410, 422, 451):
        server = faulty(status=status)
        with Client(Service("pypi"), at_server, lambda page: None) as client:
            try:
                assert client.ask("overall", "torch", server.url).page.problem
            except UnexpectedAnswer:
                assert status in (405, 406), "which no question but the next would change"
        assert len(server.paths) == 1


def test_some_unknown_packages_end_nothing(at_server: Settings, server):
    """Of seven the demo does not know five in a row; the splits of all, and ten tools, come after them."""
    server.now = datetime(2023, 3, 1, 6, tzinfo=UTC)
    attempt = collected(replace(at_server, config=PROJECT / "ecosystem.toml"), "pypi")["pypi pypistats"]

    unknown = [request.path for request in server.requests if request.status == 404]
    assert len(unknown) == MOST_NOT_FOUND == 5 and attempt.problem.startswith(
        "pypi tensorflow-cpu: HTTP 404, expected 200"
    )
    kinds = Counter(request.path.rpartition("/")[2] for request in server.requests if "/api/" in request.path)
    assert kinds == {"overall": 7 + 10, "system": 7, "python_minor": 7}


def test_an_unknown_repository_ends_nothing_and_is_asked_for_once(at_server: Settings, server):
    """Neither its weeks nor its releases are asked for; the other one has all of its own."""
    server.faults = [Planned("404", 1, lasts=99, prefix="/repos/pytorch/pytorch")]
    attempt = collected(at_server, "github")["github"]

    assert attempt.problem == "github pytorch/pytorch: HTTP 404, expected 200: Not Found"
    assert (attempt.refused, attempt.answers) == (1, 20)


def test_weeks_that_are_refused_leave_the_releases(at_server: Settings, server):
    """As long as one endpoint answers, another that is closed costs no more than itself."""
    histories = [f"/repos/{name}/{name}/stargazers" for name in ("pytorch", "tensorflow")]
    server.faults = [Planned("404", 1, lasts=99, prefix=path) for path in histories]
    attempt = collected(at_server, "github")["github"]

    assert attempt.refused == 2
    assert sum(request.path.split("?")[0].endswith("/releases") for request in server.requests) == 4
