"""GitHub topics: what the collector asks, believes and refuses, and which figures come of it."""

import json
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from flows.client.errors import Unanswered
from flows.demo.schedule import Planned
from flows.pipeline.collect import collect, due_questions
from flows.sources import load_source
from flows.sources.tutorials.answers import read_total, require_of
from tests.made import configuration
from warehouse.archive.write import LastAnswer
from warehouse.config.settings import Settings
from warehouse.config.subject import Subject

NOW = datetime(2025, 4, 2, tzinfo=UTC)
KERAS = Subject(id="one", name="One", tutorials="keras", first_release_on=date(2025, 7, 9))
ENDPOINTS = ("topic_months", "tutorial_months")


def asked(settings: Settings, subjects):
    """Return what is due, and how an attempt goes that asks it."""
    source = load_source("tutorials")
    (service,) = source.services(settings)
    questions = due_questions(service, subjects, settings, {})
    return questions, collect(service, questions, settings, {})


def test_months_are_asked_newest_first(at_server, server):
    """Two counts a month since one before the first release, of which the stand-in's are believed."""
    questions, attempt = asked(at_server, [KERAS])

    assert [(one.endpoint, one.key) for one in questions] == [
        (endpoint, f"keras 2025-{month:02}") for month in (8, 7, 6) for endpoint in ENDPOINTS
    ]
    assert (attempt.answers, attempt.refused, attempt.problem) == (6, 0, None)
    searched = [one.path.partition("q=")[2] for one in server.requests[:2]]
    assert searched == [
        "topic%3Akeras+created%3A2025-08&per_page=1",
        "topic%3Akeras+tutorial+in%3Aname%2Cdescription+created%3A2025-08&per_page=1",
    ]


def test_the_past_is_asked_for_twice_a_year_for_ever(at_server):
    """Young months weekly, and one that was running when it was last read."""
    source, now = load_source("tutorials"), at_server.clock()
    early = KERAS.model_copy(update={"first_release_on": date(2023, 7, 1)})
    listed = list(source.questions([early], at_server, {}))
    known = {(one.endpoint, one.key): LastAnswer(now - timedelta(days=60), "") for one in listed}
    again = {one.key: one.every_days for one in source.questions([early], at_server, known)}

    assert Counter(one.every_days for one in listed) == {7: 4, 182: 52}
    assert {one.settled_on for one in listed} == {None}
    assert [key for key, every_days in again.items() if every_days == 7] == [
        f"keras 2025-{month:02}" for month in (8, 7, 6)
    ]


def test_a_run_takes_five_minutes_of_two_fifths_of_the_limit(at_server):
    """Which a token raises; it is the one of another source."""
    source = load_source("tutorials")
    with_token = replace(at_server, credentials={"GITHUB_TOKEN": "a-token"})
    services = (*source.services(at_server), *source.services(with_token))

    assert [(one.limit, one.most_a_run) for one in services] == [
        ("4 requests a minute", 20),
        ("12 requests a minute", 60),
    ]


def test_a_topic_that_nobody_has_is_no_zero(at_server, server):
    """It is told by its name, once, and the others are asked."""
    unknown = KERAS.model_copy(update={"id": "two", "tutorials": "keraz"})
    _, attempt = asked(at_server, [unknown, KERAS])

    assert (attempt.answers, attempt.refused) == (6, 1)
    assert attempt.problem == (
        "tutorials keraz 2025-08: "
        "found no repository with the topic keraz, in this month or ever, expected some"
    )


def test_a_month_without_any_is_zero_where_there_are_some(at_server, server):
    """Long before its first release, in the demo's formula."""
    server.now = datetime(2010, 3, 3, 6, tzinfo=UTC)
    early = KERAS.model_copy(update={"first_release_on": date(2010, 3, 3)})
    _, attempt = asked(replace(at_server, clock=lambda: server.now), [early])

    assert (attempt.answers, attempt.problem) == (6, None)
    assert len(server.requests) == 7, "one that asks whether there are any"


@pytest.mark.parametrize("fault", ["403-secondary", "429", "html", "empty", "truncated", "500"])
def test_a_fault_ends_the_attempt(server, at_server, fault):
    """No figure comes of it."""
    server.faults = [Planned(fault, 1, 9)]
    _, attempt = asked(at_server, [KERAS])

    assert attempt.answers == 0
    assert attempt.problem.startswith("tutorials keras 2025-08: ")


def body(count=1, incomplete=False, topics=("keras",), created="2025-03-09T00:00:00Z", **more) -> dict:
    items = [{"id": 1, "created_at": created, "topics": topics}] if count else []
    return {"total_count": count, "incomplete_results": incomplete, "items": items} | more


def read(told):
    return read_total(json.dumps(told).encode())


def test_a_count_is_whole_and_of_topic_and_month():
    """A search that ran out of time has no answer, nor has one of another topic or month."""
    march = date(2025, 3, 1)
    require_of("keras", march, read(body(7)))
    require_of("keras", march, read(body(7, items=[{"created_at": "2025-03-31T23:59:59Z"}])))
    with pytest.raises(Unanswered, match="found 7 in a search that ran out of time"):
        read(body(7, incomplete=True))
    with pytest.raises(ValueError, match="found 0 of 7 counted, expected one of them, or none"):
        read(body(7, items=[]))
    with pytest.raises(ValueError, match="found one with the topics jax, expected keras among them"):
        require_of("keras", march, read(body(7, topics=("jax",))))
    with pytest.raises(ValueError, match="found one of 2025-04-01, expected those of 2025-03"):
        require_of("keras", march, read(body(7, created="2025-04-01T00:00:00Z")))


BOTH = configuration(one={"tutorials": "keras"}, two={"tutorials": "jax"})


def test_counts_are_observations(warehouse, told):
    """Partial while the month runs, and revised where the past shrinks."""

    def tell(endpoint, month, count, at=NOW, topic="keras", **more):
        return told("tutorials", endpoint, f"{topic} {month}", body(count, **more), at)

    house = warehouse(BOTH, now=NOW)
    house.tell(
        tell("topic_months", "2025-03", 90, NOW - timedelta(days=1)),
        tell("topic_months", "2025-03", 88),
        tell("topic_months", "2025-04", 3),
        tell("tutorial_months", "2025-03", 0),
        tell("topic_months", "2025-03", 50, topic="jax", sample="made up"),
        tell("tutorial_months", "2025-03", 5, topic="jax", sample="made up"),
    )
    house.build()

    sql = (
        "select metric_id, period_start, value, state from observations where subject_id = '{}' order by 1, 2"
    )
    assert house.rows(sql.format("one")) == [
        ("topic_repositories_created", date(2025, 3, 1), 88, "ok"),
        ("topic_repositories_created", date(2025, 4, 1), 3, "partial"),
        ("tutorials_created", date(2025, 3, 1), 0, "ok"),
    ]
    assert [row[2:] for row in house.rows(sql.format("two"))] == [(50, "sample"), (5, "sample")]
    assert house.rows("select metric_id, old_value, new_value from revisions") == [
        ("topic_repositories_created", 90, 88)
    ]
    assert house.rows("select check_id, severity from quality_checks where not passed") == []
