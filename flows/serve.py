"""`barometer serve`: every deployment of `prefect.yaml` in one process, without a worker."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread
from typing import TYPE_CHECKING, Annotated, Any

import typer
import yaml

from flows import stages
from flows.notify import read_addresses, require_public
from flows.progress import logger
from warehouse.errors import ConfigurationError
from warehouse.settings import PROJECT, read_settings

if TYPE_CHECKING:
    from prefect.deployments.runner import RunnerDeployment

STARTING_SECONDS = 120


def serve(
    notify: Annotated[
        list[str] | None,
        typer.Option(
            help="Where news are sent to, as apprise writes it; several times. "
            "One with a login or a token belongs into BAROMETER_NOTIFY."
        ),
    ] = None,
    port: Annotated[int, typer.Option(help="Of the Prefect server that is started here.")] = 4200,
) -> None:
    """Run every scheduled deployment until it is stopped.

    Without PREFECT_API_URL it starts a Prefect server of its own, with its pages on this machine only.
    """
    if notify:
        require_public(notify)
        os.environ.pop("BAROMETER_NOTIFY_FILE", None)
        os.environ["BAROMETER_NOTIFY"] = " ".join(notify)
    # A SIGTERM ends Prefect by way of this signal, which is ignored by what a script starts with &.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    settings = read_settings()
    stages.ecosystem_of(settings)
    stages.refuse_mixing(settings)
    if settings.notify:
        read_addresses(settings.notify)
    os.environ.setdefault("PREFECT_LOGGING_EXTRA_LOGGERS", "barometer")
    os.environ.setdefault("PREFECT_SERVER_ANALYTICS_ENABLED", "false")
    with _server(port):
        _serve()


def _serve() -> None:
    from prefect import serve as serve_all  # reads the environment when it is imported

    # A schedule that is paused at the end would not catch up at the next start.
    # One run at a time: SQLite locks up under several that begin at once.
    serve_all(*_deployments(), pause_on_shutdown=False, print_starting_message=False, limit=1)


def _deployments() -> "Iterator[RunnerDeployment]":
    """Yield the deployments of `prefect.yaml`, as a process serves them: no work pool."""
    from prefect.deployments.runner import RunnerDeployment
    from prefect.schedules import Schedule

    for told in yaml.safe_load((PROJECT / "prefect.yaml").read_text())["deployments"]:
        yield RunnerDeployment.from_entrypoint(
            told["entrypoint"],
            told["name"],
            schedules=[Schedule(**schedule) for schedule in told["schedules"]],
            concurrency_limit=told["concurrency_limit"],
            parameters=told["parameters"],
            description=told["description"],
            tags=told["tags"],
        )


@contextmanager
def _server(port: int) -> Iterator[None]:
    """Have a Prefect server for as long as the block lasts; one that runs already is used, and stays.

    Raises ConfigurationError for one that does not start.
    """
    url = os.environ.setdefault("PREFECT_API_URL", f"http://127.0.0.1:{port}/api")
    if url != f"http://127.0.0.1:{port}/api" or _answers():
        yield
        return
    with _start_server(port) as server:
        over = Event()
        try:
            _wait_for(server, url)
            Thread(target=_end_with, args=(server, over), daemon=True).start()
            yield
        finally:
            over.set()
            server.terminate()


def _start_server(port: int) -> "subprocess.Popen[bytes]":
    """Start a Prefect server, its database made or brought up to date by a process of its own.

    What that takes, 30 MB, would stay in the server's memory.
    """
    command = [sys.executable, "-m", "prefect", "server"]
    subprocess.run([*command, "database", "upgrade", "--yes"], capture_output=True, check=False)
    command += ["start", "--host", "127.0.0.1", "--port", str(port)]
    # A session of its own: Ctrl-C ends the runs first, then the server that they report to.
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, start_new_session=True)


def _end_with(server: "subprocess.Popen[bytes]", over: Event) -> None:
    """Interrupt this process when the server has ended by itself; what keeps it running starts both anew."""
    exit_code = server.wait()
    if not over.is_set():
        logger.error("serve: the Prefect server ended with exit code %s", exit_code)
        os.kill(os.getpid(), signal.SIGINT)


def _answers() -> bool:
    """Whether the Prefect server of PREFECT_API_URL answers."""
    from prefect.client.orchestration import get_client

    return get_client(sync_client=True).api_healthcheck() is None


def _wait_for(server: "subprocess.Popen[Any]", url: str) -> None:
    ends_at = time.monotonic() + STARTING_SECONDS
    while not _answers():
        if server.poll() is not None or time.monotonic() > ends_at:
            raise ConfigurationError(
                f"serve: no Prefect server at {url}, expected one on a port that is free"
            )
        time.sleep(0.5)
