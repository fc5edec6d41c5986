"""The saved queries answer their questions; every expected row can be recounted from the small archive."""

import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from warehouse.errors import ConfigurationError
from warehouse.published.open import open_published
from warehouse.published.saved_queries import saved_queries, saved_query

MORNING = datetime(2025, 3, 10, 6, tzinfo=UTC)
QUERIES = saved_queries()

# The first rows of each answer.
ANSWERS = {
    "revised_past": [(MORNING, "wikipedia_pageviews", "one", date(2024, 12, 1), 130.0, 100.0, -0.23077)],
    "installers_by_month": [(date(2025, 2, 1), "one", "people", 2600, 1.0)],
    "failed_checks": [],  # none did
    # One has had more since November 2023, and two never for the last quarter of half a year.
    "claims_now": [
        (
            "more_downloads",
            "Two is installed more.",
            "contradicted",
            date(2024, 1, 31),
            None,
            "low",
            "against it: downloads (2.5 times)",
            "ok",
        ),
        (
            "more_views",
            "One is looked up more.",
            "not measurable here",
            None,
            None,
            None,
            "not known: pageviews, search interest",
            "ok",
        ),
        (
            "easier_to_learn",
            "One is easier to learn.",
            "not measurable here",
            None,
            None,
            None,
            "No count tells ease.",
            "ok",
        ),
    ],
    "evidence_of_a_claim": [
        (
            *(
                "more_downloads",
                "contradicts",
                "pypi_downloads",
                "leads",
                name,
                date(2025, 2, 1),
                value,
                "ok",
            ),
            *(0.4, 0.395, 0.401, 1.0, "pypi", MORNING),
        )
        for name, value in (("one", 2600.0), ("two", 1000.0))
    ],
    "when_was_it_true": [
        ("more_downloads", 2023, "mixed", 0.0, 0.0, 1.0),
        ("more_downloads", 2024, "contradicted", 0.0, 1.0, 1.0),
        ("more_views", 2023, "not measurable here", None, None, 0.0),
    ],
    "crossovers": [("Accepted answers", "no data", "one", "two", None, None, None, None)],
    "answer_rates": [("month", date(2025, 2, 1), "two", 10, 0.8, 0.49016, 0.94332, "ok")],
    "at_the_same_age": [
        (0, "two", 1000.0, 12, date(2023, 1, 1), date(2023, 12, 1), False),
        (1, "two", 1000.0, 11, date(2024, 1, 1), date(2024, 12, 1), False),
        (1, "one", 650.0, 12, date(2023, 1, 1), date(2023, 12, 1), False),
    ],
    "changed_since_last_week": [
        ("github_forks_total", "one", date(2025, 2, 20), 5.0, date(2025, 3, 10), 5.0, 0.0, "ok"),
    ],
    "download_share_by_month": [
        (date(2025, 2, 1), "one", 2600, 26 / 36, 1.0, "download logs by installer", "ok"),
        (date(2025, 2, 1), "two", 1000, 10 / 36, 1.0, "download logs by installer", "ok"),
    ],
    # Of the 90 days after there is a month and a bit for each; before them nothing was counted.
    "events_near": [
        (date(2022, 11, 30), "mean a month", "Downloads of one", None, 150.0, "ok"),
        (date(2022, 11, 30), "mean a month", "Downloads of two", None, 1000.0, "ok"),
        (date(2022, 11, 30), "outside event", "ChatGPT released", None, None, None),
    ],
    "freshness": [
        ("google_trends", "never", None, None, 35, None, "no figure has been collected yet"),
        (
            "pypi",
            "late",
            date(2025, 2, 28),
            10,
            7,
            MORNING,
            "last period 2025-02-28 is 10 days old, expected at most 7",
        ),
    ],
    "gaps": [
        ("pypi_downloads", "one", date(2021, 3, 1), date(2022, 12, 1), 22),
        ("pypi_downloads", "two", date(2024, 6, 1), date(2024, 6, 1), 1),
    ],
    # 2,200 + 2,300 + 2,400 beside 1,900 + 2,000 + 2,100 and 1,000 + 1,100 + 1,200.
    "growth_last_quarter": [
        ("pypi_downloads", "one", date(2024, 10, 1), 6900.0, 6900 / 6000 - 1, 6900 / 3300 - 1, "ok"),
        ("pypi_downloads", "two", date(2024, 10, 1), 3000.0, 0.0, 0.0, "ok"),
    ],
    "known_faults": [
        (
            "pypi_downloads",
            "Download logs ran dry",
            date(2021, 1, 4),
            date(2021, 4, 6),
            date(2021, 2, 1),
            date(2021, 2, 28),
            1,
            "https://github.com/psf/pypistats.org/issues/34",
        )
    ],
    # Equal in October 2023, ahead from November on; June 2024 is not known of both.
    "leader_since_when": [
        ("Answered questions", "two", date(2025, 2, 1), date(2025, 2, 1), 1, 0),
        ("Downloads", "one", date(2023, 11, 1), date(2025, 2, 1), 15, 2),
    ],
    "leaders_now": [
        ("Downloads", "one", "one", 2600.0, "two", 1000.0, 2.6, date(2025, 2, 28), 10, "ok"),
        ("Pageviews", "nobody", "one", 100.0, "two", 100.0, 1.0, date(2025, 3, 9), 1, "ok"),
    ],
    "questions_per_1000_stars": [
        (date(2025, 2, 1), "two", 10, 464, 10000 / 464),
        (date(2025, 2, 1), "one", 30, 1964, 30000 / 1964),
    ],
    "sample_data": [("Pageviews", "two", 99, 99, date(2024, 12, 1), date(2025, 3, 9))],
    "stars_gained_by_week": [
        (date(2025, 3, 2), "one", 14.0, 14.0, "ok"),
        (date(2025, 3, 2), "two", 7.0, 7.0, "ok"),
    ],
    "top_countries": [
        ("one", 1, "US", 0.6, 5400, date(2022, 6, 8), "ok"),
        ("one", 2, "DE", 0.3, 2700, date(2022, 6, 8), "ok"),
        ("one", None, "unknown", 0.1, 900, date(2022, 6, 8), "ok"),
    ],
    # 100 to 400 of 1,000 on the seven days after the first.
    "uptake_of_releases": [
        ("one", "one", "1.1", date(2022, 6, 1), 0.25, None, None, None, 0.4, "ok"),
    ],
    "unusual_days": [("wikipedia_pageviews", "one", date(2025, 2, 15), 1000.0, 100.0, 114.68, "suspect")],
    "what_is_here": [("adoption_monthly", 75, "subject_id", "VARCHAR", "Subject the row belongs to.")],
    "where_figures_come_from": [
        (
            "github_forks_total",
            "github",
            "forks",
            "day",
            date(2025, 2, 20),
            date(2025, 3, 10),
            MORNING,
            "repository counter",
            "Forks of the repository on the day, as its counter says.",
            "GitHub changed how it counts on 2024-02-21.",
        )
    ],
    # Downloads of three months, 7,500 beside 3,000; of community stars, 2,000 beside 500, and forks, 5 each:
    # from a weight of a thirtieth for stars on one leads by more than 2 percent.
    "who_leads_by_weights": [
        ("adoption", "one", 1, 1.0, 7500 / 10500, 7500 / 10500, 7500 / 10500, "ok", None),
        ("adoption", "two", 1, 0.0, 3000 / 10500, 3000 / 10500, 3000 / 10500, "ok", None),
        ("community", "one", 2, 1 - 1 / 30, 0.515, 0.65, 0.785, "ok", ["github_forks_total"]),
        ("community", "two", 2, 0.0, 0.215, 0.35, 0.485, "ok", None),
    ],
    "year_on_year": [
        (date(2025, 2, 1), "one", 2600.0, 1400.0, 2600 / 1400 - 1, None, "ok"),
        (date(2025, 2, 1), "two", 1000.0, 1000.0, 0.0, None, "ok"),
    ],
}


