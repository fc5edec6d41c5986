"""OpenAlex: what the collector asks and believes, and which figures come of it."""

import gzip
import json
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from flows.client.client import Client
from flows.client.errors import Unanswered
from flows.pipeline.collect import collect
from flows.sources import load_source
from flows.sources.openalex.collect import ALL_WORKS, read_all_years, read_years
from tests.made import configuration
from warehouse.archive.write import archived_files
from warehouse.config.ecosystem import Subject

FIRST, TODAY = date(2010, 1, 1), date(2013, 3, 10)
NOW = datetime(2013, 3, 10, 6, tzinfo=UTC)
SUBJECTS = [
    Subject(id="pytorch", name="PyTorch", openalex="pytorch"),
    Subject(id="spark", name="Spark", openalex="apache spark"),
]


def answer(years, **meta):
    groups = [{"key": str(year), "key_display_name": str(year), "count": n} for year, n in years.items()]
    told = {"count": sum(years.values()), "page": 1, "groups_count": len(groups)}
    return {"meta": told | meta, "group_by": groups}


ALL = answer({2012: 400_000, 2011: 300_000, 2010: 200_000, 2013: 50_000})
NAMED = answer({2012: 40, 2010: 3, 2013: 2})


def read(body, reader=read_years):
    return reader(FIRST, TODAY, json.dumps(body).encode())


def ask_all(settings):
    """Ask every question; return them, and what was archived."""
    source, pages = load_source("openalex"), []
    (service,) = source.services(settings)
    asked = list(source.questions(SUBJECTS, settings, {}))
    with Client(service, settings, pages.append) as client:
        for question in asked:
            question.ask(client)
    return asked, pages


def test_the_stand_in_is_asked_and_believed(at_server):
    """One question a word and one of all works, every four weeks."""
    asked, pages = ask_all(at_server)

    assert [question.key for question in asked] == ["pytorch", "apache spark", ALL_WORKS]
    assert {question.every_days for question in asked} == {28}
    assert [page.problem for page in pages] == [None, None, None]
    named, phrase, every = (json.loads(page.body) for page in pages)
    assert "api_key" not in pages[0].url
    assert "search%3A%22apache+spark%22%2Chas_abstract%3Atrue" in pages[1].url
    assert named["sample"] and phrase["sample"]
    assert len(every["group_by"]) == 16


def test_nobody_is_asked_of_no_word(at_server):
    """All works alone tell nothing."""
    assert list(load_source("openalex").questions([], at_server, {})) == []


def test_a_key_is_sent_and_kept_out_of_the_archive(at_server):
    """Not even where it is short."""
    for key in ("k3y", "a-long-key-of-somebody"):
        keyed = replace(at_server, credentials={"OPENALEX_API_KEY": key})
        source = load_source("openalex")
        (service,) = source.services(keyed)
        assert service.quota.requests == 1_000
        attempt = collect(service, list(source.questions(SUBJECTS, keyed, {})), keyed, {})

        assert (attempt.answers, attempt.problem) == (3, None)
        (file,) = archived_files(keyed.archive)
        assert key.encode() not in gzip.decompress(file.read_bytes())
        file.unlink()


def test_a_day_that_is_used_up_is_no_failure(at_server):
    """What was answered is kept, and what is left is told and asked for another day."""
    source = load_source("openalex")
    (service,) = source.services(at_server)
    asked = list(source.questions(SUBJECTS, at_server, {}))
    for _ in range(3):
        assert collect(service, asked, at_server, {}).postponed is None
    attempt = collect(service, asked, at_server, {})

    assert (attempt.answers, attempt.refused, attempt.problem) == (1, 1, None)
    assert attempt.postponed.startswith("openalex apache spark: HTTP 429, expected 200: The day's budget")
    assert attempt.postponed.endswith("; 2 questions are left for the next runs")


def test_a_whole_answer_is_read():
    """Its years come in any order, and those without works are left out."""
    assert [one.key for one in read(NAMED).group_by] == [2012, 2010, 2013]
    assert len(read(ALL, read_all_years).group_by) == 4


