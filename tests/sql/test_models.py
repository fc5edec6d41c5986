"""What the models mean, told by whole rows that a person can recount."""

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from tests.made import called, configuration
from warehouse.archive.write import record_attempt
from warehouse.errors import Postponed

pytestmark = pytest.mark.usefixtures("without_checks")

ROOT = Path(__file__).resolve().parents[2]
TWO = configuration(one=called("one"), two=called("two", pypi=["two", "two-gpu"]))
MORNING = datetime(2025, 3, 10, 6, tzinfo=UTC)
EVENING = datetime(2025, 3, 10, 18, tzinfo=UTC)
A_SUNDAY, A_MONDAY = date(2025, 3, 2), date(2025, 3, 3)


def repository(told, name, stars, at, forks=1, issues=1):
    body = {"id": {"one/one": 1, "two/two": 2}[name], "full_name": name, "stargazers_count": stars}
    return told("github", "repository", name, body | {"forks_count": forks, "open_issues_count": issues}, at)


def epoch(year, month):
    return str(int(datetime(year, month, 1, tzinfo=UTC).timestamp()))


def weeks(told, name, first_sunday, days, at):
    """Weeks of stars, the newest first as GitHub sends them."""
    sent = [
        {
            "week": int(
                datetime.combine(first_sunday + timedelta(weeks=n), datetime.min.time(), UTC).timestamp()
            ),
            "total": sum(week),
            "days": week,
        }
        for n, week in enumerate(days)
    ]
    return told("github", "star_history", f"{name} 1", sent[::-1], at)


def overall(told, package, first, downloads, at, category="without_mirrors"):
    rows = [
        {"category": category, "date": str(first + timedelta(days=n)), "downloads": count}
        for n, count in enumerate(downloads)
    ]
    body = {"data": rows, "package": package, "type": "overall_downloads"}
    return told("pypi", "overall", package, body, at)


def questions(told, tag, month, total, at=MORNING):
    return told("stackoverflow", "question_months", f"{tag} {month}", {"total": total}, at)


def unanswered(told, tag, month, total, at=MORNING):
    return told("stackoverflow", "unanswered_months", f"{tag} {month}", {"total": total}, at)


def site(told, month, total, at=MORNING, **extra):
    return told("stackoverflow", "site_months", month, {"total": total, **extra}, at)


def pageviews(told, article, first, views, at, **extra):
    """Days of an article's views; None is a day that is left out."""
    items = [
        {"article": article, "timestamp": f"{first + timedelta(days=n):%Y%m%d}00", "views": count}
        for n, count in enumerate(views)
        if count is not None
    ]
    return told("wikipedia", "pageview_days", f"{article} {first}", {"items": items, **extra}, at)


def test_the_last_counter_of_a_day_wins_whatever_the_order_of_loading(warehouse, told):
    """Of two answers on one day the later counts; an older one that is loaded later changes nothing."""
    house = warehouse(TWO, now=EVENING)
    house.tell(repository(told, "one/one", 12, EVENING))
    house.build()
    house.tell(
        repository(told, "one/one", 10, MORNING), repository(told, "one/one", 9, MORNING - timedelta(1))
    )
    house.build()

    assert house.rows(
        "select period_start, period_end, value, state, basis, observed_at from observations "
        "where metric_id = 'github_stars_total' order by 1"
    ) == [
        (date(2025, 3, 9), date(2025, 3, 9), 9.0, "ok", "repository counter", MORNING - timedelta(1)),
        (date(2025, 3, 10), date(2025, 3, 10), 12.0, "ok", "repository counter", EVENING),
    ]


def test_weeks_keep_githubs_label_and_the_running_one_is_partial(warehouse, told):
    """A week is named by its Sunday; days to come are sent as zero and are no data."""
    house = warehouse(TWO)
    full = [1, 2, 3, 4, 5, 6, 7]
    house.tell(
        repository(told, "one/one", 36, MORNING),
        weeks(told, "one/one", date(2025, 3, 2), [full, [8, 0, 0, 0, 0, 0, 0]], MORNING),
    )
    house.build()

    assert house.rows(
        "select period_start, period_end, value, state from observations "
        "where metric_id = 'github_stars_gained' order by 1"
    ) == [
        (date(2025, 3, 2), date(2025, 3, 8), 28.0, "ok"),
        (date(2025, 3, 9), date(2025, 3, 15), 8.0, "partial"),
    ]


