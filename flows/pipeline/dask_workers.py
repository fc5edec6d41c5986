"""The workers of a Dask cluster, for what a build can spread over them; `tasks` has what collects on them.

A worker that is lost costs what it had begun: Dask gives its buckets to another. A bucket with which several
were lost, by Dask's own setting four, ends the build.
"""

from collections.abc import Collection, Iterator, Sequence
from concurrent.futures import CancelledError
from contextlib import contextmanager
from typing import Any

from warehouse.build.buckets.bucket import Bucket, Built, build_bucket
from warehouse.build.buckets.spread import Workers
from warehouse.config.settings import Settings
from warehouse.errors import ConfigurationError

# So long no worker may be there before that is told.
PATIENCE_SECONDS = 60
# A disk or network may fail once; what is wrong with a bucket is wrong with it again.
RETRIES = 2


def dask_workers(settings: Settings) -> Workers | None:
    """Return the workers that settings name; None where they name none.

    Raises ConfigurationError for a scheduler that does not answer, or that has no worker.
    """
    scheduler = settings.dask_scheduler
    if scheduler is None:
        return None
    with _client(scheduler) as client:
        processes = _processes(client)
    return Workers(processes, lambda buckets: _built(scheduler, buckets))


def no_scheduler(found: str) -> ConfigurationError:
    """Return what to raise where there is no cluster."""
    return ConfigurationError(
        f"BAROMETER_DASK_SCHEDULER: {found}, expected a Dask scheduler, like tcp://host:8786"
    )


@contextmanager
def _client(scheduler: str) -> Iterator[Any]:
    try:
        from distributed import Client  # not part of the usual installation
    except ImportError as error:
        raise no_scheduler(f"{error}; `make dask` installs it") from error
    try:
        client = Client(scheduler, set_as_default=False)
    except (OSError, ValueError) as error:
        raise no_scheduler(str(error)) from error
    with client:
        yield client


def _processes(client: Any) -> int:
    """Return how many workers there are, once there is one; each builds one bucket at a time."""
    try:
        client.wait_for_workers(1, timeout=PATIENCE_SECONDS)
    except TimeoutError as error:
        raise _no_worker() from error
    return len(client.nthreads())


def _built(scheduler: str, buckets: Sequence[Bucket]) -> Iterator[Built]:
    """Yield what each bucket tells, as it is done."""
    with _client(scheduler) as client, _losses_told():
        pending = client.map(build_bucket, buckets, pure=False, retries=RETRIES)
        while pending:
            done, pending = _awaited(client, pending)
            yield from [future.result() for future in done]


def _awaited(client: Any, pending: Collection[Any]) -> tuple[Collection[Any], Collection[Any]]:
    """Wait until some are done, and return these and the others; raises where no worker is left."""
    from distributed import wait

    while True:
        try:
            with client.as_current():
                done, others = wait(pending, timeout=PATIENCE_SECONDS, return_when="FIRST_COMPLETED")
            return done, others
        except TimeoutError as error:
            if not client.nthreads():
                raise _no_worker() from error


@contextmanager
def _losses_told() -> Iterator[None]:
    """Raise ConfigurationError for workers that are lost again and again, and for a scheduler that is."""
    from distributed.scheduler import KilledWorker

    try:
        yield
    except KilledWorker as error:
        raise ConfigurationError(
            f"BAROMETER_DASK_SCHEDULER: {error.allowed_failures + 1} workers ended over one bucket, "
            f"the last of them {error.last_worker.address}, expected 2 GB of memory for each"
        ) from error
    except CancelledError as error:
        raise no_scheduler("it was lost while buckets were built") from error


def _no_worker() -> ConfigurationError:
    return ConfigurationError(
        f"BAROMETER_DASK_SCHEDULER: found no worker for {PATIENCE_SECONDS} s, expected one at least"
    )
