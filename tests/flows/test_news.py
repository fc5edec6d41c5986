"""News: told once, until it is another, and when it is over."""

from datetime import UTC, datetime

import duckdb

from flows.pipeline.alerts import Condition, conditions, news
from tests.made import called, configuration

NOW = datetime(2025, 3, 10, 6, tzinfo=UTC)
CLAIMS = """
source = "A talk"

[[claims]]
id = "more_asked"
quote = "more questions"
says = "One is asked about more."
question = "Which is asked about more?"
about = "one"
evidence = [{ metric = "stackoverflow_questions" }]
would_change = "More questions of the other."
cannot_tell = "Who asks."
"""

LATE = {"source pypi": Condition("stale", "last period is 30 days old")}
BLOCKED = {"publish": Condition("blocked", "a check failed")}
CROSSED = {"crossover pypi_downloads pytorch tensorflow": Condition("crossed", "since 2024-03-01")}


def told(before, now):
    return [(one.event, one.text) for one in news(before, now)]


def test_a_change_is_told_with_its_reason():
    """A source, the publication and a crossing, each by an event of its own."""
    assert told({}, LATE | BLOCKED | CROSSED) == [
        ("barometer.source.stale", "pypi is stale: last period is 30 days old"),
        ("barometer.publish.blocked", "nothing was published: a check failed"),
        (
            "barometer.crossover",
            "pytorch has overtaken tensorflow in pypi_downloads: since 2024-03-01",
        ),
    ]
    (one,) = news({}, LATE)
    assert one.resource == "barometer.source.pypi"


def test_a_series_is_told_by_metric_and_subject():
    """Of a source that goes on; it may be mended, or end for good, and is told once either way."""
    stuck = {"series github_stars_gained alpha": Condition("stale", "last week is 35 days old")}
    assert told({}, stuck) == [
        ("barometer.series.stale", "github_stars_gained of alpha is stale: last week is 35 days old")
    ]
    assert told({next(iter(stuck)): "stale"}, {}) == [
        ("barometer.series.recovered", "github_stars_gained of alpha is back to normal")
    ]
    (one,) = news({}, stuck)
    assert one.resource == "barometer.series.github_stars_gained.alpha"


def test_the_same_state_is_told_once():
    """Its reason may change from day to day; another state is news."""
    assert told({"source pypi": "stale"}, LATE) == []
    assert told({"source pypi": "failed"}, LATE)[0][0] == "barometer.source.stale"


def test_what_is_over_is_told():
    """Back to normal."""
    before = {"source pypi": "stale", "publish": "blocked", next(iter(CROSSED)): "crossed"}
    assert told(before, {}) == [
        ("barometer.source.recovered", "pypi is back to normal"),
        ("barometer.publish.recovered", "publishing is back to normal"),
        (
            "barometer.crossover.withdrawn",
            "pytorch is no longer known to have overtaken tensorflow in pypi_downloads",
        ),
    ]


def test_the_first_run_tells_of_no_past_crossings():
    """But of what is wrong."""
    assert [event for event, _ in told(None, LATE | CROSSED)] == ["barometer.source.stale"]


def test_a_change_is_as_severe_as_it_is():
    """Missing figures are a warning, a blocked publication a failure; what is over is good."""
    assert [one.severity.name for one in news({}, LATE | BLOCKED | CROSSED)] == ["WARNING", "FAILURE", "INFO"]
    before = {"source pypi": "stale", "publish": "blocked", next(iter(CROSSED)): "crossed"}
    assert [one.severity.name for one in news(before, {})] == ["SUCCESS", "SUCCESS", "INFO"]


CLAIM = "claim larger_community"


def test_a_verdict_that_changes_is_told_with_the_one_before():
    """As an event of its own that is neither good nor bad; a first or last one is none."""
    now = {CLAIM: Condition("contradicted", "TensorFlow has the larger community.")}
    (one,) = news({CLAIM: "supported"}, now)
    assert (one.event, one.resource, one.severity.name) == (
        "barometer.claim",
        "barometer.claim.larger_community",
        "INFO",
    )
    assert one.text == (
        "larger_community is contradicted, the verdict before was supported: "
        "TensorFlow has the larger community."
    )
    assert news({CLAIM: "contradicted"}, now) == news({}, now) == news(None, now) == []
    assert news({CLAIM: "supported"}, {}) == []


def test_the_verdicts_are_those_of_the_published_file(warehouse, told, tmp_path, without_checks):
    """Other figures, another verdict, a notice; a file of before the ledger has none."""
    (tmp_path / "claims.toml").write_text(CLAIMS)
    two = configuration(one=called("one", "stackoverflow"), two=called("two", "stackoverflow"))
    house = warehouse(f'claims = "claims.toml"\n{two}')

    def ask(name, total, months):
        return [
            told("stackoverflow", "question_months", f"{name} {month}", {"total": total}, NOW)
            for month in months
        ]

    year = [f"2024-{month:02}" for month in range(1, 13)]
    house.tell(*ask("one", 300, year), *ask("two", 100, year)).build()
    before = {name: one.state for name, one in conditions(house.settings, None).items()}
    assert before["claim more_asked"] == "supported"

    house.tell(*ask("one", 10, year[6:])).build()
    (change,) = [one for one in news(before, conditions(house.settings, None)) if "claim" in one.event]
    assert change.text.startswith("more_asked is ") and "before was supported" in change.text
    with duckdb.connect(house.settings.published_file) as older:
        older.execute("drop table claim_evidence; drop table claim_history; drop table claims")
    assert not [name for name in conditions(house.settings, None) if name.startswith("claim ")]
