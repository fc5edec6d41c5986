"""Each service of a source is asked, held, limited and reported by itself."""

import gzip
import json
import logging
import signal
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from flows.client.client import Client
from flows.client.service import Service
from flows.client.session import UNPACED, Pace, Quota
from flows.console.progress import heard
from flows.demo.schedule import Planned
from flows.pipeline import steps
from flows.pipeline.collect import collect, due_questions
from flows.sources import load_source, services_of, source_ids
from flows.sources.pypi.collect import CLICKHOUSE, PYPISTATS
from warehouse.archive.write import Attempt, archived_files
from warehouse.build.load import open_work
from warehouse.config.catalog import catalog
from warehouse.config.settings import PUBLIC_URLS, Settings
from warehouse.config.subject import Subject
from warehouse.errors import Postponed, Unreachable

ROOT = Path(__file__).resolve().parents[2]
NOWHERE = "http://127.0.0.1:1"
AT_PYPISTATS, IN_LOGS = {"overall", "system", "python_minor"}, {"log_days", "log_splits"}


def lines(settings: Settings, kind: str) -> list[dict[str, Any]]:
    """Every line of one kind in the archive."""
    files = [gzip.decompress(file.read_bytes()) for file in archived_files(settings.archive)]
    every = (json.loads(line) for content in files for line in content.splitlines())
    return [line for line in every if line["kind"] == kind]


def collected(settings: Settings) -> dict[str | None, Attempt]:
    """Collect PyPI's figures; return how each of its services went."""
    ecosystem = steps.ecosystem_of(settings)
    known = steps.load_archive(settings, ecosystem)["pypi"]
    services = services_of(["pypi"], settings)
    return {one.variable: steps.collect_service(one, settings, ecosystem, known) for one in services}


def answered(settings: Settings) -> set[str]:
    """The endpoints that were answered."""
    return {page["endpoint"] for page in lines(settings, "page") if page["problem"] is None}


@pytest.mark.parametrize(("down", "endpoints"), [(PYPISTATS, IN_LOGS), (CLICKHOUSE, AT_PYPISTATS)])
def test_a_service_that_is_down_leaves_the_other_alone(at_server, down, endpoints):
    """Either way round the other has answered all of its questions, and its attempt is without a problem."""
    attempts = collected(replace(at_server, urls={**at_server.urls, down: NOWHERE}))

    assert {name: attempt.problem is None for name, attempt in attempts.items()} == {
        name: name != down for name in (PYPISTATS, CLICKHOUSE)
    }
    assert "no answer from 127.0.0.1:1" in attempts[down].problem
    assert answered(at_server) == endpoints


@pytest.mark.parametrize("fault", ["429-after-3600", "401", "html", "404"])
@pytest.mark.parametrize(("prefix", "endpoints"), [("/api/", IN_LOGS), ("/?", AT_PYPISTATS)])
def test_a_service_that_limits_or_refuses_leaves_the_other_alone(at_server, server, fault, prefix, endpoints):
    """A hold, a limit and denied access are a host's own."""
    server.faults = [Planned(fault, 1, lasts=99, prefix=prefix)]
    collected(at_server)

    assert answered(at_server) == endpoints


def test_an_attempt_tells_its_service(at_server, server):
    """In the archive and the work database; where a source has one alone, it is not named."""
    collected(at_server)
    (wikipedia,) = services_of(["wikipedia"], at_server)
    ecosystem = steps.ecosystem_of(at_server)
    steps.collect_service(wikipedia, at_server, ecosystem, {})

    told = [(line["source"], line.get("service", "one alone")) for line in lines(at_server, "attempt")]
    assert sorted(told) == [("pypi", CLICKHOUSE), ("pypi", PYPISTATS), ("wikipedia", "one alone")]
    steps.load_archive(at_server, ecosystem)
    with open_work(at_server) as connection:
        rows = connection.execute("select source, service, answers from raw.attempts order by all").fetchall()
    assert rows == [("pypi", CLICKHOUSE, 22), ("pypi", PYPISTATS, 16), ("wikipedia", None, 2)]


def test_a_run_tells_of_each_service(at_server, caplog):
    """By a stage each, with its own requests."""
    with caplog.at_level(logging.INFO, "barometer"), heard() as done:
        collected(at_server)

    told = {one["stage"]: one["requests"] for one in done if "requests" in one}
    assert told == {"collect pypi pypistats": 16, "collect pypi clickhouse": 22}


def test_every_question_is_for_a_service_that_there_is(at_server):
    """None is left out by mistake, and no two services have one name."""
    names = {source_id: source.identifier.example for source_id, source in catalog().items()}
    subjects = [Subject(id="one", name="One", **{name: names[name] for name in catalog().naming})]
    at_server = replace(at_server, contact="ops@example.org")
    for source_id in source_ids():
        services = services_of([source_id], at_server)
        names = [service.variable for service in services]
        listed = list(load_source(source_id).questions(subjects, at_server, {}))
        assert {question.service for question in listed} == set(names) and len(set(names)) == len(names)
        assert {service.source_id for service in services} == ({source_id} if services else set())
        assert bool(services) == bool(catalog()[source_id].services)
        asked = [q for service in services for q in due_questions(service, subjects, at_server, {})]
        assert len(asked) == len(listed)


