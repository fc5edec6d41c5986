"""What is said: no log record, line or traceback holds a secret, and none steers a terminal."""

import io
import logging
from collections.abc import Iterator

import pytest

from flows.console.json_logs import JsonLines
from flows.console.progress import Stage
from flows.console.say import fit, guard_logs, say, say_problem
from warehouse.config.secrets import Secrets

TOKEN = "ghp_token_of_the_tests_1"
STEERING = "\x1b[31m\x07\u202e"


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """What any logger writes, as a file would have it, while the token stands in the environment."""
    monkeypatch.setenv("GITHUB_TOKEN", TOKEN)
    before, stream = logging.getLogRecordFactory(), io.StringIO()
    guard_logs()
    handler = logging.StreamHandler(stream)
    for name in ("barometer", "of_a_library"):
        logging.getLogger(name).addHandler(handler)
    yield stream
    for name in ("barometer", "of_a_library"):
        logging.getLogger(name).removeHandler(handler)
    logging.setLogRecordFactory(before)


def test_no_log_record_holds_a_secret(written: io.StringIO):
    """Neither in its words nor in what they are filled with, whoever writes it; nor in a traceback."""
    for name in ("barometer", "of_a_library"):
        logging.getLogger(name).warning("found %s in %r", TOKEN, {"Authorization": f"Bearer {TOKEN}"})
        try:
            raise ValueError(f"a header of {TOKEN}")
        except ValueError:
            logging.getLogger(name).exception(TOKEN)
    assert TOKEN not in written.getvalue()
    assert written.getvalue().count("[secret removed]") == 8


def test_our_records_do_not_steer_a_terminal(written: io.StringIO):
    """They repeat what a source says; as JSON lines too, where a stage has its result."""
    logging.getLogger("barometer").error("pypi: %s", STEERING)
    stage = Stage("collect pypi", result=f"{STEERING} {TOKEN}")
    stage.end()
    record = logging.makeLogRecord({"name": "barometer", "msg": "", "ends": stage})
    for told in (written.getvalue(), JsonLines().format(record)):
        assert not set(told) & set(STEERING) - set("[31m") and TOKEN not in told
    assert stage.record()["result"] == fit(f"{STEERING} {TOKEN}")


def test_a_secret_of_the_settings_is_kept_out_too(written: io.StringIO):
    """A worker of a cluster has the settings, and not the environment they were read from."""
    guard_logs(Secrets(frozenset({"given-to-the-worker"})))
    logging.getLogger("of_a_library").error("given-to-the-worker")
    assert written.getvalue() == "[secret removed]\n"


def test_lines_for_people_are_fit_to_be_seen(capsys, monkeypatch: pytest.MonkeyPatch):
    """On both streams."""
    monkeypatch.setenv("HTTPS_PROXY", "http://me:of_the_proxy@localhost")
    say(f"by me:of_the_proxy{STEERING}")
    say_problem(f"of_the_proxy{STEERING}")
    told = "\ufffd[31m\ufffd\ufffd\n"
    assert capsys.readouterr() == (f"by [secret removed]{told}", f"[secret removed]{told}")
