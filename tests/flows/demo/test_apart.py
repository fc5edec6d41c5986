"""The demo's server in a process of its own: the same answers, at a moment that is set from here."""

import os
import signal
import subprocess
import sys
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import pytest
import requests

from flows.demo.apart import ServerApart
from flows.demo.server import DemoServer
from flows.standin.facts import CLOCK

PATH = "/repos/pytorch/pytorch"


def test_it_answers_as_the_server_does_at_the_moment_that_is_set(demo: DemoServer):
    """From the next request on, by the simulated clock."""
    with ServerApart() as server:
        moments = []
        for moment in (CLOCK, datetime(2021, 3, 1, 6, tzinfo=UTC)):
            server.now = demo.now = moment
            answer, expected = (requests.get(one.url + PATH, timeout=10) for one in (server, demo))
            assert (answer.status_code, answer.json()) == (200, expected.json())
            moments.append(parsedate_to_datetime(answer.headers["Date"]))

    assert moments == [CLOCK, datetime(2021, 3, 1, 6, tzinfo=UTC)]
    with pytest.raises(requests.ConnectionError):
        requests.get(server.url + PATH, timeout=10)


def test_it_ends_with_who_has_started_it_however_that_ends():
    """Even killed, that leaves nobody who listens."""
    code = """
import time
from flows.demo.apart import ServerApart
with ServerApart() as server:
    print(server.url, flush=True)
    time.sleep(60)
"""
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as starting:
        assert starting.stdout
        url = starting.stdout.readline().strip()
        assert requests.get(url + PATH, timeout=10).status_code == 200
        starting.kill()

    assert _ends(url)


def _ends(url: str) -> bool:
    for _ in range(5_000):
        try:
            requests.get(url + PATH, timeout=10)
        except requests.ConnectionError:
            return True
    return False


def test_one_that_has_ended_is_told():
    """In place of waiting for it."""
    with ServerApart() as server:
        os.kill(server._process.pid, signal.SIGKILL)
        server._process.wait()
        with pytest.raises(RuntimeError, match="has ended"):
            server.now = CLOCK
