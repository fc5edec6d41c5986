"""Days of the schedule with a clock that is moved: once without faults, once with outages and kills.

A run is a process of its own that goes through the pipeline's stages as the flow orders them, without
Prefect, whose start would take most of the time. One that is killed is followed by another an hour later.
Prints, as JSON, what was done, what the two published files tell, and what was told of it.

Arguments: a folder, the number of days, of outages and of kills, and the seed of their moments.
"""

import json
import logging
import multiprocessing
import os
import random
import re
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

from flows.console.progress import heard, let_through, logger
from flows.demo.schedule import Planned
from flows.demo.server import DemoServer
from flows.pipeline import steps
from flows.pipeline.after_run import conclude
from flows.sources import services_of
from tests.made import called, configuration
from warehouse.archive.lock import only_writer
from warehouse.archive.write import Attempt
from warehouse.build.load import open_work
from warehouse.config.ecosystem import Ecosystem
from warehouse.config.settings import PUBLIC_URLS, Settings, read_settings
from warehouse.errors import BarometerError
from warehouse.published.open import open_published

# While all of the demo's figures go on.
FIRST_RUN = datetime(2023, 3, 1, 6, tzinfo=UTC)
PREFIXES = {
    "github": "/repos",
    "google_trends": "/trends",
    "pypi": "/api/packages",
    "stackoverflow": "/2.3",
    "wikipedia": "/api/rest_v1",
}
LIMITS = ("429-after-3600", "403-primary")
KINDS = (*LIMITS, "503", "dropped", "401", "html")
HOURS = (3, 12, 30, 54, 100)
RELEASED = date(2022, 12, 1)
CONFIGURATION = configuration(
    {"pypi": 60},
    pytorch=called("pytorch", name="PyTorch", pypi=["torch"], wikipedia="PyTorch", first_release_on=RELEASED),
    tensorflow=called("tensorflow", name="TensorFlow", wikipedia="TensorFlow", first_release_on=RELEASED),
)
# What a run or its moment leaves, and not what the sources told.
OF_THE_RUN = re.compile(r"(_at|_ms|revision|reason|as_of)$")
TABLES = (
    "observations",
    "adoption_monthly",
    "community_monthly",
    "crossovers",
    "events",
    "package_downloads_daily",
    "package_downloads_split",
)

PROCESSES = multiprocessing.get_context("forkserver")


@dataclass(frozen=True)
class Outage:
    """A source that does not answer, or only with a limit, for some hours; runs meet it at their time."""

    source_id: str
    kind: str
    begins: datetime
    ends: datetime

    def meets(self, at: datetime) -> bool:
        return self.begins <= at < self.ends

    def is_apart_from(self, other: "Outage") -> bool:
        days = timedelta(days=2)
        return self.ends + days < other.begins or other.ends + days < self.begins

    def planned(self) -> Planned:
        return Planned(self.kind, 1, 10**6, PREFIXES[self.source_id])


class Hook(BaseHTTPRequestHandler):
    """Takes every message."""

    messages: list[str] = []  # noqa: RUF012  # of the one server there is

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.messages += body["message"].splitlines()
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def hook() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Hook) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"json://127.0.0.1:{server.server_port}"
        server.shutdown()


def draw_outages(draw: random.Random, days: int, number: int) -> list[Outage]:
    """Draw outages, each source in turn, each met by a run, a source's two days apart; the end is calm."""
    drawn: list[Outage] = []
    sources = draw.sample(sorted(PREFIXES), len(PREFIXES))
    while len(drawn) < number:
        run, before = (
            FIRST_RUN + timedelta(days=draw.randrange(1, days - 1)),
            timedelta(hours=draw.randint(1, 2)),
        )
        length = timedelta(hours=draw.choice(HOURS))
        outage = Outage(sources[len(drawn) % 5], draw.choice(KINDS), run - before, run - before + length)
        others = [one for one in drawn if one.source_id == outage.source_id]
        if outage.ends < FIRST_RUN + timedelta(days=days - 1) and all(map(outage.is_apart_from, others)):
            drawn.append(outage)
    return sorted(drawn, key=lambda one: one.begins)


