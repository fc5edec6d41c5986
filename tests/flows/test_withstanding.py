"""A run withstands faults: nothing wrong is kept, it is said what failed, the next run has it all."""

import gzip
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from flows.demo import CONFIG
from flows.demo.faults import FAULTS
from flows.demo.schedule import Planned, random_faults
from flows.demo.server import DemoServer
from flows.pipeline import steps
from flows.sources import services_of
from flows.standin.facts import CLOCK
from tests.made import called, configuration
from warehouse.archive.write import Attempt, archived_files
from warehouse.config.ecosystem import read_ecosystem
from warehouse.config.settings import PUBLIC_URLS, Settings

ROOT = Path(__file__).resolve().parents[2]

# One subject with little history: two years of stars, two months of questions.
CONFIGURATION = configuration(
    pytorch=called(
        "pytorch", name="PyTorch", pypi=["torch"], wikipedia="PyTorch", first_release_on=date(2019, 2, 1)
    ),
)
EARLY = datetime(2019, 2, 10, 6, tzinfo=UTC)
# A month that is over and one that is not, so that every question of Stack Overflow is asked.
DECEMBER = datetime(2018, 12, 10, 6, tzinfo=UTC)
# As soon as pypistats knows days of PyTorch in the demo, and as Google answers by month.
JANUARY, AUGUST = datetime(2021, 1, 10, 6, tzinfo=UTC), datetime(2010, 8, 6, 6, tzinfo=UTC)
NOW = {
    "github": EARLY,
    "pypi": JANUARY,
    "stackoverflow": DECEMBER,
    "google_trends": AUGUST,
    "wikipedia": DECEMBER,
}
# How many requests each source takes. A fault is tried at each, but of GitHub's four for older weeks of stars
# and of the logs' five for years, which are the last ones, at the first and the last.
REQUESTS = {"github": 8, "pypi": 9, "stackoverflow": 7, "google_trends": 5, "wikipedia": 1}
KEYS = {
    "github": r"pytorch/pytorch( \d)?",
    "pypi": r"torch( \d{4}-\d\d-\d\d)?",
    "stackoverflow": r"(pytorch)?( ?\d{4}-\d\d)?",
    "google_trends": r"((all|today 3-m) )?pytorch",
    "wikipedia": r"PyTorch \d{4}-\d\d-\d\d",
}
PLACES = [(source_id, at) for source_id, number in REQUESTS.items() for at in range(1, number + 1)]
ALIKE = {("pypi", at) for at in range(6, 9)} | {("github", at) for at in range(4, 6)}
PLACES = [place for place in PLACES if place not in ALIKE]

# Answers of the right shape, about something else or of another day.
UNTOLD = frozenset({"mistaken", "stale"})
# Those that name neither: nothing tells them from right ones when they come, only their neighbours later.
UNTELLABLE = frozenset(
    # A source may be some weeks late, which source_status tells.
    [("wikipedia", 1, "stale")]
    # Weeks name nobody, nor does the empty list that the demo has for TensorFlow's releases.
    + [("github", at, "mistaken") for at in range(2, 9)]
    + [("github", at, "stale") for at in range(1, 9)]
    # The running month is told late in the first days of the next.
    + [("google_trends", 3, "stale")]
    # The logs may stand still for weeks.
    + [("pypi", at, "stale") for at in range(1, 6)]
    + [("stackoverflow", at, "mistaken") for at in (4, 6, 7)]
    + [("stackoverflow", at, "stale") for at in (1, 5, 6)]
)
# `hanging` takes minutes; the tests of a killed run use it.
TOLD = sorted(set(FAULTS) - UNTOLD - {"hanging"})
EVERY_FAULT = "BAROMETER_TEST_EVERY_FAULT" in os.environ
TRIED = [
    (source_id, at, fault)
    for turn, (source_id, at) in enumerate(PLACES)
    for number, fault in enumerate(TOLD)
    if EVERY_FAULT or at in (1, REQUESTS[source_id]) or (number + turn) % 3 == 0
]
REFUSALS = ("404", "451")
# Each way in which asking again does not help: told after four tries, at once, or after each question.
LASTING = ("500", "dropped", "429", "403-secondary", "html", "truncated", "404")

Answers = frozenset[tuple[str, str, str]]
Lines = list[dict[str, Any]]


