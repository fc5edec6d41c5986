"""The demo's faults: each kind as it arrives, at the request it was planned for."""

import http.client
import os
import signal
import subprocess
import sys
from argparse import ArgumentTypeError
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests

from flows.demo.faults import FAULTS
from flows.demo.journal import Exchange
from flows.demo.schedule import Planned, planned_fault, random_faults
from flows.demo.server import DemoServer
from warehouse.config.settings import PUBLIC_URLS

ROOT = Path(__file__).resolve().parents[3]
REPOSITORY = "/repos/pytorch/pytorch"
WINDOW = "param_first_day=2024-09-01&param_last_day=2024-09-30"
QUERY = "from pypi.pypi_downloads_per_day_by_version_by_installer_by_type"
QUESTIONS = (
    "/2.3/questions?site=stackoverflow&filter=total&tagged={tag}&fromdate=1677628800&todate=1680307199"
)


def ask(demo: DemoServer, path: str = REPOSITORY, **options) -> requests.Response:
    return requests.get(demo.url + path, timeout=5, allow_redirects=False, **options)


def met(demo: DemoServer, name: str, path: str = REPOSITORY) -> requests.Response:
    """What comes in place of an answer."""
    demo.faults = [Planned(name, 1)]
    return ask(demo, path)


@pytest.mark.parametrize(
    ("name", "status", "headers", "body"),
    [
        ("500", 500, {}, '{"message": "Server Error"}'),
        ("502", 502, {"content-type": "text/html"}, "<html><h1>502 Bad Gateway</h1></html>"),
        ("503", 503, {}, '{"message": "Service Unavailable"}'),
        ("429", 429, {"retry-after": None}, "<html>Too Many Requests</html>"),
        ("429-after-0", 429, {"retry-after": "0"}, ""),
        ("429-after-1", 429, {"retry-after": "1"}, ""),
        ("429-after-3600", 429, {"retry-after": "3600"}, ""),
        ("403-primary", 403, {"x-ratelimit-remaining": "0"}, '{"message": "API rate limit exceeded"}'),
        (
            "403-secondary",
            403,
            {"x-ratelimit-remaining": "41", "retry-after": None},
            '{"message": "You have exceeded a secondary rate limit."}',
        ),
        ("401", 401, {}, '{"message": "Bad credentials"}'),
        ("404", 404, {}, '{"message": "Not Found"}'),
        ("451", 451, {}, '{"message": "Repository access blocked"}'),
        ("moved", 301, {"location": REPOSITORY}, ""),
        ("moved-away", 302, {"location": "https://elsewhere.example/sorry"}, ""),
        ("html", 200, {"content-type": "text/html"}, "<html>\n<title>Before you continue</title>\n</html>"),
        ("empty", 200, {"content-length": "0"}, ""),
    ],
)
def test_another_answer_comes_in_place_of_the_real_one(demo, name, status, headers, body):
    """Status, telling headers and body, dated by the simulated clock like any answer."""
    answer = met(demo, name)

    assert (answer.status_code, answer.text) == (status, body)
    assert {header: answer.headers.get(header) for header in headers} == headers
    assert answer.headers["date"] == "Wed, 06 Aug 2025 06:00:00 GMT"


