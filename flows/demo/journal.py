"""What stands between the demo's server and its services: a list of what was asked, the date, the faults."""

from collections.abc import Callable, MutableMapping
from dataclasses import dataclass
from datetime import timedelta
from email.utils import format_datetime
from typing import Any

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Receive, Scope, Send

from flows.demo.faults import FAULTS
from flows.demo.faulty import path_of, serve_fault
from flows.demo.schedule import Schedule
from flows.standin.clock import Clock


@dataclass
class Exchange:
    """A request as it was sent, the status it was answered with (0 until then), and the fault it met."""

    method: str
    path: str
    status: int = 0
    fault: str | None = None


class Journal:
    """Notes every exchange, dates the answers by the simulated clock, and lets the planned faults happen."""

    def __init__(self, services: Callable[[Clock], ASGIApp], clock: Clock) -> None:
        self._services = services
        self._app = services(clock)
        self._clock = clock
        self.exchanges: list[Exchange] = []
        self.schedule = Schedule()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on, or let it meet its fault."""
        path = path_of(scope)
        exchange = Exchange(scope["method"], path, fault=self.schedule.next_fault(path))
        self.exchanges.append(exchange)

        async def note_and_send(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                exchange.status = message["status"]
                MutableHeaders(scope=message)["date"] = format_datetime(self._clock.now, usegmt=True)
            await send(message)

        if exchange.fault is None:
            await self._app(scope, receive, note_and_send)
        else:
            fault = FAULTS[exchange.fault]
            await serve_fault(fault, self._app, self._before, scope, receive, note_and_send)

    def _before(self, by: timedelta) -> ASGIApp:
        return self._services(Clock(self._clock.now - by))
