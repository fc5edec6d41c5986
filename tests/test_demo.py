"""The demo from end to end: what `make demo` publishes is what the committed facts say."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from flows.sources import source_ids
from flows.standin.facts import load_facts
from flows.standin.records import PYTORCH, TENSORFLOW
from warehouse.published.open import open_published

SUBJECTS = {"pytorch": PYTORCH, "tensorflow": TENSORFLOW}


def observed(demo_run, metric_id: str, subject_id: str, column: str = "value") -> dict[date, object]:
    """A series as published, by the first day of its periods."""
    rows = demo_run.rows(
        f"select period_start, {column} as figure from observations "
        f"where metric_id = '{metric_id}' and subject_id = '{subject_id}'"
    )
    return {row["period_start"]: row["figure"] for row in rows}


def months(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first = (first + timedelta(days=31)).replace(day=1)


# The metrics of the sources that the demo asks.
ASKED = "select metric_id from metrics semi join source_status using (source_id)"


# PyTorch has no web runtime, and of its conda-forge package nobody printed what was downloaded.
OF_TENSORFLOW_ALONE = {"jsdelivr_requests", "conda_forge_downloads"}
# What somebody printed; of the second kind for some years alone, and a formula tells the others.
PRINTED = {
    "conda_downloads",
    "conda_forge_downloads",
    "conference_papers",
    "conference_papers_share",
    "github_forks_total",
    "github_issues_opened",
    "github_open_issues",
    "github_stars_gained",
    "github_stars_gained_monthly",
    "github_stars_total",
    "pypi_downloads",
    "pypi_downloads_with_mirrors",
    "stackoverflow_questions",
    "stackoverflow_questions_share_of_rivals",
}
PRINTED_IN_PART = {"hacker_news_hiring_posts", "hacker_news_hiring_posts_per_1000"}


def test_every_metric_has_both_frameworks(demo_run):
    """The query of the README answers for the two frameworks and all metrics that the demo can tell."""
    done = demo_run.barometer(
        "sql",
        "select metric_id, subject_id, count(*), max(period_start) from observations group by all",
        "--format",
        "csv",
    )

    found = {tuple(line.split(",")[:2]) for line in done.stdout.splitlines()[1:]}
    metrics = {row["metric_id"] for row in demo_run.rows(ASKED)}
    assert {
        "github_stars_total",
        "github_stars_gained",
        "github_forks_total",
        "pypi_downloads",
        "stackoverflow_questions",
        "stackoverflow_questions_share",
        "stackoverflow_questions_share_of_rivals",
        "stackoverflow_answered_share",
        "google_trends_interest",
        "google_trends_interest_daily",
        "wikipedia_pageviews",
    } <= metrics
    # The one comes from an imported export alone; the other nobody printed.
    told = metrics - {"google_trends_interest_weekly", "github_subscribers_total"}
    both = {(metric, subject) for metric in told - OF_TENSORFLOW_ALONE for subject in SUBJECTS}
    assert found == both | {(metric, "tensorflow") for metric in OF_TENSORFLOW_ALONE}


@pytest.mark.parametrize(("subject_id", "repository"), SUBJECTS.items())
def test_stars_and_forks_are_what_was_shown_on_the_day(demo_run, subject_id, repository):
    """Each total equals the committed fact of its day, the first of a month wherever there is one."""
    facts = {totals.observed_on: totals for totals in load_facts().totals[repository]}

    stars = observed(demo_run, "github_stars_total", subject_id)
    assert stars == {day: totals.stars for day, totals in facts.items()}
    assert observed(demo_run, "github_forks_total", subject_id) == {
        day: totals.forks for day, totals in facts.items()
    }
    assert sum(day.day == 1 for day in stars) > 60


@pytest.mark.parametrize(("subject_id", "repository"), SUBJECTS.items())
def test_stars_gained_are_the_weeks_of_the_facts(demo_run, subject_id, repository):
    """Every week since the repository was made, the running one partial."""
    facts = {week.week: sum(week.days) for week in load_facts().weeks[repository]}

    assert observed(demo_run, "github_stars_gained", subject_id) == facts
    states = observed(demo_run, "github_stars_gained", subject_id, "state")
    assert [week for week, state in states.items() if state == "partial"] == [date(2025, 8, 3)]


@pytest.mark.parametrize("subject_id", SUBJECTS)
def test_questions_are_the_facts_month_by_month(demo_run, subject_id):
    """Each month as printed; a month that no source printed is missing, not zero; May 2023 is stale."""
    facts = load_facts().question_months[subject_id]
    questions = observed(demo_run, "stackoverflow_questions", subject_id)

    before = [month for month in questions if month < min(facts)]
    assert {month: questions[month] for month in questions if month not in before} == facts
    assert all(questions[month] == 0 for month in before)
    states = observed(demo_run, "stackoverflow_questions", subject_id, "state")
    assert [month for month, state in states.items() if state == "stale"] == [date(2023, 5, 1)]


@pytest.mark.parametrize(("subject_id", "package"), [("pytorch", "torch"), ("tensorflow", "tensorflow")])
def test_downloads_are_the_windows_spread_over_their_months(demo_run, subject_id, package):
    """Until October 2024 the logs' windows, after it pypistats'; each spread evenly over its month."""
    facts = load_facts()
    expected = {}
    for month in months(date(2018, 2, 1), date(2025, 7, 1)):
        kinds = ("unknown", "pip") if month < date(2024, 11, 1) else ("without_mirrors",)
        windows = [
            window
            for kind in kinds
            if (window := facts.windows.get((package, kind), {}).get(month)) is not None
        ]
        if windows:
            days = (month + timedelta(days=31)).replace(day=1) - month
            expected[month] = round(windows[0].downloads / windows[0].window_days * days.days)

    downloads = observed(demo_run, "pypi_downloads", subject_id)
    assert downloads == pytest.approx(expected, abs=1)
    basis = observed(demo_run, "pypi_downloads", subject_id, "basis")
    assert basis[date(2024, 10, 1)] == "download logs by installer"
    assert basis[date(2024, 11, 1)] == "pypistats, mirrors left out"


def test_figures_that_anybody_can_recount(demo_run):
    """The examples of the demo's README, in the published tables."""
    rows = demo_run.rows(
        "select subject_id, month, downloads from adoption_monthly "
        "where subject_id = 'pytorch' and month in ('2024-10-01', '2025-06-01') order by month"
    )
    assert [row["downloads"] for row in rows] == [30_775_201, 48_516_572]
    (row,) = demo_run.rows(
        "select stars_total, questions from community_monthly "
        "where subject_id = 'tensorflow' and month = '2023-05-01'"
    )
    assert row["questions"] == 493
    (share,) = demo_run.rows(
        "select questions_share_of_rivals as share from community_monthly "
        "where subject_id = 'pytorch' and month = '2023-05-01'"
    )
    assert share["share"] == pytest.approx(483 / (483 + 493))


