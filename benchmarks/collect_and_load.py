"""How long it takes to collect and load 200 packages of 360 daily values, and how much memory.

Run: `python benchmarks/collect_and_load.py`. Each contestant runs in a process of its own, against the
same local server in another; the figure that counts is the ratio to the reference of the same run.
The reference is a bare loop: requests, one gzip file, DuckDB SQL, no pacing, checks or provenance. A second
one is dlt, where DLT_PYTHON names an interpreter that has it (README.md).
"""

import gzip
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import duckdb
import requests

from flows.pipeline.collect import collect, due_questions
from flows.pipeline.steps import ecosystem_of
from flows.sources import load_source
from warehouse.build.load import load, open_work
from warehouse.config.catalog import catalog
from warehouse.config.ecosystem import Subject
from warehouse.config.settings import Settings

# Read before the clock starts, as the reference's libraries are.
PYPI, CATALOG = load_source("pypi"), catalog()
PACKAGES = [f"package-{number}" for number in range(200)]
FIRST_DAY = date(2025, 1, 1)
NOW = datetime(2025, 8, 6, 6, tzinfo=UTC)
VALUES = """
select count(*), sum(sent.downloads) from (
    select unnest(from_json(body::json -> '$.data', '[{"date": "date", "downloads": "bigint"}]')) as sent
    from %s
)
"""


class PyPIStats(BaseHTTPRequestHandler):
    """Answers for any package: 180 days, with and without mirrors."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        package = self.path.split("/")[3]
        days = [
            {"category": category, "date": str(FIRST_DAY + timedelta(days=n)), "downloads": 1000 + n}
            for category in ("with_mirrors", "without_mirrors")
            for n in range(180)
        ]
        body = json.dumps({"data": days, "package": package, "type": "overall_downloads"}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def barometer(url: str, folder: Path) -> tuple[int, int]:
    """Collect with the real collector, load with the real load, and read every value."""
    settings = Settings(
        data=folder,
        site=folder,
        config=Path("ecosystem.toml"),
        clock=lambda: NOW,
        urls={"PYPISTATS_URL": url},
        demo=True,
    )
    subject = Subject(id="many", name="Many", pypi=tuple(PACKAGES))
    service = PYPI.services(settings)[0]
    every = due_questions(service, [subject], settings, {})
    collect(service, [question for question in every if question.endpoint == "overall"], settings, {})
    with open_work(settings) as connection:
        load(connection, settings, ecosystem_of(settings))
        return connection.execute(VALUES % "raw.pages").fetchall()[0]


def bare_loop(url: str, folder: Path) -> tuple[int, int]:
    """Do the least that gets the same values into DuckDB."""
    session = requests.Session()
    file = folder / "pages.jsonl.gz"
    with gzip.open(file, "wt") as stream:
        for package in PACKAGES:
            body = session.get(f"{url}/api/packages/{package}/overall", timeout=30).text
            stream.write(json.dumps({"package": package, "body": body}) + "\n")
    connection = duckdb.connect(folder / "bare.duckdb")
    connection.execute(f"create table pages as from read_json('{file}', format = 'newline_delimited')")
    return connection.execute(VALUES % "pages").fetchall()[0]


CONTESTANTS: dict[str, Callable[[str, Path], tuple[int, int]]] = {
    "bare loop": bare_loop,
    "barometer": barometer,
}


def run_one(name: str, url: str) -> None:
    """Run one contestant and print its seconds, megabytes and values."""
    with tempfile.TemporaryDirectory() as folder:
        started, spent = time.perf_counter(), time.process_time()
        values, _ = CONTESTANTS[name](url, Path(folder))
        seconds, processor = time.perf_counter() - started, time.process_time() - spent
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "processor": processor, "megabytes": megabytes, "values": values}))


@contextmanager
def serving():
    """Run the server in a process of its own and yield its URL."""
    process = subprocess.Popen([sys.executable, __file__, "--serve"], stdout=subprocess.PIPE, text=True)
    assert process.stdout
    try:
        yield process.stdout.readline().strip()
    finally:
        process.terminate()


def serve() -> None:
    """Answer until stopped; the first line of output is the URL."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), PyPIStats)
    print(f"http://127.0.0.1:{server.server_port}", flush=True)
    server.serve_forever()


def commands(url: str) -> dict[str, list[str]]:
    """Return how each contestant is run, in a process of its own."""
    ours = {name: [sys.executable, __file__, name, url] for name in CONTESTANTS}
    if not (python := os.environ.get("DLT_PYTHON")):
        return ours
    return ours | {"dlt": [python, str(Path(__file__).with_name("with_dlt.py")), url, str(len(PACKAGES))]}


def main(rounds: int = 5) -> None:
    """Run each contestant in turn, several rounds, and print the best of each beside the reference."""
    best: dict[str, dict[str, float]] = {}
    with serving() as url:
        for name, command in [*commands(url).items()] * rounds:
            done = subprocess.run(command, capture_output=True, text=True, check=True)
            result = json.loads(done.stdout)
            best[name] = {key: min(value, result[key]) for key, value in best.get(name, result).items()}
    reference = best["bare loop"]
    for name, result in best.items():
        ratios = (result[key] / reference[key] for key in ("seconds", "processor") if key in result)
        print(
            f"{name:12} {result['seconds']:6.2f} s, {result.get('processor', 0):5.2f} s of processor, "
            f"{result['megabytes']:6.0f} MB, {result['values']:>7,} values; times the bare loop: "
            f"{', '.join(f'{ratio:.2f}' for ratio in ratios)}"
        )


if __name__ == "__main__":
    if sys.argv[1:] == ["--serve"]:
        serve()
    elif len(sys.argv) == 3:
        run_one(sys.argv[1], sys.argv[2])
    else:
        main()
