"""GitHub search: what the collector asks, believes and refuses, and which figures come of it."""

import json
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from flows.client.errors import Unanswered
from flows.demo.schedule import Planned
from flows.pipeline.collect import collect, due_questions
from flows.sources import load_source
from flows.sources.github_issues.answers import read_total, require_of
from tests.made import configuration
from warehouse.archive.write import LastAnswer
from warehouse.config.settings import PUBLIC_URLS, Settings
from warehouse.config.subject import Subject

NOW = datetime(2025, 4, 2, tzinfo=UTC)
KERAS = Subject(id="one", name="One", github="keras-team/keras", first_release_on=date(2025, 5, 9))
ENDPOINTS = ("issues_opened", "issues_closed", "pulls_closed", "pulls_merged")


def asked(settings: Settings, subjects, known=None):
    """Return what is due, and how an attempt goes that asks it."""
    source = load_source("github_issues")
    (service,) = source.services(settings)
    questions = due_questions(service, subjects, settings, known or {})
    return questions, collect(service, questions, settings, known or {})


def test_months_are_asked_newest_first(at_server, server):
    """Four counts a month since the first release, of which the stand-in's are believed."""
    questions, attempt = asked(at_server, [KERAS])

    assert [(one.endpoint, one.key) for one in questions] == [
        (endpoint, f"keras-team/keras 2025-{month:02}") for month in (8, 7, 6, 5) for endpoint in ENDPOINTS
    ]
    assert (attempt.answers, attempt.refused, attempt.problem) == (16, 0, None)
    assert server.requests[0].path == (
        "/search/issues?q=repo%3Akeras-team%2Fkeras+is%3Aissue+created%3A2025-08&per_page=1"
    )


def test_a_settled_month_is_asked_no_more(at_server):
    """Young ones weekly, older ones quarterly, and a year after its end a month stays as it was told."""
    early = KERAS.model_copy(update={"first_release_on": date(2023, 6, 1)})
    source, now = load_source("github_issues"), at_server.clock()
    rhythms = {one.key[-7:]: one for one in source.questions([early], at_server, {})}
    known = {(one.endpoint, one.key): LastAnswer(now, "") for one in rhythms.values()}

    assert Counter(one.every_days for one in rhythms.values()) == {7: 2, 91: 25}
    due = [month for month, one in rhythms.items() if one.is_due(known, now + timedelta(days=91))]
    assert (min(due), len(due)) == ("2024-08", 13)
    begun = {("pulls_merged", "keras-team/keras 2025-06"): LastAnswer(now - timedelta(days=40), "")}
    again = {(one.endpoint, one.key): one for one in source.questions([early], at_server, begun)}
    assert again["pulls_merged", "keras-team/keras 2025-06"].every_days == 7


def test_a_run_ends_after_ten_minutes_of_the_limit(at_server):
    """Two fifths of 10 a minute, with a token of 30; what is left the next runs ask for."""
    source = load_source("github_issues")
    here = replace(at_server, demo=False)
    with_token = replace(here, credentials={"GITHUB_TOKEN": "a-token"})
    assert [one.limit for one in (*source.services(here), *source.services(with_token))] == [
        "4 requests a minute",
        "12 requests a minute",
    ]
    assert [one.most_a_run for one in (*source.services(here), *source.services(with_token))] == [20, 60]


def test_a_backfill_goes_on_to_its_end(barometer):
    """A run sends some and leaves the others to the next; who backfills is told how long it takes."""
    plan = barometer(
        "backfill", "github_issues", "--dry-run", **dict.fromkeys(PUBLIC_URLS, "http://127.0.0.1:1")
    )
    (row,) = (line.split() for line in plan.stdout.splitlines() if line.startswith("github_issues"))
    assert int(row[2]) > 500 and row[3] == row[2]


def test_the_token_goes_in_a_header(at_server, server):
    """Neither in an address nor in the archive; the limit of the search is told for it."""
    _, attempt = asked(replace(at_server, credentials={"GITHUB_TOKEN": "a-token-like-any"}), [KERAS])

    assert attempt.problem is None
    assert not [one for one in server.requests if "a-token" in one.path]


def test_an_unknown_repository_is_asked_for_once(at_server, server):
    """It is refused by its name; the others are asked."""
    unknown = KERAS.model_copy(update={"id": "two", "github": "no/such"})
    _, attempt = asked(at_server, [unknown, KERAS])

    assert (attempt.answers, attempt.refused) == (16, 1)
    assert attempt.problem.startswith(
        "github_issues no/such 2025-08: HTTP 422, expected 200: Validation Failed"
    )


