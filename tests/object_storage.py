"""A real server of object storage on this machine, moto's, and machines that share it."""

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
import requests
from moto.moto_server.werkzeug_app import (
    DomainDispatcherApplication,
    MotoRequestHandler,
    create_backend_app,
)
from werkzeug.serving import make_server

from flows.demo.run import CONFIG as DEMO_CONFIG
from warehouse.config.settings import Settings, read_settings
from warehouse.remote.store import Store

KEY_ID, KEY = "AKIA0BAROMETER0TEST1", "a-secret-key-of-the-tests-42"
ADDRESS = "s3://bucket/some/prefix"


@dataclass
class Storage:
    """The server; `change` is shown each request before it is answered, and may change it or raise.

    What it returns, an HTTP status, is answered instead; "lost": it is done, and nobody is told.
    """

    endpoint: str = ""
    change: Callable[[dict[str, Any]], str | None] = lambda request: None
    asked: list[str] = field(default_factory=list)

    def objects(self) -> dict[str, bytes]:
        """Return all that is below the address."""
        there = Store(ADDRESS)
        return {name: there.read(name) for name in there.list("")}

    def __call__(self, application: Any) -> Callable[..., Iterable[bytes]]:
        """Return the server's application with the changes."""

        def answer(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
            self.asked.append(f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']}")
            if (status := self.change(environ)) == "lost":
                list(application(environ, lambda *answer: None))
                status = "500 Internal Server Error"
            elif status:
                environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
            if status:
                start_response(status, [("Content-Length", "0")])
                return [b""]
            answered: Iterable[bytes] = application(environ, start_response)
            return answered

        return answer


class Quiet(MotoRequestHandler):
    """Writes no line a request."""

    def log_request(self, *answered: object) -> None:
        pass


@cache
def served() -> Storage:
    """Start the server, once for as long as the process lasts: what reads from a bucket keeps its address."""
    serving = Storage()
    application = serving(DomainDispatcherApplication(create_backend_app))
    running = make_server("127.0.0.1", 0, application, threaded=True, request_handler=Quiet)
    serving.endpoint = f"http://127.0.0.1:{running.server_address[1]}"
    Thread(target=running.serve_forever, daemon=True).start()
    return serving


@pytest.fixture
def storage(monkeypatch: pytest.MonkeyPatch) -> Storage:
    """An empty bucket, with credentials and endpoint in the environment as AWS's own tools read them."""
    serving = served()
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_ENDPOINT_URL", serving.endpoint)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", KEY_ID)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", KEY)
    monkeypatch.setenv("AWS_CONFIG_FILE", "/nowhere")
    serving.change = lambda request: None
    requests.post(f"{serving.endpoint}/moto-api/reset", timeout=30).raise_for_status()
    requests.put(f"{serving.endpoint}/bucket", timeout=30).raise_for_status()
    serving.asked.clear()
    return serving


@pytest.fixture
def machine(storage: Storage, tmp_path: Path) -> Callable[[str], Settings]:
    """Make the settings of a machine, by name: each has a mirror of its own."""

    def make(name: str) -> Settings:
        told = {
            "BAROMETER_CONFIG": str(DEMO_CONFIG),
            "BAROMETER_DATA": ADDRESS,
            "BAROMETER_CACHE": str(tmp_path / name),
            "BAROMETER_SITE": str(tmp_path / f"{name}-site"),
            "BAROMETER_NOW": "2025-08-06T12:00:00Z",
        }
        return read_settings(dict(os.environ) | told)

    return make
