"""What a user is shown of hostile answers: neither secrets nor what a terminal would obey."""

import json
import os
import pty
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.flows.hostile.cases import saying, whole
from tests.flows.hostile.leaks import leaks
from tests.flows.hostile.server import Answer, RawServer, Sent, raw_server
from tests.flows.hostile.test_hostile import KEY, PASSWORD, SECRETS, TOKEN, content
from warehouse.config.settings import PUBLIC_URLS

ROOT = Path(__file__).resolve().parents[3]
LOGIN = f"reader:{quote(PASSWORD, safe='')}@"
NETRC = "machine 127.0.0.1 login somebody password of_the_netrc_1\n"


def refused(sent: Sent) -> Answer:
    """Answer with a message that repeats the request, and steers the terminal that shows it."""
    message = f"\x1b[31mred\x1b]0;owned\x07\x9b2J\u202e{sent.raw.decode('latin-1')}"
    return saying(whole(json.dumps({"message": message}).encode(), 401))


@pytest.fixture
def refusing(barometer, tmp_path: Path):
    """A server that refuses everybody, and the command line with credentials; others stand in .netrc."""
    with raw_server(refused) as server:
        (tmp_path / ".netrc").write_text(NETRC)
        with_login = server.url.replace("//", f"//{LOGIN}")
        barometer.environment.update(dict.fromkeys(PUBLIC_URLS, with_login), HOME=str(tmp_path))
        barometer.environment.update(GITHUB_API_URL=server.url, STACKEXCHANGE_URL=server.url)
        barometer.environment.update(GITHUB_TOKEN=f"{TOKEN}\r\n", STACKEXCHANGE_KEY=f" {KEY}\n")
        barometer.environment.update(BAROMETER_NOW="2025-08-06T06:00:00Z")
        yield server


def assert_fit(shown: bytes, server: RawServer) -> None:
    assert leaks(shown, SECRETS) == []
    assert b"HTTP 401, expected 200" in shown and b"Traceback" not in shown
    for steering in (b"\x1b[31m", b"\x1b]0", b"\x07", "\x9b".encode(), "\u202e".encode()):
        assert steering not in shown
    # Each source had its own credential, and nobody's else.
    sent = {sent.headers.get("authorization", "none") for sent in server.sent}
    assert {f"Bearer {TOKEN}", f"Bearer {KEY}"} <= sent and len(sent) == 3
    assert all(one.startswith(("Bearer ", "Basic cmVhZGVyO")) for one in sent)


def test_collect_shows_and_keeps_nothing_of_it(barometer, refusing: RawServer, tmp_path: Path):
    """On a terminal, where text would be obeyed; and in the archive and the work database."""
    main, terminal = pty.openpty()
    command = [sys.executable, "-m", "flows", "collect"]
    streams = {"stdin": terminal, "stdout": terminal, "stderr": terminal}
    process = subprocess.Popen(command, env=barometer.environment, cwd=ROOT, **streams)
    os.close(terminal)
    shown = b""
    try:
        while received := os.read(main, 4096):
            shown += received
    except OSError:  # the terminal is closed when the process ends
        pass
    assert process.wait() == 1, shown
    assert_fit(shown, refusing)
    assert barometer("backfill", "--dry-run").returncode == 0  # it loads the archive
    for file in filter(Path.is_file, (tmp_path / "data").rglob("*")):
        assert leaks(file.read_bytes(), SECRETS) == [], file
    assert leaks(content(tmp_path / "data" / "archive"), SECRETS) == []


def test_check_shows_nothing_of_it(barometer, refusing: RawServer):
    """In a table, and in the line that lists what could not be asked."""
    done = barometer("check")
    assert done.returncode == 3
    assert_fit((done.stdout + done.stderr).encode(), refusing)


def test_a_malformed_address_is_told_without_its_password(barometer):
    """In one line that names the variable, though others read it too."""
    done = barometer("collect", HTTPS_PROXY="http://reader:hunt3r-of/tests@[::1")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        "barometer: HTTPS_PROXY: found 'http://[::1', expected an address like http://proxy.example.org:3128\n"
    )


def test_an_address_with_a_secret_is_no_argument(barometer, tmp_path: Path):
    """`ps` would show it; the message says where it belongs, and does not repeat it."""
    for address in (
        "mailtos://reader:hunter2@example.org",
        "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ",
    ):
        done = barometer("serve", "--notify", address)
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr.startswith("barometer: serve --notify: found an address with a login or a token")
        assert not leaks(done.stderr.encode(), ["hunter2", "TIiajkdnlazkcOXrIdevi7FQ", "T1JJ3T3L2"])