def test_a_month_of_stars_is_the_sum_of_its_days_and_only_whole_months_count(warehouse, told):
    """February 2025 lies in five weeks, of which the first and last reach beyond it."""
    house = warehouse(TWO)
    house.tell(
        repository(told, "one/one", 84, MORNING),
        weeks(told, "one/one", date(2025, 1, 26), [[1] * 7, *[[2] * 7] * 4, [3] * 7], MORNING),
    )
    house.build()

    # One on the first, two on the other 27 days; January and March are not whole.
    assert house.rows("select month, stars_gained from community_monthly where stars_gained is not null") == [
        (date(2025, 2, 1), 1 + 27 * 2)
    ]


def test_zero_is_an_answer_and_a_refusal_is_none(warehouse, told):
    """A month with no question is zero; one that was refused has no row, and takes the share with it."""
    house = warehouse(TWO)
    house.tell(
        questions(told, "one", "2025-01", 0),
        questions(told, "two", "2025-01", 4),
        questions(told, "one", "2025-02", 3),
        told(
            "stackoverflow",
            "question_months",
            "two 2025-02",
            {"error_id": 400},
            MORNING + timedelta(minutes=1),
            problem="stackoverflow two 2025-02: HTTP 400, expected 200",
        ),
    )
    house.build()

    assert house.rows(
        "select subject_id, month, questions, questions_share_of_rivals from community_monthly order by 2, 1"
    ) == [
        ("one", date(2025, 1, 1), 0, 0.0),
        ("two", date(2025, 1, 1), 4, 1.0),
        ("one", date(2025, 2, 1), 3, None),
    ]
    assert house.rows("select state, reason from source_status where source_id = 'stackoverflow'") == [
        (
            "failed",
            "questions of Two: last month 2025-01-31 is 38 days old, expected at most 35; "
            "stackoverflow two 2025-02: HTTP 400, expected 200",
        )
    ]


def test_questions_are_shares_of_the_site_and_have_answers_or_not(warehouse, told):
    """Each share needs both of its counts; without questions no share is answered; a sample says so."""
    house = warehouse(TWO)
    house.tell(
        questions(told, "one", "2025-01", 4),
        questions(told, "two", "2025-01", 0),
        site(told, "2025-01", 200),
        unanswered(told, "one", "2025-01", 1),
        unanswered(told, "two", "2025-01", 0),
        questions(told, "one", "2025-02", 5),
        site(told, "2025-02", 100, sample="a formula"),
        unanswered(told, "one", "2025-02", 6),
    )
    house.build()

    assert house.rows(
        "select subject_id, month, questions_state, questions_share_of_site, questions_share_of_site_state, "
        "questions_share_of_rivals, questions_answered_share, questions_answered_share_state "
        "from community_monthly order by 2, 1"
    ) == [
        ("one", date(2025, 1, 1), "ok", 0.02, "ok", 1.0, 0.75, "ok"),
        ("two", date(2025, 1, 1), "ok", 0.0, "ok", 0.0, None, None),
        ("one", date(2025, 2, 1), "ok", 0.05, "sample", None, None, None),
    ]


@pytest.mark.usefixtures("without_dbt")
def test_a_running_month_is_partial_until_it_was_asked_for_when_it_is_over(warehouse, told):
    """It has its questions so far and no share, and community_monthly waits for the whole month."""
    house = warehouse(TWO.replace('stackoverflow = "two"', ""), now=EVENING)
    in_february = datetime(2025, 2, 28, 23, tzinfo=UTC)
    house.tell(
        questions(told, "one", "2025-02", 7, at=in_february),
        site(told, "2025-02", 90, at=in_february),
        questions(told, "one", "2025-03", 2),
    )
    house.build()
    so_far = "select period_start, value, state from observations where metric_id like 'stack%' order by 1"
    assert house.rows(so_far) == [(date(2025, 2, 1), 7.0, "partial"), (date(2025, 3, 1), 2.0, "partial")]
    assert house.rows("from community_monthly") == []

    house.tell(
        questions(told, "one", "2025-02", 8, at=EVENING),
        site(told, "2025-02", 100, at=EVENING),
    )
    house.build()
    assert house.rows("select month, questions, questions_share_of_site from community_monthly") == [
        (date(2025, 2, 1), 8, 0.08)
    ]


def test_a_tag_synonym_is_an_event_of_the_tag_it_is_turned_into(warehouse, told):
    """On the day it was made, as often as it is told; those of other tags are no matter."""
    house = warehouse(TWO)
    made_at = int(datetime(2024, 5, 6, 7, tzinfo=UTC).timestamp())
    sent = [{"from_tag": "uno", "to_tag": tag, "creation_date": made_at} for tag in ("one", "three")]
    for at in (MORNING - timedelta(7), MORNING):
        house.tell(told("stackoverflow", "tag_synonyms", "one;two", {"items": sent, "has_more": False}, at))
    house.build()

    assert house.rows(
        "select event_id, subject_id, source_id, metric_id, occurred_on, title, url "
        "from events where kind = 'tag synonym'"
    ) == [
        (
            "stackoverflow-synonym-uno",
            "one",
            "stackoverflow",
            "stackoverflow_questions",
            date(2024, 5, 6),
            "Stack Overflow turns the tag uno into one",
            "https://stackoverflow.com/tags/one/synonyms",
        )
    ]