COUNTED = (None, "download logs by installer", "ok", None)
# Of April 2023, as printed: flows/standin/facts has the same figures, each with where it was printed.
LOGGED = (True, "download logs by installer", "sample", None)
WHOLE_ROWS = {
    # 9,433,020 and 15,082,189 by pip in the 30 days to 30 April; a year before 7,714,259 and 13,949,097.
    "select subject_id, downloads, downloads_low, downloads_with_mirrors, downloads_share, downloads_yoy, "
    "downloads_yoy_reason, downloads_basis, downloads_state, downloads_missing "
    "from adoption_monthly where month = '2023-04-01'": [
        ("pytorch", 9_433_020, 9_433_020, None, 9_433_020 / 24_515_209, 9_433_020 / 7_714_259 - 1, *COUNTED),
        (
            "tensorflow",
            15_082_189,
            15_082_189,
            None,
            15_082_189 / 24_515_209,
            15_082_189 / 13_949_097 - 1,
            *COUNTED,
        ),
    ],
    # Counters of 1 April; on 1 May 66,170 and 173,887 stars. 522 and 626 questions.
    "select subject_id, stars_total, stars_gained, stars_net_change, forks_total, open_issues, "
    "subscribers_total, questions, questions_state, questions_share_of_rivals "
    "from community_monthly where month = '2023-04-01'": [
        ("pytorch", 64_650, 1_550, 66_170 - 64_650, 17_871, 10_665, None, 522, "ok", 522 / 1_148),
        ("tensorflow", 172_645, 1_402, 173_887 - 172_645, 88_025, 2_003, None, 626, "ok", 626 / 1_148),
    ],
    # 555 + 517 + 592 and 739 + 693 + 675 questions.
    "select subject_id, questions, questions_share_of_rivals from community_quarterly "
    "where quarter = '2023-01-01'": [
        ("pytorch", 1_664, 1_664 / 3_771),
        ("tensorflow", 2_107, 2_107 / 3_771),
    ],
    # The month's 9,433,020, spread evenly over its days.
    "from package_downloads_daily where package = 'torch' and day = '2023-04-05'": [
        ("torch", "pytorch", date(2023, 4, 5), name, count, *LOGGED)
        for name, count in (("mirror", 0), ("people", 314_434), ("script", 0), ("unknown", 0))
    ],
    "select event_id, subject_id, kind, title from events "
    "where occurred_on between '2023-03-01' and '2023-04-30'": [
        ("github-release-pytorch-65600975043", "pytorch", "release", "PyTorch 2.0"),
    ],
    # The geometric mean of the last quarter: 483 to 493 in May, 522 to 626 in April, 592 to 675 in March.
    "select metric_id, leader_id, status, round(ratio, 9), compared_to from crossovers "
    "where metric_id = 'stackoverflow_questions'": [
        (
            "stackoverflow_questions",
            "tensorflow",
            "too close to call",
            round((493 / 483 * 626 / 522 * 675 / 592) ** (1 / 3), 9),
            date(2023, 5, 31),
        ),
    ],
    "select subject_id, name, first_release_on, position from subjects": [
        ("pytorch", "PyTorch", date(2017, 1, 19), 0),
        ("tensorflow", "TensorFlow", date(2015, 11, 9), 1),
    ],
    # Each divides the day's share of the month's downloads.
    "select split, sum(downloads) from package_downloads_split "
    "where package = 'torch' and day = '2025-02-07' group by all": [
        ("minor_version", 1_361_464),
        ("python_minor", 1_361_464),
        ("system", 1_361_464),
    ],
}


