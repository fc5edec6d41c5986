"""The fan-out of the collectors: the same archive from threads as from the workers of a Dask cluster.

Dask comes with the dependency group `dask`, which is no part of the usual installation.
"""

import base64
import gzip
import json
import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
import requests
from requests.adapters import HTTPAdapter
from urllib3 import Retry

from flows.pipeline.steps import ecosystem_of
from flows.pipeline.tasks import collect_all
from tests.flows.cluster import cluster_of, running, with_project
from tests.flows.collect_many import TOKEN, many, settings_on
from tests.house import Warehouse
from tests.object_storage import ADDRESS, Storage, storage
from tests.sql.bucketed import differing_tables
from warehouse.config.settings import Settings
from warehouse.errors import ConfigurationError

__all__ = ["storage"]  # a fixture

COLLECT_MANY = Path(__file__).with_name("collect_many.py")
# Of each subject its counters, its days and its views; star weeks, splits and logs are refused alike, until
# no more is asked. Conda's months have no file yet, which is an answer.
TOLD = {
    "anaconda": [103, 0],
    "github": [200, 10],
    "pypi clickhouse": [0, 5],
    "pypi pypistats": [200, 10],
    "wikipedia": [200, 0],
}


class Sources(BaseHTTPRequestHandler):
    """Answers about any repository, package and article; everything else is not found."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        found = answer(self.path.partition("?")[0].strip("/").split("/"))
        body = json.dumps(found or {"message": "Not Found"}).encode()
        self.send_response(200 if found else 404)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_HEAD(self) -> None:
        self.send_response(404)
        self.end_headers()

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.do_GET()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def answer(path: list[str]) -> dict[str, object] | None:
    """What is known of a subject, by its number."""
    match path:
        case ["repos", owner, name]:
            stars = number_of(name)
            counters = {"stargazers_count": stars, "forks_count": 1, "open_issues_count": 1}
            named = {"id": stars + 1, "full_name": f"{owner}/{name}"}
            return named | counters | {"subscribers_count": 1}
        case ["api", "packages", package, "overall"]:
            day = {"category": "without_mirrors", "date": "2025-08-05", "downloads": number_of(package)}
            return {"package": package, "type": "overall_downloads", "data": [day]}
        case ["api", "rest_v1", "metrics", *_, article, "daily", _, _]:
            asked = {"project": "en.wikipedia", "article": article, "granularity": "daily"}
            views = {"timestamp": "2025080500", "views": number_of(article)}
            return {"items": [asked | {"access": "all-access", "agent": "user"} | views]}
    return None


def number_of(name: str) -> int:
    return int(name.replace("_", "-").rpartition("-")[2])


@pytest.fixture
def sources() -> Iterator[str]:
    """Where they answer."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Sources) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def of_aws() -> dict[str, str]:
    """The way to the object storage, as the fixture has set it."""
    return {name: value for name, value in os.environ.items() if name.startswith("AWS_")}


