"""The demo's server: all services on one local address, at a simulated time.

It listens on this machine alone and answers from memory; nothing goes out.
"""

import socket
from argparse import ArgumentParser, Namespace
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime
from threading import Event, Thread
from typing import Self

import uvicorn
from starlette.applications import Starlette
from starlette.types import ASGIApp

from flows.demo.faulty import SeverableProtocol
from flows.demo.journal import Exchange, Journal
from flows.demo.schedule import Planned, Schedule, planned_fault
from flows.sources import load_demo, source_ids
from flows.standin.clock import Clock
from flows.standin.facts import CLOCK
from flows.standin.shared import SharedRoute, served
from warehouse.config.settings import PUBLIC_URLS


class DemoServer:
    """A context manager: while it is open the sources answer at `url`, as of `now`.

    `now` and `faults` can be set at any time; `requests` lists what was asked, in order of arrival.
    Port 0 takes a free one. `services` makes the application that answers: the demo's, unless one is given.
    """

    def __init__(
        self,
        now: datetime = CLOCK,
        faults: Sequence[Planned] = (),
        port: int = 0,
        services: Callable[[Clock], ASGIApp] | None = None,
    ) -> None:
        self._clock = Clock(now)
        self._journal = Journal(services or _application, self._clock)
        self.faults = faults
        self._port = port
        self.url = ""

    @property
    def requests(self) -> list[Exchange]:
        """Every request since the start, or since the list was last cleared."""
        return self._journal.exchanges

    @property
    def now(self) -> datetime:
        """The simulated moment, aware and UTC: no answer holds anything later."""
        return self._clock.now

    @now.setter
    def now(self, moment: datetime) -> None:
        self._clock.now = moment

    @property
    def faults(self) -> Sequence[Planned]:
        """What goes wrong, and at which requests; setting it begins to count them anew."""
        return self._faults

    @faults.setter
    def faults(self, faults: Sequence[Planned]) -> None:
        self._faults = faults
        self._journal.schedule = Schedule(faults)

    def __enter__(self) -> Self:
        self._socket = _listen(self._port)
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self._server = uvicorn.Server(_configuration(self._journal))
        self._thread = Thread(target=self._server.run, args=([self._socket],), daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = True
        self._thread.join()
        self._socket.close()


def _listen(port: int) -> socket.socket:
    """Return a socket that queues clients until the thread runs."""
    # TCP is named because asyncio sets TCP_NODELAY only then; without it an answer takes 40 ms.
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    # A port that was left a moment ago can be taken again.
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listening.bind(("127.0.0.1", port))
    listening.listen()
    return listening


def _application(clock: Clock) -> Starlette:
    services = [one for source_id in source_ids() for one in load_demo(source_id).stand_ins(clock)]
    routes = [route for service in services for route in service.routes()]
    alone = [route for route in routes if not isinstance(route, SharedRoute)]
    paths = Counter((route.path, method) for route in alone for method in route.methods or ())
    if twice := sorted(path for (path, _), count in paths.items() if count > 1):
        raise LookupError(f"stand-ins: found {', '.join(twice)} served by two, expected each path by one")
    return Starlette(routes=list(served(routes)))


def _configuration(app: ASGIApp) -> uvicorn.Config:
    # Warnings and errors still show; the access log is `DemoServer.requests`.
    return uvicorn.Config(
        app,
        http=SeverableProtocol,
        lifespan="off",
        ws="none",
        log_config=None,
        log_level="warning",
        date_header=False,
        server_header=False,
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """Serve until interrupted; say how to point Barometer here, away from its real data."""
    asked = _parsed(arguments)
    with DemoServer(faults=asked.fault, port=asked.port) as server:
        here = {**dict.fromkeys(PUBLIC_URLS, server.url), "BAROMETER_NOW": server.now.isoformat()}
        print(f"# The sources answer at {server.url} until Ctrl+C. In another shell:")
        print(*(f"export {name}={value}" for name, value in here.items()), sep="\n")
        print('export BAROMETER_DATA="$(mktemp -d)" BAROMETER_SITE="$(mktemp -d)"', flush=True)
        with suppress(KeyboardInterrupt):
            Event().wait()


def _parsed(arguments: Sequence[str] | None) -> Namespace:
    parser = ArgumentParser(prog="python -m flows.demo.server", description="Serve the demo's sources.")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument(
        "--fault",
        type=planned_fault,
        action="append",
        default=[],
        metavar="NAME@POSITION[xLASTS]",
        help="let the n-th request, and the LASTS - 1 after it, meet a fault; can be given several times",
    )
    return parser.parse_args(arguments)


if __name__ == "__main__":
    main()
