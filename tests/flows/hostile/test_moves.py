"""Where an attacker sends a question on to: however it is written, no credential leaves its server."""

import base64
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import pytest

from flows.client.client import Client
from flows.client.service import Service
from tests.flows.hostile.cases import saying, whole
from tests.flows.hostile.server import Answer, Sent, raw_server
from warehouse.config.settings import Settings, read_settings
from warehouse.errors import SourceError

# `here` is the server that was asked, `there` another on the same machine; both are host and port.
AWAY = [
    "http://{there}/",
    "HTTP://{there}/",
    "//{there}/",
    " http://{there}/",
    "\thttp://{there}/",
    "http://{here}@{there}/",
    "http://{here}:80@{there}/",
    "http://{there}\\@{here}/",
    "http://{there}\\.{here}/",
    "http://{there}#@{here}/",
    "http://{there}?@{here}/",
    "http://{there}/@{here}/",
    "http://{here}%00@{there}/",
    "http://{here}%0d%0a@{there}/",
    "http://{here} @{there}/",
    "http://{here}\t@{there}/",
    "http://a:b@{here}:80@{there}/",
    "ht\ttp://{there}/",
    "http://\\{there}/",
    "//{there}\\{here}/",
    "//{there}\\@{here}",
    "https://{here}/",
    "HTTPS://{here}/",
    "ftp://{here}/",
    "ws://{here}/",
    "file:///etc/passwd",
    "javascript:alert(1)",
    "data:text/plain,x",
    "http+unix://{here}/",
    "http://localhost:{port}/",
    "http://127.1:{port}/",
    "http://2130706433:{port}/",
    "http://0x7f000001:{port}/",
    "http://0177.0.0.1:{port}/",
    "http://[::ffff:127.0.0.1]:{port}/",
    "http://127.0.0.1.:{port}/",
    "http://127.0.0.1/",
    "http://127.0.0.1:80/",
    "http://127.0.0.1:443/",
    "http://127.0.0.1:1{port}/",
    "http://127.0.0.1:-{port}/",
    "http://127.0.0.1:99999/",
    "http://*.{here}/",
    "http://.{here}/",
    "http://[::1",
    "http://[{here}]/",
    "http://[v1.x]:{port}/",
    "http://\xe9.example:{port}/",
    "https:",
]
# Those stay, whatever they look like: a path, or the same server by another spelling.
HERE = [
    "/there",
    "there",
    "//{here}/there",
    "http:/there",
    "http:there",
    "HTTP://{here}/there",
    "http://{here}/../there",
    "http://user:word@{here}/there",
    "http://127.0.0.1:0{port}/there",
    "/\\{there}/",
    "\\\\{there}/",
    "\\/{there}/",
    "/%0d%0aX-Injected: yes",
    "/there\x01\x1b[2J",
    "/caf\xe9",
    "/@{there}/",
    "///{there}/",
    "http:///{there}/",
    "?{there}",
    "#{there}",
    "",
    ".",
    "/there?url=http://{there}/",
    "http:\\\\{there}\\",
    "http:/\\{there}/",
    "http://{here}\\@{there}/",
    "http://{there}%2f@{here}\\@{there}/",
    "http://%31%32%37.0.0.1:{port}/",
    "http://",
    "http:///",
    "\\\\\xff\xfe",
    "//",
]


PLACES = [*AWAY, *HERE]
BASIC = "Basic " + base64.b64encode(b"reader:password").decode()


@dataclass(frozen=True)
class Moved:
    """What became of a question that was sent on: its problem, and what had arrived at either server."""

    problem: str
    here: list[Sent]
    there: list[Sent]


def asked(place: str, status: int, login: str, settings: Settings) -> Moved:
    """Ask a server of its own, with a token or a login, that sends every question on once."""

    def answer(sent: Sent) -> Answer:
        return saying(
            whole(b"", status, [("Location", to)]) if sent.path.startswith("/asked") else whole(b"no")
        )

    with raw_server(lambda sent: saying(whole(b"there"))) as other, raw_server(answer) as server:
        to = place.format(here=f"127.0.0.1:{server.port}", there=f"127.0.0.1:{other.port}", port=server.port)
        url = server.url.replace("//", f"//{login}") + "/asked?page=2"
        try:
            with Client(Service("pypi"), settings, lambda page: None) as client:
                headers = {} if login else {"Authorization": "Bearer token"}
                problem = client.ask("overall", "torch", url, headers=headers).page.problem
        except SourceError as error:
            problem = str(error)
        return Moved(problem or "", list(server.sent), list(other.sent))


@pytest.fixture(scope="module")
def moves() -> dict[tuple[str, int, str], Moved]:
    """Every address, for two of the ways to move, with a token and with a login."""
    settings = replace(read_settings({"BAROMETER_DATA": "/nowhere"}), demo=True)
    ways = [
        (place, status, login) for place in PLACES for status, login in ((301, ""), (307, "reader:password@"))
    ]
    with ThreadPoolExecutor(16) as threads:
        return dict(zip(ways, threads.map(lambda way: asked(*way, settings), ways), strict=True))


def test_no_other_server_is_asked(moves):
    """Nothing arrives there, with a credential or without."""
    assert {way: moved.there for way, moved in moves.items() if moved.there} == {}


@pytest.mark.parametrize("place", AWAY)
def test_a_place_elsewhere_is_told(moves, place: str):
    """The question ends with the answer that sent it away, asked once."""
    for way, moved in moves.items():
        if way[0] == place:
            assert moved.problem.startswith(f"pypi torch: HTTP {way[1]}, expected 200"), way
            assert len(moved.here) == 1, way


@pytest.mark.parametrize("place", HERE)
def test_a_place_on_the_same_server_is_asked_as_we_would(moves, place: str):
    """With our credential and nobody else's, with the parameters, and with no header that was smuggled in."""
    for way, moved in moves.items():
        if way[0] == place:
            assert len(moved.here) == 2, way
            assert {sent.headers["authorization"] for sent in moved.here} == {
                BASIC if way[2] else "Bearer token"
            }
            assert moved.here[0].headers == moved.here[1].headers
            assert "?" in moved.here[1].path
