"""What is built in buckets is what one machine builds: every table, row for row, and every check."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.house import Warehouse
from tests.sql.bucketed import (
    COMPARED,
    LONG_AGO,
    NOW,
    PACKAGES,
    a_day_later,
    different,
    differing_tables,
    first_answers,
    logs,
    splits,
    systems,
)
from warehouse.build.buckets.bucket import Bucket, build_bucket
from warehouse.build.buckets.keyed import Layer, layers, reads_answers
from warehouse.build.buckets.place import SharedPlace
from warehouse.build.buckets.spread import one_after_the_other
from warehouse.build.dbt import parsed_project, project_digest
from warehouse.errors import ConfigurationError


@pytest.fixture
def in_two(warehouse, tmp_path):
    """A warehouse that is built in buckets, and one of the same answers that is built by itself."""
    beside = warehouse(COMPARED, now=NOW)
    return Warehouse(replace(beside.settings, data=tmp_path / "buckets")), beside


def test_each_goes_on_from_what_the_other_has_built(in_two, told):
    """All tables and checks are as without buckets; a day later all that is published is as from scratch."""
    house, beside = in_two
    (house.settings.folder / "buckets/of-a-build-that-was-killed").mkdir(parents=True)
    for each, workers in ((house, one_after_the_other(2)), (beside, None)):
        each.tell(*first_answers(told)).build(workers)
    assert different(house, beside) == []
    assert not list(house.settings.data.glob("buckets*"))
    found = "select count(*) from quality_checks where source_id = 'pypi' and failing_rows > 0"
    assert house.rows(found)[0][0] > 1, "checks that all pass prove little"
    states = "select list(distinct state order by state) from package_downloads_daily"
    assert house.rows(states) == [(["ok", "partial", "suspect"],)]

    house.tell(*a_day_later(told)).build()
    anew = beside.tell(*a_day_later(told)).from_scratch()
    beside.build(one_after_the_other(2))
    for one in (house, beside):
        assert differing_tables(one.settings.published_file, anew.settings.published_file) == []


def test_what_a_bucket_finds_fault_with_is_withheld_as_ever(in_two, told):
    """Single answers that cannot be read or be true go into quarantine; most of a kind hold a source back."""
    house, beside = in_two
    at = NOW - timedelta(days=1)
    impossible = logs(told, PACKAGES[:2], at)
    impossible.body["data"][0]["downloads"] = -3
    lost = splits(told, "two", at)
    lost.body["data"][0]["versions"] = {"1.0": 3}
    unread = systems(told, "two-old", at)
    unread.body["data"][0]["date"] = "no day"
    answers = [*(logs(told, [package], LONG_AGO, days=40) for package in PACKAGES), impossible, lost, unread]
    answers += [systems(told, package, at) for package in PACKAGES[:2]]
    for each, workers in ((house, one_after_the_other(2)), (beside, None)):
        each.tell(*answers).build(workers)
    assert different(house, beside) == []
    ((state, reason),) = house.rows("select state, reason from source_status where source_id = 'pypi'")
    assert state == "never" and "logged_versions_sum_to_the_day" in reason
    assert house.rows("select count(*) from quality_checks where not passed and severity = 'error'") == [(3,)]


def test_a_bucket_is_refused_where_it_cannot_be_built(tmp_path):
    """By another version, which would make other rows, and where the data folder is not seen."""
    bucket = Bucket("source", 0, SharedPlace(str(tmp_path / "elsewhere")), project_digest(), {}, frozenset())
    with pytest.raises(ConfigurationError, match="a worker of another version, expected the same one"):
        build_bucket(replace(bucket, project="other"))
    with pytest.raises(ConfigurationError, match="elsewhere: No such file or directory, expected a folder"):
        build_bucket(bucket)


def test_the_keyed_models_are_made_of_each_other_and_the_configuration(settings):
    """What is told of a name hangs on the answers about it alone, and what is unique is so within a name."""
    every = layers(parsed_project(settings))
    assert [layer.source_id for layer in every] == ["pypi"]
    for layer in every:
        assert len(layer.tests) > 30
        assert {name: wrong for name in layer.columns if (wrong := foreign(layer, name))} == {}
        for name in layer.tests:
            node = layer.manifest.nodes[name]
            if "unique_key" in name:
                (column,) = {layer.columns[parent] for parent in node.depends_on.nodes}
                assert column in node.test_metadata.kwargs["columns"], name


def foreign(layer: Layer, name: str) -> list[str]:
    """Of what a keyed model is made, what neither is keyed nor is the same whatever was answered."""
    node = layer.manifest.nodes[name]
    parents = [one for one in node.depends_on.nodes if not (reads_answers(node) and one.endswith(".pages"))]
    return [one for one in parents if one not in layer.columns and not layer.is_of_configuration(one)]
