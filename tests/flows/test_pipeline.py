"""How Prefect is told to run things: every task ends, and none is tried again as a whole."""

from prefect import Task

from flows.pipeline import flow, tasks
from flows.pipeline.collect import LONGEST_SECONDS

COLLECTING = {"collect_service", "collect_files"}
TASKS = {*COLLECTING, "build", "publish", "report"}


def prefect_tasks() -> dict[str, Task]:
    every = {**vars(tasks), **vars(flow)}
    return {name: value for name, value in every.items() if isinstance(value, Task)}


def test_every_task_ends_before_the_flow_is_ended():
    """A timeout each, but for collecting, which gives up by itself; together no longer than the flow's."""
    assert set(prefect_tasks()) == TASKS
    limits = {name: one.timeout_seconds for name, one in prefect_tasks().items() if name not in COLLECTING}
    assert all(limits.values())
    assert LONGEST_SECONDS + sum(limits.values()) <= flow.barometer.timeout_seconds
    assert flow.verify.timeout_seconds


def test_no_task_is_tried_again_as_a_whole():
    """What has been answered is not asked again; what is, and how often, the error's class decides."""
    assert {one.retries for one in prefect_tasks().values()} == {0}
