"""A build on the workers of a Dask cluster: what one machine builds, though a worker is lost meanwhile."""

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Event

import pytest

from flows.pipeline.dask_workers import dask_workers
from tests.conftest import clean_environment
from tests.flows.cluster import cluster_of, with_project
from tests.sql.bucketed import COMPARED, NOW, a_day_later, different, first_answers
from warehouse.config.settings import Settings
from warehouse.errors import ConfigurationError


def kill_one_at_work(folders, processes, is_over):
    """Kill the first worker that has the database of a bucket in its folder; return which one it was."""
    while not is_over.wait(0.02):
        for number, (folder, process) in enumerate(zip(folders, processes, strict=True), 1):
            if list(folder.glob("barometer-*/work.duckdb*")):
                process.kill()
                return number
    return None


@pytest.mark.usefixtures("first_without_dbt")
def test_a_worker_lost_in_the_middle_of_a_bucket_changes_nothing(warehouse, told, tmp_path):
    """What one machine has built goes on in buckets: on two workers, one of which is killed at work."""
    pytest.importorskip("distributed", reason="Dask is not installed: `make dask`")
    beside = warehouse(COMPARED, now=NOW)
    house = beside.on(replace(beside.settings, data=tmp_path / "buckets"))
    for each in (house, beside):
        each.tell(*first_answers(told)).build().tell(*a_day_later(told))
    beside.build()

    folders = [tmp_path / "worker-1", tmp_path / "worker-2"]
    for folder in folders:
        folder.mkdir()
    clean = with_project(clean_environment(tmp_path / "none", tmp_path / "none", tmp_path / "none"))
    its_own = [{"TMPDIR": str(folder)} for folder in folders]
    is_over = Event()
    with cluster_of(tmp_path, clean, its_own) as (address, processes), ThreadPoolExecutor() as beside_it:
        killed = beside_it.submit(kill_one_at_work, folders, processes, is_over)
        house.settings = replace(house.settings, dask_scheduler=address)
        try:
            house.build()
        finally:
            is_over.set()
        alive = [number for number, process in enumerate(processes, 1) if process.poll() is None]
    assert alive == [3 - killed.result()], "one was killed at work, and the other one did it all"
    assert different(house, beside) == []


def test_a_cluster_without_a_worker_is_told(settings: Settings, monkeypatch, tmp_path):
    """In one line, after some time in which one may still come."""
    monkeypatch.setattr("flows.pipeline.dask_workers.PATIENCE_SECONDS", 1)
    refused = pytest.raises(ConfigurationError, match="found no worker for 1 s, expected one at least")
    with cluster_of(tmp_path, dict(os.environ), []) as (address, _), refused:
        dask_workers(replace(settings, dask_scheduler=address))


def test_a_cluster_that_is_not_there_is_told(settings: Settings):
    """One line that names the setting; where none is set, nobody is asked."""
    dask = pytest.importorskip("dask", reason="Dask is not installed: `make dask`")
    at_once = dask.config.set({"distributed.comm.timeouts.connect": "1s"})
    with at_once, pytest.raises(ConfigurationError, match=r"^BAROMETER_DASK_SCHEDULER: .+ a Dask scheduler"):
        dask_workers(replace(settings, dask_scheduler="tcp://127.0.0.1:1"))
    assert dask_workers(settings) is None
