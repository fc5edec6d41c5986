"""The workers of a Dask cluster, for what a build or a service's files can be spread over them.

What collects from a whole service on one of them is in `tasks`. A worker that is lost costs what it had
begun: Dask gives its buckets and files to another. One with which several were lost, by Dask's own setting
four, ends the build, or the attempt.
"""

from collections.abc import Collection, Iterator, Sequence
from concurrent.futures import CancelledError
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Any

from flows.client.request import Question
from flows.client.service import Service
from flows.pipeline.files import Answers, Asked, answers_in_order, ask_alone, taken_in_order
from warehouse.archive.write import LastAnswers
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


def asked_on_workers(
    service: Service, questions: Collection[Question], settings: Settings, known: LastAnswers
) -> AbstractContextManager[list[Question]]:
    """Yield the questions as an attempt here asks them, each of which a worker asks in a task of its own."""
    return taken_in_order(questions, _answers(service, questions, settings, known))


def _answers(
    service: Service, questions: Collection[Question], settings: Settings, known: LastAnswers
) -> Answers:
    """Ask as `answers_in_order` tells; raises ConfigurationError as a build does, where no worker can.

    The settings go with each question: a result, as what is known becomes one, a worker may lay on its disk.
    """
    with _client(settings.dask_scheduler or "") as client, _losses_told("file"):
        kept = client.submit(dict, known, pure=False)  # not scattered: that is lost with a worker

        def begin(question: Question) -> _Pending:
            future = client.submit(ask_alone, question, service, settings, kept, pure=False)
            return _Pending(client, future)

        yield from answers_in_order(service, questions, settings, begin)


@dataclass(frozen=True)
class _Pending:
    """A question that is on its way; as long as none of it is wanted, its workers may come and go."""

    client: Any
    future: Any

    def done(self) -> bool:
        return bool(self.future.done())

    def result(self) -> Asked:
        _awaited(self.client, [self.future])
        asked: Asked = self.future.result()
        return asked


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
    with _client(scheduler) as client, _losses_told("bucket"):
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
def _losses_told(of: str) -> Iterator[None]:
    """Raise ConfigurationError for workers that are lost again and again, and for a scheduler that is."""
    from distributed.scheduler import KilledWorker

    try:
        yield
    except KilledWorker as error:
        raise ConfigurationError(
            f"BAROMETER_DASK_SCHEDULER: {error.allowed_failures + 1} workers ended over one {of}, "
            f"the last of them {error.last_worker.address}, expected 2 GB of memory for each"
        ) from error
    except CancelledError as error:
        raise no_scheduler(f"it was lost while {of}s were awaited") from error


def _no_worker() -> ConfigurationError:
    return ConfigurationError(
        f"BAROMETER_DASK_SCHEDULER: found no worker for {PATIENCE_SECONDS} s, expected one at least"
    )
