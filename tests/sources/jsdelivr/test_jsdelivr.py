"""jsDelivr: what the collector asks and believes, and which figures come of it."""

import json
from calendar import monthrange
from datetime import UTC, date, datetime

import pytest

from flows.client.client import Client
from flows.client.errors import Unanswered
from flows.client.request import Due
from flows.sources import load_source
from flows.sources.jsdelivr.collect import read_hits
from tests.made import configuration
from warehouse.archive.write import LastAnswer
from warehouse.config.subject import Subject

PACKAGE = "@tensorflow/tfjs"
SUBJECTS = [Subject(id="one", name="One", jsdelivr=PACKAGE)]
MAY = date(2025, 5, 1)


def body_of(month, requests=100, **changes):
    """A month of so many requests a day; `d07=0` changes one day, None leaves it out."""
    days = {f"{month:%Y-%m}-{n:02}": requests for n in range(1, monthrange(month.year, month.month)[1] + 1)}
    days |= {f"{month:%Y-%m}-{day[1:]}": changed for day, changed in changes.items()}
    days = {day: told for day, told in days.items() if told is not None}
    return {"hits": {"rank": None, "total": sum(days.values()), "dates": days}}


def read(body, month=MAY):
    return read_hits(month, json.dumps(body).encode())


def asked(at_server, known):
    source = load_source("jsdelivr")
    (service,) = source.services(at_server)
    questions = Due(lambda: source.questions(SUBJECTS, at_server, known), known, at_server.clock())
    pages = []
    with Client(service, at_server, pages.append) as client:
        for question in questions:
            question.ask(client)
    return pages


def test_twelve_months_are_asked_for_once_and_then_one_a_month(at_server, server):
    """Each when it has been over for three days, the newest first."""
    pages = asked(at_server, {})

    assert [page.key for page in pages][::11] == [f"{PACKAGE} 2025-07", f"{PACKAGE} 2024-08"]
    assert [page.problem for page in pages] == [None] * 12
    assert server.requests[0].path == f"/v1/stats/packages/npm/{PACKAGE}?period=2025-07"
    assert json.loads(pages[0].body)["sample"]

    known = {(page.endpoint, page.key): LastAnswer(page.fetched_at, "") for page in pages}
    server.now = datetime(2025, 9, 3, 23, tzinfo=UTC)
    assert asked(at_server, known) == []
    server.now = datetime(2025, 9, 4, tzinfo=UTC)
    assert [page.key for page in asked(at_server, known)] == [f"{PACKAGE} 2025-08"]


def test_a_whole_month_is_read():
    """Days of few requests may have none."""
    assert read(body_of(MAY)).total == 3100
    assert read(body_of(MAY, 3, d07=0)).total == 90


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (body_of(MAY, d31=None), "found 3000 requests on 30 days, expected some on 31"),
        (body_of(MAY, 0), "found 0 requests on 31 days"),
        (body_of(MAY, d30=0, d31=0), "found no request on 2025-05-30, expected about 93"),
    ],
)
def test_a_month_with_a_day_unknown_has_no_answer(body, found):
    """Days that are late, what is told no more, and days that were not counted are no zeros."""
    with pytest.raises(Unanswered, match=found):
        read(body)


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ({"hits": body_of(MAY)["hits"] | {"total": 3099}}, "found days of 3100 requests, expected the total"),
        (body_of(date(2025, 6, 1)), "found 2025-06-01, expected days of 2025-05"),
        ({"hits": {"total": 0}}, "dates"),
        ({"status": 404, "message": "Couldn't find stats"}, "hits"),
        ({"hits": {"total": 1, "dates": {"2025-05-01": "1"}}}, "valid integer"),
    ],
)
def test_another_answer_is_refused(body, found):
    """Another month, days that are missing in the sum, and what is no statistics at all."""
    with pytest.raises(ValueError, match=found):
        read(body)


def test_a_small_archive_becomes_figures_and_passes_every_check(warehouse, told):
    """As many as were told; what a stand-in made up says so."""
    at = datetime(2025, 7, 10, tzinfo=UTC)
    house = warehouse(configuration(one={"jsdelivr": PACKAGE}, two={"jsdelivr": "two"}), now=at)
    house.tell(
        *(
            told("jsdelivr", "month_hits", f"{PACKAGE} {m:%Y-%m}", body_of(m), at)
            for m in (MAY, date(2025, 6, 1))
        ),
        told("jsdelivr", "month_hits", "two 2025-06", body_of(date(2025, 6, 1)) | {"sample": "made up"}, at),
    ).build()

    assert house.rows("select subject_id, period_start, value, state from observations order by all") == [
        ("one", date(2025, 5, 1), 3100.0, "ok"),
        ("one", date(2025, 6, 1), 3000.0, "ok"),
        ("two", date(2025, 6, 1), 3000.0, "sample"),
    ]
    assert house.rows("select check_id, detail from quality_checks where not passed") == []
