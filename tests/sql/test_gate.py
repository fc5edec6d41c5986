"""The gate: what fails a check is withheld, everything else is published, and the reason is told."""

import json
import shutil
from datetime import UTC, date, datetime, timedelta

import pytest

from flows import stages
from warehouse import build
from warehouse.archive import record_attempt
from warehouse.errors import GateClosed
from warehouse.work import forget_work

ONE = """
question = "Which?"
[[subjects]]
id = "one"
name = "One"
github = "one/one"
stackoverflow = "one"
[sources]
github = { expected_lag_days = 9 }
stackoverflow = { expected_lag_days = 400 }
"""
EXPECTING = """
question = "Which?"
[[subjects]]
id = "one"
name = "One"
stackoverflow = "one"
google_trends = "one"
[sources]
stackoverflow = {{ expected_lag_days = 400 }}
[sources.google_trends]
expected_lag_days = 35
[sources.google_trends.expect.points]
at_least = {at_least}
reason = "Another window."
"""
NOW = datetime(2025, 3, 10, 6, tzinfo=UTC)
SUNDAY_SECONDS = int(datetime(2025, 2, 23, tzinfo=UTC).timestamp())


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


def test_a_source_that_fails_a_check_stays_at_its_last_good_point(warehouse, told):
    """The other source is published with its newest figure; the next right answer ends it."""
    house = warehouse(ONE, now=NOW)
    right = [1, 2, 3, 4, 5, 6, 7]
    before = NOW - timedelta(days=3)
    house.tell(counters(told, before), stars(told, before, right), asked(told, 5, before))
    house.build()
    assert gained(house) == [(28.0, "ok")]

    house.tell(stars(told, NOW - timedelta(days=2), right, total=99), asked(told, 6, NOW))
    house.build()
    assert gained(house) == [(28.0, "stale")]
    assert house.rows("select questions from community_monthly where questions is not null") == [(6,)]
    (github, stackoverflow) = status(house)
    assert github[:2] == ("github", "stale")
    assert github[2].startswith("its newest answers failed a check and are withheld: weeks_are_the_sum_of")
    assert stackoverflow == ("stackoverflow", "fresh", None)
    failed = "select check_id, source_id, severity, failing_rows from quality_checks where not passed"
    assert house.rows(failed) == [("weeks_are_the_sum_of_their_days", "github", "error", 1)]

    house.tell(stars(told, NOW - timedelta(days=1), [9, *right[1:]]))
    house.build()
    assert gained(house) == [(36.0, "ok")]
    assert house.rows(failed) == []
    assert [state for _, state, _ in status(house)] == ["fresh", "fresh"]


def interest(told, months, at, fetched_at=None):
    """A draw of so many months of 2025; an import is stamped when it is made, and of the midnight before."""
    asked_for = (
        'https://t.example/multiline?req={"time":"2025-01-01+2025-03-10","resolution":"MONTH",'
        '"comparisonItem":[{"complexKeywordsRestriction":{"keyword":[{"value":"one"}]}}]}'
    )
    points = [
        {
            "time": str(int(datetime(2025, month, 1, tzinfo=UTC).timestamp())),
            "value": [100],
            "hasData": [True],
        }
        for month in months
    ]
    body = ")]}',\n" + json.dumps({"default": {"timelineData": points}})
    page = told("google_trends", "interest_over_time", "one", body, fetched_at or at, url=asked_for).page()

    def record(archive):
        record_attempt(archive, "google_trends", lambda: at, lambda add: add(page))

    return record