@pytest.mark.parametrize("query", WHOLE_ROWS)
def test_a_person_can_recount_a_month_of_every_table(demo_run, query):
    """Whole rows, from the figures as they were printed."""
    with open_published(demo_run.data / "barometer.duckdb") as published:
        assert published.query(f"from ({query}) order by all")[1] == WHOLE_ROWS[query]


def test_what_a_formula_made_is_sample_wherever_it_is_seen(demo_run):
    """Every value of what nobody printed, and no other, is marked in the table; the pages say it."""
    rows = demo_run.rows("select metric_id, list(distinct state) as states from observations group by all")
    states = {row["metric_id"]: set(row["states"]) for row in rows}
    assert [name for name in PRINTED if "sample" in states[name]] == []
    made = states.keys() - PRINTED - PRINTED_IN_PART
    assert {
        name: states[name] for name in made if not {"sample"} <= states[name] <= {"sample", "partial"}
    } == {}
    assert all({"ok", "sample"} <= states[name] for name in PRINTED_IN_PART)
    assert demo_run.rows(
        "select distinct questions_state, questions_share_of_site_state, questions_answered_share_state "
        "from community_monthly where month = '2023-04-01'"
    ) == [
        {
            "questions_state": "ok",
            "questions_share_of_site_state": "sample",
            "questions_answered_share_state": "sample",
        }
    ]
    assert demo_run.rows(
        "select distinct search_state, pageviews_state from adoption_monthly "
        "where search_interest is not null and pageviews is not null"
    ) == [{"search_state": "sample", "pageviews_state": "sample"}]
    assert "sample data" in (demo_run.site / "adoption.html").read_text()


def test_stack_overflow_is_stale_with_its_reason_and_the_rest_fresh(demo_run):
    """The status and the page say since when and why."""
    rows = demo_run.rows("select source_id, state, last_period, reason from source_status")
    status = {row["source_id"]: row for row in rows}
    assert set(status) == set(source_ids())
    assert [name for name, row in status.items() if row["state"] != "fresh"] == ["stackoverflow"]
    assert (status["stackoverflow"]["state"], status["stackoverflow"]["last_period"]) == (
        "stale",
        date(2023, 5, 31),
    )
    assert "the demo holds no total after May 2023" in status["stackoverflow"]["reason"]


def test_the_demo_says_where_its_time_went(demo_run):
    """One line a stage, with seconds."""
    stages = [line.split("  ")[0].strip() for line in demo_run.log.splitlines() if " s  " in line]
    for stage in ("collect past months", "collect github", "load", "build", "publish", "report"):
        assert stage in stages
    assert "\x1b" not in demo_run.log, "plain lines where there is no terminal"


def test_rebuilding_from_the_archive_gives_the_same_rows(demo_run):
    """Every mart has the rows it had, down to the times."""
    tables = [row["table_name"] for row in demo_run.rows("select table_name from duckdb_tables()")]
    assert len(tables) == 27
    before = {table: demo_run.rows(f"from {table} order by all") for table in tables}

    done = demo_run.barometer("rebuild")

    assert done.returncode == 0, done.stderr
    assert {table: demo_run.rows(f"from {table} order by all") for table in tables} == before
