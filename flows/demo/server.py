"""The demo's server: all six services on one local address, at a simulated time.

It listens on this machine alone and answers from memory; nothing goes out.
"""

import socket
from collections.abc import MutableMapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from threading import Thread
from types import TracebackType
from typing import Any, Self

import uvicorn
from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Receive, Scope, Send

from flows.demo.clock import Clock
from flows.demo.facts import CLOCK, load_facts
from flows.demo.services.clickhouse import ClickHouse
from flows.demo.services.github import GitHub
from flows.demo.services.google_trends import GoogleTrends
from flows.demo.services.pypistats import PyPIStats
from flows.demo.services.stackexchange import StackExchange
from flows.demo.services.wikimedia import Wikimedia


@dataclass
class Exchange:
    """A request as it was sent, and the status it was answered with; 0 until then."""

    method: str
    path: str
    status: int = 0


class DemoServer:
    """A context manager: while it is open the sources answer at `url`, as of `now`.

    `now` can be set at any time; `requests` lists what was asked, in order of arrival.
    """

    def __init__(self, now: datetime = CLOCK) -> None:
        self._clock = Clock(now)
        self.requests: list[Exchange] = []
        self.url = ""

    @property
    def now(self) -> datetime:
        """The simulated moment, aware and UTC: no answer holds anything later."""
        return self._clock.now

    @now.setter
    def now(self, moment: datetime) -> None:
        self._clock.now = moment

    def __enter__(self) -> Self:
        self._socket = _listen()
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        app = Journal(_application(self._clock), self._clock, self.requests)
        self._server = uvicorn.Server(_configuration(app))
        self._thread = Thread(target=self._server.run, args=([self._socket],), daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self,
        exception_type: type[BaseException] | None,
        exception: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._server.should_exit = True
        self._thread.join()
        self._socket.close()


class Journal:
    """Notes every exchange, and dates the answers by the simulated clock."""

    def __init__(self, app: ASGIApp, clock: Clock, exchanges: list[Exchange]) -> None:
        self._app = app
        self._clock = clock
        self._exchanges = exchanges

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on."""
        query = scope["query_string"].decode()
        path = scope["raw_path"].decode() + (f"?{query}" if query else "")
        exchange = Exchange(scope["method"], path)
        self._exchanges.append(exchange)

        async def note_and_send(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                exchange.status = message["status"]
                MutableHeaders(scope=message)["date"] = format_datetime(self._clock.now, usegmt=True)
            await send(message)

        await self._app(scope, receive, note_and_send)


def _listen() -> socket.socket:
    """Return a socket on a free port that queues clients until the thread runs."""
    # TCP is named because asyncio sets TCP_NODELAY only then; without it an answer takes 40 ms.
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.bind(("127.0.0.1", 0))
    listening.listen()
    return listening


def _application(clock: Clock) -> Starlette:
    facts = load_facts()
    services = (
        GitHub(facts, clock),
        PyPIStats(facts, clock),
        ClickHouse(facts, clock),
        StackExchange(facts, clock),
        GoogleTrends(clock),
        Wikimedia(clock),
    )
    return Starlette(routes=[route for service in services for route in service.routes()])


def _configuration(app: ASGIApp) -> uvicorn.Config:
    # Warnings and errors still show; the access log is `DemoServer.requests`.
    return uvicorn.Config(
        app,
        lifespan="off",
        ws="none",
        log_config=None,
        log_level="warning",
        date_header=False,
        server_header=False,
    )