@pytest.fixture
def environment(barometer, storage: Storage, tmp_path: Path) -> Iterator[dict[str, str]]:
    """What all processes share, a Prefect server among it: else each would start one of its own."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    api = f"http://127.0.0.1:{port}/api"
    shared = (
        with_project(barometer.environment)
        | of_aws()
        | {
            "PREFECT_API_URL": api,
            "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
            "PREFECT_LOGGING_EXTRA_LOGGERS": "barometer",
            "BAROMETER_DATA": ADDRESS,
            "BAROMETER_CACHE": str(tmp_path / "cache"),
        }
    )
    command = ("prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port))
    with running(tmp_path / "server.log", shared, *command), requests.Session() as session:
        session.mount("http://", HTTPAdapter(max_retries=Retry(total=12, backoff_factor=0.1)))
        session.get(f"{api}/health", timeout=10).raise_for_status()
        yield shared


@pytest.fixture
def its_own(tmp_path: Path) -> list[dict[str, str]]:
    """What each of two workers has for itself, as another machine would: a mirror, and room to build in."""
    folders = [tmp_path / f"machine-{number}" for number in (1, 2)]
    for folder in folders:
        folder.mkdir()
    return [{"BAROMETER_CACHE": str(folder / "cache"), "TMPDIR": str(folder)} for folder in folders]


@pytest.fixture
def cluster(request, storage: Storage, its_own, tmp_path: Path) -> Iterator[tuple[str, list[Any]]]:
    """A scheduler and two worker processes of one thread each: its address, and the processes."""
    pytest.importorskip("distributed", reason="Dask is not installed: `make dask`")
    environment = request.getfixturevalue("environment")
    with cluster_of(tmp_path, environment, its_own) as (address, workers):
        yield address, workers


def archived(data: Path) -> dict[str, bytes]:
    """The archive: the content of every file by its name, which its digest is part of."""
    files = sorted((data / "archive").rglob("*.gz"))
    return {str(file.relative_to(data)): file.read_bytes() for file in files}


def kill_one_at_work(machines, workers, is_over) -> int | None:
    """Kill the first worker that has the database of a bucket on its machine; return which one it was."""
    while not is_over.wait(0.02):
        for number, (machine, worker) in enumerate(zip(machines, workers, strict=True), 1):
            if list(machine.glob("barometer-*/work.duckdb*")):
                worker.kill()
                return number
    return None


def test_a_cluster_publishes_in_a_bucket_what_one_process_does(
    cluster, environment, its_own, sources, storage: Storage, straight, tmp_path: Path
):
    """200 subjects, two workers with nothing in common but object storage, one killed as it builds.

    The archive is the one that threads write, and the tables are those of one process on a local folder.
    """
    (scheduler, workers), is_over = cluster, Event()
    machines = [Path(own["TMPDIR"]) for own in its_own]
    with ThreadPoolExecutor() as beside_it:
        killed = beside_it.submit(kill_one_at_work, machines, workers, is_over)
        done = subprocess.run(
            [sys.executable, str(COLLECT_MANY), sources, str(tmp_path / "local"), scheduler],
            env=environment,
            text=True,
            capture_output=True,
            timeout=300,
            check=False,
        )
        is_over.set()
    assert done.returncode == 0, done.stdout + done.stderr
    by_threads, by_dask = map(json.loads, done.stdout.splitlines())

    assert by_threads == {"attempts": TOLD, "stages": sorted(f"collect {service}" for service in TOLD)}
    assert by_dask == by_threads
    files, objects = archived(tmp_path / "local"), storage.objects()
    assert len(files) == len(TOLD)
    assert {name: content for name, content in objects.items() if name.endswith(".gz")} == files
    logs = [tmp_path / f"worker-{number}.log" for number in (1, 2)]
    by_file, *services = TOLD
    told = [[service for service in services if f"collect {service} " in log.read_text()] for log in logs]
    assert all(told), "both workers collected"
    assert sorted(told[0] + told[1]) == services, "each service was asked by one process"
    read = re.findall(f"read {by_file} ([0-9-]+) ", "".join(log.read_text() for log in logs))
    assert len(set(read)) == len(read) == TOLD[by_file][0], "each file was asked for once, by a worker"
    assert [number for number, one in enumerate(workers, 1) if one.poll() is None] == [3 - killed.result()]
    assert not [name for name in objects if name.startswith("buckets/")], "nothing of the build is left"

    local = Warehouse(settings_on(tmp_path / "local", sources), straight)
    published = tmp_path / "published.duckdb"
    published.write_bytes(objects["barometer.duckdb"])
    local.build(ecosystem=many())
    assert differing_tables(local.settings.published_file, published) == []
    assert_kept_by_nobody(TOKEN, tmp_path)
    assert all(TOKEN.encode() not in content for content in objects.values())


def assert_kept_by_nobody(secret: str, folder: Path) -> None:
    """Neither Prefect's database and results nor a log of Dask's or Prefect's, nor our own files hold it."""
    files = {file.relative_to(folder).as_posix(): file for file in folder.rglob("*") if file.is_file()}
    assert {"prefect/prefect.db", "server.log", "scheduler.log", "worker-1.log"} <= set(files)
    for name, file in files.items():
        content = file.read_bytes()
        read = gzip.decompress(content) if file.suffix == ".gz" else content
        assert secret.encode() not in read and base64.b64encode(secret.encode())[:24] not in read, name


def test_a_cluster_that_is_not_there_is_told(settings: Settings, monkeypatch):
    """Neither Dask nor a scheduler, or Dask alone: one line that names the setting, and nothing is asked."""
    monkeypatch.setenv("DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT", "1s")
    elsewhere, ecosystem = replace(settings, dask_scheduler="tcp://127.0.0.1:1"), ecosystem_of(settings)

    with pytest.raises(ConfigurationError, match=r"^BAROMETER_DASK_SCHEDULER: .+ expected a Dask scheduler"):
        collect_all(elsewhere, ecosystem, {source_id: {} for source_id in ecosystem.sources})
    assert not settings.archive.exists()
