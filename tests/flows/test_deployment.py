"""The deployment, with a real Prefect server and a real process worker on loopback."""

import json
import os
import re
import signal
import socket
import sqlite3
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import requests
from prefect.client.orchestration import SyncPrefectClient
from requests.adapters import HTTPAdapter
from urllib3 import Retry
from websockets.exceptions import WebSocketException
from websockets.sync.client import connect

from flows.commands.service.deployments import follow_file, told
from flows.commands.service.own_server import OwnServer, is_at_work, read_server, server_file
from flows.demo.server import DemoServer
from flows.sources import services_of
from tests.conftest import Barometer, draw_in
from tests.made import configuration
from warehouse.archive.lock import only_writer
from warehouse.config.ecosystem import read_ecosystem
from warehouse.config.settings import PUBLIC_URLS, read_settings
from warehouse.published.open import open_published

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_SECONDS = 300
OVER = ("COMPLETED", "FAILED", "CRASHED", "CANCELLED")
# As soon as the demo knows days of both.
CLOCK = datetime(2021, 1, 10, 6, tzinfo=UTC)
PAIR = configuration({"wikipedia": 7}, pytorch={"name": "PyTorch", "pypi": ["torch"], "wikipedia": "PyTorch"})


class Service:
    """Barometer's commands that run for long, and the Prefect server that they start."""

    def __init__(self, environment: dict[str, str], log: Path) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = str(free.getsockname()[1])
        self.environment = environment | {"PREFECT_WORKER_QUERY_SECONDS": "1"}
        self.log = log

    @property
    def own(self) -> OwnServer | None:
        return read_server(Path(self.environment["PREFECT_HOME"]))

    @contextmanager
    def running(self, *arguments: str, **changes: str) -> Iterator["subprocess.Popen[bytes]"]:
        """Keep a command running for as long as the block lasts, then tell it to end.

        As a script starts it in the background: with a SIGINT that is ignored, which Prefect would wait for.
        """
        in_background = partial(signal.signal, signal.SIGINT, signal.SIG_IGN)
        with (
            self.log.open("a") as log,
            subprocess.Popen(
                [sys.executable, "-m", "flows", *arguments],
                cwd=ROOT,
                env=self.environment | changes,
                stdout=log,
                stderr=log,
                preexec_fn=in_background,
            ) as process,
        ):
            try:
                yield process
            finally:
                process.terminate()
                try:
                    process.wait(60)
                finally:
                    process.kill()

    def ask(self, path: str, body: dict[str, Any] | None = None, method: str = "") -> Any:
        # On SQLite the server refuses what comes while it writes: 503, "database is locked".
        retry = Retry(total=6, backoff_factor=0.5, status_forcelist=[503], allowed_methods=None)
        own = self.own
        assert own is not None
        with requests.Session() as session:
            session.mount("http://", HTTPAdapter(max_retries=retry))
            session.auth = tuple(own.login.split(":"))
            method = method or ("POST" if body is not None else "GET")
            response = session.request(method, own.url + path, json=body, timeout=60)
        response.raise_for_status()
        return response.json() if response.content else None

    def found(self, path: str) -> Any:
        """The answer, or None while there is none."""
        try:
            return self.ask(path) if self.own else None
        except requests.RequestException:
            return None

    def deployment(self, name: str = "barometer/daily") -> dict[str, Any]:
        """A deployment with a scheduled run, once the service has told that it is up."""
        found = wait_for(lambda: self.found(f"/deployments/name/{name}"), "deployment", self.log)
        wait_for(lambda: upcoming(self, found["id"]), "scheduled run", self.log)
        return dict(found)

    def begin(self, **body: Any) -> str:
        """A run of the daily deployment, due now unless told otherwise."""
        return str(self.ask(f"/deployments/{self.deployment()['id']}/create_flow_run", body)["id"])

    def state(self, run_id: str, *types: str) -> dict[str, Any]:
        """The state of a run, once it is one of these."""

        def reached() -> dict[str, Any] | None:
            state = (self.found(f"/flow_runs/{run_id}") or {}).get("state") or {"type": ""}
            return state if state["type"] in types else None

        return dict(wait_for(reached, f"run in a state of {types}", self.log))


def wait_for(condition: Callable[[], Any], what: str, log: Path) -> Any:
    """Ask until something is there; fail with the log of server and worker when it never is."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        if found := condition():
            return found
        time.sleep(1)
    pytest.fail(f"no {what} within {PATIENCE_SECONDS} s:\n{log.read_text()}")


@pytest.fixture
def pair(with_prefect: Barometer, server: DemoServer, drawings: Path, tmp_path: Path) -> dict[str, str]:
    """The environment of a service that collects two sources from the demo's server."""
    draw_in(drawings, tmp_path / "data")
    config = tmp_path / "pair.toml"
    config.write_text(PAIR)
    server.now = CLOCK
    here = {"BAROMETER_CONFIG": str(config), "BAROMETER_NOW": CLOCK.isoformat()}
    return with_prefect.environment | dict.fromkeys(PUBLIC_URLS, server.url) | here


