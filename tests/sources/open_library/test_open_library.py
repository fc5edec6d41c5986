"""Open Library: what the collector asks and believes, and which figures come of it."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from flows.client.client import Client
from flows.client.request import Due
from flows.pipeline.collect import collect, due_questions
from flows.sources import load_source
from flows.sources.open_library.collect import read_books
from tests.made import configuration
from warehouse.archive.write import LastAnswer
from warehouse.config.subject import Subject
from warehouse.errors import AccessDenied

SUBJECTS = [
    Subject(id="one", name="One", open_library="pytorch", first_release_on=date(2017, 1, 19)),
    Subject(id="two", name="Two", open_library="apache spark", first_release_on=date(2024, 5, 1)),
]


@pytest.fixture
def reached(at_server):
    """Settings with somebody who can be reached."""
    return replace(at_server, contact="ops@example.org")


def ask_due(settings, known):
    source = load_source("open_library")
    (service,) = source.services(settings)
    questions = Due(lambda: source.questions(SUBJECTS, settings, known), known, settings.clock())
    pages = []
    with Client(service, settings, pages.append) as client:
        for question in questions:
            question.ask(client)
    return pages


def answer(*titles, year=2020, **changes):
    docs = [
        {"key": f"/works/OL{n}W", "title": title, "first_publish_year": year}
        for n, title in enumerate(titles)
    ]
    return {"numFound": len(docs), "start": 0, "numFoundExact": True, "docs": docs} | changes


def read(body):
    return read_books("pytorch", 2020, json.dumps(body).encode())


def test_the_stand_in_is_asked_and_believed(reached, server):
    """One question a word and year since the first release, the newest first."""
    pages = ask_due(reached, {})

    keys = [page.key for page in pages]
    assert keys == [
        *(f"pytorch {year}" for year in range(2025, 2016, -1)),
        "apache spark 2025",
        "apache spark 2024",
    ]
    assert {page.problem for page in pages} == {None}
    assert json.loads(pages[1].body)["numFound"] > 9
    assert json.loads(pages[0].body)["sample"]


def test_newest_years_are_asked_for_each_quarter_and_one_that_has_ended_at_once(reached, server):
    """Of a running year the last answer was partial."""
    known = {(page.endpoint, page.key): LastAnswer(page.fetched_at, "") for page in ask_due(reached, {})}
    server.now = datetime(2025, 12, 31, 6, tzinfo=UTC)
    quarterly = {page.key for page in ask_due(reached, known)}
    assert quarterly >= {f"{word} {year}" for word in ("pytorch", "apache spark") for year in (2025, 2024)}

    known = {name: LastAnswer(server.now, "") for name in known}
    server.now = datetime(2026, 1, 1, 6, tzinfo=UTC)
    asked = {page.key for page in ask_due(reached, known)}
    assert {"pytorch 2025", "apache spark 2025", "pytorch 2026", "apache spark 2026"} <= asked
    assert len(asked) <= 6


def test_without_a_contact_it_is_not_asked(at_server, server):
    """That is no failure; who would ask all the same is refused."""
    (service,) = load_source("open_library").services(at_server)
    attempt = collect(service, due_questions(service, SUBJECTS, at_server, {}), at_server, {})

    assert (attempt.problem, server.requests) == (None, [])
    assert attempt.postponed == "open_library is not asked without BAROMETER_CONTACT"
    with pytest.raises(AccessDenied, match="HTTP 403"):
        ask_due(at_server, {})


def test_books_of_the_year_are_counted():
    """Their number is of all, their titles of some; one may be named by another edition alone."""
    assert read(answer("Deep learning with PyTorch", "Tiefes Lernen")).number == 2
    assert read(answer()).number == 0
    assert read(answer(*["PyTorch"] * 100, numFound=140)).number == 140


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (answer("PyTorch", year=2019), "found a book of 2019, expected those of 2020"),
        (answer("Dune", "Emma"), "found 'Dune' and others, expected titles that name 'pytorch'"),
        (answer("PyTorch", numFound=2), "found 1 books, expected 100 of 2 or all"),
        (answer("PyTorch", numFoundExact=False), "numFoundExact"),
        (answer("PyTorch", start=100), "start"),
        ({"error": "busy"}, "numFound"),
    ],
)
def test_another_answer_is_refused(body, found):
    """Books of another question, a part of them, and what is no search at all."""
    with pytest.raises(ValueError, match=found):
        read(body)


def test_books_are_told_by_year_and_pass_every_check(warehouse, told):
    """From the first book on, the running year as partial; a year that grows later is a revision."""
    then, now = datetime(2023, 1, 5, tzinfo=UTC), datetime(2023, 4, 10, tzinfo=UTC)

    def books(word, year, count, at, **more):
        body = {"numFound": count, "start": 0, "numFoundExact": True, "docs": [], **more}
        return told("open_library", "year_books", f"{word} {year}", body, at)

    config = configuration(one={"open_library": "pytorch"}, two={"open_library": "apache spark"})
    house = warehouse(config, now=now)
    house.tell(
        *(
            books("pytorch", year, count, then)
            for year, count in ((2018, 0), (2019, 3), (2020, 0), (2021, 5), (2022, 7))
        ),
        *(books("apache spark", year, 2, now, sample="made up") for year in (2022, 2023)),
        *(books("pytorch", year, count, now) for year, count in ((2022, 9), (2023, 1))),
    ).build()

    assert house.rows(
        "select subject_id, period_start, period_end, value, state from observations order by all"
    ) == [
        *(
            ("one", date(year, 1, 1), date(year, 12, 31), value, state)
            for year, value, state in (
                (2019, 3.0, "ok"),
                (2020, 0.0, "ok"),
                (2021, 5.0, "ok"),
                (2022, 9.0, "ok"),
                (2023, 1.0, "partial"),
            )
        ),
        ("two", date(2022, 1, 1), date(2022, 12, 31), 2.0, "sample"),
        ("two", date(2023, 1, 1), date(2023, 12, 31), 2.0, "partial"),
    ]
    assert house.rows("select period_start, old_value, new_value from revisions") == [
        (date(2022, 1, 1), 7.0, 9.0)
    ]
    assert house.rows("select check_id, detail from quality_checks where not passed") == []
