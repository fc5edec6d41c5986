"""Every check of the gate, shown finding what it is there for, and what it says of it."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from flows.pipeline.degraded import degraded_sources, failed_checks
from tests.made import called, configuration, expecting
from warehouse.published.open import open_published

pytestmark = pytest.mark.usefixtures("without_dbt")

NOW = datetime(2025, 3, 10, 6, tzinfo=UTC)
EARLIER = NOW - timedelta(days=1)
EXPECTATIONS = {
    "github": expecting(2, star_history_share=(0.95, 1.02, "Both count the same.")),
    "pypi": expecting(7, days_told=(150, None, "A half year is kept.")),
    "stackoverflow": expecting(35, known_months_share=(0.9, None, "A quota leaves some.")),
    "google_trends": expecting(35, points=(3, None, "Another window.")),
    "wikipedia": expecting(4, days_told_share=(0.95, None, "Read every day.")),
}
SUBJECTS = {"one": called("one"), "two": called("two", "github", "stackoverflow")}
EXPECTING = configuration(EXPECTATIONS, **SUBJECTS)
FAILED = "select check_id, source_id, severity, failing_rows, detail from quality_checks where not passed"


def repository(told, name, stars, at=NOW, repository_id=1, created_at="2025-02-12T00:00:00Z"):
    body = {"id": repository_id, "full_name": name, "stargazers_count": stars, "created_at": created_at}
    return told("github", "repository", name, body | {"forks_count": 1, "open_issues_count": 1}, at)


def star_weeks(told, name, weeks, at=NOW):
    sent = [
        {"week": int(datetime.combine(sunday, datetime.min.time(), UTC).timestamp())}
        | {"total": stars, "days": [stars, 0, 0, 0, 0, 0, 0]}
        for sunday, stars in weeks.items()
    ]
    return told("github", "star_history", f"{name} 1", sent, at)


def overall(told, days, at=NOW):
    data = [
        {"category": "without_mirrors", "date": str(day), "downloads": count} for day, count in days.items()
    ]
    return told("pypi", "overall", "one", {"data": data, "package": "one", "type": "overall_downloads"}, at)


def logs(told, days, at=NOW):
    data = [
        {"date": str(day), "installers": {"pip": count}, "downloads": count, "sample": None}
        for day, count in days.items()
    ]
    return told("pypi", "log_days", "one 2016-01-01", {"data": data, "rows": len(data)}, at)


def asked(told, tag, month, total):
    return told("stackoverflow", "question_months", f"{tag} {month}", {"total": total}, NOW)


def tag_total(told, total, at):
    return told("stackoverflow", "tag_totals", "one", {"items": [{"name": "one", "count": total}]}, at)


def synonym(told):
    made_at = int(datetime(2024, 5, 6, tzinfo=UTC).timestamp())
    sent = {"from_tag": "two", "to_tag": "one", "creation_date": made_at}
    return told("stackoverflow", "tag_synonyms", "one;two", {"items": [sent], "has_more": False}, NOW)


def interest(told, months, value=100, terms=("one",), at=NOW):
    compared = ",".join(
        f'{{"complexKeywordsRestriction":{{"keyword":[{{"value":"{term}"}}]}}}}' for term in terms
    )
    asked_for = (
        'https://t.example/multiline?req={"time":"2025-01-01+2025-03-10","resolution":"MONTH",'
        f'"comparisonItem":[{compared}]}}'
    )
    points = [
        {
            "time": str(int(datetime(2025, month, 1, tzinfo=UTC).timestamp())),
            "value": [value] * len(terms),
            "hasData": [True] * len(terms),
        }
        for month in months
    ]
    body = ")]}',\n" + json.dumps({"default": {"timelineData": points}})
    return told("google_trends", "interest_over_time", ",".join(terms), body, at, url=asked_for)


def views(told, days, count=5):
    items = [{"article": "One", "timestamp": f"{day:%Y%m%d}00", "views": count} for day in days]
    return told("wikipedia", "pageview_days", "One 2015-07-01", {"items": items}, NOW)


def days_from(first, count):
    return [first + timedelta(days=n) for n in range(count)]


def test_every_check_tells_what_it_found(warehouse, told):
    """Which source, how grave, how often, and in words: what was found and what was expected.

    The register knows that 11 February was never told, so of the two days that are unknown one is a finding.
    It is dbt that asks; the tests below, which ask straight, would be told the same.
    """
    house = warehouse(EXPECTING, now=NOW)
    without_dbt = house.on(replace(house.settings, data=house.settings.data.with_name("straight")))
    house.straight = None
    known = [
        day for day in days_from(date(2024, 7, 1), 250) if day not in (date(2025, 1, 5), date(2025, 2, 11))
    ]
    answers = (
        repository(told, "one/one", 1000, EARLIER),
        repository(told, "one/one", 994),
        star_weeks(told, "one/one", {date(2025, 2, 9): 500, date(2025, 2, 23): 300}),
        logs(told, dict.fromkeys(known, 10), EARLIER),
        logs(told, dict.fromkeys(known[:-1], 10)),
        overall(told, {day: 8 for day in known[-20:] if day.month == 2}),
        asked(told, "one", "2024-10", 9),
        asked(told, "one", "2025-01", 9),
        tag_total(told, 1000, EARLIER),
        tag_total(told, 979, NOW),
        synonym(told),
        interest(told, [1, 2]),
        views(told, [day for day in days_from(date(2025, 2, 1), 10) if day.day not in (3, 4)]),
    )
    house.tell(*answers).build()

    assert house.rows(FAILED + " order by severity, source_id, check_id") == [
        (check_id, source_id, severity, 1, detail)
        for severity, source_id, check_id, detail in (
            (
                "error",
                "github",
                "star_history_matches_the_stars_told",
                "one: star_history_share is 0.805, expected at least 0.95 and at most 1.02: "
                "Both count the same.",
            ),
            (
                "error",
                "google_trends",
                "search_interest_has_its_points",
                "one: points is 2, expected at least 3: Another window.",
            ),
            (
                "error",
                "wikipedia",
                "pageview_days_are_told",
                "One: days_told_share is 0.8, expected at least 0.95: Read every day.",
            ),
            # What is withheld, and was never published, has nothing that could arrive.
            ("warn", "github", "github_arrives_in_time", "github: no figure has been collected yet"),
            (
                "warn",
                "github",
                "github_series_have_no_gaps",
                "one github_stars_gained: nothing known of 2025-02-16 to 2025-02-22",
            ),
            (
                "warn",
                "github",
                "stars_do_not_fall_at_once",
                "one 2025-03-10: 994 stars after 1000, expected a fall of at most 0.5 percent",
            ),
            (
                "warn",
                "google_trends",
                "google_trends_arrives_in_time",
                "google_trends: no figure has been collected yet",
            ),
            (
                "warn",
                "pypi",
                "days_of_downloads_have_no_gaps",
                "one: nothing known of 2025-01-05",
            ),
            (
                "warn",
                "pypi",
                "download_logs_agree_with_pypistats",
                "one 2025-02 on 13 days: 130 downloads in the logs, 104 at pypistats",
            ),
            (
                "warn",
                "pypi",
                "newest_day_of_downloads_never_goes_back",
                "one: the download logs tell of days up to 2025-03-06, "
                "expected 2025-03-07 as before, or later",
            ),
            (
                "warn",
                "pypi",
                "pypi_arrives_in_time",
                "downloads of One: last month 2024-12-31 is 69 days old, expected at most 38",
            ),
            (
                "warn",
                "pypi",
                "pypistats_tells_its_days",
                "one: days_told is 13, expected at least 150: A half year is kept.",
            ),
            (
                "warn",
                "stackoverflow",
                "compared_tags_are_not_synonyms",
                "two: Stack Overflow turns it into one since 2024-05-06, expected two tags",
            ),
            (
                "warn",
                "stackoverflow",
                "question_months_are_known",
                "one: known_months_share is 0.5, expected at least 0.9: A quota leaves some.",
            ),
            (
                "warn",
                "stackoverflow",
                "stackoverflow_arrives_in_time",
                "questions of One: last month 2025-01-31 is 38 days old, expected at most 35",
            ),
            (
                "warn",
                "stackoverflow",
                "stackoverflow_series_have_no_gaps",
                "one stackoverflow_questions: nothing known of 2024-11-01 to 2024-12-31",
            ),
            (
                "warn",
                "stackoverflow",
                "tag_totals_do_not_jump",
                "one 2025-03-10: 979 questions ever after 1000, expected 98 to 125 percent of it",
            ),
            (
                "warn",
                "wikipedia",
                "wikipedia_arrives_in_time",
                "pageviews of One: last day 2025-02-10 is 28 days old, expected at most 4",
            ),
            (
                "warn",
                "wikipedia",
                "wikipedia_series_have_no_gaps",
                "one wikipedia_pageviews: nothing known of 2025-02-03 to 2025-02-04",
            ),
        )
    ]
    assert house.rows("select source_id, state from source_status order by 1") == [
        ("github", "never"),
        ("google_trends", "never"),
        ("pypi", "late"),
        ("stackoverflow", "late"),
        ("wikipedia", "never"),
    ]
    assert degraded_sources(house.settings) == ["github", "google_trends", "wikipedia"]
    with open_published(house.settings.published_file) as published:
        second = failed_checks(published)[1]
    assert second == (
        "error: search_interest_has_its_points: one: points is 2, expected at least 3: Another window."
    )

    without_dbt.tell(*answers).build()
    for table in ("observations", "quality_checks", "series_status", "source_status"):
        assert without_dbt.rows(f"from {table} order by all") == house.rows(f"from {table} order by all")


def test_figures_that_keep_within_their_bounds_pass_every_check(warehouse, told):
    """The same answers, whole: nothing is found and every source is fresh."""
    house = warehouse(EXPECTING, now=NOW)
    known = days_from(date(2024, 7, 1), 252)  # to 9 March 2025
    house.tell(
        repository(told, "one/one", 1000, EARLIER),
        repository(told, "one/one", 995),
        repository(told, "two/two", 5, repository_id=2),
        star_weeks(told, "one/one", {date(2025, 2, 9) + timedelta(weeks=n): 199 for n in range(5)}),
        logs(told, dict.fromkeys(known[:-1], 10), EARLIER),
        logs(told, dict.fromkeys(known, 10)),
        overall(told, dict.fromkeys(known[-180:], 9)),
        *(asked(told, "one", f"2024-{month}", 9) for month in (10, 11, 12)),
        *(asked(told, "one", f"2025-{month:02}", 9) for month in (1, 2)),
        tag_total(told, 1000, EARLIER),
        tag_total(told, 980, NOW),
        interest(told, [1, 2, 3]),
        views(told, days_from(date(2025, 2, 1), 36)),
    )
    house.build()

    assert house.rows(FAILED) == []
    assert {state for (state,) in house.rows("select state from source_status")} == {"fresh"}


def test_a_share_with_nothing_to_divide_by_is_no_pass(warehouse, told):
    """No stars are told of a repository that has a history: it cannot be measured, and is found.

    None of one that has no stars is in agreement; a history that a backfill has not finished is not held
    against the counter, unless it is more than that already. Nothing of what should be there is not enough: a
    compared term that no pull of the last four weeks has, a package of which no day of a half year is told.
    """
    compared = SUBJECTS | {"two": SUBJECTS["two"] | {"google_trends": "two"}}
    more = {name: called(name, "github") for name in ("three", "four")}
    house = warehouse(configuration(EXPECTATIONS, **compared, **more), now=NOW)
    told_weeks = {date(2025, 2, 9) + timedelta(weeks=n): 1600 for n in range(5)}
    house.tell(
        repository(told, "one/one", 1000, created_at="2020-01-01T00:00:00Z"),
        star_weeks(told, "one/one", {date(2025, 2, 23): 3, date(2025, 3, 2): 3}),
        repository(told, "two/two", 0, repository_id=2),
        star_weeks(told, "two/two", told_weeks),
        repository(told, "three/three", 0, repository_id=3),
        star_weeks(told, "three/three", dict.fromkeys(told_weeks, 0)),
        repository(told, "four/four", 2, repository_id=4, created_at="2020-01-01T00:00:00Z"),
        star_weeks(told, "four/four", {date(2025, 2, 23): 3, date(2025, 3, 2): 3}),
        interest(told, [1, 2], terms=("one", "two"), at=NOW - timedelta(days=28)),
        interest(told, [1, 2, 3]),
        overall(told, dict.fromkeys(days_from(date(2024, 8, 1), 9), 8)),
    )
    house.build()

    assert house.rows(FAILED + " and (severity = 'error' or check_id like 'pypistats%') order by 3, 2") == [
        (
            "star_history_matches_the_stars_told",
            "github",
            "error",
            2,
            "four: star_history_share is 3, expected at least 0.95 and at most 1.02: Both count the same.; "
            "two: star_history_share cannot be measured, expected at least 0.95 and at most 1.02: "
            "Both count the same.",
        ),
        (
            "search_interest_has_its_points",
            "google_trends",
            "error",
            1,
            "two: points is 0, expected at least 3: Another window.",
        ),
        (
            "pypistats_tells_its_days",
            "pypi",
            "warn",
            1,
            "one: days_told is 0, expected at least 150: A half year is kept.",
        ),
    ]
    assert house.rows("select count(*) from observations where metric_id like 'github%'") == [(0,)]


def test_what_does_not_tell_its_figure_passes_no_check(warehouse, told):
    """An answer without the days of a week, or without the count itself, cannot be judged: it is found."""
    house = warehouse(EXPECTING, now=NOW)
    sunday = int(datetime(2025, 3, 2, tzinfo=UTC).timestamp())
    house.tell(
        repository(told, "one/one", None),
        told("github", "star_history", "one/one 1", [{"week": sunday, "total": 5, "days": None}], NOW),
        overall(told, {date(2025, 3, 8): None}),
        logs(told, {date(2025, 3, 8): None}),
        asked(told, "one", "2025-02", None),
        told("stackoverflow", "unanswered_months", "one 2025-02", {"total": None}, NOW),
        told("stackoverflow", "site_months", "2025-02", {"total": None}, NOW),
        tag_total(told, None, NOW),
        views(told, [date(2025, 3, 9)], count=None),
    )
    house.build()

    found = house.rows(FAILED.replace("detail", "source_id") + " and severity = 'error' order by 2, 1")
    assert [(check_id, source_id) for check_id, source_id, *_ in found] == [
        ("github_counters_are_not_negative", "github"),
        ("weeks_are_the_sum_of_their_days", "github"),
        ("downloads_told_by_pypistats_are_not_negative", "pypi"),
        ("logged_days_are_the_sum_of_their_installers", "pypi"),
        ("questions_are_not_negative_nor_of_the_future", "stackoverflow"),
        ("tag_totals_are_not_negative", "stackoverflow"),
        ("the_sites_questions_are_not_negative_nor_of_the_future", "stackoverflow"),
        ("unanswered_questions_are_not_negative_nor_of_the_future", "stackoverflow"),
        ("pageviews_are_not_negative_nor_of_the_future", "wikipedia"),
    ]


def test_github_answers_about_another_repository_are_withheld(warehouse, told):
    """Stars from before the repository was created are another's, which had the name before."""
    house = warehouse(EXPECTING, now=NOW)
    house.tell(
        repository(told, "one/one", 9),
        repository(told, "two/two", 9, repository_id=2),
        star_weeks(told, "one/one", {date(2025, 2, 2): 9}),
    )
    house.build()

    assert house.rows(FAILED + " and severity = 'error'") == [
        (
            "star_history_begins_with_its_repository",
            "github",
            "error",
            1,
            "one: stars in the week of 2025-02-02, expected none before 2025-02-11, "
            "when the repository was created",
        )
    ]


