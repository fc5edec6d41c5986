"""A build on a Dask cluster that is not there, or has no worker; `test_fan_out` has one that builds."""

import os
from dataclasses import replace

import pytest

from flows.pipeline.dask_workers import dask_workers
from tests.flows.cluster import cluster_of
from warehouse.config.settings import Settings
from warehouse.errors import ConfigurationError


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
