"""The running demo server that the tests of its services ask over real HTTP."""

from collections.abc import Iterator

import pytest

from flows.demo.server import DemoServer
from flows.standin.facts import CLOCK


@pytest.fixture(scope="session")
def running() -> Iterator[DemoServer]:
    """One server for all tests: opening one a test would only add their closing times."""
    with DemoServer() as server:
        yield server


@pytest.fixture
def demo(running: DemoServer) -> DemoServer:
    """The server with its clock and its list of requests as they are at the start."""
    running.now = CLOCK
    running.faults = ()
    running.requests.clear()
    return running