def test_impossible_figures_withhold_their_source(warehouse, told):
    """A negative count and an index beyond 100, whichever endpoint told it."""
    house = warehouse(EXPECTING, now=NOW)
    house.tell(
        repository(told, "one/one", -1),
        star_weeks(told, "one/one", {date(2025, 3, 2): -1}),
        overall(told, {date(2025, 3, 9): -1}),
        logs(told, {date(2025, 3, 9): -1}),
        asked(told, "one", "2025-02", -1),
        told("stackoverflow", "unanswered_months", "one 2025-02", {"total": -1}, NOW),
        told("stackoverflow", "site_months", "2025-02", {"total": -1}, NOW),
        tag_total(told, -1, NOW),
        interest(told, [1, 2, 3], value=101),
        views(told, [date(2025, 3, 9)], count=-1),
    )
    house.build()

    found = house.rows(FAILED.replace("detail", "source_id") + " and severity = 'error' order by 2, 1")
    assert [(check_id, source_id) for check_id, source_id, *_ in found] == [
        ("github_counters_are_not_negative", "github"),
        ("weeks_of_stars_are_not_negative", "github"),
        ("search_interest_lies_between_0_and_100", "google_trends"),
        ("downloads_told_by_pypistats_are_not_negative", "pypi"),
        ("logged_days_are_the_sum_of_their_installers", "pypi"),
        ("questions_are_not_negative_nor_of_the_future", "stackoverflow"),
        ("tag_totals_are_not_negative", "stackoverflow"),
        ("the_sites_questions_are_not_negative_nor_of_the_future", "stackoverflow"),
        ("unanswered_questions_are_not_negative_nor_of_the_future", "stackoverflow"),
        ("pageviews_are_not_negative_nor_of_the_future", "wikipedia"),
    ]
    assert {state for (state,) in house.rows("select state from source_status")} == {"never"}
    as_demo = replace(house.settings, demo=True)
    assert "stackoverflow" in degraded_sources(as_demo), "its end is known there, this is not"