def collect(settings: Settings, ecosystem: Ecosystem) -> list[Attempt]:
    """Collect every source at once, without the pauses that spare a real one."""
    known, unpaced = steps.load_archive(settings, ecosystem), replace(settings, demo=True)
    with ThreadPoolExecutor() as threads:
        every = (
            threads.submit(steps.collect_service, service, unpaced, ecosystem, known[service.source_id])
            for service in services_of(ecosystem.sources, unpaced)
        )
        return [one.result() for one in list(every)]


def run_stages(environment: dict[str, str]) -> None:
    """Go through one run: collect, build, publish, and tell what has changed."""
    os.environ.update(environment)
    settings = read_settings()
    ecosystem = steps.ecosystem_of(settings)
    settings.data.mkdir(parents=True, exist_ok=True)
    logger.addHandler(logging.FileHandler(settings.data / "stage"))
    logger.setLevel(logging.DEBUG)
    logger.propagate = False
    with only_writer(settings), heard() as done:
        started_at, blocked = datetime.now(UTC), None
        try:
            steps.require_an_answer(collect(settings, ecosystem), settings)
            build(settings, ecosystem)
        except BarometerError as error:
            blocked = str(error)
        conclude(settings, started_at, done, blocked)


def build(settings: Settings, ecosystem: Ecosystem) -> None:
    steps.load_archive(settings, ecosystem)
    steps.build(settings, ecosystem, with_tests=False)  # the checks take two fifths of a build
    steps.publish_marts(settings)


class World:
    """A data folder and the moments at which it is collected into."""

    def __init__(self, folder: Path, server: DemoServer) -> None:
        self.folder, self.server = folder, server
        folder.mkdir(parents=True)
        (folder / "ecosystem.toml").write_text(CONFIGURATION)

    def environment(self, at: datetime) -> dict[str, str]:
        return {
            **dict.fromkeys(PUBLIC_URLS, self.server.url),
            "BAROMETER_CONFIG": str(self.folder / "ecosystem.toml"),
            "BAROMETER_DATA": str(self.folder / "data"),
            "BAROMETER_SITE": str(self.folder / "site"),
            "BAROMETER_NOW": at.isoformat(),
            "STACKEXCHANGE_KEY": "simulated",
        }

    def settings(self, at: datetime = FIRST_RUN) -> Settings:
        return read_settings(self.environment(at))


def calm(world: World, days: int) -> None:
    """Collect each day without a fault, and build what was answered once."""
    world.server.faults = ()
    for day in range(days):
        world.server.now = FIRST_RUN + timedelta(days=day)
        settings = world.settings(world.server.now)
        ecosystem = steps.ecosystem_of(settings)
        collect(settings, ecosystem)
    build(settings, ecosystem)


@dataclass(frozen=True)
class Ran:
    """A run: when, whether it was killed, and which sources met a fault in it."""

    at: datetime
    is_killed: bool
    met: frozenset[str]