def close(row: tuple[object, ...]) -> tuple[object, ...]:
    """A row whose floats may differ in the last digits."""
    return tuple(pytest.approx(value, abs=0.01) if isinstance(value, float) else value for value in row)


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: query.name)
def test_a_saved_query_answers(query, published_file: Path):
    """Its first rows are those that a person counts; what has three rows or fewer is whole."""
    with open_published(published_file) as published:
        published.set_variables({"now": MORNING.isoformat()})
        rows = published.query(query.sql)[1]

    expected = ANSWERS[query.name]
    assert rows[: len(expected)] == [close(row) for row in expected]


def test_there_are_enough_and_each_says_its_question():
    """At least twelve; every first line is a question in words, and no name is missing above."""
    assert len(QUERIES) >= 12
    assert sorted(ANSWERS) == [query.name for query in QUERIES]
    for query in QUERIES:
        assert query.sql.startswith("-- ") and "?" in query.question, query.name


def test_every_variable_has_a_default():
    """So that the text runs as it is; and its name is in the list of parameters."""
    found = {query.name: set(re.findall(r"getvariable\('(\w+)'\)", query.sql)) for query in QUERIES}

    assert found == {query.name: set(query.defaults) for query in QUERIES}
    assert found["events_near"] == {"date", "days"}


@pytest.mark.parametrize(
    ("name", "values", "rows"),
    [
        ("unusual_days", {"deviations": "200"}, 0),
        ("stars_gained_by_week", {"weeks": "3"}, 6),
        ("events_near", {"date": "2018-07-27", "days": "1"}, 1),
        ("changed_since_last_week", {"days": "30"}, 20),
        ("year_on_year", {"metric": "wikipedia_pageviews"}, 198),
        ("at_the_same_age", {"metric": "stackoverflow_questions"}, 2),
        ("evidence_of_a_claim", {"claim": "more_views"}, 4),
        ("when_was_it_true", {"claim": "more_downloads"}, 2),
    ],
)
def test_a_variable_changes_the_answer(name: str, values: dict[str, str], rows: int, published_file: Path):
    """What is given stands in the place of the default."""
    with open_published(published_file) as published:
        published.set_variables(values)
        assert len(published.query(saved_query(name).sql)[1]) == rows


def test_an_unknown_name_tells_near_ones():
    """Or, of one that is like none, all there are."""
    with pytest.raises(ConfigurationError, match=r"found gap, expected one of gaps$"):
        saved_query("gap")
    with pytest.raises(
        ConfigurationError, match="expected one of answer_rates, at_the_same_age, changed_since_last_week"
    ):
        saved_query("xyzzy")