def test_answers_that_contradict_themselves_change_nothing_published(warehouse, told):
    """A sum that is not that of its parts, an unknown category, what is yet to come: told, and left out."""
    house = warehouse(EXPECTING, now=NOW)
    tomorrow = NOW.date() + timedelta(days=1)
    house.tell(
        repository(told, "two/two", 5, EARLIER, repository_id=2),
        star_weeks(told, "two/two", {date(2025, 2, 23): 5}, EARLIER),
        overall(told, {date(2025, 3, 7): 8}, EARLIER),
        asked(told, "one", "2025-02", 9),
        views(told, days_from(date(2025, 2, 1), 37)),
    )
    house.build()
    figures = """
        select subject_id, metric_id, period_start, value from observations
        union all select package, 'pypi_downloads', day, downloads from package_downloads_daily order by all
    """
    before = house.rows(figures)
    assert {row[1].split("_")[0] for row in before} == {"github", "pypi", "stackoverflow", "wikipedia"}

    sunday = int(datetime(2025, 3, 2, tzinfo=UTC).timestamp())
    mirrored = [{"category": "mirrored", "date": "2025-03-08", "downloads": 8}]
    parts = [{"date": "2025-03-08", "installers": {"pip": 2}, "downloads": 3, "sample": None}]
    house.tell(
        told(
            "github",
            "star_history",
            "two/two 1",
            [{"week": sunday, "total": 6, "days": [1] * 5 + [0, 0]}],
            NOW,
        ),
        told(
            "pypi", "overall", "one", {"data": mirrored, "package": "one", "type": "overall_downloads"}, NOW
        ),
        told("pypi", "log_days", "one 2016-01-01", {"data": parts, "rows": 1}, NOW),
        told("stackoverflow", "site_months", "2025-04", {"total": 4}, NOW),
        views(told, [tomorrow]),
    )
    house.build()
    assert house.rows(figures) == before
    found = house.rows(FAILED.replace("detail", "source_id") + " and severity = 'error' order by 2, 1")
    assert [(check_id, source_id) for check_id, source_id, *_ in found] == [
        ("weeks_are_the_sum_of_their_days", "github"),
        ("downloads_told_by_pypistats_are_not_negative", "pypi"),
        ("logged_days_are_the_sum_of_their_installers", "pypi"),
        ("the_sites_questions_are_not_negative_nor_of_the_future", "stackoverflow"),
        ("pageviews_are_not_negative_nor_of_the_future", "wikipedia"),
    ]
    reasons = dict(house.rows("select source_id, reason from source_status"))
    for source in {source_id for _, source_id, *_ in found}:
        assert any(check_id in reasons[source] for check_id, source_id, *_ in found if source_id == source)


