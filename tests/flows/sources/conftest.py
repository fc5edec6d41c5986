"""Recorded answers of the real services, replayed over real HTTP to the collectors."""

import gzip
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest

from flows.client import retry
from flows.client.client import Answer, Client
from flows.client.service import Service
from flows.sources import load_demo, load_source, source_ids
from flows.sources.google_trends.answers import Window
from flows.sources.google_trends.collect import ArchivedTrends, terms_of
from warehouse.archive.write import Page
from warehouse.config.ecosystem import Subject
from warehouse.config.settings import PUBLIC_URLS, Settings
from warehouse.errors import SourceError

# What is shown on one day alone.
PASSING = {getattr(load_demo(source_id), "PASSING", None) for source_id in source_ids()}
# They describe the bytes as they were sent, which the recordings do not keep.
OF_THE_TRANSFER = frozenset({"connection", "content-encoding", "content-length", "transfer-encoding"})


@dataclass(frozen=True)
class Exchange:
    """A recorded answer."""

    status: int
    headers: Mapping[str, str | list[str]]
    body: bytes
    compressed: bool = False

    @classmethod
    def of(cls, recorded: Mapping[str, Any], prefix: str = "") -> "Exchange":
        """Read a recording; its body is a JSON value or the text as it came.

        `prefix` is what a recorder left out of the body. StackExchange always compresses.
        """
        response = recorded["response"]
        text = response["body_text"] if "body_text" in response else json.dumps(response["body"])
        compressed = "api.stackexchange.com" in recorded["request"]["url"]
        return cls(response["status"], response["headers"], (prefix + text).encode(), compressed)


class ReplayServer(ThreadingHTTPServer):
    """Answers with the exchange of the first path that the request's contains."""

    daemon_threads = True

    def __init__(self, exchanges: Mapping[str, Exchange]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.exchanges = exchanges
        self.paths: list[str] = []
        self.url = f"http://127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    server: ReplayServer
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.server.paths.append(self.path)
        exchange = next(e for path, e in self.server.exchanges.items() if path in self.path)
        body = gzip.compress(exchange.body) if exchange.compressed else exchange.body
        self.send_response_only(exchange.status)
        for name, sent in exchange.headers.items():
            for value in sent if isinstance(sent, list) else [sent]:
                if name.lower() not in OF_THE_TRANSFER:
                    self.send_header(name, value.replace("https://api.github.com", self.server.url))
        if exchange.compressed:
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.do_GET()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class ListeningClient(Client):
    """A client that remembers what its questions were answered with."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.answers: list[Answer] = []

    def ask(self, *arguments: Any, **options: Any) -> Answer:
        self.answers.append(super().ask(*arguments, **options))
        return self.answers[-1]


@dataclass(frozen=True)
class Collected:
    """What one collector made of the exchanges: pages archived, their parsed data, and how it ended."""

    pages: list[Page]
    answers: list[Answer]
    error: SourceError | None
    paths: list[str]


@pytest.fixture
def replayed(settings: Settings) -> Iterator[Callable[..., Collected]]:
    """Ask servers, each with its exchanges by path, through the real collectors.

    Google Trends is asked for another `window` than its collector's, where a recording is of that.
    """
    running: list[ReplayServer] = []

    def collect(
        ask: str,
        subjects: Sequence[Subject],
        exchanges: Mapping[str, Exchange],
        now: datetime | None = None,
        window: Window | None = None,
    ) -> Collected:
        server = ReplayServer(exchanges)
        running.append(server)
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        at_server = replace(settings, urls=dict.fromkeys(PUBLIC_URLS, server.url), demo=True)
        if now:
            at_server = replace(at_server, clock=lambda: now)
        source_id, when = ask.split()
        source, pages = load_source(source_id), []
        with ListeningClient(Service(source_id), at_server, pages.append) as client:
            try:
                if window:
                    ArchivedTrends(client, terms_of(subjects)).ask(str(window), window)
                    return Collected(pages, client.answers, None, server.paths)
                for question in source.questions(subjects, at_server, {}):
                    kind = "current" if question.endpoint in PASSING else "history"
                    if when in ("both", kind, question.endpoint):
                        question.ask(client)
            except SourceError as error:
                return Collected(pages, client.answers, error, server.paths)
        return Collected(pages, client.answers, None, server.paths)

    yield collect
    for server in running:
        server.shutdown()
        server.server_close()


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait for nothing: what a limit asks for is told, and a fault is asked again at once."""
    monkeypatch.setattr(retry, "LONGEST_WAIT_SECONDS", 0)
    monkeypatch.setattr(retry.PatientRetry, "get_backoff_time", lambda self: 0.0)


@pytest.fixture
def exchange() -> type[Exchange]:
    """An answer of a service."""
    return Exchange
