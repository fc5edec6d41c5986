"""Files of a service asked for elsewhere, several at once: what is archived is what one attempt archives."""

import os
from asyncio import to_thread
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from threading import Barrier, Event

import pytest
from starlette.applications import Starlette
from starlette.types import Receive, Scope, Send

from flows.client.request import Question
from flows.client.service import Service
from flows.client.session import UNPACED, Pace, Quota
from flows.demo.schedule import Planned
from flows.demo.server import DemoServer
from flows.pipeline.collect import collect, due_questions
from flows.pipeline.dask_workers import asked_on_workers
from flows.pipeline.files import Asked, answers_in_order, ask_alone, taken_in_order
from flows.sources import load_demo, load_source
from flows.standin.clock import Clock
from flows.standin.facts import CLOCK
from tests.flows.cluster import cluster_of, with_project
from warehouse.archive.write import Attempt
from warehouse.config.settings import PUBLIC_URLS, Settings
from warehouse.config.subject import Subject
from warehouse.errors import ConfigurationError, Postponed

SUBJECT = Subject(id="one", name="One", anaconda=["conda-forge/tensorflow", "pytorch/pytorch"])
# Of the 103 months from 2017 on the demo has files of the newest 55, of two requests each.
MONTHS = 103


def service_of(settings: Settings, **limits: object) -> Service:
    (service,) = load_source("anaconda").services(settings)
    return replace(service, **{"pace": UNPACED, **limits})


def questions_of(service: Service, settings: Settings) -> list[Question]:
    return [*due_questions(service, [SUBJECT], settings, {})]


def serially(service: Service, settings: Settings) -> Attempt:
    """Collect as where there is no cluster, beside the folder of these settings."""
    beside = replace(settings, data=settings.data / "serially")
    return collect(service, questions_of(service, beside), beside, {})


def in_threads(service: Service, settings: Settings) -> Attempt:
    """Collect with each file asked for in a thread, eight at once."""
    questions = questions_of(service, settings)
    with ThreadPoolExecutor(8) as pool:
        begin = partial(pool.submit, ask_alone, service=service, settings=settings, known={})
        with taken_in_order(questions, answers_in_order(service, questions, settings, begin)) as to_ask:
            return collect(service, to_ask, settings, {})


def on_workers(service: Service, settings: Settings) -> Attempt:
    """Collect with each file asked for by a task of Dask."""
    with asked_on_workers(service, questions_of(service, settings), settings, {}) as to_ask:
        return collect(service, to_ask, settings, {})


def archived(settings: Settings) -> dict[str, bytes]:
    """The content of every archive file by its name, which its digest is part of."""
    return {file.name: file.read_bytes() for file in settings.archive.rglob("*.gz")}


def assert_archived_as_serially(settings: Settings) -> None:
    archive = archived(settings)
    assert len(archive) == 1
    assert archive == archived(replace(settings, data=settings.data / "serially"))


def test_files_asked_for_at_once_are_archived_as_one_by_one(at_server):
    """In the order of the questions, whichever is there first."""
    service = service_of(at_server)
    attempt = in_threads(service, at_server)
    assert attempt == serially(service, at_server)
    assert attempt.problem is None and attempt.answers > MONTHS
    assert_archived_as_serially(at_server)


def test_a_file_that_fails_in_the_middle_ends_the_attempt(at_server, server):
    """What comes before it is kept, and nothing after it, though that was asked for and answered."""
    refused = [Planned("401", 1, MONTHS, prefix="/conda/monthly/2025/2025-03")]
    service = service_of(at_server)
    server.faults = refused
    serial = serially(service, at_server)
    server.requests.clear()
    server.faults = refused
    attempt = in_threads(service, at_server)

    assert attempt == serial
    assert (attempt.problem or "").startswith("anaconda 2025-03: HTTP 401") and attempt.answers == 4 * 3
    assert_archived_as_serially(at_server)
    assert "/conda/monthly/2025/2025-02.parquet" in {request.path for request in server.requests}


def test_the_quota_holds_for_all_files_together(at_server, server):
    """As many are asked for as it has room for, and the others are left to the next runs."""
    live = replace(at_server, demo=False)
    attempt = in_threads(service_of(live, quota=Quota(31, 86_400)), live)

    # Before the thirteenth file 24 are sent: the 7 that it may take would be all that are left.
    assert len(server.requests) == 12 * 2
    assert (attempt.problem, attempt.answers) == (None, 12 * 3)
    assert attempt.postponed == (
        "anaconda: 24 of its 31 requests a day are used up; 91 questions are left for the next runs"
    )


