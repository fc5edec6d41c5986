"""Hugging Face: what the collector asks and believes, and which figures come of it."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest

from flows.client.client import Client
from flows.client.errors import Unanswered
from flows.sources import load_source
from flows.sources.hugging_face.collect import ALL_MODELS, read_models
from tests.made import configuration
from warehouse.config.ecosystem import Subject

NOW = datetime(2026, 11, 29, 6, tzinfo=UTC)


def ask_all(settings, *libraries):
    """Ask for the libraries of one subject; return the questions, and what was archived."""
    source, pages = load_source("hugging_face"), []
    subjects = [Subject(id="one", name="One", hugging_face=list(libraries))] if libraries else []
    asked = list(source.questions(subjects, settings, {}))
    (service,) = source.services(settings)
    with Client(service, settings, pages.append) as client:
        for question in asked:
            question.ask(client)
    return asked, pages


def first_page(total, listed=None, **changes):
    count = min(total, 30) if listed is None else listed
    models = [{"id": f"somebody/{n}", "authorData": {"name": "somebody"}} for n in range(count)]
    return {"models": models, "numItemsPerPage": 30, "numTotalItems": total, "pageIndex": 0} | changes


def read(body, library="keras", told=None):
    return read_models(library, told or {}, json.dumps(body).encode())


def test_the_stand_in_is_asked_and_believed(at_server):
    """One question a library and day, and one of all; the models that are listed are not kept."""
    asked, pages = ask_all(at_server, "pytorch", "jax")

    assert [(one.key, one.every_days) for one in asked] == [(ALL_MODELS, 1), ("pytorch", 1), ("jax", 1)]
    assert [page.problem for page in pages] == [None, None, None]
    assert pages[1].url.endswith("/models-json?withCount=true&library=pytorch")
    assert all(set(json.loads(page.body)) == {"numTotalItems", "sample"} for page in pages)


def test_nobody_is_asked_for_no_library(at_server):
    """All models alone tell nothing."""
    assert ask_all(at_server) == ([], [])


def test_an_unknown_library_is_told_and_stops_no_other(at_server):
    """There are no models of it, which is not zero."""
    _, pages = ask_all(at_server, "pytroch", "jax")

    assert [page.problem for page in pages] == [None, "hugging_face pytroch: found no models", None]


def test_a_first_page_is_read():
    """Fewer models than a page has are all there are."""
    assert read(first_page(412_345)).total == 412_345
    assert read(first_page(7), told={ALL_MODELS: 8}).total == 7


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ({"models": [], "numItemsPerPage": 30, "pageIndex": 0}, "numTotalItems"),
        (first_page(412_345, numTotalItems="412345"), "numTotalItems"),
        (first_page(412_345, numTotalItems=None), "numTotalItems"),
        (first_page(0, listed=30), "found 30 models on the first page, of 0 in all"),
        (first_page(412_345, listed=2), "found 2 models on the first page, of 412345 in all"),
        (first_page(412_345, pageIndex=1), "pageIndex"),
        (first_page(412_345, numItemsPerPage=0), "numItemsPerPage"),
        ([], "Input should be"),
    ],
)
def test_a_part_is_no_answer(body, found):
    """Nor is an answer without the number, or of another page."""
    with pytest.raises(ValueError, match=found):
        read(body)


def test_as_many_as_there_are_in_all_are_of_no_library():
    """The interface is not documented, and may forget what it was asked for."""
    with pytest.raises(ValueError, match="found 9 models, as many as there are, expected those of a lib"):
        read(first_page(9), told={ALL_MODELS: 9})


def test_no_models_are_no_answer():
    """It is most likely misspelled."""
    with pytest.raises(Unanswered, match="found no models"):
        read(first_page(0))


def test_models_are_counted_by_day(warehouse, told):
    """Of several libraries the sum, with the largest as low; on a day without one of them nothing."""
    before = NOW - timedelta(days=1)
    house = warehouse(
        configuration(one={"hugging_face": ["keras", "tf-keras"]}, two={"hugging_face": ["jax"]}), now=NOW
    )
    house.tell(
        *(
            told("hugging_face", "models", library, {"numTotalItems": total} | more, at)
            for library, total, more, at in (
                ("keras", 30, {}, before),
                (ALL_MODELS, 1000, {}, NOW),
                ("keras", 40, {}, NOW),
                ("tf-keras", 10, {}, NOW),
                ("jax", 5, {"sample": "made up"}, NOW),
            )
        )
    )
    house.build()

    today = date(2026, 11, 29)
    assert house.rows(
        "select subject_id, metric_id, period_start, value, low, high, state from observations order by all"
    ) == [
        ("one", "hugging_face_models", today, 50.0, 40.0, 50.0, "ok"),
        ("one", "hugging_face_models_per_1000", today, 50.0, 40.0, 50.0, "ok"),
        ("two", "hugging_face_models", today, 5.0, None, None, "sample"),
        ("two", "hugging_face_models_per_1000", today, 5.0, None, None, "sample"),
    ]
    assert house.rows("select distinct state from series_status") == [("fresh",)]
    assert house.rows("select check_id from quality_checks where not passed") == []