@dataclass(frozen=True)
class Run:
    """What a source's collectors made of the server, and what they leave in the archive."""

    source_id: str
    settings: Settings
    server: DemoServer

    def collect(self, *faults: Planned) -> list[Attempt]:
        """Collect as a command does, one service after the other: with what the archive already answers."""
        self.server.now = self.settings.clock()
        self.server.requests.clear()
        self.server.faults = faults
        ecosystem = steps.ecosystem_of(self.settings)
        # An empty archive knows nothing, and to load it would take most of the time of these tests.
        is_new = not self.settings.archive.exists()
        known = {} if is_new else steps.load_archive(self.settings, ecosystem)[self.source_id]
        return [
            steps.collect_service(service, self.settings, ecosystem, known)
            for service in services_of([self.source_id], self.settings)
        ]

    def problems(self, *faults: Planned) -> list[str]:
        """Collect; return what was not complete, of each service."""
        return [attempt.problem for attempt in self.collect(*faults) if attempt.problem]

    def lines(self) -> Lines:
        """Everything that the archive tells, but for digests, and the quota that remains."""
        files = [gzip.decompress(file.read_bytes()) for file in archived_files(self.settings.archive)]
        lines = [json.loads(line) for content in files for line in content.splitlines()]
        bodies = (re.sub(r'"quota_remaining": \d+', "", line.get("body", "")) for line in lines)
        return [{**line, "sha256": "", "body": body} for line, body in zip(lines, bodies, strict=True)]

    def answers(self) -> Answers:
        """Everything told by the archive's answers."""
        return answers_of(self.lines())

    def tells(self, problem: str) -> bool:
        """Tell whether a message is one line that begins with the source and what was asked for."""
        return re.fullmatch(rf"{self.source_id} {KEYS[self.source_id]}: .+", problem) is not None


def answers_of(lines: Lines) -> Answers:
    return frozenset(
        (line["endpoint"], line["key"], line["body"])
        for line in lines
        if line["kind"] == "page" and line["problem"] is None and line["same_as"] is None
    )


@pytest.fixture(scope="module")
def running() -> Iterator[DemoServer]:
    with DemoServer() as server:
        yield server


@pytest.fixture(scope="module")
def undisturbed(running: DemoServer, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Lines]:
    """What each source's archive holds when nothing is wrong, to which a further run adds nothing else."""
    lines = {}
    for source_id in REQUESTS:
        run = run_of(source_id, running, tmp_path_factory.mktemp(source_id))
        assert run.problems() == []
        assert len(running.requests) == REQUESTS[source_id]
        lines[source_id] = run.lines()
        assert run.problems() == []
        assert run.answers() == answers_of(lines[source_id])
    return lines


def run_of(source_id: str, server: DemoServer, folder: Path) -> Run:
    config = folder / "ecosystem.toml"
    config.write_text(CONFIGURATION)
    urls = dict.fromkeys(PUBLIC_URLS, server.url)
    data, site = folder / "data", folder / "site"
    # With a key the quota of one day is enough for all of these tests.
    settings = Settings(
        data,
        site,
        config,
        lambda: NOW[source_id],
        urls,
        credentials={"STACKEXCHANGE_KEY": "tests"},
        demo=True,
    )
    return Run(source_id, settings, server)


def assert_withstood(run: Run, expected: Lines, *faults: Planned) -> None:
    """Nothing wrong is kept, what is missing is told, and a second run makes up for it.

    An archive that is as after a run that nothing disturbed has all: for a second run it is the same one.
    """
    problems = run.problems(*faults)
    assert any(exchange.fault for exchange in run.server.requests), "the fault was met"
    archived = run.lines()
    if archived == expected:
        return
    assert answers_of(archived) <= answers_of(expected)
    assert all(map(run.tells, problems)) if problems else answers_of(archived) == answers_of(expected)

    assert run.problems() == []
    assert run.answers() == answers_of(expected)


@pytest.mark.parametrize(("source_id", "at", "fault"), TRIED)
def test_a_single_fault_is_withstood(running, undisturbed, tmp_path, source_id, at, fault):
    """Each kind of fault at the first and the last request of each source, every third at those between."""
    run = run_of(source_id, running, tmp_path)
    assert_withstood(run, undisturbed[source_id], Planned(fault, at))


@pytest.mark.parametrize(
    ("source_id", "at", "fault"), [(*place, fault) for place in REQUESTS.items() for fault in LASTING]
)
def test_a_fault_that_stays_is_told(running, undisturbed, tmp_path, source_id, at, fault):
    """From the last request on nothing else comes; what had been answered is kept."""
    run = run_of(source_id, running, tmp_path)
    assert_withstood(run, undisturbed[source_id], Planned(fault, at, lasts=1000))