@dataclass
class Storm:
    """The same days with outages and kills, and what came of each run."""

    world: World
    outages: Sequence[Outage]
    notify: str
    seconds: float = 0.0

    def __post_init__(self) -> None:
        self.runs: list[Ran] = []
        self.killed: list[str] = []

    def day(self, first: datetime, kill_after: float | None) -> None:
        """Run at the day's time; killed after a share of what a run takes, once more an hour later."""
        at = first
        while kill_after is not None:
            kill_after = None if self.run(at, kill_after) else kill_after / 2
            at += timedelta(hours=1)
        self.run(at, None)

    def run(self, at: datetime, kill_after: float | None) -> bool:
        """Run once; return whether it was killed."""
        server = self.world.server
        server.now = at
        server.faults = [outage.planned() for outage in self.outages if outage.meets(at)]
        server.requests.clear()
        environment = self.world.environment(at) | {"BAROMETER_NOTIFY": self.notify}
        process = PROCESSES.Process(target=run_stages, args=(environment,))
        started = time.monotonic()
        process.start()
        process.join(None if kill_after is None else kill_after * self.seconds)
        is_killed = process.is_alive()
        if is_killed:
            process.kill()
            process.join()
            self.killed.append(self.stage())
        else:
            assert process.exitcode == 0, f"{at}: exit code {process.exitcode}"
            self.seconds = time.monotonic() - started
        met = {source_of(one.path) for one in server.requests if one.fault}
        self.runs.append(Ran(at, is_killed, frozenset(met)))
        return is_killed

    def stage(self) -> str:
        """What the killed run was at: the newest line of its log."""
        lines = (self.world.folder / "data" / "stage").read_text().split("\n")
        told = [line for line in lines if line.strip()]
        return re.split(r"\s{2,}| …", told[-1])[0] if told else "start"

    def told_of(self) -> dict[str, object]:
        """Return what is to be seen: failures of whole and of killed runs, days and spells of whole ones.

        On a silent day no whole run had a source's answers. A spell is a source and its failures in one run
        after the other; it is told of once.
        """
        whole, killed = ([run for run in self.runs if run.is_killed is killed] for killed in (False, True))
        before, spells = frozenset[str](), list[str]()
        for run in whole:
            spells += sorted(run.met - before)
            before = run.met
        days = {run.at.date(): frozenset(PREFIXES) for run in whole}
        for run in whole:
            days[run.at.date()] &= run.met
        silent = [(source_id, f"{day}") for day, met in days.items() for source_id in sorted(met)]
        return {
            "failures": failures(whole),
            "maybe": failures(killed),
            "silent": silent,
            "spells": sorted(spells),
        }


def failures(runs: Sequence[Ran]) -> list[tuple[str, str]]:
    return sorted((source_id, f"{run.at:%Y-%m-%d %H}") for run in runs for source_id in run.met)


def source_of(path: str) -> str:
    return next(source_id for source_id, prefix in PREFIXES.items() if path.startswith(prefix))


def failed_attempts(settings: Settings) -> list[tuple[str, str]]:
    """Every source and time at which an attempt failed, as the archive tells it; killed ones apart."""
    with open_work(settings) as connection:
        rows = connection.execute(
            "select source, strftime(started_at, '%Y-%m-%d %H') from raw.attempts "
            "where problem is not null and problem not like '%the process ended before%' order by all"
        ).fetchall()
    return [(source_id, hour) for source_id, hour in rows]


def figures(settings: Settings) -> dict[str, list[list[object]]]:
    """Return the rows of every table of figures, without what a run leaves in them."""
    found = {}
    with open_published(settings.published_file) as published:
        for table in TABLES:
            names = [
                column
                for column in published.query(f"from {table} limit 0")[0]
                if not OF_THE_RUN.search(column)
            ]
            found[table] = [
                list(map(str, row))
                for row in published.query(f"select {', '.join(names)} from {table} order by all")[1]
            ]
    return found


def main(folder: Path, days: int, outages: int, kills: int, seed: int) -> None:
    let_through()
    draw = random.Random(seed)
    PROCESSES.set_forkserver_preload(["flows.pipeline.steps", "flows.pipeline.after_run", "dbt.cli.main"])
    with DemoServer(now=FIRST_RUN) as server, hook() as address:
        started = time.monotonic()
        quiet, world = World(folder / "calm", server), World(folder / "storm", server)
        calm(quiet, days)
        calm_seconds = time.monotonic() - started
        storm = Storm(world, draw_outages(draw, days, outages), address)
        kill_after = {day: draw.random() for day in sorted(draw.sample(range(1, days), kills))}
        for day in range(days):
            storm.day(FIRST_RUN + timedelta(days=day), kill_after.get(day))
    told = {
        "outages": [[one.source_id, one.kind, str(one.begins), str(one.ends)] for one in storm.outages],
        "killed": storm.killed,
        "runs": len(storm.runs),
        "expected": storm.told_of(),
        "failures": failed_attempts(world.settings()),
        "messages": Hook.messages,
        "calm": figures(quiet.settings()),
        "storm": figures(world.settings()),
        "seconds": {"calm": calm_seconds, "storm": time.monotonic() - started - calm_seconds},
    }
    print(json.dumps(told))


if __name__ == "__main__":
    main(Path(sys.argv[1]), *map(int, sys.argv[2:]))
