"""A server that answers wrongly, for the tests of what happens then."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest


@dataclass
class Fault:
    """One wrong answer to everything, after a pause; `cut` drops the connection instead."""

    status: int = 200
    body: bytes = b"{}"
    headers: dict[str, str] = field(default_factory=dict)
    cut: bool = False
    pause_seconds: float = 0


class FaultyServer(ThreadingHTTPServer):
    """Answers every request with the same fault, and counts them."""

    daemon_threads = True

    def __init__(self, fault: Fault) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.fault = fault
        self.paths: list[str] = []
        self.agents: list[str | None] = []
        self.bodies: list[bytes] = []
        self.versions: list[str | None] = []
        self.headers: list[Message] = []
        self.url = f"http://127.0.0.1:{self.server_port}"

    def handle_error(self, *_: object) -> None:
        """Say nothing: that a client leaves in the middle is what some tests are about."""


class _Handler(BaseHTTPRequestHandler):
    server: FaultyServer
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.server.paths.append(self.path)
        self.server.agents.append(self.headers.get("User-Agent"))
        self.server.versions.append(self.headers.get("If-None-Match"))
        self.server.headers.append(self.headers)
        fault = self.server.fault
        if fault.cut:
            self.close_connection = True
            return
        time.sleep(fault.pause_seconds)
        self.send_response(fault.status)
        for name, value in {"Content-Length": str(len(fault.body)), **fault.headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(fault.body)

    def do_POST(self) -> None:
        self.server.bodies.append(self.rfile.read(int(self.headers.get("Content-Length", 0))))
        self.do_GET()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def faulty() -> Iterator[Callable[..., FaultyServer]]:
    """Start servers, each with its fault; all are stopped at the end."""
    running: list[FaultyServer] = []

    def start(**fault: object) -> FaultyServer:
        server = FaultyServer(Fault(**fault))
        running.append(server)
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return server

    yield start
    for server in running:
        server.shutdown()
        server.server_close()