@pytest.mark.parametrize("seed", range(7, 12))
@pytest.mark.parametrize("source_id", REQUESTS)
def test_several_faults_in_one_run_are_withstood(running, undisturbed, tmp_path, source_id, seed):
    """Most of the requests meet some fault, retries among them."""
    faults = random_faults(seed, 0.6, 20, sorted(set(TOLD) - set(REFUSALS)))
    assert_withstood(run_of(source_id, running, tmp_path), undisturbed[source_id], *faults)


@pytest.mark.parametrize(
    ("source_id", "at", "fault"),
    [(*place, fault) for place in PLACES for fault in sorted(UNTOLD) if (*place, fault) not in UNTELLABLE],
)
def test_a_plausible_fault_is_withstood(running, undisturbed, tmp_path, source_id, at, fault):
    """An answer about something else, or of another day, that says so itself."""
    run = run_of(source_id, running, tmp_path)
    assert_withstood(run, undisturbed[source_id], Planned(fault, at))


@pytest.mark.parametrize(("source_id", "at", "fault"), sorted(UNTELLABLE))
def test_what_no_answer_tells_is_kept(running, undisturbed, tmp_path, source_id, at, fault):
    """The limit of judging an answer by itself: it names neither its subject nor its day, and is believed."""
    run = run_of(source_id, running, tmp_path)
    run.collect(Planned(fault, at))

    assert run.answers() - answers_of(undisturbed[source_id])


@pytest.mark.parametrize("at", range(1, REQUESTS["github"] + 1))
def test_after_a_killed_run_only_what_is_missing_is_asked_for(running, undisturbed, tmp_path, barometer, at):
    """Killed while a request is under way: the next run keeps what had been answered by then."""
    run = run_of("github", running, tmp_path)
    run.server.now = EARLY
    run.server.requests.clear()
    run.server.faults = [Planned("hanging", at)]
    kill_at_request(at, run, barometer.environment)

    (half,) = run.settings.archive.glob("github/*")
    assert half.suffix == ".tmp" and archived_files(run.settings.archive) == []
    assert run.problems() == []
    assert run.answers() == answers_of(undisturbed["github"])
    # The counters and the newest weeks come first and are asked each time; releases count when all are read.
    older_pages_answered = min(4, max(0, at - 3))
    assert len(running.requests) == REQUESTS["github"] - older_pages_answered
    assert len(archived_files(run.settings.archive)) == (1 if at == 1 else 2)


def kill_at_request(at: int, run: Run, environment: dict[str, str]) -> None:
    """Collect in another process, and end that with SIGKILL once the server has seen its n-th request."""
    here = {**dict.fromkeys(PUBLIC_URLS, run.server.url), "BAROMETER_NOW": EARLY.isoformat()}
    here |= {"BAROMETER_CONFIG": str(run.settings.config)}
    command = [sys.executable, "-m", "flows", "collect", "github"]
    with subprocess.Popen(command, cwd=ROOT, env=environment | here, stderr=subprocess.PIPE) as process:
        while len(run.server.requests) < at:
            with pytest.raises(subprocess.TimeoutExpired):
                process.wait(timeout=0.02)
        process.kill()
    assert process.returncode == -signal.SIGKILL


def test_without_any_source_a_run_ends_soon(barometer, running, settings, tmp_path):
    """Nothing listens anywhere: exit code 1 within two minutes, a line a service, no other file published.

    What was archived stays as it is.
    """
    running.now, running.faults = CLOCK, []
    then = {"WIKIMEDIA_URL": running.url, "BAROMETER_NOW": CLOCK.isoformat()}
    assert barometer("collect", "wikipedia", **then).returncode == 0
    (archived,) = archived_files(tmp_path / "data" / "archive")
    before = archived.read_bytes()
    published = tmp_path / "data" / "barometer.duckdb"
    published.write_bytes(b"the last good file")
    started = time.monotonic()
    done = barometer("run", **dict.fromkeys(PUBLIC_URLS, "http://127.0.0.1:1"))

    assert done.returncode == 1 and time.monotonic() - started < 120
    told = [
        line
        for line in done.stderr.splitlines()
        if re.search(r" 0 answers, .*(no answer (from 127\.0\.0\.1:1|to git): |not asked without )", line)
    ]
    services = services_of(read_ecosystem(CONFIG).sources, settings)
    assert sorted(line.split()[1] for line in told) == sorted(one.source_id for one in services)
    assert (published.read_bytes(), archived.read_bytes()) == (b"the last good file", before)
