"""The Prefect server that Barometer runs: where it listens, and the login that it does nothing without.

Run as a module it is that server, with every setting that keeps it closed and small. Nothing of Prefect is
imported before those are set.
"""

import fcntl
import json
import os
import runpy
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryFile
from threading import Thread
from typing import Annotated

import typer

from flows.console.say import say_problem
from warehouse.config.settings import Settings, path_of, read_settings
from warehouse.errors import BarometerError, Busy, ConfigurationError
from warehouse.regular import replacing

# A run and its logs are kept for so long after its end; Prefect itself keeps events for a week.
RETENTION_DAYS = 90
DAY_SECONDS = 24 * 3600
# How long one takes to end, when it is told to or has lost its `serve`.
ENDING_SECONDS = 20


@dataclass(frozen=True)
class OwnServer:
    """Where a server listens, its login, `name:password`, and its process."""

    url: str
    login: str
    pid: int

    @property
    def pages(self) -> str:
        """Where people look at it."""
        return self.url.removesuffix("/api")


def prefect_home(settings: Settings, environment: Mapping[str, str] = os.environ) -> Path:
    """Return the folder of the server's database and login: PREFECT_HOME, else one in the data folder."""
    return path_of(environment, "PREFECT_HOME", settings.data / "prefect")


def require_home(home: Path) -> Path:
    """Return Prefect's folder, made where it is not there; raises ConfigurationError if it cannot be written.

    Prefect itself goes on without, and never ends.
    """
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        with TemporaryFile(dir=home):
            return home
    except OSError as error:
        raise ConfigurationError(
            f"PREFECT_HOME: {home}: {error.strerror}, expected a folder that can be written"
        ) from error


def server_file(home: Path) -> Path:
    """The file that says where the server listens and what its login is; nobody else can read it."""
    return home / "own-server.json"


def read_server(home: Path) -> OwnServer | None:
    """Return the server that was last started in this folder, None where none was."""
    try:
        return OwnServer(**json.loads(server_file(home).read_text()))
    except (OSError, ValueError, TypeError):
        return None


def is_at_work(home: Path) -> bool:
    """Whether the server of this folder runs: asked of the kernel, so that nobody else is shown the login."""
    try:
        folder = os.open(home, os.O_RDONLY)
    except OSError:
        return False
    try:
        fcntl.flock(folder, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(folder)
    return False


def closed(login: str) -> dict[str, str]:
    """Return the environment of a Prefect server that asks everyone for the login, and of its clients.

    A page from elsewhere cannot ask either: a browser would have to be told that it may, and is not. What is
    asked of this machine goes to no proxy, which would see the login.
    """
    straight = ",".join(filter(None, (os.environ.get("no_proxy") or os.environ.get("NO_PROXY"), "127.0.0.1")))
    return {
        "NO_PROXY": straight,
        "no_proxy": straight,
        "PREFECT_SERVER_API_AUTH_STRING": login,
        "PREFECT_API_AUTH_STRING": login,
        "PREFECT_SERVER_CORS_ALLOWED_ORIGINS": "http://127.0.0.1",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    }


def main(
    host: Annotated[str, typer.Option()] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535)] = 4200,
    while_open: Annotated[bool, typer.Option(help="End when standard input is closed.")] = False,
) -> None:
    """Be the Prefect server of this installation until told to end."""
    if while_open:
        Thread(target=_end_with_input, daemon=True).start()
    home = prefect_home(read_settings())
    _hold(home)
    # Held from now on, so that whoever connects in the meantime waits, and reaches nobody else.
    listening = _listen(host, port)
    own = _write_down(home, f"http://{'127.0.0.1' if host == '0.0.0.0' else host}:{port}/api")
    os.environ |= closed(own.login) | {
        "PREFECT_HOME": str(home),
        "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events,flow_runs",
        "PREFECT_SERVER_SERVICES_DB_VACUUM_RETENTION_PERIOD": str(RETENTION_DAYS * DAY_SECONDS),
        "PREFECT__SERVER_FINAL": "1",
    }
    # Where its pages look for it; a container is found elsewhere than it listens.
    os.environ.setdefault("PREFECT_UI_API_URL", own.url)
    _bring_up_to_date()
    sys.argv = ["uvicorn", "--factory", "prefect.server.api.server:create_app"]
    sys.argv += ["--fd", str(listening.fileno()), "--log-level", "warning", "--lifespan", "on"]
    runpy.run_module("uvicorn", run_name="__main__", alter_sys=True)


def _hold(home: Path) -> None:
    """Hold the folder to the end of this process: two servers on one database would both start its runs.

    One whose `serve` was killed is ending by itself and waited for. Raises Busy for one that does not end,
    ConfigurationError for a folder that cannot be written.
    """
    require_home(home).chmod(0o700)
    folder = os.open(home, os.O_RDONLY)
    ends_at = time.monotonic() + ENDING_SECONDS
    if is_at_work(home):
        say_problem(f"barometer: {home}: waiting for the end of the server that is at work in it")
    while True:
        try:
            return fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            if time.monotonic() > ends_at:
                raise Busy(f"PREFECT_HOME: {home}: found a server at work in it, expected none") from error
            time.sleep(0.2)


def _listen(host: str, port: int) -> socket.socket:
    try:
        return socket.create_server((host, port), backlog=2048)
    except OSError as error:
        raise ConfigurationError(
            f"port {port} of {host}: {os.strerror(error.errno or 0)}, expected a free one; "
            "end what listens there, or give --port"
        ) from error


def _write_down(home: Path, url: str) -> OwnServer:
    """Write down where this server listens; its login is that of the environment, else of its first start."""
    given = os.environ.get("PREFECT_SERVER_API_AUTH_STRING") or os.environ.get("PREFECT_API_AUTH_STRING")
    known = read_server(home)
    made = known.login if known else f"barometer:{secrets.token_urlsafe(32)}"
    own = OwnServer(url, given or made, os.getpid())
    if known:
        server_file(home).chmod(0o600)  # whose permissions are kept
    with replacing(server_file(home), 0o600) as building:
        building.write_text(json.dumps(asdict(own)))
    return own


def _bring_up_to_date() -> None:
    """Make the server's database, or bring it up to date, in a process of its own.

    What that takes, 30 MB, would stay in the server's memory.
    """
    upgrade = [sys.executable, "-m", "prefect", "server", "database", "upgrade", "--yes"]
    subprocess.run(upgrade, stdin=subprocess.DEVNULL, capture_output=True, check=False)


def _end_with_input() -> None:
    """End this server once who started it has ended, in whatever way: the kernel then closes the pipe."""
    while os.read(0, 1):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(ENDING_SECONDS / 2)
    os._exit(1)


if __name__ == "__main__":
    try:
        typer.run(main)
    except BarometerError as error:
        say_problem(f"barometer: {error}")
        sys.exit(error.exit_code)
