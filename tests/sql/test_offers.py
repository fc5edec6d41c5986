"""The models of all sources reach each one by what it offers, and what it offers is read off its files."""

import shutil

import pytest

from warehouse.build import dbt, project
from warehouse.build.invoke import run_dbt
from warehouse.errors import GateClosed

CONFIGURATION = """
question = "Which?"
[[subjects]]
id = "one"
name = "One"
github = "one/one"
[sources]
github = { expected_lag_days = 3 }
"""
EVENT = """-- One row: an event.
select
    'invented-1' as event_id,
    'one' as subject_id,
    null::varchar as metric_id,
    date '2025-03-01' as occurred_on,
    null::date as ended_on,
    'outside event' as kind,
    'Invented' as title,
    null::varchar as url
"""


def test_what_a_source_offers_is_what_its_models_are_called(tmp_path):
    """Its own intermediate models, by name; not those of staging, nor a file of another source."""
    sources = tmp_path / "models/sources"
    for name in (
        "b/int_b__doubts",
        "a_b/int_a_b__vintages",
        "a_b/int_a_b__events",
        "b/stg_b__days",
        "b/int_a_b__no",
    ):
        file = sources / f"{name}.sql"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()

    assert project.offers(tmp_path) == {"a_b": ["events", "vintages"], "b": ["doubts"]}


@pytest.mark.usefixtures("with_dbt")
def test_the_files_of_a_source_are_enough(warehouse, tmp_path, monkeypatch):
    """A source that nobody else knows of tells its events as soon as its folder is there."""
    changed = shutil.copytree(project.DBT_PROJECT, tmp_path / "sql", ignore=shutil.ignore_patterns("target"))
    folder = changed / "models/sources/invented"
    folder.mkdir()
    (folder / "int_invented__events.sql").write_text(EVENT)
    monkeypatch.setattr(project, "DBT_PROJECT", changed)
    house = warehouse(CONFIGURATION)
    house.with_tests = False
    house.build()

    told = house.rows("select event_id, source_id, title from events where event_id like 'invented%'")
    assert told == [("invented-1", "invented", "Invented")]


def test_without_the_sources_dbt_says_what_to_tell_it(settings, tmp_path):
    """Whoever runs dbt by hand reads how to tell it what each source offers."""
    options = dbt.dbt_options(settings)
    options[options.index("--vars") + 1] = "{}"

    with pytest.raises(GateClosed, match=r"found no `sources`.*python -m warehouse\.build\.variables"):
        run_dbt(["parse", *options])