def test_what_was_published_stays_though_todays_checks_find_fault_with_it(warehouse, told):
    """Whatever a gate withholds, what was published before stays published, as stale.

    A check that is new, or stricter, is no reason to take away what readers have had for long.
    """
    searched = (
        "select value, state, state_reason from observations "
        "where metric_id = 'google_trends_interest' order by period_start"
    )
    house = warehouse(EXPECTING.replace("at_least = 3", "at_least = 1"), now=NOW)
    house.tell(interest(told, [1, 2]), asked(told, "one", "2025-02", 9))
    house.build()
    assert house.rows(searched) == [(100.0, "ok", None)] * 2

    house = warehouse(EXPECTING, now=NOW)
    house.tell(asked(told, "two", "2025-02", 1))
    house.build()
    stays = "what was published before stays, though a check finds fault with it today"
    assert house.rows(searched) == [(100.0, "ok", None), (100.0, "stale", stays)]
    found = "one: points is 2, expected at least 3: Another window."
    assert house.rows("select state, reason from source_status where source_id = 'google_trends'") == [
        ("stale", f"{stays}: search_interest_has_its_points: {found}")
    ]
    assert house.rows(FAILED + " and severity = 'error'") == [
        ("search_interest_has_its_points", "google_trends", "error", 1, found)
    ]
    assert "google_trends" in degraded_sources(house.settings)
    assert house.rows("select questions from community_monthly order by 1") == [(1,), (9,)]
