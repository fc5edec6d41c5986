"""How long an answer may take and how large it may be, from its status line to its last byte.

A read timeout begins anew with each byte, so headers, chunks or blank lines that only drip would never end.
Here every read of an answer knows when the answer began, whatever the library reads it for.
"""

import io
import socket
import time
from collections.abc import Mapping
from http.client import HTTPResponse
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, Retry


class Overrun(Exception):
    """An answer takes too long, or has too many bytes; none of those errors after which one asks again."""


class BoundedAdapter(HTTPAdapter):
    """Gives up an answer that has not ended after so many seconds, or so many bytes as they were sent."""

    def __init__(self, longest_seconds: float, most_bytes: int, retries: Retry) -> None:
        class Answer(_BoundedAnswer):
            limits = (longest_seconds, most_bytes)

        self._answer = Answer
        super().__init__(max_retries=retries)

    def get_connection_with_tls_context(
        self,
        request: requests.PreparedRequest,
        verify: bool | str | None,
        proxies: Mapping[str, str] | None = None,
        cert: Any = None,
    ) -> HTTPConnectionPool:
        """Return the connections to a host, or to a proxy; their answers are bounded."""
        pool = super().get_connection_with_tls_context(request, verify, proxies, cert)
        assert isinstance(pool, HTTPConnectionPool)
        if "response_class" not in vars(pool.ConnectionCls):
            kind = pool.ConnectionCls
            pool.ConnectionCls = type(kind.__name__, (kind,), {"response_class": self._answer})
        return pool


class _BoundedAnswer(HTTPResponse):
    """An answer that is read within its limits."""

    limits: tuple[float, int]

    def __init__(self, sock: socket.socket, *arguments: Any, **options: Any) -> None:
        super().__init__(sock, *arguments, **options)
        self.fp = io.BufferedReader(_BoundedBytes(self.fp.detach(), sock, *self.limits))


class _BoundedBytes(io.RawIOBase):
    """What a socket receives of one answer."""

    def __init__(self, received: io.RawIOBase, sock: socket.socket, seconds: float, most_bytes: int) -> None:
        self._received = received
        self._socket = sock
        self._seconds = seconds
        self._ends_at = time.monotonic() + seconds
        self._most_bytes = self._bytes_left = most_bytes
        self._pause_seconds = sock.gettimeout()

    def readable(self) -> bool:
        """Yes."""
        return True

    def readinto(self, buffer: Any) -> int | None:
        """Wait for the next bytes, but no longer than the answer may take; raises Overrun after that."""
        left = self._ends_at - time.monotonic()
        if left > 0:
            self._socket.settimeout(left if self._pause_seconds is None else min(left, self._pause_seconds))
            try:
                return self._counted(self._received.readinto(buffer))
            except TimeoutError:
                if self._ends_at > time.monotonic():
                    raise
        raise Overrun(f"no whole answer within {self._seconds:g} s")

    def _counted(self, received: int | None) -> int | None:
        self._bytes_left -= received or 0
        if self._bytes_left < 0:
            raise Overrun(f"an answer of more than {self._most_bytes:,} bytes")
        return received

    def close(self) -> None:
        """Let go of the socket."""
        self._received.close()
        super().close()
