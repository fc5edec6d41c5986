"""Answers of an attacker: each ends, is believed or told in one clean line, leaks nothing, stops nobody."""

import base64
import gzip
import io
import json
import logging
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import quote, unquote

import pytest

from flows.client.client import Client
from flows.client.service import Service
from flows.console.say import guard_logs
from tests.flows.hostile.cases import LONGEST_SECONDS, READ_SECONDS, all_cases, saying, whole
from tests.flows.hostile.leaks import leaks
from tests.flows.hostile.server import Answer, RawServer, Sent, raw_server
from warehouse.archive.write import Attempt, archived_files, record_attempt
from warehouse.config.settings import Settings, read_settings
from warehouse.errors import SourceError
from warehouse.text import cleaned

CASES = all_cases()
TOKEN, KEY, PASSWORD = "ghp_T0ken+of/tests=42", "k3y((of*tests", "p4ss:w0rd/&"
SECRETS = (TOKEN, KEY, PASSWORD)
# What never ends by itself.
ENDLESS = [name for name in CASES if "that drip" in name or "without end" in name]
# A question that did not end would fail its test, instead of stopping all others.
HARNESS_SECONDS = 120


@dataclass(frozen=True)
class Asked:
    """How a question was answered: its problem, and whether the one after it had its answer."""

    problem: str | None
    goes_on: bool
    attempt: Attempt


@dataclass(frozen=True)
class Attacked:
    """What became of every question, what was sent, and what is kept of it all."""

    asked: dict[str, Asked]
    sent: list[Sent]
    archived: bytes
    logged: str


@pytest.fixture(scope="module")
def attacked(tmp_path_factory: pytest.TempPathFactory) -> Attacked:
    """Ask every question with a token or a login, many at once, each in an attempt of its own."""
    settings = settings_of(tmp_path_factory.mktemp("hostile"))
    with raw_server(answer_to) as server, listening(settings) as heard, ThreadPoolExecutor(32) as threads:
        waiting = {name: threads.submit(ask, name, server, settings) for name in CASES}
        asked = {name: one.result(HARNESS_SECONDS) for name, one in waiting.items()}
        sent = list(server.sent)
    return Attacked(asked, sent, content(settings.archive), heard.getvalue())


def answer_to(sent: Sent) -> Answer:
    """Return the answer that a path names; any other is good."""
    return CASES.get(unquote(sent.path.lstrip("/")), saying(whole(b'{"good": 1}')))


def settings_of(folder: Path) -> Settings:
    login = f"reader:{quote(PASSWORD, safe='')}"
    environment = {
        "BAROMETER_DATA": str(folder),
        "GITHUB_TOKEN": TOKEN,
        "STACKEXCHANGE_KEY": KEY,
        "PYPISTATS_URL": f"http://{login}@127.0.0.1:1",
        "BAROMETER_NOW": "2025-08-06T12:00:00Z",
    }
    return replace(read_settings(environment), demo=True)


def ask(name: str, server: RawServer, settings: Settings) -> Asked:
    """Ask for a hostile answer, then for a good one; archive and log what came of it."""
    service = Service("pypi", read_seconds=READ_SECONDS, longest_answer_seconds=LONGEST_SECONDS)
    url, headers = f"{server.url}/{quote(name)}", {"X-Key": KEY, "Authorization": f"Bearer {TOKEN}"}
    if len(name) % 2:
        url = url.replace("//", f"//reader:{quote(PASSWORD, safe='')}@", 1)
    problems, good = list[str | None](), list[object]()

    def fetch(add) -> None:
        with Client(service, settings, add) as client:
            try:
                problems.append(client.ask("overall", "torch", url, headers=headers).page.problem)
            except SourceError as error:
                logging.getLogger("barometer").info("%s", error)
                logging.getLogger("elsewhere").error("in full", exc_info=True)
                problems.append(str(error))
            good.append(client.ask("overall", "next", f"{server.url}/good").data)

    attempt = record_attempt(settings.archive, "pypi", settings.clock, fetch, secrets=settings.secrets)
    return Asked(problems[0], good == [{"good": 1}], attempt)


class listening:  # noqa: N801  # a context manager
    """Hear every log record of this process, as it would be written."""

    def __init__(self, settings: Settings) -> None:
        self._secrets = settings.secrets

    def __enter__(self) -> io.StringIO:
        self._before = logging.getLogRecordFactory()
        guard_logs(self._secrets)
        self._handler = logging.StreamHandler(io.StringIO())
        logging.getLogger().addHandler(self._handler)
        self._level = logging.getLogger().level
        logging.getLogger().setLevel(logging.DEBUG)
        return self._handler.stream

    def __exit__(self, *_: object) -> None:
        logging.getLogger().removeHandler(self._handler)
        logging.getLogger().setLevel(self._level)
        logging.setLogRecordFactory(self._before)


def content(archive: Path) -> bytes:
    """Return all lines of all files, and each body once more as it came."""
    lines = [
        line for file in archived_files(archive) for line in gzip.decompress(file.read_bytes()).splitlines()
    ]
    return b"\n".join(part for line in lines for part in (line, *bodies(json.loads(line))))


def bodies(line: dict[str, str]) -> Iterator[bytes]:
    if "body" in line:
        yield line["body"].encode()
    if "body_base64" in line:
        yield base64.b64decode(line["body_base64"])


def test_there_are_hundreds():
    """Every one has a name of its own, and was sent."""
    assert len(CASES) > 400
    assert len(ENDLESS) > 20


def test_every_question_ends_and_the_next_one_is_answered(attacked: Attacked):
    """With an answer or with one of our own errors, and an attempt that the archive has."""
    assert [name for name, asked in attacked.asked.items() if not asked.goes_on] == []
    assert [
        name
        for name, asked in attacked.asked.items()
        if asked.attempt.problem and "by " in asked.attempt.problem[:30]
    ] == []
    assert {unquote(sent.path[1:]) for sent in attacked.sent} >= set(CASES)


@pytest.mark.parametrize("name", ENDLESS)
def test_what_never_ends_is_given_up(attacked: Attacked, name: str):
    """Whatever it is that drips or pours: it counts against one limit, and is no answer."""
    assert re.match(
        r"pypi torch: (no whole answer|no answer|found|an answer of more)", attacked.asked[name].problem
    )


def test_a_problem_is_one_line_that_anybody_may_read(attacked: Attacked):
    """Without control characters, and not as long as the answer."""
    for name, asked in attacked.asked.items():
        for told in filter(None, (asked.problem, asked.attempt.problem)):
            assert told == " ".join(cleaned(told).split()), name
            assert len(told) < 700, name
    assert cleaned(attacked.logged) == attacked.logged


def test_nothing_leaks(attacked: Attacked):
    """Neither token, key nor password, however the server had written them."""
    sent = b"".join(sent.raw for sent in attacked.sent)
    assert leaks(sent, SECRETS[:2]) == [TOKEN, KEY], "they did go out"
    assert base64.b64encode(f"reader:{PASSWORD}".encode()) in sent

    assert leaks(attacked.archived, SECRETS) == []
    assert leaks(attacked.logged.encode(), SECRETS) == []
    assert attacked.archived.count(b"[secret removed]") > 100
