"""A build of what came in: what nothing new was told of stays as it is, with what the checks found of it."""

import json
import shutil
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tests.made import configuration

pytestmark = pytest.mark.usefixtures("with_dbt")

NOW = datetime(2025, 3, 10, 6, tzinfo=UTC)
LATER = NOW + timedelta(hours=6)
SUBJECTS = {"one": {"github": "one/one", "stackoverflow": "one", "wikipedia": "One"}}
OF_WIKIPEDIA = {"stg_wikipedia__pageview_days", "int_wikipedia__weeks"}


def views(told, at, count=500):
    days = [at - timedelta(days=n) for n in range(2, 30)]
    items = [{"article": "One", "timestamp": f"{day:%Y%m%d}00", "views": count} for day in days]
    return told("wikipedia", "pageview_days", f"One {days[-1]:%Y-%m-%d}", {"items": items}, at)


def stars(told, at, count=1000):
    counters = {"id": 1, "full_name": "one/one", "stargazers_count": count, "forks_count": 5}
    return told("github", "repository", "one/one", counters | {"open_issues_count": 1}, at)


def questions(told, at):
    return told("stackoverflow", "question_months", "one 2025-02", {"total": 40}, at)


def built(house):
    """What the last build came to, by name; tables and views alike."""
    seconds = json.loads((house.settings.folder / "dbt" / "seconds.json").read_text())
    return {name.rpartition(".")[2] for name in seconds}


def checked(house):
    return dict(house.rows("select check_id, checked_at from quality_checks"))


def of_source(names, source_id):
    return {name for name in names if f"_{source_id}__" in name}


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    """Where the data folder is kept as the first build left it."""
    return tmp_path_factory.mktemp("kept") / "data"


@pytest.fixture
def house(warehouse, told, kept):
    """Three sources with an answer each, built once for all tests."""
    made = warehouse(configuration(**SUBJECTS), now=NOW)
    if not kept.exists():
        made.tell(views(told, NOW), stars(told, NOW), questions(told, NOW)).build()
        shutil.copytree(made.settings.data, kept)
    else:
        shutil.copytree(kept, made.settings.data)
    return made


def test_only_what_came_in_is_built_and_checked(house, told):
    """Everything else is there as before; a check says of when its result is, and none is lost."""
    before, everything = checked(house), built(house)
    assert everything > OF_WIKIPEDIA
    house.tell(stars(told, LATER, 1010)).build()

    assert not of_source(built(house), "wikipedia") and not of_source(built(house), "stackoverflow")
    assert "stg_github__repository" in built(house) and "observations" not in built(house)
    after = checked(house)
    assert set(after) == set(before)
    assert set(after.values()) == {NOW, LATER}
    kept = {name for name, at in after.items() if at == NOW}
    assert of_source(kept, "wikipedia") and of_source(kept, "stackoverflow")
    assert not of_source(kept, "github") and not [name for name in kept if "adoption_monthly" in name]
    stars_told = "select value from observations where metric_id = 'github_stars_total'"
    assert house.rows(stars_told) == [(1010.0,)]


def test_another_configuration_builds_everything(house, told, warehouse):
    """An expectation is none of the answers, and changes what is found of them."""
    everything = built(house)
    too_much = {
        "expected_lag_days": 9,
        "expect": {"days_told_share": {"at_least": 0.1, "reason": "it is read"}},
    }
    other = warehouse(configuration({"wikipedia": too_much}, **SUBJECTS), now=LATER)
    assert built(other.build()) == everything


def test_what_a_check_withholds_is_asked_again(house, told):
    """A failure that takes something back is no result that stands; without the answer it is over."""
    house.tell(views(told, LATER, -5)).build()
    failed = "select checked_at from quality_checks where not passed and severity = 'error'"
    assert house.rows(failed) == [(LATER,)]
    next_day = NOW + timedelta(days=1)
    house.tell(stars(told, next_day)).build()
    assert house.rows(failed) == []


def test_a_day_without_answers_ages_what_is_there(house):
    """Nothing of any source is built; how old things are is told anew."""
    lag = "select lag_days from source_status where source_id = 'wikipedia'"
    assert house.rows(lag) == [(2,)]
    then = NOW + timedelta(days=40)
    house.settings = replace(house.settings, clock=lambda: then)
    house.build()
    assert house.rows(lag) == [(42,)]
    assert house.rows("select state from source_status where source_id = 'wikipedia'") == [("stale",)]
    assert not any(name.startswith("stg_") for name in built(house))
