"""How a fault looks on the wire: in place of an application's answer, or made from it."""

import asyncio
import gzip
import re
from collections.abc import AsyncIterator, Callable, MutableMapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, TypeAlias

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from flows.demo.faults import (
    Altered,
    Dripped,
    Dropped,
    Endless,
    Fault,
    Mistaken,
    Moved,
    Replaced,
    Stale,
    Truncated,
)

BLANKS = b" " * 2**20

AppOfThePast: TypeAlias = Callable[[timedelta], ASGIApp]


class SeverableProtocol(H11Protocol):
    """Hands every request its connection, because a fault may have to break it off."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Take a new connection."""
        self.app_state = {**self.app_state, "transport": transport}
        super().connection_made(transport)


@dataclass
class Captured:
    """An answer held back."""

    status: int = 200
    headers: MutableHeaders = field(default_factory=MutableHeaders)
    body: bytes = b""

    async def note(self, message: MutableMapping[str, Any]) -> None:
        """Take a part of the answer in place of a client."""
        if message["type"] == "http.response.start":
            self.status, self.headers = message["status"], MutableHeaders(scope=message)
        else:
            self.body += message.get("body", b"")


def path_of(scope: Scope) -> str:
    """Return a request's path and query as they were sent."""
    query = scope["query_string"].decode()
    return f"{scope['raw_path'].decode()}{f'?{query}' if query else ''}"


async def serve_fault(
    fault: Fault, app: ASGIApp, before: AppOfThePast, scope: Scope, receive: Receive, send: Send
) -> None:
    """Answer one request with a fault; `before` gives the application as it stood some time ago."""
    match fault:
        case Replaced(status, body, headers):
            await _send(send, Captured(status, MutableHeaders(headers), body))
        case Moved():
            await _send(send, Captured(301, MutableHeaders({"Location": path_of(scope)})))
        case Dropped():
            await _break_off(scope, receive)
        case Endless(most_bytes):
            await _send_blanks(send, scope, most_bytes)
        case Mistaken():
            await app(_about_another(scope), receive, send)
        case Stale(by):
            await before(by)(scope, receive, send)
        case _:
            await _serve_made_from(fault, await _capture(app, scope, receive), scope, receive, send)


async def _serve_made_from(
    fault: Altered | Dripped | Truncated, real: Captured, scope: Scope, receive: Receive, send: Send
) -> None:
    match fault:
        case Altered(alter):
            await _send(send, Captured(real.status, real.headers, alter(real.body)))
        case Dripped(pieces, pause_seconds):
            await _start(send, real)
            async for piece in _drip(real.body, pieces, pause_seconds, scope):
                await send({"type": "http.response.body", "body": piece, "more_body": True})
            await send({"type": "http.response.body"})
        case Truncated():
            await _start(send, real)
            half = real.body[: len(real.body) // 2]
            await send({"type": "http.response.body", "body": half, "more_body": True})
            await _break_off(scope, receive)


async def _capture(app: ASGIApp, scope: Scope, receive: Receive) -> Captured:
    """Return the real answer, its body as it reads without compression."""
    captured = Captured()
    await app(scope, receive, captured.note)
    if captured.headers.get("content-encoding") == "gzip":
        captured.body = gzip.decompress(captured.body)
        del captured.headers["content-encoding"]
    return captured


async def _start(send: Send, answer: Captured) -> None:
    answer.headers["content-length"] = str(len(answer.body))
    await send({"type": "http.response.start", "status": answer.status, "headers": answer.headers.raw})


async def _send(send: Send, answer: Captured) -> None:
    await _start(send, answer)
    await send({"type": "http.response.body", "body": answer.body})


async def _send_blanks(send: Send, scope: Scope, most_bytes: int) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    for _ in range(most_bytes // len(BLANKS)):
        if scope["state"]["transport"].is_closing():
            break
        await send({"type": "http.response.body", "body": BLANKS, "more_body": True})
    await send({"type": "http.response.body"})


async def _drip(body: bytes, pieces: int, pause_seconds: float, scope: Scope) -> AsyncIterator[bytes]:
    size = -(-len(body) // pieces) or 1
    for start in range(0, len(body), size):
        await asyncio.sleep(pause_seconds)
        if scope["state"]["transport"].is_closing():
            return
        yield body[start : start + size]


async def _break_off(scope: Scope, receive: Receive) -> None:
    scope["state"]["transport"].close()
    # Returned from earlier, the server would take the silence for a mistake of the application.
    while (await receive())["type"] != "http.disconnect":
        pass


def _about_another(scope: Scope) -> Scope:
    """Return the request as if PyTorch were asked for in place of TensorFlow, or the other way round."""
    is_package = "package" in path_of(scope)
    path, query = (_another(text, is_package) for text in (scope["path"], scope["query_string"].decode()))
    return {**scope, "path": path, "raw_path": path.encode(), "query_string": query.encode()}


def _another(text: str, is_package: bool) -> str:
    if "tensorflow" in text:
        return text.replace("tensorflow", "torch" if is_package else "pytorch")
    return re.sub("pytorch|torch", "tensorflow", text)