def test_the_deployed_flow_runs_under_a_worker(pair: dict[str, str], tmp_path: Path):
    """Deployed with its schedules; of the runs missed by a sleeping machine one completes and publishes."""
    service = Service(pair, tmp_path / "prefect.log")
    with service.running("server", "--port", service.port):
        wait_for(lambda: service.found("/health"), "server", service.log)
        with service.running("worker") as worker:
            deployment = service.deployment()
            missed = [service.begin(state=scheduled(hours)) for hours in (24, 1)]
            states = [service.state(id_, *OVER) for id_ in missed]
            # What `barometer doctor` takes as the sign that somebody takes up the runs.
            assert service.ask("/deployments/name/barometer/daily")["status"] == "READY"
            worker.terminate()
            assert worker.wait(60) == 0
        # A slot of Prefect's own is never given back by a server that ends during a run.
        assert (deployment["concurrency_limit"], deployment["global_concurrency_limit"]) == (None, None)
        assert deployment["entrypoint"] == "flows.pipeline.flow.barometer"
        assert deployment["job_variables"]["working_dir"] == str(ROOT), "not in a copy of the project"
        (schedule,) = deployment["schedules"]
        assert (schedule["schedule"]["cron"], schedule["schedule"]["timezone"]) == ("17 6 * * *", "UTC")
        described = deployment["parameter_openapi_schema"]["properties"]
        assert {name: (told["type"], told["description"][:8]) for name, told in described.items()} == {
            "refresh": ("boolean", "Ask for "),
            "wait": ("boolean", "Wait whi"),
        }
        assert service.ask("/deployments/name/barometer/monthly-refresh")["parameters"]["refresh"] is True
        assert (
            service.ask("/deployments/name/verify/weekly-verify")["entrypoint"]
            == "flows.pipeline.flow.verify"
        )
        names = [state["name"] for state in states]
        assert sorted(names) == ["Completed", "Skipped"], f"{states} {service.log.read_text()}"
        run = service.ask(f"/flow_runs/{missed[names.index('Completed')]}")
        tasks = service.ask("/task_runs/filter", {"flow_runs": {"id": {"any_": [run["id"]]}}})
        settings = read_settings(service.environment)
        services = services_of(read_ecosystem(settings.config).sources, settings)
        collected = {task["name"] for task in tasks if task["name"].startswith("collect ")}
        assert collected == {f"collect {service}" for service in services}
        others = {task["name"].rsplit("-", 1)[0] for task in tasks if task["name"] not in collected}
        assert others == {"build", "publish", "report"}
        assert {task["state_type"] for task in tasks} == {"COMPLETED"}
        kinds = {one["key"]: one["type"] for one in service.ask("/artifacts/filter", {}) if one["key"]}
        assert kinds == {"sources": "table", "report": "markdown", "news": "markdown"}
        logs = service.ask("/logs/filter", {"logs": {"flow_run_id": {"any_": [run["id"]]}}})
        assert any("collect wikipedia" in line["message"] for line in logs), (
            "the stages are told in Prefect's log"
        )

    with open_published(tmp_path / "data" / "barometer.duckdb") as published:
        sources = "select distinct source_id from observations join metrics using (metric_id) order by all"
        assert published.query(sources)[1] == [("pypi",), ("wikipedia",)]
    assert (tmp_path / "site" / "index.html").exists()