def test_a_body_can_be_cut_short(demo):
    """The length of the whole is promised, half of it comes, and the connection is closed."""
    whole = ask(demo).content
    demo.faults = [Planned("truncated", 1)]
    connection = http.client.HTTPConnection(urlsplit(demo.url).netloc, timeout=5)
    connection.request("GET", REPOSITORY, headers={"User-Agent": "test"})
    answer = connection.getresponse()

    assert answer.headers["content-length"] == str(len(whole))
    with pytest.raises(http.client.IncompleteRead) as cut:
        answer.read()
    assert cut.value.partial == whole[: len(whole) // 2]
    connection.close()


def test_a_connection_can_be_dropped(demo):
    """Not a byte comes back; the next connection is served."""
    demo.faults = [Planned("dropped", 1)]
    with pytest.raises(requests.ConnectionError, match="Remote end closed connection without response"):
        ask(demo)

    assert ask(demo).ok
    assert demo.requests[0] == Exchange("GET", REPOSITORY, 0, "dropped")


def test_a_body_can_come_slowly(demo):
    """The real answer, in pieces; a client with little patience gives up on one that hangs."""
    whole = ask(demo).content
    slow = met(demo, "slow")
    assert slow.content == whole and slow.elapsed.total_seconds() < 1

    demo.faults = [Planned("hanging", 1)]
    with pytest.raises(requests.ConnectionError, match="Read timed out"):
        requests.get(demo.url + REPOSITORY, timeout=0.2)


def test_a_body_can_go_on_for_ever(demo):
    """Blanks without a promised length, for as long as the client stays."""
    demo.faults = [Planned("endless", 1)]
    with ask(demo, stream=True) as answer:
        read = sum(len(chunk) for chunk, _ in zip(answer.iter_content(2**20), range(3), strict=False))

    assert read == 3 * 2**20 and "content-length" not in answer.headers
    assert ask(demo).ok


def test_a_body_can_be_undecodable(demo):
    """What is announced as gzip is none."""
    with pytest.raises(requests.exceptions.ContentDecodingError):
        met(demo, "undecodable")


def test_a_body_can_be_garbled(demo):
    """It begins and ends like the real answer and is no JSON, compressed before or not."""
    for path in (REPOSITORY, QUESTIONS.format(tag="pytorch")):
        whole, garbled = ask(demo, path), met(demo, "garbled", path)
        assert garbled.content[:7] == whole.content[:7] and garbled.content[-2:] == whole.content[-2:]
        with pytest.raises(requests.JSONDecodeError):
            garbled.json()


@pytest.mark.parametrize(
    ("path", "field"),
    [
        (REPOSITORY, "stargazers_count"),
        (f"{REPOSITORY}/stargazers/history", "total"),
        ("/api/packages/torch/overall", "downloads"),
        (QUESTIONS.format(tag="pytorch"), "total"),
    ],
)
def test_a_field_can_change_its_name_or_type(demo, path, field):
    """Valid JSON in which what the collectors read is called, or is, something else."""
    assert f'"{field}":' in ask(demo, path).text

    renamed = met(demo, "renamed", path)
    assert f'"{field}":' not in renamed.text and f'"{field}_v2":' in renamed.text
    retyped = met(demo, "retyped", path)
    assert f'"{field}":"many"' in retyped.text
    assert renamed.json() and retyped.json()


def test_an_answer_can_be_about_something_else(demo):
    """PyTorch in place of TensorFlow and the other way round, at every source that names one."""
    assert met(demo, "mistaken").json()["full_name"] == "tensorflow/tensorflow"
    assert met(demo, "mistaken", "/repos/tensorflow/tensorflow").json()["full_name"] == "pytorch/pytorch"
    for asked, other in (("torch", "tensorflow"), ("tensorflow", "torch")):
        assert met(demo, "mistaken", f"/api/packages/{asked}/overall").json()["package"] == other
        demo.faults = [Planned("mistaken", 1)]
        answers = [
            requests.post(f"{demo.url}/?{WINDOW}&param_packages=['{package}']", QUERY, timeout=5).json()[
                "data"
            ]
            for package in (asked, other)
        ]
        assert answers[0] == answers[1] != []
    mistaken = met(demo, "mistaken", QUESTIONS.format(tag="pytorch")).json()
    assert mistaken == ask(demo, QUESTIONS.format(tag="tensorflow")).json() != {}


def test_an_answer_can_be_stale(demo):
    """What was right five weeks ago, while the clock and other answers stay where they are."""
    stale = met(demo, "stale").json()["stargazers_count"]

    assert stale < ask(demo).json()["stargazers_count"] == 92_106


def test_a_fault_has_its_place_and_lasts(demo):
    """Counted over all requests or over those to one path; what met a fault is marked in the list."""
    demo.faults = [Planned("404", 3, lasts=2), Planned("500", 2, prefix="/api/")]
    paths = [REPOSITORY, "/api/packages/torch/overall"] * 3
    statuses = [ask(demo, path).status_code for path in paths]

    assert statuses == [200, 200, 404, 404, 200, 200]
    assert [exchange.fault for exchange in demo.requests] == [None, None, "404", "404", None, None]

    demo.faults = [Planned("500", 2, prefix="/api/")]
    assert [ask(demo, path).status_code for path in paths] == [200, 200, 200, 500, 200, 200]


def test_random_faults_are_drawn_again_by_their_seed():
    """Equal seeds plan the same, others something else; nothing lies outside."""
    planned = random_faults(seed=1, share=0.3, requests=100)

    assert planned == random_faults(seed=1, share=0.3, requests=100) != random_faults(2, 0.3, 100)
    assert 15 < len(planned) < 45
    assert {fault.name for fault in planned} <= set(FAULTS)
    assert random_faults(1, share=0, requests=100) == []
    assert random_faults(1, 1, 2, ["500"]) == [Planned("500", 1), Planned("500", 2)]


def test_a_planned_fault_can_be_written_in_a_word():
    """Name, position and how long; a message lists the names."""
    assert planned_fault("429-after-0@3") == Planned("429-after-0", 3)
    assert planned_fault("500@1x4") == Planned("500", 1, lasts=4)
    for wrong in ("500", "500@0", "418@1", "500@1x"):
        with pytest.raises(ArgumentTypeError, match="expected NAME@POSITION with one of 500, 502"):
            planned_fault(wrong)


def test_anyone_can_try_it():
    """The command says where it listens and what to export, lets the fault happen, and ends on Ctrl+C."""
    command = [sys.executable, "-m", "flows.demo.server", "--fault", "451@2"]
    listening = partial(
        signal.signal, signal.SIGINT, signal.default_int_handler
    )  # a suite in the background is not
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, text=True, env=dict(os.environ), preexec_fn=listening
    ) as run:
        told = [run.stdout.readline() for _ in range(len(PUBLIC_URLS) + 3)]
        exported = dict(line.removeprefix("export ").strip().split("=", 1) for line in told[1:-1])
        url = exported["GITHUB_API_URL"]
        statuses = [requests.get(url + REPOSITORY, timeout=5).status_code for _ in range(3)]
        run.send_signal(signal.SIGINT)

    assert statuses == [200, 451, 200]
    assert url in told[0] and exported["PYPISTATS_URL"] == url
    assert exported["BAROMETER_NOW"] == "2025-08-06T06:00:00+00:00"
    assert told[-1].startswith("export BAROMETER_DATA=") and run.returncode == 0


def test_each_fault_is_seen_above():
    """No kind is without a test that looks at it on the wire."""
    text = Path(__file__).read_text()
    assert [name for name in FAULTS if f'"{name}"' not in text] == []