def test_what_is_left_to_spare_a_quota_is_told_and_is_no_failure(warehouse, told):
    """The source is as fresh as its newest month, with the reason beside it."""
    house = warehouse(TWO)
    left = "stackoverflow: the day's quota is used up but for 30 requests; 9 questions are left"

    def stop(add):
        add(questions(told, "one", "2025-02", 3).page())
        raise Postponed(left)

    record_attempt(house.settings.archive, "stackoverflow", lambda: MORNING, stop)
    house.build()

    assert house.rows("select state, reason from source_status where source_id = 'stackoverflow'") == [
        ("fresh", left)
    ]


def test_an_attempt_is_told_when_it_has_been_made_up_for(warehouse, told):
    """A failed attempt and the one after it, with what their answers weigh; the state is the newest's."""
    house = warehouse(TWO, now=EVENING)
    down = "github one/one: HTTP 503, expected 200"
    house.tell(
        told("github", "repository", "one/one", "Gateway ☂", MORNING, problem=down),
        repository(told, "one/one", 9, EVENING),
    )
    house.build()

    columns = "source_id, started_at, finished_at, answers, refused, bytes, problem, postponed"
    assert house.rows(f"select {columns} from source_attempts order by started_at") == [
        ("github", MORNING, MORNING, 0, 1, 11, down, None),
        ("github", EVENING, EVENING, 1, 0, 98, None, None),
    ]
    assert house.rows("select state from source_status where source_id = 'github'") == [("fresh",)]


def test_search_interest_is_of_one_pull_and_sample_data_says_so(warehouse, told):
    """The newest pull replaces the older as a whole; a zero without data and a running month are left out."""
    asked = (
        'https://t.example/multiline?req={"time": "2004-01-01 2025-03-10", "resolution": "MONTH", '
        '"comparisonItem": [{"complexKeywordsRestriction": {"keyword": [{"value": "one"}]}}, '
        '{"complexKeywordsRestriction": {"keyword": [{"value": "two"}]}}]}'
    ).replace(" ", "+")

    def pull(points, at, **extra):
        sent = [
            {
                "time": str(int(datetime(2025, month, 1, tzinfo=UTC).timestamp())),
                "value": values,
                "hasData": has,
            }
            | partial
            for month, values, has, partial in points
        ]
        body = ")]}',\n" + __import__("json").dumps({"default": {"timelineData": sent}, **extra})
        return told("google_trends", "interest_over_time", "one,two", body, at, url=asked)

    house = warehouse(TWO, now=EVENING)
    house.tell(
        pull([(1, [100, 7], [True, True], {})], MORNING),
        pull(
            [
                (1, [50, 0], [True, False], {}),
                (2, [100, 0], [True, True], {}),
                (3, [9, 9], [True, True], {"isPartial": True}),
            ],
            EVENING,
            sample="a formula",
        ),
    )
    house.build()

    assert house.rows(
        "select subject_id, period_start, value, state from observations "
        "where metric_id = 'google_trends_interest' order by 2, 1"
    ) == [
        ("one", date(2025, 1, 1), 50.0, "sample"),
        ("one", date(2025, 2, 1), 100.0, "sample"),
        ("two", date(2025, 2, 1), 0.0, "sample"),
    ]


@pytest.mark.usefixtures("without_dbt")
def test_views_of_a_day_are_as_told_last_and_sample_data_says_so(warehouse, told):
    """A later answer mends the days it tells and no others; zero is a figure, a day left out has no row."""
    house = warehouse(TWO, now=EVENING)
    house.tell(
        pageviews(told, "One", date(2025, 3, 5), [10, 20, 30, 0], MORNING),
        pageviews(told, "Two", date(2025, 3, 7), [5, None, 6], MORNING, sample="a formula"),
    )
    house.build()
    house.tell(pageviews(told, "One", date(2025, 3, 7), [33, 0], EVENING))
    house.build()

    english = "English Wikipedia, readers on all devices"
    assert house.rows(
        "select subject_id, period_start, period_end, value, state, basis, observed_at from observations "
        "where metric_id = 'wikipedia_pageviews' order by 1, 2"
    ) == [
        ("one", date(2025, 3, 5), date(2025, 3, 5), 10.0, "ok", english, MORNING),
        ("one", date(2025, 3, 6), date(2025, 3, 6), 20.0, "ok", english, MORNING),
        ("one", date(2025, 3, 7), date(2025, 3, 7), 33.0, "ok", english, EVENING),
        ("one", date(2025, 3, 8), date(2025, 3, 8), 0.0, "ok", english, EVENING),
        ("two", date(2025, 3, 7), date(2025, 3, 7), 5.0, "sample", english, MORNING),
        ("two", date(2025, 3, 9), date(2025, 3, 9), 6.0, "sample", english, MORNING),
    ]
    assert house.rows("select last_period, state from source_status where source_id = 'wikipedia'") == [
        (date(2025, 3, 9), "fresh")
    ]