def test_of_a_killed_run_each_service_keeps_what_it_had_answered(at_server, server, barometer):
    """Killed while the logs answer: pypistats' attempt is whole, the logs' is told of by its name."""
    server.faults = [Planned("hanging", 2, prefix="/?")]
    here = {**dict.fromkeys(PUBLIC_URLS, server.url), "BAROMETER_NOW": server.now.isoformat()}
    command = [sys.executable, "-m", "flows", "collect", "pypi"]
    environment = barometer.environment | here
    with subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.PIPE) as process:
        while len(server.requests) < 18 or not list(at_server.archive.glob("pypi/*.gz")):
            with pytest.raises(subprocess.TimeoutExpired):
                process.wait(timeout=0.02)
        process.kill()
    assert process.returncode == -signal.SIGKILL

    server.faults = ()
    attempts = collected(at_server)
    assert [attempt.problem for attempt in attempts.values()] == [None, None]
    assert attempts[CLICKHOUSE].answers == 1 + 20, "what had been answered is not asked again"
    told = {(line["service"], line["answers"], line["problem"]) for line in lines(at_server, "attempt")}
    assert (CLICKHOUSE, 1, "pypi: the process ended before the attempt did") in told
    assert (PYPISTATS, 16, None) in told


FAMILY = '["torch", "keras", "tensorflow-cpu"]'


def test_a_quota_that_nobody_tells_is_counted_and_the_next_run_goes_on(at_server, server, tmp_path):
    """The attempt stops before the last request of the hour; a day later what it left comes before all else
    that is asked for whole.
    """
    config = tmp_path / "ecosystem.toml"
    config.write_text(at_server.config.read_text().replace('["torch"]', FAMILY))
    live = replace(at_server, config=config, demo=False)
    (logs,) = (one for one in services_of(["pypi"], live) if one.variable == CLICKHOUSE)
    assert logs.quota == Quota(60, 3600)
    logs = replace(logs, quota=Quota(3, 3600), pace=UNPACED)

    def asked() -> tuple[list[str], str | None]:
        server.requests.clear()
        ecosystem = steps.ecosystem_of(live)
        known = steps.load_archive(live, ecosystem)["pypi"]
        attempt = collect(logs, due_questions(logs, ecosystem.subjects, live, known), live, known)
        assert attempt.problem is None
        pages = [line["key"].split()[0] for line in lines(live, "page")]
        return pages[-len(server.requests) :] if server.requests else [], attempt.postponed

    left = "pypi clickhouse: 2 of its 3 requests an hour are used up; {} questions are left for the next runs"
    assert asked() == (["torch", "keras"], left.format(12))
    server.now += timedelta(days=1)
    assert asked() == (["torch;keras", "tensorflow-cpu"], left.format(11))
    server.now += timedelta(days=1)
    assert asked() == (["torch;keras;tensorflow-cpu", "tensorflow"], left.format(10))


def test_requests_that_were_asked_again_are_charged_too(at_server, server, faulty):
    """A question that took two tries took two of the quota; a service that tells of it needs no counting."""
    live, service = replace(at_server, demo=False), Service("pypi", quota=Quota(4, 3600))
    server.faults = [Planned("503", 1)]
    url = f"{server.url}/api/packages/torch/overall"
    with Client(service, live, lambda page: None) as client:
        client.ask("overall", "torch", url)
        client.ask("overall", "torch", url)
        with pytest.raises(Postponed, match=r"^pypi: 3 of its 4 requests an hour are used up$"):
            client.ask("overall", "torch", url)
    assert len(server.requests) == 3

    telling = faulty(headers={"x-ratelimit-remaining": "50"})
    with Client(service, live, lambda page: None) as client:
        for _ in range(6):
            client.ask("overall", "torch", telling.url)


def test_an_answer_is_waited_for_as_long_as_its_service_may_take(at_server, faulty):
    """ClickHouse gives a query 60 s: who leaves earlier asks again, and four times in all."""
    logs = {one.variable: one for one in services_of(["pypi"], at_server)}[CLICKHOUSE]
    assert 60 < logs.read_seconds < logs.longest_answer_seconds

    server = faulty(pause_seconds=0.3)
    with (
        Client(Service("pypi", read_seconds=0.05), at_server, lambda page: None) as hurried,
        pytest.raises(Unreachable, match="timed out"),
    ):
        hurried.ask("log_days", "torch", server.url)
    assert len(server.paths) == 4
    with Client(Service("pypi", read_seconds=5), at_server, lambda page: None) as patient:
        assert patient.ask("log_days", "torch", server.url).data == {}
    assert len(server.paths) == 5


@pytest.mark.parametrize(
    ("contact", "pace"), [(None, Pace(1, per_minute=9)), ("ops@example.org", Pace(3, per_minute=180))]
)
def test_wikipedia_is_asked_at_the_pace_of_who_can_be_reached_or_not(settings, contact, pace):
    """Below 10 requests a minute, and 200."""
    (service,) = services_of(["wikipedia"], replace(settings, contact=contact))

    assert service.pace == pace and service.limit == f"{pace.per_minute} requests a minute"


def test_a_run_sends_so_many_requests_and_leaves_the_rest(at_server, server):
    """Whatever the service tells of its quota, where its pace would make a run long; the demo asks all."""
    service = Service("pypi", most_a_run=2)
    url = f"{server.url}/api/packages/torch/overall"
    with Client(service, replace(at_server, demo=False), lambda page: None) as client:
        for _ in range(2):
            client.ask("overall", "torch", url)
        with pytest.raises(Postponed, match=r"^pypi: 2 requests are as many as one run sends$"):
            client.ask("overall", "torch", url)
    assert len(server.requests) == 2
    with Client(service, at_server, lambda page: None) as client:
        for _ in range(3):
            client.ask("overall", "torch", url)