@pytest.mark.parametrize(
    ("body", "reader", "found"),
    [
        (answer({2012: 40}, count=41), read_years, "found years of 40 works, expected the 41 told of"),
        (answer({2012: 40}, groups_count=12), read_years, "found 1 years, expected the 12 told of"),
        (answer({2014: 1}), read_years, "found the year 2014, expected one of 2010 to 2013"),
        (answer({1999: 1}), read_years, "found the year 1999"),
        (answer({"unknown": 1}), read_years, "group_by.0.key"),
        (answer({2012: 0}), read_years, "group_by.0.count"),
        (answer({2010: 1, 2012: 1}), read_all_years, "found no works of 2011, expected some of each year"),
        ({"meta": {"count": 0}, "results": []}, read_years, "group_by"),
        (
            {"meta": {"count": 2}, "group_by": NAMED["group_by"][:1] * 2},
            read_years,
            "found 2 years with one told twice",
        ),
    ],
)
def test_a_part_is_no_answer(body, reader, found):
    """Nor is another thing, or a year that was not asked for."""
    with pytest.raises(ValueError, match=found):
        read(body, reader)


def test_a_word_that_nobody_wrote_has_no_answer():
    """It is most likely misspelled."""
    with pytest.raises(Unanswered, match="found no works"):
        read(answer({}))


def test_years_are_told_as_they_are_and_per_100000(warehouse, told):
    """One left out is zero, the running one partial; a year that grew is a revision."""
    ours = {"openalex": "pytorch"}
    house = warehouse(configuration(one=ours, two={"openalex": "keras"}), now=NOW)
    grown = answer({2012: 44, 2010: 3, 2013: 2})
    house.tell(
        told("openalex", "years", "pytorch", NAMED, NOW.replace(month=2)),
        told("openalex", "years", "pytorch", grown, NOW),
        told("openalex", "years", ALL_WORKS, ALL, NOW),
        told("openalex", "years", "keras", NAMED | {"sample": "made up"}, NOW),
    )
    house.build()

    assert house.rows(
        "select metric_id, period_start, period_end, value, state from observations "
        "where subject_id = 'one' order by metric_id, period_start"
    ) == [
        (metric_id, date(year, 1, 1), date(year, 12, 31), value, state)
        for metric_id, values in (
            ("openalex_works", (3, 0, 44, 2)),
            ("openalex_works_per_100000", (1.5, 0, 11, 4)),
        )
        for year, value, state in zip(
            (2010, 2011, 2012, 2013), values, ("ok", "ok", "ok", "partial"), strict=True
        )
    ]
    assert house.rows("select distinct state from observations where subject_id = 'two' order by 1") == [
        ("partial",),
        ("sample",),
    ]
    assert house.rows("select metric_id, period_start, old_value, new_value from revisions") == [
        ("openalex_works", date(2012, 1, 1), 40.0, 44.0)
    ]
    assert house.rows("select distinct state, expected_lag_days from series_status") == [("fresh", 400)]
    assert house.rows("select check_id from quality_checks where not passed") == []
    assert house.rows(
        "select period_start, share from share_of('openalex_works') where subject_id = 'one' order by 1"
    ) == [(date(2010, 1, 1), 0.5), (date(2011, 1, 1), None), (date(2012, 1, 1), 44 / 84)]


def test_what_was_read_before_the_rebuild_is_of_another_counting(warehouse, told):
    """A year told otherwise since is no revision, and no share is of two corpora."""
    before, after = datetime(2025, 8, 6, tzinfo=UTC), datetime(2026, 3, 1, tzinfo=UTC)
    house = warehouse(configuration(one={"openalex": "pytorch"}), now=after)
    house.tell(
        told("openalex", "years", "pytorch", answer({2024: 40}), before),
        told("openalex", "years", ALL_WORKS, answer({2024: 100_000}), before),
        told("openalex", "years", "pytorch", answer({2024: 60}), after),
    )
    house.build()

    assert house.rows("select value, basis from observations where period_start = '2024-01-01'") == [
        (60.0, "works with an abstract")
    ]
    assert house.rows("from revisions") == []
