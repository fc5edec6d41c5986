"""A server of raw bytes: what it answers is no library's idea of HTTP, and it keeps what it is sent."""

import select
import socket
import ssl
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from threading import Thread


@dataclass(frozen=True)
class Sent:
    """A request as it arrived."""

    raw: bytes

    @property
    def path(self) -> str:
        return self.raw.split(b" ", 2)[1].decode("latin-1")

    @property
    def headers(self) -> dict[str, str]:
        lines = self.raw.partition(b"\r\n\r\n")[0].decode("latin-1").split("\r\n")[1:]
        return {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}


# What is sent back, piece by piece, until the client has gone.
Answer = Callable[[Sent], Iterable[bytes]]


@dataclass
class RawServer:
    """Answers each connection once, as `choose` says, and closes it."""

    choose: Callable[[Sent], Answer]
    sent: list[Sent] = field(default_factory=list)
    port: int = 0
    tls: ssl.SSLContext | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def serve(self, listening: socket.socket) -> None:
        while True:
            try:
                connection, _ = listening.accept()
            except OSError:  # closed
                return
            Thread(target=self._answer, args=(connection,), daemon=True).start()

    def _answer(self, connection: socket.socket) -> None:
        with suppress(OSError), self._secured(connection) as connection:
            sent = Sent(_request(connection))
            if not sent.raw:
                return
            self.sent.append(sent)
            for piece in self.choose(sent)(sent):
                connection.sendall(piece)
                if _has_gone(connection):
                    return
            # The rest of what was sent is read, or the answer would be lost with a reset.
            connection.shutdown(socket.SHUT_WR)
            while connection.recv(2**16):
                pass

    def _secured(self, connection: socket.socket) -> socket.socket:
        connection.settimeout(20)
        return self.tls.wrap_socket(connection, server_side=True) if self.tls else connection


def _request(connection: socket.socket) -> bytes:
    raw = b""
    while b"\r\n\r\n" not in raw:
        received = connection.recv(2**16)
        if not received:
            return b""
        raw += received
    return raw


def _has_gone(connection: socket.socket) -> bool:
    readable, _, _ = select.select([connection], [], [], 0)
    return bool(readable) and not socket.socket.recv(connection, 1, socket.MSG_PEEK)


@contextmanager
def raw_server(choose: Callable[[Sent], Answer], tls: ssl.SSLContext | None = None) -> Iterator[RawServer]:
    """Serve for as long as the block lasts."""
    with socket.create_server(("127.0.0.1", 0), backlog=128) as listening:
        server = RawServer(choose, port=listening.getsockname()[1], tls=tls)
        thread = Thread(target=server.serve, args=(listening,), daemon=True)
        thread.start()
        yield server
        listening.shutdown(socket.SHUT_RDWR)
    thread.join(5)