def test_a_month_of_views_is_the_sum_of_its_days_and_only_whole_months_count(warehouse, told):
    """January lacks a day of one article, so it has neither its sum nor a share; March is not over."""
    house = warehouse(TWO)
    house.tell(
        pageviews(told, "One", date(2025, 1, 1), [1] * 31 + [3] * 28 + [9] * 9, MORNING),
        pageviews(told, "Two", date(2025, 1, 1), [None] + [1] * 30 + [1] * 27 + [9] + [9] * 9, MORNING),
    )
    house.build()

    # February: 28 times 3, and 27 and a last day of 9.
    assert house.rows(
        "select subject_id, month, pageviews, pageviews_share, downloads from adoption_monthly order by 2, 1"
    ) == [
        ("one", date(2025, 1, 1), 31, None, None),
        ("one", date(2025, 2, 1), 84, 84 / 120, None),
        ("two", date(2025, 2, 1), 36, 36 / 120, None),
    ]


def test_the_months_of_views_stand_beside_those_of_downloads(warehouse, told):
    """One row a subject and month, whichever of the two is known."""
    house = warehouse(TWO)
    house.tell(
        overall(told, "one", date(2024, 12, 1), [2] * 62, MORNING),
        pageviews(told, "One", date(2025, 1, 1), [1] * 59, MORNING),
    )
    house.build()

    assert house.rows("select month, downloads, pageviews from adoption_monthly order by 1") == [
        (date(2024, 12, 1), 62, None),
        (date(2025, 1, 1), 62, 31),
        (date(2025, 2, 1), None, 28),
    ]


@pytest.mark.parametrize(
    ("days_old", "problem", "state"),
    [
        (1, None, "fresh"),
        (2, None, "fresh"),
        (3, None, "late"),
        (6, None, "late"),
        (7, None, "stale"),
        (1, "github one/one: HTTP 500, expected 200", "failed"),
        (9, "github one/one: HTTP 500, expected 200", "stale"),
    ],
)
def test_a_source_is_judged_by_the_age_of_its_newest_period(warehouse, told, days_old, problem, state):
    """Fresh within the expected two days, late up to three times that, stale after; failing is told too."""
    house = warehouse(TWO)
    seen_at = MORNING - timedelta(days=days_old)
    house.tell(repository(told, "one/one", 1, seen_at))
    if problem:
        house.tell(told("github", "repository", "one/one", "", MORNING, problem=problem))
    house.build()

    ((found, lag, reason, observed),) = house.rows(
        "select status.state, lag_days, reason, observations.state from source_status as status "
        "cross join observations where source_id = 'github' and metric_id = 'github_stars_total'"
    )
    assert (found, lag) == (state, days_old)
    assert (problem or "") in (reason or "")
    assert observed == ("stale" if state == "stale" else "ok")
    assert house.rows("select state, reason from source_status where source_id = 'pypi'") == [
        ("never", "no figure has been collected yet")
    ]


def test_every_table_and_column_is_described_in_the_published_file(warehouse, told):
    """Each carries a comment, as a reader with any client sees it."""
    house = warehouse(TWO)
    house.straight = None  # dbt writes the comments
    house.tell(repository(told, "one/one", 1, MORNING))
    house.build()

    assert house.rows("select table_name from duckdb_tables() where comment is null") == []
    assert (
        house.rows(
            "select table_name, column_name from duckdb_columns() where comment is null and not internal"
        )
        == []
    )
    dictionary = (ROOT / "docs/data-dictionary.md").read_text().split("\n## ")
    (tables,) = (part for part in dictionary if part.startswith("Tables\n"))
    assert {table for (table,) in house.rows("select table_name from duckdb_tables()")} == set(
        re.findall(r"^### (\w+)$", tables, re.MULTILINE)
    )
