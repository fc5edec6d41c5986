"""All checks are asked in one node of dbt: none is lost, and what hangs on a failure is not judged."""

import pytest

from warehouse.build.dbt import parsed_project
from warehouse.build.invoke import Order
from warehouse.build.together import QUERY, TOGETHER, Found, put_together


@pytest.fixture
def manifest(settings):
    settings.folder.mkdir(parents=True)
    return parsed_project(settings)


def every_test(manifest):
    return [node for node in manifest.nodes.values() if node.resource_type == "test"]


def test_every_test_of_the_project_is_asked_by_its_name(manifest):
    """Each once, after what it reads, and the one node reads what they all read."""
    order, tests = Order(manifest), every_test(manifest)
    put_together(manifest, order.sorted(tests))

    (together,) = every_test(manifest)
    names = [name for name, _ in QUERY.findall(together.raw_code)]
    assert together.unique_id == TOGETHER
    assert len(names) > 200 and sorted(names) == sorted(test.name for test in tests)
    assert set(together.depends_on.nodes) == {name for test in tests for name in test.depends_on.nodes}
    assert "_dbt_generic_test_kwargs" not in together.raw_code


def test_what_hangs_on_a_failure_is_not_judged(manifest):
    """As dbt itself would not come to it; a warning stops nothing, and other sources are judged as ever."""
    order, tests = Order(manifest), every_test(manifest)
    failing = next(test for test in tests if test.name == "weeks_are_the_sum_of_their_days")

    def judged(status):
        results = [
            Found(test, status if test is failing else "pass", int(test is failing), None) for test in tests
        ]
        return {one.node.name for one in order.judged(results)}

    assert judged("warn") == {test.name for test in tests}
    for status in ("fail", "error"):
        names = judged(status)
        assert {failing.name, "tag_totals_do_not_jump", "no_answer_is_quarantined"} <= names
        assert "shares_of_a_month_sum_to_one" not in names
        beside = {test.name for test in tests if set(test.depends_on.nodes) == set(failing.depends_on.nodes)}
        assert beside <= names
