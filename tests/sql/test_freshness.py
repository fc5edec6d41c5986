"""How fresh each series is, what that makes of its source, and where readers are told."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from prometheus_client.openmetrics.parser import text_string_to_metric_families

from flows.pipeline.alerts import conditions, news
from flows.pipeline.degraded import degraded_sources
from reports.build.openmetrics import write_metrics
from reports.data.evidence import read_evidence
from reports.pages.quality import freshness
from reports.pages.scoreboard import agreement, left_out, up_to_date
from tests.made import called, configuration
from warehouse.published.open import open_published

NOW = datetime(2026, 11, 28, 6, tzinfo=UTC)
TWO = configuration(
    alpha=called("alpha"),
    beta=called(
        "beta",
        pypi=[{"package": "beta", "until": date(2025, 12, 31), "note": "Goes on under another name."}],
    ),
)
DOWN = "pypi alpha: HTTP 503, expected 200"


def counters(told, name, repository_id, stars):
    body = {"id": repository_id, "full_name": name, "stargazers_count": stars, "forks_count": 90 - stars // 9}
    return told("github", "repository", name, body | {"open_issues_count": 4, "subscribers_count": None}, NOW)


def star_weeks(told, name, last_sunday, stars):
    """Twenty weeks of so many stars, the newest first."""
    sundays = [
        datetime.combine(last_sunday - timedelta(weeks=n), datetime.min.time(), UTC) for n in range(20)
    ]
    sent = [{"week": int(at.timestamp()), "total": stars, "days": [stars] + [0] * 6} for at in sundays]
    return told("github", "star_history", f"{name} 1", sent, NOW)


def logs(told, package, first, last):
    """Days of nine downloads each; after them comes one that is still loading."""
    days = [first + timedelta(days=n) for n in range((last - first).days + 2)]
    data = [{"date": str(day), "installers": {"pip": 9}, "downloads": 9} for day in days]
    body = {"data": data, "rows": len(data)}
    return told("pypi", "log_days", f"{package} 2016-01-01", body, NOW, service="CLICKHOUSE_URL")


def questions(told, tag, *months):
    return [told("stackoverflow", "question_months", f"{tag} {month}", {"total": 7}, NOW) for month in months]


def interest(told, resolution, firsts):
    window = f"{firsts[0]} {firsts[-1]}".replace(" ", "+")
    terms = ",".join(
        f'{{"complexKeywordsRestriction":{{"keyword":[{{"value":"{term}"}}]}}}}' for term in ("alpha", "beta")
    )
    asked = f'https://t.example/multiline?req={{"time":"{window}","resolution":"{resolution}","comparisonItem":[{terms}]}}'
    points = [
        {"time": str(int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()))}
        | {"value": [100, 40], "hasData": [True, True]}
        for day in firsts
    ]
    body = ")]}',\n" + json.dumps({"default": {"timelineData": points}})
    return told("google_trends", "interest_over_time", f"{resolution} alpha,beta", body, NOW, url=asked)


def views(told, article, last):
    items = [
        {"article": article, "timestamp": f"{last - timedelta(days=n):%Y%m%d}00", "views": 50}
        for n in range(99)
    ]
    return told("wikipedia", "pageview_days", f"{article} 2015-07-01", {"items": items}, NOW)


@pytest.fixture
def house(warehouse, told):
    """A source for each way to be: all answered today, and each has told something of long ago alone."""
    house = warehouse(TWO, now=NOW)
    an_hour_ago, long_ago = NOW - timedelta(hours=1), NOW - timedelta(days=8)
    house.tell(
        counters(told, "alpha/alpha", 1, 800),
        counters(told, "beta/beta", 2, 600),
        star_weeks(told, "alpha/alpha", date(2026, 10, 18), 50),
        star_weeks(told, "beta/beta", date(2026, 11, 15), 20),
        logs(told, "alpha", date(2026, 9, 1), date(2026, 11, 26)),
        logs(told, "beta", date(2025, 11, 1), date(2026, 1, 1)),
        told("pypi", "overall", "alpha", "", an_hour_ago, problem=DOWN, service="PYPISTATS_URL"),
        told("stackoverflow", "site_months", "2026-10", "", an_hour_ago, problem="x", service="OLD_URL"),
        *questions(told, "alpha", "2026-08", "2026-09", "2026-10"),
        *questions(told, "beta", "2026-08"),
        interest(told, "MONTH", [date(2026, month, 1) for month in range(1, 11)]),
        interest(told, "WEEK", [date(2026, 5, 3) + timedelta(weeks=n) for n in range(9)]),
        told("wikipedia", "pageview_days", "Beta", "", long_ago, problem="x", service="PYPISTATS_URL"),
        views(told, "Alpha", date(2026, 11, 26)),
        views(told, "Beta", date(2026, 11, 20)),
    )
    return house.build()


def test_freshness_is_judged_by_series_and_told_by_name(house):
    """A series that stands still is late and then stale, however new the others of its source are.

    One that may rightly end, or that the configuration has ended, makes no source late.
    """
    told = house.rows(
        "select metric_id, subject_id, last_period, lag_days, expected_lag_days, state, reason "
        "from series_status order by all"
    )
    stuck = "last week 2026-10-24 is 35 days old, expected at most 9"
    weekly = "last week 2026-07-04 is 147 days old, expected at most 35"
    never = (None, None)
    assert {(metric, subject): rest for metric, subject, *rest in told} == {
        ("github_forks_total", "alpha"): [NOW.date(), 0, 2, "fresh", None],
        ("github_forks_total", "beta"): [NOW.date(), 0, 2, "fresh", None],
        ("github_open_issues", "alpha"): [NOW.date(), 0, 2, "fresh", None],
        ("github_open_issues", "beta"): [NOW.date(), 0, 2, "fresh", None],
        ("github_stars_gained", "alpha"): [date(2026, 10, 24), 35, 9, "stale", stuck],
        ("github_stars_gained", "beta"): [date(2026, 11, 21), 7, 9, "fresh", None],
        ("github_stars_gained_monthly", "alpha"): [
            date(2026, 9, 30), 59, 40, "late", "last month 2026-09-30 is 59 days old, expected at most 40",
        ],
        ("github_stars_gained_monthly", "beta"): [date(2026, 10, 31), 28, 40, "fresh", None],
        ("github_stars_total", "alpha"): [NOW.date(), 0, 2, "fresh", None],
        ("github_stars_total", "beta"): [NOW.date(), 0, 2, "fresh", None],
        ("pypi_downloads", "alpha"): [date(2026, 10, 31), 28, 38, "fresh", None],
        ("pypi_downloads", "beta"): [
            date(2025, 12, 31), 0, 38, "fresh", "ended on 2025-12-31, as ecosystem.toml says",
        ],
        ("stackoverflow_questions", "alpha"): [date(2026, 10, 31), 28, 35, "fresh", None],
        ("stackoverflow_questions", "beta"): [
            date(2026, 8, 31), 89, 35, "late", "last month 2026-08-31 is 89 days old, expected at most 35",
        ],
        ("stackoverflow_questions_share_of_rivals", "alpha"): [
            date(2026, 8, 31), 89, 35, "late", "last month 2026-08-31 is 89 days old, expected at most 35",
        ],
        ("stackoverflow_questions_share_of_rivals", "beta"): [
            date(2026, 8, 31), 89, 35, "late", "last month 2026-08-31 is 89 days old, expected at most 35",
        ],
        ("google_trends_interest", "alpha"): [date(2026, 10, 31), 28, 35, "fresh", None],
        ("google_trends_interest", "beta"): [date(2026, 10, 31), 28, 35, "fresh", None],
        ("google_trends_interest_weekly", "alpha"): [date(2026, 7, 4), 147, 35, "stale", weekly],
        ("google_trends_interest_weekly", "beta"): [date(2026, 7, 4), 147, 35, "stale", weekly],
        ("wikipedia_pageviews", "alpha"): [date(2026, 11, 26), 2, 4, "fresh", None],
        ("wikipedia_pageviews", "beta"): [
            date(2026, 11, 20), 8, 4, "late", "last day 2026-11-20 is 8 days old, expected at most 4",
        ],
    } | {
        (metric, subject): [*never, expected, "never", "no figure has been collected yet"]
        for metric, expected in (
            ("github_subscribers_total", 2),
            ("google_trends_interest_daily", 35),
            ("pypi_downloads_with_mirrors", 38),
            ("pypi_newest_minor_days", 7),
            ("pypi_newest_minor_share", 7),
            ("stackoverflow_accepted_share", 49),
            ("stackoverflow_answered_in_a_day_share", 49),
            ("stackoverflow_answered_in_a_week_share", 49),
            ("stackoverflow_answered_share", 35),
            ("stackoverflow_hours_to_answer", 49),
            ("stackoverflow_questions_share", 35),
        )
        for subject in ("alpha", "beta")
    }  # fmt: skip
    assert house.rows("select distinct observed_at from series_status where last_period is not null") == [
        (NOW,)
    ]

    late_questions = "questions of Beta: last month 2026-08-31 is 89 days old, expected at most 35"
    late_views = "pageviews of Beta: last day 2026-11-20 is 8 days old, expected at most 4"
    assert house.rows(
        "select source_id, last_period, lag_days, state, reason from source_status order by 1"
    ) == [
        ("github", NOW.date(), 0, "late", f"stars gained of Alpha: {stuck}"),
        ("google_trends", date(2026, 10, 31), 28, "fresh", None),
        ("pypi", date(2026, 11, 26), 2, "failed", f"pypistats: {DOWN}"),
        ("stackoverflow", date(2026, 10, 31), 28, "late", late_questions),
        ("wikipedia", date(2026, 11, 26), 2, "late", late_views),
    ]
    assert house.rows(
        "select check_id, failing_rows, detail from quality_checks "
        "where not passed and check_id like '%_arrives_in_time' order by 1"
    ) == [
        ("github_arrives_in_time", 1, f"stars gained of Alpha: {stuck}"),
        ("stackoverflow_arrives_in_time", 1, late_questions),
        ("wikipedia_arrives_in_time", 1, late_views),
    ]
    assert house.rows(
        "select metric_id, subject_id, period_end, state_reason from observations "
        "where state = 'stale' order by all"
    ) == [
        ("github_stars_gained", "alpha", date(2026, 10, 24), stuck),
        ("google_trends_interest_weekly", "alpha", date(2026, 7, 4), weekly),
        ("google_trends_interest_weekly", "beta", date(2026, 7, 4), weekly),
    ]

    # Readers: the measure's own age, no lead in it, and whose series it is.
    with open_published(house.settings.published_file) as published:
        evidence = read_evidence(published)
    rows = {row.measure: row for row in agreement(evidence)}
    gained = rows["Stars gained"]
    assert (gained.told, gained.state, gained.is_grey) == ("24 October 2026", "stale", True)
    assert (rows["Stars in total"].told, rows["Stars in total"].state) == ("28 November 2026", "fresh")
    assert (gained.silence, gained.leader.name) == ("no figure of Alpha since 24 October 2026", "Alpha")
    assert set(up_to_date(evidence)) == {"stars in total", "forks in total", "search interest", "pageviews"}
    assert left_out(evidence) == [
        "stars gained (no figure of Alpha since 24 October 2026)",
        "questions (no figure of Beta since August 2026)",
    ]
    (sentence,) = freshness(evidence)
    assert sentence.text == (
        "As of 28 November 2026, one of five sources is fresh; "
        "GitHub is late (stars gained of Alpha), Python package index failed, "
        "Stack Overflow is late (questions of Beta) and Wikipedia is late (pageviews of Beta)."
    )

    # Operators: a monitor has each series; exit code and messages tell what has stopped, once.
    families = text_string_to_metric_families(
        write_metrics(house.settings.published_file, house.settings.data).read_text()
    )
    told = {(s.name, *sorted(s.labels.values())): s.value for family in families for s in family.samples}
    assert told["barometer_series_lag_days", "alpha", "github_stars_gained"] == 35
    assert told["barometer_series_state", "alpha", "github_stars_gained", "stale"] == 1
    assert told["barometer_source_state", "github", "late"] == 1
    assert ("barometer_series_lag_days", "alpha", "github_subscribers_total") not in told
    assert degraded_sources(house.settings) == ["pypi"]
    assert [one.text for one in news({}, conditions(house.settings, None))] == [
        f"pypi is failed: pypistats: {DOWN}",
        f"github_stars_gained of alpha is stale: {stuck}",
    ]