def test_what_was_published_stays_whatever_a_gate_withholds(warehouse, told):
    """An import, of the midnight before it is made, stays; and so it does where today's checks are stricter.

    "Whatever a gate withholds, what was published before stays published, as stale": a check that is new, or
    stricter, says nothing of figures that readers have had for long.
    """
    midnight = datetime(2025, 3, 8, tzinfo=UTC)
    house = warehouse(EXPECTING.format(at_least=2), now=NOW)
    archive = house.settings.archive
    interest(told, [1, 2], midnight + timedelta(hours=12), fetched_at=midnight)(archive)
    house.tell(asked(told, 5, NOW))
    house.build()
    searched = (
        "select period_start, value, state, state_reason from observations "
        "where metric_id = 'google_trends_interest' order by 1"
    )
    trends = "select state, last_success_at, reason from source_status where source_id = 'google_trends'"
    assert [row[:3] for row in house.rows(searched)] == [
        (date(2025, 1, 1), 100.0, "ok"),
        (date(2025, 2, 1), 100.0, "ok"),
    ]

    interest(told, [1], midnight + timedelta(hours=36), fetched_at=midnight + timedelta(days=1))(archive)
    house.build()
    stayed = [
        (date(2025, 1, 1), 100.0, "ok", None),
        (date(2025, 2, 1), 100.0, "stale", "its source's newest answers failed a check and are withheld"),
    ]
    assert house.rows(searched) == stayed
    few = "search_interest_has_its_points: one: points is 1, expected at least 2: Another window."
    withheld = f"its newest answers failed a check and are withheld: {few}"
    assert house.rows(trends) == [("stale", midnight, withheld)]

    house = warehouse(EXPECTING.format(at_least=3), now=NOW)
    house.tell(asked(told, 6, NOW - timedelta(minutes=1)))
    house.build()
    stayed[1] = (*stayed[1][:3], "what was published before stays, though a check finds fault with it today")
    assert house.rows(searched) == stayed
    two = few.replace("is 1, expected at least 2", "is 2, expected at least 3")
    stays = f"what was published before stays, though a check finds fault with it today: {two}"
    assert house.rows(trends) == [("stale", midnight, stays)]
    assert house.rows(
        "select check_id, detail from quality_checks where severity = 'error' and not passed"
    ) == [("search_interest_has_its_points", few.partition(": ")[2].replace("at least 2", "at least 3"))]
    assert stages.degraded_sources(house.settings) == ["google_trends"]
    before = house.rows("from observations order by all")
    forget_work(house.settings)
    house.build()
    assert house.rows("from observations order by all") == before


def test_a_published_file_of_before_the_attempts_were_told_falls_back_to_the_time(tmp_path, settings):
    """Then what had been attempted until its sources' last attempts is what stands in it."""


def test_a_source_that_never_passed_is_left_out(warehouse, told):
    """Nothing of it was ever published, so nothing of it can stay."""
    house = warehouse(ONE, now=NOW)
    house.tell(stars(told, NOW, [1] * 7, total=99), asked(told, 5, NOW))
    house.build()

    assert gained(house) == []
    assert [(source_id, state) for source_id, state, _ in status(house)] == [
        ("github", "never"),
        ("stackoverflow", "fresh"),
    ]


def test_every_check_that_ran_is_told(warehouse, told):
    """Passed ones too, each once, with what it concerns."""
    house = warehouse(ONE, now=NOW)
    house.tell(asked(told, 5, NOW), counters(told, NOW))
    house.build()

    checks = house.rows(
        "select check_id, source_id, severity, passed, failing_rows, detail from quality_checks"
    )
    assert len(checks) > 40 and len({check_id for check_id, *_ in checks}) == len(checks)
    assert {tuple(check[3:]) for check in checks} == {(True, 0, None)}
    concerned = {source_id for _, source_id, *_ in checks}
    assert concerned == {None, "github", "google_trends", "pypi", "stackoverflow", "wikipedia"}


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
    again = house.at(then.date())
    again.settings.work_file.unlink()
    again.build()

    assert gained(house) == [(14.0, "ok")] and gained(again) == [(7.0, "ok")]
    assert {table: again.rows(f"from {table}") for table in tables} == as_published
    assert house.settings.published_file.read_bytes() == present
    assert again.settings.published_file.parent.name == "2025-03-07"


def test_a_failure_that_concerns_no_single_source_closes_the_gate(warehouse, told, tmp_path, monkeypatch):
    """The whole publish stops, the message names the check, and the last good file stays."""
    house = warehouse(ONE, now=NOW)
    house.tell(asked(told, 5, NOW))
    house.build()
    before = house.settings.published_file.read_bytes()

    project = shutil.copytree(build.DBT_PROJECT, tmp_path / "sql", ignore=shutil.ignore_patterns("target"))
    (project / "tests/nothing_is_asked.sql").write_text("select * from {{ ref('subjects') }}")
    monkeypatch.setattr(build, "DBT_PROJECT", project)
    with pytest.raises(GateClosed, match="dbt build: nothing_is_asked: Got 1 result"):
        house.build()
    assert house.settings.published_file.read_bytes() == before


def test_an_answer_that_no_model_can_read_withholds_its_source(warehouse, told):
    """What cannot even be parsed concerns its source alone."""
    house = warehouse(ONE, now=NOW)
    house.tell(asked(told, 5, NOW), told("github", "star_history", "one/one 1", "<html>", NOW))
    house.build()

    assert [(source_id, state) for source_id, state, _ in status(house)] == [
        ("github", "never"),
        ("stackoverflow", "fresh"),
    ]
