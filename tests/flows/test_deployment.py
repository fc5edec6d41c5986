"""The deployment, with a real Prefect server and a real process worker on loopback."""

import json
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import requests
from requests.adapters import HTTPAdapter
from urllib3 import Retry

from flows.demo.facts import CLOCK
from flows.demo.server import DemoServer
from warehouse.published import open_published
from warehouse.settings import PUBLIC_URLS

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_SECONDS = 300


class Prefect:
    """A server of its own, and the commands a reader of the README types."""

    def __init__(self, environment: dict[str, str], log: Path) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.api = f"http://127.0.0.1:{self.port}/api"
        self.environment = environment | {
            "PREFECT_API_URL": self.api,
            "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
            "PREFECT_WORKER_QUERY_SECONDS": "1",
        }
        self.log = log

    def command(self, *arguments: str) -> list[str]:
        return [sys.executable, "-m", "prefect", *arguments]

    def run(self, *arguments: str) -> None:
        done = subprocess.run(
            self.command(*arguments),
            cwd=ROOT,
            env=self.environment,
            text=True,
            capture_output=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr

    @contextmanager
    def running(self, *arguments: str) -> Iterator[None]:
        """Keep a command running for as long as the block lasts."""
        with self.log.open("a") as log:
            process = subprocess.Popen(
                self.command(*arguments), cwd=ROOT, env=self.environment, stdout=log, stderr=log
            )
            try:
                yield
            finally:
                process.terminate()
                process.wait(30)

    def ask(self, path: str, body: dict[str, Any] | None = None) -> Any:
        # On SQLite the server refuses what comes while it writes: 503, "database is locked".
        retry = Retry(total=6, backoff_factor=0.5, status_forcelist=[503], allowed_methods=None)
        with requests.Session() as session:
            session.mount("http://", HTTPAdapter(max_retries=retry))
            method = "POST" if body is not None else "GET"
            response = session.request(method, self.api + path, json=body, timeout=10)
        response.raise_for_status()
        return response.json()

    def found(self, path: str) -> Any:
        """The answer, or None while there is none."""
        try:
            return self.ask(path)
        except requests.HTTPError:
            return None

    def answers(self) -> bool:
        try:
            return bool(self.ask("/health"))
        except requests.RequestException:
            return False


def wait_for(condition: Callable[[], Any], what: str, log: Path) -> Any:
    """Ask until something is there; fail with the log of server and worker when it never is."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        if found := condition():
            return found
        time.sleep(0.3)
    pytest.fail(f"no {what} within {PATIENCE_SECONDS} s:\n{log.read_text()}")


def test_the_deployed_flow_runs_under_a_worker(barometer, server: DemoServer, tmp_path: Path):
    """Deployed with its schedules; of the runs missed by a sleeping machine one completes and publishes."""
    sources = dict.fromkeys(PUBLIC_URLS, server.url)
    prefect = Prefect(
        barometer.environment | sources | {"BAROMETER_NOW": CLOCK.isoformat()}, tmp_path / "prefect.log"
    )
    with prefect.running("server", "start", "--host", "127.0.0.1", "--port", str(prefect.port)):
        wait_for(prefect.answers, "server", prefect.log)
        prefect.run("work-pool", "create", "barometer", "--type", "process")
        prefect.run("--no-prompt", "deploy", "--all")
        deployment = prefect.ask("/deployments/name/barometer/daily")
        assert deployment["entrypoint"] == "flows.pipeline.barometer"
        (schedule,) = deployment["schedules"]
        assert (schedule["schedule"]["cron"], schedule["schedule"]["timezone"]) == ("17 6 * * *", "UTC")
        described = deployment["parameter_openapi_schema"]["properties"]
        assert {name: (told["type"], told["description"][:8]) for name, told in described.items()} == {
            "refresh": ("boolean", "Ask for "),
            "wait": ("boolean", "Wait whi"),
        }
        wait_for(lambda: upcoming(prefect, deployment["id"]), "scheduled run", prefect.log)
        assert prefect.ask("/deployments/name/barometer/monthly-refresh")["parameters"]["refresh"] is True
        assert prefect.ask("/deployments/name/verify/weekly-verify")["entrypoint"] == "flows.pipeline.verify"

        missed = [
            prefect.ask(f"/deployments/{deployment['id']}/create_flow_run", {"state": scheduled(hours)})["id"]
            for hours in (48, 24, 1)
        ]
        with prefect.running("worker", "start", "--pool", "barometer", "--limit", "1"):
            states = [
                wait_for(lambda id_=id_: final_state(prefect, id_), "end of a run", prefect.log)
                for id_ in missed
            ]
            # What `barometer doctor` takes as the sign that somebody takes up the runs.
            assert prefect.ask("/deployments/name/barometer/daily")["status"] == "READY"
        names = [state["name"] for state in states]
        assert sorted(names) == ["Completed", "Skipped", "Skipped"], f"{states} {prefect.log.read_text()}"
        run = prefect.ask(f"/flow_runs/{missed[names.index('Completed')]}")
        tasks = prefect.ask("/task_runs/filter", {"flow_runs": {"id": {"any_": [run["id"]]}}})
        services = (
            "github",
            "google_trends",
            "pypi clickhouse",
            "pypi pypistats",
            "stackoverflow",
            "wikipedia",
        )
        collected = {task["name"] for task in tasks if task["name"].startswith("collect ")}
        assert collected == {f"collect {service}" for service in services}
        others = {task["name"].rsplit("-", 1)[0] for task in tasks if task["name"] not in collected}
        assert others == {"build", "publish", "report"}
        assert {task["state_type"] for task in tasks} == {"COMPLETED"}
        kinds = {one["key"]: one["type"] for one in prefect.ask("/artifacts/filter", {}) if one["key"]}
        assert kinds == {"sources": "table", "report": "markdown", "news": "markdown"}
        logs = prefect.ask("/logs/filter", {"logs": {"flow_run_id": {"any_": [run["id"]]}}})
        assert any("collect github" in line["message"] for line in logs), (
            "the stages are told in Prefect's log"
        )

    with open_published(tmp_path / "data" / "barometer.duckdb") as published:
        assert (
            published.rows("select count(distinct metric_id) as metrics from observations")[0]["metrics"] >= 9
        )
    assert (tmp_path / "site" / "index.html").exists()


PAIR = """
question = "PyTorch?"
[[subjects]]
id = "pytorch"
name = "PyTorch"
pypi = ["torch"]
wikipedia = "PyTorch"
[sources]
pypi = { expected_lag_days = 7 }
wikipedia = { expected_lag_days = 7 }
"""


def test_serve_runs_the_schedules_and_tells_of_changes(barometer, server, faulty, tmp_path: Path):
    """A failing source is told of by webhook; after a restart, that it is back to normal, nothing else."""
    config, hook = tmp_path / "pair.toml", faulty()
    config.write_text(PAIR)
    here = {"BAROMETER_CONFIG": str(config), "BAROMETER_NOW": CLOCK.isoformat()}
    prefect = Prefect(
        barometer.environment | dict.fromkeys(PUBLIC_URLS, server.url) | here, tmp_path / "serve.log"
    )
    del prefect.environment["PREFECT_API_URL"]

    broken = {"WIKIMEDIA_URL": "http://127.0.0.1:1"}
    address = hook.url.replace("http:", "json:")
    run_once_served(prefect, address, broken)
    run_once_served(prefect, address, {"BAROMETER_NOW": (CLOCK + timedelta(hours=1)).isoformat()})
    told = [json.loads(body)["message"].split(":")[0] for body in hook.bodies]
    assert told == ["wikipedia is never", "wikipedia is back to normal"]
    runs = [json.loads(line) for line in (tmp_path / "data" / "runs.jsonl").read_text().splitlines()]
    assert [run["told"].get("source wikipedia") for run in runs] == ["never", None]
    took = {stage["stage"]: stage for stage in runs[0]["stages"]}
    assert took["collect pypi clickhouse"]["requests"] > 0 and took["collect pypi clickhouse"]["bytes"] > 1000
    assert took["publish"]["rows"] > 0


def run_once_served(prefect: Prefect, address: str, changes: dict[str, str]) -> None:
    """Serve, see the schedule live, let one run come to its end, and stop.

    As a script starts it in the background: with a SIGINT that is ignored, which the process would pass on.
    """
    in_background = partial(signal.signal, signal.SIGINT, signal.SIG_IGN)
    serve = [sys.executable, "-m", "flows", "serve", "--port", str(prefect.port), "--notify", address]
    with prefect.log.open("a") as log:
        process = subprocess.Popen(
            serve,
            cwd=ROOT,
            env=prefect.environment | changes,
            stdout=log,
            stderr=log,
            preexec_fn=in_background,
        )
        try:
            wait_for(prefect.answers, "server", prefect.log)
            path = "/deployments/name/barometer/daily"
            deployment = wait_for(lambda: prefect.found(path), "deployment", prefect.log)
            wait_for(lambda: upcoming(prefect, deployment["id"]), "scheduled run", prefect.log)
            run = prefect.ask(f"/deployments/{deployment['id']}/create_flow_run", {})
            state = wait_for(lambda: final_state(prefect, run["id"]), "end of the run", prefect.log)
            assert state["type"] == "COMPLETED", f"{state} {prefect.log.read_text()}"
        finally:
            process.terminate()
            assert process.wait(60) == 0


def upcoming(prefect: Prefect, deployment_id: str) -> list[dict[str, Any]]:
    """The runs that the server itself has scheduled."""
    wanted = {"deployments": {"id": {"any_": [deployment_id]}}}
    return [run for run in prefect.ask("/flow_runs/filter", wanted) if run["auto_scheduled"]]


def scheduled(hours_ago: int) -> dict[str, Any]:
    """A run that should have begun so long ago."""
    at = datetime.now(UTC) - timedelta(hours=hours_ago)
    return {"type": "SCHEDULED", "state_details": {"scheduled_time": at.isoformat()}}


def final_state(prefect: Prefect, run_id: str) -> dict[str, Any] | None:
    """The state of a run, once it is over."""
    state = prefect.ask(f"/flow_runs/{run_id}")["state"]
    return state if state["type"] in ("COMPLETED", "FAILED", "CRASHED", "CANCELLED") else None
