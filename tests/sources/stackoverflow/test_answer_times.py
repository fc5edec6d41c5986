"""How soon questions are answered: what the collector asks and believes, and which figures come of it."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import partial

import pytest

from flows.client.calendar import seconds_of
from flows.client.client import Client
from flows.client.errors import Unanswered
from flows.sources import load_source
from flows.sources.stackoverflow.answers import read_filter, read_samples
from tests.made import configuration
from warehouse.config.subject import Subject

JUNE = date(2022, 6, 1)
FIRST, LAST = seconds_of(JUNE)
DAY = 86_400
read = partial(read_samples, FIRST, LAST)


def asked(at, *waits, accepted=None):
    """A question, so many seconds after the month began, and its answers."""
    answers = [
        {"creation_date": FIRST + at + wait, "is_accepted": place == accepted}
        for place, wait in enumerate(waits)
    ]
    return {"creation_date": FIRST + at, **({"answers": answers} if answers else {})}


def body(*items, **extra):
    return {"items": items, "has_more": False, "quota_max": 300, "quota_remaining": 200, **extra}


def test_a_month_is_asked_for_once_by_a_filter_made_once(at_server, server):
    """Not before it is over for two weeks; the filter and the answers hold times, and nothing of anybody."""
    server.now = datetime(2022, 7, 14, 23, tzinfo=UTC)
    source, told = load_source("stackoverflow"), {"id": "one", "name": "One", "stackoverflow": "pytorch"}
    released = Subject(**told, first_release_on=date(2022, 8, 1))

    def samples():
        every = source.questions([released], replace(at_server, clock=lambda: server.now), {})
        return [one for one in every if one.endpoint == "answer_samples"]

    assert [one.key for one in samples()] == ["pytorch 2022-05"]
    server.now = datetime(2022, 7, 15, 1, tzinfo=UTC)
    questions = samples()
    assert [(one.key, one.settled_on) for one in questions] == [
        ("pytorch 2022-06", date(2022, 7, 15)),
        ("pytorch 2022-05", date(2022, 6, 15)),
    ]

    pages = []
    (service,) = source.services(at_server)
    with Client(service, replace(at_server, clock=lambda: server.now), pages.append) as client:
        for question in questions:
            question.ask(client)
    assert [(page.endpoint, page.key, page.problem) for page in pages] == [
        ("answer_filter", "", None),
        ("answer_samples", "pytorch 2022-06", None),
        ("answer_samples", "pytorch 2022-05", None),
    ]
    made, first, _ = (request.path for request in server.requests)
    assert "base=none" in made and "site=" not in made and "owner" not in made and "body" not in made
    assert "pagesize=100" in first and "order=asc" in first and f"fromdate={FIRST}" in first
    told = read(pages[1].body)
    assert len(told.items) == 100 and b'"sample"' in pages[1].body
    assert b"_id" not in pages[1].body


@pytest.mark.parametrize(
    ("items", "message"),
    [
        ([asked(-1)], "found questions of"),
        ([asked(31 * DAY)], "found questions of"),
        ([asked(9), asked(8)], "in order"),
        ([{"creation_date": FIRST, "answers": [{"creation_date": FIRST}]}], "is_accepted"),
        ([{"creation_date": "soon"}], "creation_date"),
        (
            [
                {
                    "creation_date": FIRST,
                    "answers": [{"creation_date": FIRST, "is_accepted": True}] * 2,
                }
            ],
            "found 2 accepted answers of a question, expected one at most",
        ),
    ],
)
def test_what_cannot_be_is_no_answer(items, message):
    """Questions of another month, out of order, or of which a field is missing or another thing."""

    with pytest.raises(ValueError, match=message):
        read(json.dumps(body(*items)).encode())


def test_a_month_without_questions_is_an_answer_and_a_filter_is_one():
    """Nothing was asked; and of a filter there is exactly one."""
    assert read(b'{"items": [], "has_more": false}').items == ()
    with pytest.raises(Unanswered, match="found null, expected questions"):
        read(b'{"items": null}')
    assert read_filter(b'{"items": [{"filter": "!x"}]}').items[0].filter == "!x"
    with pytest.raises(ValueError, match="items"):
        read_filter(b'{"items": []}')


@pytest.mark.usefixtures("without_checks")
def test_waits_are_told_over_all_questions_answered_or_not(warehouse, told):
    """Of forty ten waited an hour, ten three days, five ten days, five three weeks; ten have no answer.

    What came after the two weeks that all had counts as not answered, and so does its acceptance.
    """
    house = warehouse(configuration(one={"stackoverflow": "one"}), now=datetime(2022, 8, 1, tzinfo=UTC))
    waits = [*[(3600,)] * 10, *[(9 * DAY, 3 * DAY)] * 10, *[(10 * DAY,)] * 5, *[(21 * DAY,)] * 5, *[()] * 10]
    items = [asked(at, *wait, accepted=0 if at % 2 else None) for at, wait in enumerate(waits)]
    house.tell(
        told(
            "stackoverflow", "answer_samples", "one 2022-06", body(*items), datetime(2022, 7, 20, tzinfo=UTC)
        )
    )
    house.build()

    rows = house.rows(
        "select metric_id, period_start, value, low, high, state from observations order by metric_id"
    )
    hours = 3 * 24.0
    assert [(name, month, value, state) for name, month, value, _, _, state in rows] == [
        ("stackoverflow_accepted_share", JUNE, pytest.approx(12 / 40), "ok"),
        ("stackoverflow_answered_in_a_day_share", JUNE, pytest.approx(10 / 40), "ok"),
        ("stackoverflow_answered_in_a_week_share", JUNE, pytest.approx(20 / 40), "ok"),
        ("stackoverflow_hours_to_answer", JUNE, hours, "ok"),
    ]
    # The seven places before the twentieth are as long; of the seven after it the last has no answer in time.
    assert rows[3][3:5] == (hours, None)
    assert rows[1][3:5] == (pytest.approx(0.1419, abs=1e-4), pytest.approx(0.4019, abs=1e-4))


@pytest.mark.usefixtures("without_checks")
def test_no_median_is_told_of_few_or_where_most_still_wait(warehouse, told):
    """Nineteen are too few; and of twenty nine were answered. Their shares are told, wide as they are."""
    house = warehouse(
        configuration(one={"stackoverflow": "one"}, two={"stackoverflow": "two"}),
        now=datetime(2022, 8, 1, tzinfo=UTC),
    )
    few = body(*(asked(at, 60) for at in range(19)))
    waiting = body(*(asked(at, *((60,) if at < 9 else ())) for at in range(20)), sample="a formula")
    at = datetime(2022, 7, 20, tzinfo=UTC)
    house.tell(
        told("stackoverflow", "answer_samples", "one 2022-06", few, at),
        told("stackoverflow", "answer_samples", "two 2022-06", waiting, at),
        told("stackoverflow", "answer_samples", "two 2022-05", body(), at),
    )
    house.build()

    assert house.rows(
        "select subject_id, metric_id, value, state from observations "
        "where metric_id in ('stackoverflow_hours_to_answer', 'stackoverflow_answered_in_a_day_share') "
        "order by all"
    ) == [
        ("one", "stackoverflow_answered_in_a_day_share", 1.0, "ok"),
        ("two", "stackoverflow_answered_in_a_day_share", pytest.approx(9 / 20), "sample"),
    ]
