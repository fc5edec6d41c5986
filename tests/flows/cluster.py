"""A Dask cluster of this machine: a scheduler, and workers of one thread each, as processes of their own."""

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@contextmanager
def running(log: Path, environment: dict[str, str], *arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    """Keep a command running for as long as the block lasts, and end it for good."""
    command = [sys.executable, "-m", *arguments]
    with (
        log.open("w") as told,
        subprocess.Popen(command, env=environment, stdout=told, stderr=told) as process,
    ):
        try:
            yield process
        finally:
            process.kill()


@contextmanager
def cluster_of(
    folder: Path, environment: dict[str, str], its_own: Sequence[dict[str, str]]
) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """Yield the scheduler's address, and a worker for each that has something of its own in its environment.

    `worker-1.log` is what the first one says.
    """
    distributed = pytest.importorskip("distributed", reason="Dask is not installed: `make dask`")
    here = folder / "scheduler.json"
    local = ("--host", "127.0.0.1", "--no-dashboard")
    alone = ("--no-nanny", "--nthreads", "1", "--scheduler-file", str(here), "--local-directory", str(folder))
    with ExitStack() as processes:
        scheduler = ("dask", "scheduler", *local, "--port", "0", "--scheduler-file", str(here))
        processes.enter_context(running(folder / "scheduler.log", environment, *scheduler))
        workers = [
            processes.enter_context(
                running(folder / f"worker-{number}.log", environment | own, "dask", "worker", *local, *alone)
            )
            for number, own in enumerate(its_own, 1)
        ]
        with distributed.Client(scheduler_file=str(here), set_as_default=False) as client:
            if workers:
                client.wait_for_workers(len(workers), timeout=60)
            address = client.scheduler.address
        yield address, workers


def with_project(environment: dict[str, str]) -> dict[str, str]:
    """Return an environment in which Python finds this project."""
    return environment | {"PYTHONPATH": os.pathsep.join([str(ROOT), environment.get("PYTHONPATH", "")])}