def test_serve_runs_the_schedules_and_outlives_every_end(pair: dict[str, str], faulty, tmp_path: Path):
    """A failing source is told of by webhook, and that it is back to normal; whatever ended in between.

    A run that is told to end is cancelled; one whose server was killed is crashed at the next start, and the
    next one completes, also with a slot that an earlier version's limit has left taken.
    """
    hook, service = faulty(), Service(pair, tmp_path / "serve.log")
    serve = ("serve", "--port", service.port, "--notify", hook.url.replace("http:", "json:"))
    settings = read_settings(service.environment)

    scheduled_at = re.compile(r"^daily +17 6 \* \* \* +next run \d{4}-\d\d-\d\d 06:17 UTC$", re.MULTILINE)
    with service.running(*serve) as process, only_writer(settings):
        wait_for(lambda: scheduled_at.search(service.log.read_text()), "next run told", service.log)
        told_to_end = service.begin()
        service.state(told_to_end, "RUNNING")
        assert_closed(service)
        process.terminate()
        assert process.wait(60) == 0
    log = service.log.read_text()
    assert "Traceback" not in log
    assert f"Prefect's pages at http://127.0.0.1:{service.port}, login in {tmp_path}" in log

    with service.running(*serve, WIKIMEDIA_URL="http://127.0.0.1:1") as process:
        assert service.state(service.begin(), *OVER)["type"] == "COMPLETED", service.log.read_text()
        assert service.state(told_to_end, *OVER)["type"] == "CANCELLED"
        outdated = [add_deployment(service), f"/flow_runs/{told_to_end}"]
        with only_writer(settings):
            left = service.begin()
            service.state(left, "RUNNING")
            take_slot(service)
            own = service.own
            assert own is not None
            os.kill(own.pid, signal.SIGKILL)
            assert process.wait(60) == 1
    database = Path(service.environment["PREFECT_HOME"]) / "prefect.db"
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute(
            "update flow_run set end_time = datetime('now', '-91 days') where end_time is not null"
        )

    with service.running(*serve, BAROMETER_NOW=(CLOCK + timedelta(hours=1)).isoformat()) as process:
        assert service.state(service.begin(), *OVER)["type"] == "COMPLETED", service.log.read_text()
        assert service.state(left, *OVER)["type"] == "CRASHED"
        wait_for(lambda: not any(map(service.found, outdated)), "end of what is outdated", service.log)
        doctor = Barometer(service.environment)("doctor").stdout
        assert re.search(rf"^ok +Prefect server +http://127.0.0.1:{service.port}/api answers$", doctor, re.M)
        assert re.search(r"^ok +monthly-refresh +next run \d{4}-\d\d-02 14:47 UTC$", doctor, re.M)
        own = service.own
        assert own is not None
        without = [one | {"schedules": []} for one in told()]
        with SyncPrefectClient(own.url, auth_string=own.login) as client:
            follow_file(client, without)
        assert service.ask("/deployments/name/barometer/daily")["schedules"] == []
        process.kill()
        wait_for(lambda: not is_at_work(Path(service.environment["PREFECT_HOME"])), "end", service.log)

    messages = [json.loads(body)["message"].split(":")[0] for body in hook.bodies]
    assert messages == ["wikipedia is never", "wikipedia is back to normal"]
    runs = [json.loads(line) for line in (tmp_path / "data" / "runs.jsonl").read_text().splitlines()]
    assert [run["told"].get("source wikipedia") for run in runs] == ["never", None]
    took = {stage["stage"]: stage for stage in runs[0]["stages"]}
    assert took["collect pypi clickhouse"]["requests"] > 0 and took["collect pypi clickhouse"]["bytes"] > 1000
    assert took["publish"]["rows"] > 0


def assert_closed(service: Service) -> None:
    """Without the login every route refuses but those that say that there is a server; so do the sockets."""
    own = service.own
    assert own is not None
    assert stat.S_IMODE(server_file(Path(service.environment["PREFECT_HOME"])).stat().st_mode) == 0o600
    paths = requests.get(f"{own.pages}/openapi.json", timeout=10).json()["paths"]
    with requests.Session() as stranger:
        answers = {
            (method, path): stranger.request(method, own.url + re.sub("[{}]", "", path), json={}, timeout=10)
            for path, methods in paths.items()
            for method in methods
        }
        preflight = stranger.options(
            f"{own.url}/deployments/filter",
            headers={"Origin": "https://elsewhere.example", "Access-Control-Request-Method": "POST"},
            timeout=10,
        )
    assert len(answers) > 150
    open_to_all = {asked for asked, answer in answers.items() if answer.status_code != 401}
    assert open_to_all == {("get", "/health"), ("get", "/ready")}
    assert (preflight.status_code, "Access-Control-Allow-Origin" in preflight.headers) == (400, False)
    for path in ("events/in", "events/out", "logs/out", "task_runs/subscriptions/scheduled"):
        with (
            pytest.raises(WebSocketException),
            connect(f"{own.url.replace('http:', 'ws:')}/{path}") as socket,
        ):
            socket.send("{}")
            socket.recv(10)


def take_slot(service: Service) -> None:
    """Leave what an earlier version did that was killed in a run: a limit of one, which is taken."""
    path = f"/deployments/{service.deployment()['id']}"
    service.ask(path, {"concurrency_limit": 1}, "PATCH")
    limit = service.ask(path)["global_concurrency_limit"]
    service.ask(f"/v2/concurrency_limits/{limit['id']}", {"active_slots": 1}, "PATCH")


def add_deployment(service: Service) -> str:
    """Leave a deployment that the file does not tell of; return where it is."""
    daily = service.deployment()
    kept = {name: daily[name] for name in ("flow_id", "entrypoint", "tags")}
    return f"/deployments/{service.ask('/deployments/', kept | {'name': 'hourly'})['id']}"


def upcoming(service: Service, deployment_id: str) -> list[dict[str, Any]]:
    """The runs that the server itself has scheduled."""
    wanted = {"deployments": {"id": {"any_": [deployment_id]}}}
    return [run for run in service.ask("/flow_runs/filter", wanted) if run["auto_scheduled"]]


def scheduled(hours_ago: int) -> dict[str, Any]:
    """A run that should have begun so long ago."""
    at = datetime.now(UTC) - timedelta(hours=hours_ago)
    return {"type": "SCHEDULED", "state_details": {"scheduled_time": at.isoformat()}}