class OnTheirWay:
    """Questions that nobody is done with before he has to be; `most` is how many there were at once."""

    def __init__(self, requests: int) -> None:
        self.requests, self.now, self.most = requests, 0, 0

    def begin(self, _: Question) -> "OnTheirWay":
        self.now += 1
        self.most = max(self.most, self.now)
        return self

    def done(self) -> bool:
        return False

    def result(self) -> Asked:
        self.now -= 1
        return Asked([], self.requests, None)


def test_no_more_are_on_their_way_than_the_limits_have_room_for(at_server):
    """Before one has told what it took, it may take as many requests as a file may."""
    live = replace(at_server, demo=False)
    for limits in {"quota": Quota(22, 86_400)}, {"most_a_run": 21}:
        service, on_their_way = service_of(live, **limits), OnTheirWay(requests=7)
        answers = answers_in_order(service, questions_of(service, live), live, on_their_way.begin)
        assert [next(answers).requests for _ in range(3)] == [7, 7, 7]
        with pytest.raises(Postponed):
            next(answers)
        assert on_their_way.most == 3


def test_files_asked_for_at_once_keep_to_the_pace_together(at_server):
    """Each begins when those before it would be done; of the demo's server there is no pace."""
    live, on_their_way = replace(at_server, demo=False), OnTheirWay(requests=7)
    service = service_of(live, pace=Pace(per_second=0.001))
    for settings, expected in (live, [0, 7_000, 14_000]), (at_server, [0, 0, 0]):
        pauses: list[float] = []
        questions = questions_of(service, settings)[:3]
        for _ in answers_in_order(service, questions, settings, on_their_way.begin, pauses.append):
            pass
        assert [round(pause, -3) for pause in pauses] == expected


class Held:
    """The bucket, which holds two requests on demand until the test lets them go on."""

    def __init__(self, clock: Clock) -> None:
        routes = [route for one in load_demo("anaconda").stand_ins(clock) for route in one.routes()]
        self.bucket, self.to_hold = Starlette(routes=routes), 0
        self.both_are_here, self.may_go_on = Barrier(3), Event()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self.to_hold:
            self.to_hold -= 1
            await to_thread(self.both_are_here.wait, 60)
            await to_thread(self.may_go_on.wait, 60)
        await self.bucket(scope, receive, send)


def test_a_worker_lost_with_a_file_changes_nothing(settings, tmp_path):
    """Two ask at once, one of them is killed, and the other asks for its file too, until one is refused."""
    held = Held(Clock(CLOCK))
    environment = with_project(dict(os.environ))
    with (
        DemoServer(services=lambda _: held) as server,
        cluster_of(tmp_path, environment, [{}, {}]) as (address, workers),
        ThreadPoolExecutor(1) as beside,
    ):
        urls = dict.fromkeys(PUBLIC_URLS, server.url)
        there = replace(settings, urls=urls, clock=lambda: CLOCK, demo=True, dask_scheduler=address)
        service = service_of(there)
        refused = [Planned("401", 1, 9, prefix="/conda/monthly/2021/2021-02")]
        server.faults = refused
        serial = serially(service, there)
        server.requests.clear()
        server.faults, held.to_hold = refused, 2

        def kill_one() -> None:
            held.both_are_here.wait(60)
            workers[0].kill()
            held.may_go_on.set()

        killed = beside.submit(kill_one)
        attempt = on_workers(service, there)
        killed.result()

    assert attempt == serial
    assert (attempt.problem or "").startswith("anaconda 2021-02: HTTP 401") and attempt.answers == 53 * 3
    assert_archived_as_serially(there)
    looked_at = Counter(one.path for one in server.requests if one.method == "HEAD")
    assert Counter(looked_at.values())[2] == 1, "the file that was lost was asked for again, and no other"


def test_without_a_worker_the_attempt_ends(settings, monkeypatch, tmp_path):
    """In one line, after some time in which one may still come."""
    monkeypatch.setattr("flows.pipeline.dask_workers.PATIENCE_SECONDS", 1)
    refused = pytest.raises(ConfigurationError, match="found no worker for 1 s, expected one at least")
    with cluster_of(tmp_path, dict(os.environ), []) as (address, _), refused:
        there = replace(settings, dask_scheduler=address)
        on_workers(service_of(there), there)
