"""The gate: what fails a check is withheld, everything else is published, and the reason is told."""

import json
import shutil
from datetime import UTC, datetime, timedelta

import pytest

from tests.made import configuration, expecting
from warehouse.archive.write import record_attempt
from warehouse.build import project
from warehouse.errors import GateClosed

LAGS = {"github": 9, "stackoverflow": 400}
OF_ONE = {"github": "one/one", "stackoverflow": "one"}
ONE = configuration(LAGS, one=OF_ONE)
WITH_TRENDS = configuration(
    LAGS | {"google_trends": expecting(35, points=(2, None, "Another window."))},
    one=OF_ONE | {"google_trends": "one"},
)
NOW = datetime(2025, 3, 10, 6, tzinfo=UTC)
# Of no source: what always fails, what cannot be run, and a model that some answer overflows.
ADDED = {
    "tests/nothing_is_asked.sql": "select * from {{ ref('subjects') }}",
    "tests/cannot_be_run.sql": (
        "{{ config(severity='warn') }} select no_such_column from {{ ref('subjects') }}"
    ),
    "models/marts/overflow.sql": (
        "select case when value = 13 then error('too large') end as sum from {{ ref('int_observations') }}"
    ),
}
SUNDAY_SECONDS = int(datetime(2025, 2, 23, tzinfo=UTC).timestamp())


@pytest.fixture(scope="module")
def changed(tmp_path_factory):
    """The project with what is added; dbt parses it once."""
    folder = tmp_path_factory.mktemp("project") / "sql"
    shutil.copytree(project.DBT_PROJECT, folder, ignore=shutil.ignore_patterns("target"))
    for name, sql in ADDED.items():
        (folder / name).write_text(sql)
    return folder


def stars(told, at, days, total=None):
    week = {"week": SUNDAY_SECONDS, "total": sum(days) if total is None else total, "days": days}
    return told("github", "star_history", "one/one 1", [week], at)


def counters(told, at):
    body = {"id": 1, "full_name": "one/one", "stargazers_count": 99, "forks_count": 1, "open_issues_count": 1}
    return told("github", "repository", "one/one", body, at)


def asked(told, total, at):
    return told("stackoverflow", "question_months", "one 2025-02", {"total": total}, at)


def gained(house):
    return house.rows(
        "select value, state from observations where metric_id = 'github_stars_gained' order by period_start"
    )


def status(house):
    return house.rows("select source_id, state, reason from source_status order by 1")


def imported(told, months, noon):
    """An import of so many months of 2025: it is of a midnight, and made in the middle of the day."""
    asked_for = (
        'https://t.example/multiline?req={"time":"2025-01-01+2025-03-10","resolution":"MONTH",'
        '"comparisonItem":[{"complexKeywordsRestriction":{"keyword":[{"value":"one"}]}}]}'
    )
    times = [str(int(datetime(2025, month, 1, tzinfo=UTC).timestamp())) for month in months]
    points = [{"time": time, "value": [100], "hasData": [True]} for time in times]
    body = ")]}',\n" + json.dumps({"default": {"timelineData": points}})
    midnight = noon.replace(hour=0)
    page = told("google_trends", "interest_over_time", "one", body, midnight, url=asked_for).page()
    return lambda archive: record_attempt(archive, "google_trends", lambda: noon, lambda add: add(page))


def searched(house):
    return house.rows(
        "select value, state, state_reason from observations "
        "where metric_id = 'google_trends_interest' order by period_start"
    )


def test_a_source_that_fails_a_check_stays_at_its_last_good_point(warehouse, told):
    """The other source is published with its newest figure; the next right answer ends it.

    That point is of files, and not of a time: an import is of the midnight before it was made.
    """
    house = warehouse(WITH_TRENDS, now=NOW)
    right = [1, 2, 3, 4, 5, 6, 7]
    before, a_day_later = NOW - timedelta(days=3), NOW - timedelta(days=2)
    house.tell(counters(told, before), stars(told, before, right), asked(told, 5, before))
    imported(told, [1, 2], before)(house.settings.archive)
    house.build()
    assert gained(house) == [(28.0, "ok")]
    assert searched(house) == [(100.0, "ok", None)] * 2

    house.tell(stars(told, a_day_later, right, total=29), asked(told, 6, NOW))
    imported(told, [1], a_day_later)(house.settings.archive)
    house.build()
    assert gained(house) == [(28.0, "stale")]
    withheld = "its source's newest answers failed a check and are withheld"
    assert searched(house) == [(100.0, "ok", None), (100.0, "stale", withheld)]
    assert house.rows("select questions from community_monthly where questions is not null") == [(6,)]
    (github, trends, stackoverflow) = status(house)
    assert trends[1:] == (
        "stale",
        "its newest answers failed a check and are withheld: search_interest_has_its_points: "
        "one: points is 1, expected at least 2: Another window.",
    )
    imported_at = "select last_success_at from source_status where source_id = 'google_trends'"
    assert house.rows(imported_at) == [(before.replace(hour=0),)]
    assert github[:2] == ("github", "stale")
    assert github[2].startswith("its newest answers failed a check and are withheld: weeks_are_the_sum_of")
    assert stackoverflow == ("stackoverflow", "fresh", None)
    failed = "select check_id, source_id, severity, failing_rows from quality_checks where not passed"
    assert house.rows(failed + " order by 1") == [
        ("search_interest_has_its_points", "google_trends", "error", 1),
        ("weeks_are_the_sum_of_their_days", "github", "error", 1),
    ]

    house.tell(stars(told, NOW - timedelta(days=1), [9, *right[1:]]))
    imported(told, [1, 2], NOW - timedelta(days=1))(house.settings.archive)
    house.build()
    assert gained(house) == [(36.0, "ok")]
    assert house.rows(failed) == []
    assert [state for _, state, _ in status(house)] == ["fresh", "fresh", "fresh"]


