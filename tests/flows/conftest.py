"""A server that answers wrongly, for the tests of what happens then, and one of a made-up world."""

import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from flows.commands.cli import run_command
from tests.conftest import Barometer


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


@dataclass
class Catalogue:
    """What the sources of a made-up world know: `barometer add` and `check` find this and nothing else."""

    repositories: dict[str, tuple[int, str]] = field(default_factory=dict)
    """Name asked for: id and present full name; each has 7 stars."""
    recent: dict[str, int] = field(default_factory=dict)
    """Packages with downloads in the last month."""
    overall: dict[str, int] = field(default_factory=dict)
    """Packages with downloads in the last 180 days."""
    tags: dict[str, str] = field(default_factory=dict)
    """Tag asked for: the tag it stands for; each has 5 questions."""
    articles: dict[str, date] = field(default_factory=dict)
    """Titles and the last day on which each one was opened, 3 times."""

    def answer(self, path: str, query: dict[str, list[str]]) -> object | None:
        """Return the body for a path, None for a 404."""
        match [unquote(part) for part in path.strip("/").split("/")]:
            case ["repos", owner, name]:
                return self._repository(f"{owner}/{name}")
            case ["search", "repositories"]:
                word = query["q"][0].split()[0].lower()
                told = [self._repository(n) for n in self.repositories if word in n.split("/")[1].lower()]
                return {"items": told}
            case ["2.3", "tags", tag, "info"]:
                known = self.tags.get(tag)
                return {"items": [{"name": known, "count": 5}] if known else []}
            case ["2.3", "tags"]:
                word = query["inname"][0]
                return {"items": [{"name": tag, "count": 5} for tag in self.tags if word in tag]}
            case ["api", "packages", package, "recent"] if package in self.recent:
                data = {"last_month": self.recent[package]}
                return {"package": package, "type": "recent_downloads", "data": data}
            case ["api", "packages", package, "overall"] if package in self.overall:
                day = {
                    "category": "without_mirrors",
                    "date": "2023-02-01",
                    "downloads": self.overall[package],
                }
                return {"package": package, "type": "overall_downloads", "data": [day]}
            case [*_, title, "daily", first_day, last_day] if title in self.articles:
                day = f"{self.articles[title]:%Y%m%d}"
                return {"items": [_views(title, day)]} if first_day <= day <= last_day else None
        return None

    def _repository(self, name: str) -> dict[str, object] | None:
        if name.lower() not in map(str.lower, self.repositories):
            return None
        number, full_name = next(
            told for key, told in self.repositories.items() if key.lower() == name.lower()
        )
        counters = {"stargazers_count": 7, "forks_count": 0, "open_issues_count": 0, "subscribers_count": 0}
        return {"id": number, "full_name": full_name, **counters}


def _views(title: str, day: str) -> dict[str, object]:
    asked = {"project": "en.wikipedia", "article": title, "granularity": "daily", "timestamp": f"{day}00"}
    return {**asked, "access": "all-access", "agent": "user", "views": 3}


class CatalogueServer(ThreadingHTTPServer):
    """Answers from a catalogue, and keeps the paths that were asked for."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Reader)
        self.knows = Catalogue()
        self.paths: list[str] = []
        self.url = f"http://127.0.0.1:{self.server_port}"


class _Reader(BaseHTTPRequestHandler):
    server: CatalogueServer
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        self.server.paths.append(url.path)
        told = self.server.knows.answer(url.path, parse_qs(url.query))
        body = json.dumps({"message": "Not Found"} if told is None else told).encode()
        self.send_response(404 if told is None else 200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def catalogue() -> Iterator[CatalogueServer]:
    """A server that speaks for all sources, and knows nothing until a test says what."""
    server = CatalogueServer()
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@dataclass(frozen=True)
class Ended:
    """How a command ended in this process, and what it wrote."""

    exit_code: int
    stdout: str
    stderr: str


@pytest.fixture
def inside(
    barometer: Barometer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., Ended]:
    """Run a command in this process: a second less than in one of its own, where its end is not the point."""

    def run(*arguments: object, **changes: object) -> Ended:
        with monkeypatch.context() as patch:
            for name in [name for name in os.environ if name.startswith(("BAROMETER", "PREFECT"))]:
                patch.delenv(name)
            for name, value in {**barometer.environment, **changes}.items():
                patch.setenv(name, str(value))
            patch.setattr(sys, "argv", ["barometer", *map(str, arguments)])
            exit_code = run_command()
        return Ended(exit_code, *capsys.readouterr())

    return run
