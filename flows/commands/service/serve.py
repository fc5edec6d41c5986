"""The commands that run the schedules of `prefect.yaml`: all in one process, or as a server and a worker."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from flows.commands.service.own_server import (
    OwnServer,
    closed,
    is_at_work,
    prefect_home,
    read_server,
    require_home,
    server_file,
)
from flows.console.say import say_problem
from flows.pipeline import steps
from flows.pipeline.notify import read_addresses, require_public
from warehouse.config.settings import Settings, read_settings
from warehouse.errors import ConfigurationError

if TYPE_CHECKING:
    from prefect.client.orchestration import SyncPrefectClient

STARTING_SECONDS = 120
# The server looks for what to schedule every five seconds.
SCHEDULING_SECONDS = 30

Port = Annotated[int, typer.Option(min=1, max=65535, help="Of the Prefect server that is started here.")]


def serve(
    notify: Annotated[
        list[str] | None,
        typer.Option(
            help="Where news are sent to, as apprise writes it; several times. "
            "One with a login or a token belongs into BAROMETER_NOTIFY."
        ),
    ] = None,
    port: Port = 4200,
) -> None:
    """Run every scheduled deployment until it is stopped.

    Without PREFECT_API_URL it starts a Prefect server of its own, which asks for a login and listens to this
    machine only.
    """
    if notify:
        require_public(notify)
        os.environ.pop("BAROMETER_NOTIFY_FILE", None)
        os.environ["BAROMETER_NOTIFY"] = " ".join(notify)
    settings = _ready()
    # Before the runs are taken up, and after, either signal just ends this.
    for signum in (signal.SIGINT, signal.SIGTERM):
        signal.signal(signum, signal.default_int_handler)
    try:
        with _server(settings, port) as gone:
            _serve(settings, gone)
    except KeyboardInterrupt:
        say_problem("barometer serve: ended")


def server(
    host: Annotated[str, typer.Option(help="Where it listens; others reach 0.0.0.0.")] = "127.0.0.1",
    port: Port = 4200,
) -> None:
    """Be a Prefect server that asks for a login, for workers to take their runs from."""
    _become("flows.commands.service.own_server", "--host", host, "--port", str(port))


def worker() -> None:
    """Bring up the deployments at a Prefect server, and run what they schedule, one run at a time.

    The server is that of PREFECT_API_URL, else the one that `barometer server` has started here.
    """
    settings = _ready()
    use_own_server(settings)
    if not os.environ.get("PREFECT_API_URL"):
        raise ConfigurationError(
            "PREFECT_API_URL: found none, and no server at work in "
            f"{prefect_home(settings)}; start `barometer server`, or set it"
        )
    _wait_for_answer()
    from flows.commands.service.deployments import POOL, deployments, require_pool

    with _client() as client:
        require_pool(client)
    for deployment in deployments(POOL):
        deployment.apply()
    _settle(settings)
    _become("prefect", "worker", "start", "--pool", POOL, "--limit", "1")


def use_own_server(settings: Settings) -> OwnServer | None:
    """Ask the server that runs here, where the environment names no other; None where none does."""
    home = prefect_home(settings)
    own = read_server(home)
    if os.environ.get("PREFECT_API_URL") or own is None or not is_at_work(home):
        return None
    os.environ |= {"PREFECT_API_URL": own.url, "PREFECT_API_AUTH_STRING": own.login}
    return own


def _ready() -> Settings:
    """Return the settings of what runs for long, once what would keep every run from working is ruled out."""
    # A SIGTERM ends Prefect by way of this signal, which is ignored by what a script starts with &.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    settings = read_settings()
    steps.ecosystem_of(settings)
    steps.refuse_mixing(settings)
    steps.require_site(settings)
    require_home(prefect_home(settings))
    if settings.notify:
        read_addresses(settings.notify)
    os.environ.setdefault("PREFECT_LOGGING_EXTRA_LOGGERS", "barometer")
    return settings


def _become(module: str, *arguments: str) -> NoReturn:
    os.execv(sys.executable, [sys.executable, "-m", module, *arguments])


def _serve(settings: Settings, gone: Callable[[], bool]) -> None:
    from flows.commands.service.deployments import deployments  # reads the environment when it is imported
    from flows.commands.service.runner import one_at_a_time, run_until_told

    runner = one_at_a_time(deployments(), gone)
    _settle(settings)
    run_until_told(runner)


def _settle(settings: Settings) -> None:
    """Take away from Prefect what `prefect.yaml` no longer tells of, and say what is scheduled."""
    from flows.commands.service.deployments import end_abandoned, follow_file, told

    with _client() as client:
        follow_file(client, told())
        if ended := end_abandoned(client, settings):
            say_problem(f"barometer: marked as crashed, as nobody works at them: {ended} runs")
        _tell(client)


def _tell(client: "SyncPrefectClient") -> None:
    """Say what is scheduled, and when the next runs are."""
    from flows.commands.service.deployments import known_deployments, next_runs

    ends_at = time.monotonic() + SCHEDULING_SECONDS
    for known in known_deployments(client):
        crons = ", ".join(getattr(one.schedule, "cron", "") for one in known.schedules) or "no schedule"
        while not (runs := next_runs(client, known)) and known.schedules and time.monotonic() < ends_at:
            time.sleep(0.5)
        coming = f"next run {runs[0]:%Y-%m-%d %H:%M} UTC" if runs else "no run is scheduled"
        say_problem(f"{known.name:18} {crons:14} {coming}")


@contextmanager
def _server(settings: Settings, port: int) -> Iterator[Callable[[], bool]]:
    """Have a Prefect server for as long as the block lasts: the user's, or one of its own, and no other.

    Yields what tells whether it has ended by itself. Raises ConfigurationError for one that does not answer.
    """
    if url := os.environ.get("PREFECT_API_URL"):
        say_problem(f"barometer serve: at the Prefect server of {url}")
        _wait_for_answer()
        yield lambda: False
        return
    home = prefect_home(settings)
    with _start_server(port) as own:
        over = Event()
        try:
            known = _written_down(own, home)
            os.environ |= closed(known.login) | {"PREFECT_API_URL": known.url, "PREFECT_HOME": str(home)}
            _wait_for_answer(own)
            say_problem(f"Prefect's pages at {known.pages}, login in {server_file(home)}")
            Thread(target=_end_with, args=(own, over), daemon=True).start()
            yield lambda: own.poll() is not None
        finally:
            over.set()
            own.terminate()


def _start_server(port: int) -> "subprocess.Popen[bytes]":
    """Start a Prefect server that ends with this process, however that ends.

    A session of its own: Ctrl-C ends the runs first, then the server that they report to.
    """
    command = [sys.executable, "-m", "flows.commands.service.own_server", "--port", str(port), "--while-open"]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, start_new_session=True)


def _end_with(own: "subprocess.Popen[bytes]", over: Event) -> None:
    """Interrupt this process when the server has ended by itself; what keeps it running starts both anew."""
    own.wait()
    if not over.is_set():
        os.kill(os.getpid(), signal.SIGINT)


def _written_down(own: "subprocess.Popen[bytes]", home: Path) -> OwnServer:
    """Return where the server that has been started listens, once it does."""
    while (known := read_server(home)) is None or known.pid != own.pid:
        if own.poll() is not None:
            raise typer.Exit(own.returncode)  # it has said why
        time.sleep(0.1)
    return known


def _wait_for_answer(own: "subprocess.Popen[bytes] | None" = None) -> None:
    """Wait until the server of PREFECT_API_URL answers; raises ConfigurationError when it does not."""
    ends_at = time.monotonic() + STARTING_SECONDS
    with _client() as client:
        while client.api_healthcheck() is not None:
            if (own and own.poll() is not None) or time.monotonic() > ends_at:
                raise ConfigurationError(
                    f"PREFECT_API_URL: {client.api_url} does not answer, expected a Prefect server"
                )
            time.sleep(0.5)


def _client() -> "SyncPrefectClient":
    from prefect.client.orchestration import get_client  # reads the environment when it is imported

    return get_client(sync_client=True)
