"""The real questions of every source, answered by an attacker: told, over, and no obstacle for later."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from flows.demo.server import DemoServer
from flows.pipeline import steps
from flows.pipeline.collect import collect, due_questions
from flows.sources import services_of
from tests.flows.hostile.cases import READ_SECONDS, all_cases
from tests.flows.hostile.leaks import leaks
from tests.flows.hostile.server import Answer, Sent, raw_server
from tests.flows.hostile.test_hostile import SECRETS, content, settings_of
from tests.flows.test_withstanding import CONFIGURATION, NOW
from warehouse.archive.write import Attempt
from warehouse.config.settings import PUBLIC_URLS, Settings
from warehouse.text import cleaned

CASES = all_cases()
# None that is asked again after a pause, or dripped: what becomes of those is the same for all sources.
CHOSEN = [
    name
    for name in CASES
    if name.startswith(("shapes", "echoes 200", "echoes 400", "odd_headers Link", "odd_headers ETag"))
    or (name.startswith("controls") and "escaped" in name)
]
SERVICES = range(6)


@dataclass(frozen=True)
class Collected:
    """What became of each attempt, and where it is archived."""

    settings: Settings
    attempts: dict[tuple[str, str], Attempt]


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> Collected:
    """Collect from every service, each time with all questions answered alike; a third for each."""
    settings = configured(tmp_path_factory.mktemp("attacked"))
    tried = [(at, name) for at in SERVICES for name in CHOSEN[at % 3 :: 3]]
    with raw_server(answer_to) as server, ThreadPoolExecutor(16) as threads:
        waiting = [threads.submit(attempt, at, name, server.url, settings) for at, name in tried]
        return Collected(settings, dict(one.result() for one in waiting))


def configured(folder: Path) -> Settings:
    config = folder / "ecosystem.toml"
    config.write_text(CONFIGURATION)
    return replace(settings_of(folder / "data"), config=config)


def answer_to(sent: Sent) -> Answer:
    """Return the answer whose number an address begins with."""
    return CASES[CHOSEN[int(sent.path.split("/")[1])]]


def attempt(at: int, name: str, server: str, settings: Settings) -> tuple[tuple[str, str], Attempt]:
    """Collect from one service, as a run does."""
    ecosystem = steps.ecosystem_of(settings)
    here = dict.fromkeys(PUBLIC_URLS, f"{server}/{CHOSEN.index(name)}")
    service = services_of(NOW, settings)[at]
    then = replace(settings, urls=here, clock=lambda: NOW[service.source_id])
    hurried = replace(service, read_seconds=READ_SECONDS)
    questions = due_questions(service, ecosystem.subjects, then, {})
    return (str(service), name), collect(hurried, questions, then, {})


def test_every_attempt_ends_and_tells_why(collected: Collected):
    """Hundreds, of every service; each with its reason, on one line, without control characters."""
    services = {service for service, _ in collected.attempts}
    assert len(services) == len(SERVICES) and len(collected.attempts) > 200
    for what, attempt in collected.attempts.items():
        assert attempt.problem, what
        assert attempt.problem == " ".join(cleaned(attempt.problem).split()), what


def test_nothing_of_them_leaks(collected: Collected):
    """Though every one of them was asked with a token, a key or a login."""
    assert leaks(content(collected.settings.archive), SECRETS) == []


def test_all_is_collected_as_soon_as_the_sources_answer(collected: Collected):
    """What was archived is loaded, and none of it stands for an answer."""
    ecosystem = steps.ecosystem_of(collected.settings)
    known = steps.load_archive(collected.settings, ecosystem)
    with DemoServer() as server:
        for service in services_of(NOW, collected.settings):
            server.now = NOW[service.source_id]
            here = replace(
                collected.settings,
                urls=dict.fromkeys(PUBLIC_URLS, server.url),
                clock=lambda service=service: NOW[service.source_id],
            )
            attempt = steps.collect_service(service, here, ecosystem, known[service.source_id])
            assert (attempt.problem, attempt.answers > 0) == (None, True)
