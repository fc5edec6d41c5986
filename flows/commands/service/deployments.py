"""Prefect's deployments: those of `prefect.yaml` and no others, and no run that nobody finishes."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import yaml
from prefect.client.orchestration import SyncPrefectClient
from prefect.client.schemas.actions import DeploymentUpdate, WorkPoolCreate
from prefect.client.schemas.filters import (
    DeploymentFilter,
    DeploymentFilterId,
    DeploymentFilterTags,
    FlowFilter,
    FlowFilterName,
    FlowRunFilter,
    FlowRunFilterState,
    FlowRunFilterStateType,
)
from prefect.client.schemas.objects import State, StateType
from prefect.client.schemas.responses import DeploymentResponse
from prefect.client.schemas.sorting import FlowRunSort
from prefect.deployments.runner import RunnerDeployment
from prefect.exceptions import ObjectNotFound
from prefect.schedules import Schedule
from prefect.states import Crashed

from warehouse.archive.lock import only_writer
from warehouse.config.settings import PROJECT, Settings
from warehouse.errors import Busy

POOL = "barometer"
TAG = "barometer"
MODULE = "flows.pipeline.flow."
UNFINISHED = [StateType.RUNNING, StateType.PENDING, StateType.CANCELLING]


def told() -> list[Mapping[str, Any]]:
    """Return the deployments that `prefect.yaml` tells of, as they are written there."""
    return list(yaml.safe_load((PROJECT / "prefect.yaml").read_text())["deployments"])


def deployments(pool: str | None = None) -> Iterator[RunnerDeployment]:
    """Yield what `prefect.yaml` tells of: for the workers of a pool, or for the process that serves them.

    Without a limit of Prefect's own: it keeps who has a slot in its server's memory, so that a server which
    ends during a run never gives the slot back. One worker and the writer's lock say how many run at once. A
    worker runs them in this folder: else it copies the whole of it for each, and a copy has a data folder of
    its own.
    """
    for one in told():
        yield RunnerDeployment.from_entrypoint(
            one["entrypoint"],
            one["name"],
            schedules=[Schedule(**schedule) for schedule in one["schedules"]],
            concurrency_limit=None,
            parameters=one["parameters"],
            description=one["description"],
            tags=one["tags"],
            work_pool_name=pool,
            job_variables=one["work_pool"]["job_variables"] | {"working_dir": str(PROJECT)} if pool else None,
        )


def require_pool(client: SyncPrefectClient) -> None:
    """Have the pool whose workers run each run in a process of its own."""
    from prefect.workers.process import ProcessWorker

    try:
        client.read_work_pool(POOL)
    except ObjectNotFound:
        template = ProcessWorker.get_default_base_job_template()
        client.create_work_pool(WorkPoolCreate(name=POOL, type="process", base_job_template=template))


def follow_file(client: SyncPrefectClient, wanted: Sequence[Mapping[str, Any]]) -> None:
    """Take away from Prefect the deployments and schedules that are not wanted any more."""
    schedules = {one["name"]: one["schedules"] for one in wanted}
    for known in known_deployments(client):
        if known.name not in schedules:
            client.delete_deployment(known.id)
        elif not schedules[known.name] and known.schedules:
            # Prefect's own way to bring up a deployment leaves the last schedule as it was.
            client.update_deployment(known.id, DeploymentUpdate(schedules=[]))


def known_deployments(client: SyncPrefectClient) -> list[DeploymentResponse]:
    """Return those of Barometer's flows that the server knows."""
    tagged = DeploymentFilter(tags=DeploymentFilterTags(all_=[TAG]))
    found = client.read_deployments(deployment_filter=tagged)
    return [one for one in found if (one.entrypoint or "").startswith(MODULE)]


def next_runs(client: SyncPrefectClient, known: DeploymentResponse) -> list[datetime]:
    """Return when its runs are due that have not begun, the first one first; a late one is of the past."""
    runs = client.read_flow_runs(
        deployment_filter=DeploymentFilter(id=DeploymentFilterId(any_=[known.id])),
        flow_run_filter=_in_state([StateType.SCHEDULED]),
        sort=FlowRunSort.NEXT_SCHEDULED_START_TIME_ASC,
    )
    return sorted(run.expected_start_time for run in runs if run.expected_start_time)


def end_abandoned(client: SyncPrefectClient, settings: Settings) -> int:
    """Mark as crashed the runs that Prefect takes for under way though nobody writes the data folder.

    Such are left by a kill, or by a machine that lost its power. Returns how many.
    """
    names = [one["entrypoint"].removeprefix(MODULE) for one in told()]
    abandoned: State[None] = Crashed(message="Its process ended before it did.")
    try:
        with only_writer(settings):
            runs = client.read_flow_runs(
                flow_filter=FlowFilter(name=FlowFilterName(any_=names)),
                flow_run_filter=_in_state(UNFINISHED),
            )
            for run in runs:
                client.set_flow_run_state(run.id, abandoned, force=True)
            return len(runs)
    except Busy:
        return 0


def _in_state(types: list[StateType]) -> FlowRunFilter:
    return FlowRunFilter(state=FlowRunFilterState(type=FlowRunFilterStateType(any_=types)))