@pytest.mark.parametrize("fault", ["403-primary", "429", "html", "empty", "truncated", "500"])
def test_a_fault_ends_the_attempt(server, at_server, fault):
    """No figure comes of it."""
    server.faults = [Planned(fault, 1, 9)]
    _, attempt = asked(at_server, [KERAS])

    assert attempt.answers == 0
    assert attempt.problem.startswith("github_issues keras-team/keras 2025-08: ")


def body(count=1, incomplete=False, repository="a/one", **more) -> dict:
    items = [{"id": 1, "repository_url": f"https://api.github.com/repos/{repository}"}] if count else []
    return {"total_count": count, "incomplete_results": incomplete, "items": items} | more


def read(told):
    return read_total(json.dumps(told).encode())


def test_a_count_is_whole_and_of_the_repository():
    """A search that ran out of time has no answer; one of another repository is another's."""
    assert read(body(7)).total_count == 7
    with pytest.raises(Unanswered, match="found 7 in a search that ran out of time"):
        read(body(7, incomplete=True))
    with pytest.raises(ValueError, match="found 0 of 7 counted, expected one of them"):
        read(body(7, items=[]))
    require_of("A/One", read(body(7)))
    with pytest.raises(ValueError, match="found one of b/two, expected those of a/one"):
        require_of("a/one", read(body(7, repository="b/two")))


def test_none_is_believed_where_there_are_some(at_server, server):
    """Merged there is none in 2015, and many since; nothing at all is no zero."""
    old = KERAS.model_copy(update={"github": "jax-ml/jax", "first_release_on": date(2018, 9, 1)})
    server.now = datetime(2018, 11, 20, 6, tzinfo=UTC)
    _, attempt = asked(replace(at_server, clock=lambda: server.now), [old])
    assert (attempt.answers, attempt.problem) == (12, None)

    server.faults = [Planned("renamed", 1, 99)]
    _, attempt = asked(at_server, [KERAS])
    assert attempt.answers == 0


BOTH = configuration({"github_issues": 45}, one={"github": "a/one"}, two={"github": "b/two"})


@pytest.mark.usefixtures("without_checks")
def test_counts_are_observations(warehouse, told):
    """Partial while the month runs; revised where the past changes; in doubt where a program merges."""

    def tell(endpoint, month, count, at=NOW, repository="a/one", **more):
        return told("github_issues", endpoint, f"{repository} {month}", body(count, **more), at)

    house = warehouse(BOTH, now=NOW)
    house.tell(
        tell("issues_opened", "2025-03", 9, NOW - timedelta(days=1)),
        tell("issues_opened", "2025-03", 8),
        tell("issues_opened", "2025-04", 1),
        tell("issues_opened", "2025-03", 5, repository="b/two", sample="made up"),
        tell("issues_closed", "2025-03", 0),
        tell("pulls_closed", "2025-02", 19),
        tell("pulls_merged", "2025-02", 0),
        tell("pulls_closed", "2025-03", 1000),
        tell("pulls_merged", "2025-03", 20),
    )
    house.build()

    rows = house.rows(
        "select metric_id, period_start, value, state, state_reason from observations "
        "where subject_id = 'one' order by 1, 2"
    )
    by_program = (
        "20 of 1,000 closed pull requests count as merged: others are taken in by a program of the project"
    )
    assert rows == [
        ("github_issues_closed", date(2025, 3, 1), 0, "ok", None),
        ("github_issues_opened", date(2025, 3, 1), 8, "ok", None),
        ("github_issues_opened", date(2025, 4, 1), 1, "partial", None),
        ("github_pulls_closed", date(2025, 2, 1), 19, "ok", None),
        ("github_pulls_closed", date(2025, 3, 1), 1000, "ok", None),
        ("github_pulls_merged", date(2025, 2, 1), 0, "ok", None),
        ("github_pulls_merged", date(2025, 3, 1), 20, "suspect", by_program),
    ]
    assert house.rows("select value, state from observations where subject_id = 'two'") == [(5, "sample")]
    assert house.rows("select metric_id, old_value, new_value from revisions") == [
        ("github_issues_opened", 9, 8)
    ]


def test_the_models_stand_their_checks(warehouse, told):
    """As the stand-in answers."""
    house = warehouse(BOTH, now=NOW)
    house.tell(
        *(
            told("github_issues", endpoint, f"{name} 2025-03", body(3), NOW)
            for endpoint in ENDPOINTS
            for name in ("a/one", "b/two")
        )
    )
    house.build()

    failed = house.rows(
        "select check_id from quality_checks where not passed and source_id = 'github_issues'"
    )
    assert failed == []
