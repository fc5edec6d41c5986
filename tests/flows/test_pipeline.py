"""How Prefect is told to run things: every task ends, and none is tried again as a whole."""

from prefect import Task

from flows import fan_out, pipeline
from flows.collect import LONGEST_SECONDS

TASKS = {"collect_service", "build", "publish", "report"}


def tasks() -> dict[str, Task]:
    every = {**vars(fan_out), **vars(pipeline)}
    return {name: value for name, value in every.items() if isinstance(value, Task)}


def test_every_task_ends_before_the_flow_is_ended():
    """A timeout each, but for collecting, which gives up by itself; together no longer than the flow's."""
    assert set(tasks()) == TASKS
    limits = {name: one.timeout_seconds for name, one in tasks().items() if name != "collect_service"}
    assert all(limits.values())
    assert LONGEST_SECONDS + sum(limits.values()) <= pipeline.barometer.timeout_seconds
    assert pipeline.verify.timeout_seconds


def test_no_task_is_tried_again_as_a_whole():
    """What has been answered is not asked again; what is, and how often, the error's class decides."""
    assert {one.retries for one in tasks().values()} == {0}