@pytest.mark.usefixtures("without_dbt")
def test_a_source_that_never_passed_is_left_out(warehouse, told):
    """Nothing of it was ever published, so nothing of it can stay."""
    house = warehouse(ONE, now=NOW)
    house.tell(stars(told, NOW, [1] * 7, total=29), asked(told, 5, NOW))
    house.build()

    assert gained(house) == []
    assert [(source_id, state) for source_id, state, _ in status(house)] == [
        ("github", "never"),
        ("stackoverflow", "fresh"),
    ]


@pytest.mark.usefixtures("with_dbt")
def test_every_check_that_ran_is_told(warehouse, told, monkeypatch):
    """Passed ones too, each once, with what it concerns, whatever dbt's variables in the environment say.

    Of a source that is not asked there is nothing to check.
    """
    for name, value in {
        "EXCLUDE_RESOURCE_TYPES": "test unit_test",
        "EMPTY": "true",
        "TARGET": "none",
    }.items():
        monkeypatch.setenv(f"DBT_{name}", value)
    house = warehouse(ONE, now=NOW)
    house.tell(asked(told, 5, NOW), counters(told, NOW))
    house.build()

    checks = house.rows(
        "select check_id, source_id, severity, passed, failing_rows, detail from quality_checks"
    )
    assert len(checks) > 40 and len({check_id for check_id, *_ in checks}) == len(checks)
    assert {tuple(check[3:]) for check in checks} == {(True, 0, None)}
    concerned = {source_id for _, source_id, *_ in checks}
    assert concerned == {None, *OF_ONE}


@pytest.mark.usefixtures("without_dbt")
def test_a_past_day_is_made_again_as_it_was(warehouse, told, settings):
    """Figures, states and lags of that day, in a file of its own; the present one is as it was."""
    house = warehouse(ONE, now=NOW)
    then = NOW - timedelta(days=3)
    house.tell(counters(told, then), stars(told, then, [1] * 7), asked(told, 5, then))
    house.build()
    tables = [table for (table,) in house.rows("select table_name from duckdb_tables() order by 1")]
    past = house.at(then.date())
    past.build()
    as_published = {table: past.rows(f"from {table}") for table in tables}

    house.tell(stars(told, NOW, [2] * 7), asked(told, 7, NOW))
    house.build()
    present = house.settings.published_file.read_bytes()
    again = house.at(then.date()).build()

    assert gained(house) == [(14.0, "ok")] and gained(again) == [(7.0, "ok")]
    assert {table: again.rows(f"from {table}") for table in tables} == as_published
    assert house.settings.published_file.read_bytes() == present
    assert again.settings.published_file.parent.name == "2025-03-07"


@pytest.mark.usefixtures("without_dbt")
def test_a_failure_that_concerns_no_single_source_closes_the_gate(warehouse, told, changed, monkeypatch):
    """The whole publish stops, the message names the check, and the last good file stays.

    So it does for a check that cannot be run, were its findings only to be warned of: it has judged nothing.
    """
    house = warehouse(ONE, now=NOW)
    house.tell(asked(told, 5, NOW))
    house.build()
    before = house.settings.published_file.read_bytes()

    house.straight = None
    monkeypatch.setattr(project, "DBT_PROJECT", changed)
    with pytest.raises(GateClosed, match="nothing_is_asked: rows found: 1, expected none") as closed:
        house.build()
    assert "cannot_be_run: Runtime Error" in str(closed.value)
    assert house.settings.published_file.read_bytes() == before


@pytest.mark.usefixtures("without_dbt", "without_checks")
def test_whose_answers_no_shared_model_can_be_built_with_is_found(warehouse, told, changed, monkeypatch):
    """It stays as it was published, with its newest files named; the gate stays open for the others."""
    house = warehouse(ONE, now=NOW)
    before = NOW - timedelta(days=3)
    house.tell(counters(told, before), stars(told, before, [1] * 7), asked(told, 5, before))
    house.build()

    house.straight = None
    monkeypatch.setattr(project, "DBT_PROJECT", changed)
    house.tell(stars(told, NOW, [2] * 7), asked(told, 13, NOW))
    house.build()

    assert gained(house) == [(14.0, "ok")]
    assert house.rows("select questions from community_monthly where questions is not null") == [(5,)]
    (github, stackoverflow) = status(house)
    assert (github[1], stackoverflow[1]) == ("fresh", "stale")
    assert "overflow: Runtime Error" in stackoverflow[2] and "too large" in stackoverflow[2]
    assert "without its newest answers (stackoverflow/20250310T060000Z-" in stackoverflow[2]


@pytest.mark.usefixtures("without_dbt")
def test_an_answer_that_no_model_can_read_withholds_its_source(warehouse, told):
    """What cannot even be parsed concerns its source alone."""
    house = warehouse(ONE, now=NOW)
    house.tell(asked(told, 5, NOW), told("github", "star_history", "one/one 1", "<html>", NOW))
    house.build()

    assert [(source_id, state) for source_id, state, _ in status(house)] == [
        ("github", "never"),
        ("stackoverflow", "fresh"),
    ]
