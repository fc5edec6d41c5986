"""The archive: what is kept, how it is named, and what never gets into it."""

import gzip
import hashlib
import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from warehouse.archive.write import Page, archived_files, record_attempt, strip_secrets
from warehouse.config.secrets import Secrets
from warehouse.errors import ConfigurationError, LimitReached, Postponed, UsedUp

NOON = datetime(2025, 8, 6, 12, tzinfo=UTC)


def page(body: bytes = b'{"a": 1}', **changes: object) -> Page:
    fields = {
        "endpoint": "overall",
        "key": "torch",
        "url": "https://example.org/torch?key=secret&page=1",
        "status": 200,
        "fetched_at": NOON,
        "body": body,
    }
    return Page(**(fields | changes))


def record(folder: Path, *pages: Page):
    def fetch(add):
        for one in pages:
            add(one)

    return record_attempt(folder, "pypi", lambda: NOON, fetch)


def lines(folder: Path) -> list[dict[str, object]]:
    (file,) = archived_files(folder)
    return [json.loads(line) for line in gzip.open(file, "rt", encoding="utf-8")]


def test_a_body_is_kept_as_it_came(tmp_path: Path):
    """The text, its digest and what was asked are kept; a credential in the URL is not."""
    body = '{"name": "☂ <b>"}\r\n'.encode()
    attempt = record(tmp_path, page(body))

    kept, summary = lines(tmp_path)
    assert kept["body"].encode() == body
    assert kept["sha256"] == hashlib.sha256(body).hexdigest()
    assert kept["url"] == "https://example.org/torch?page=1"
    assert summary["kind"] == "attempt" and summary["answers"] == attempt.answers == 1
    assert summary["bytes"] == attempt.bytes == len(body) == 21


def test_a_body_that_is_no_text_is_kept_whole(tmp_path: Path):
    """Bytes that are no UTF-8 survive in base 64."""
    record(tmp_path, page(b"\xff\xfe"))

    assert lines(tmp_path)[0]["body_base64"] == "//4="


def test_what_came_before_a_failure_is_kept(tmp_path: Path):
    """A source that fails half-way leaves its answers and the reason, and no exception."""

    def fetch(add):
        add(page())
        raise LimitReached("pypi torch: HTTP 429, expected 200")

    attempt = record_attempt(tmp_path, "pypi", lambda: NOON, fetch)

    assert (attempt.answers, attempt.problem) == (1, "pypi torch: HTTP 429, expected 200")
    assert [line["kind"] for line in lines(tmp_path)] == ["page", "attempt"]


def test_what_is_postponed_is_told_and_is_no_problem(tmp_path: Path):
    """The attempt is as good as its answers; what is left has a line of its own."""

    def fetch(add):
        add(page())
        raise Postponed("stackoverflow: 9 questions are left")

    attempt = record_attempt(tmp_path, "stackoverflow", lambda: NOON, fetch)

    assert (attempt.answers, attempt.problem) == (1, None)
    assert attempt.postponed == "stackoverflow: 9 questions are left"


def test_a_refusal_that_says_that_all_is_used_up_is_no_problem(tmp_path: Path):
    """It is archived, and another refusal before it stays one."""
    refused = replace(page(), problem="one: HTTP 404, expected 200")
    limit = replace(page(), problem="one: HTTP 429, expected 200")

    def fetch(*pages):
        def add_all(add):
            for one in pages:
                add(one)
            raise UsedUp("one: nothing is left of today")

        return add_all

    alone = record_attempt(tmp_path, "pypi", lambda: NOON, fetch(limit))
    after = record_attempt(tmp_path, "pypi", lambda: NOON, fetch(refused, limit))

    assert (alone.refused, alone.problem, alone.postponed) == (1, None, "one: nothing is left of today")
    assert (after.refused, after.problem) == (2, "one: HTTP 404, expected 200")


def test_an_unexpected_exception_leaves_what_was_fetched(tmp_path: Path):
    """A bug or an interrupt is not swallowed, and costs no answer."""

    def fetch(add):
        add(page())
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        record_attempt(tmp_path, "pypi", lambda: NOON, fetch)

    assert lines(tmp_path)[1]["problem"] == "pypi: interrupted by KeyboardInterrupt"


def test_the_same_attempt_recorded_twice_is_one_file(tmp_path: Path):
    """Equal content under an equal clock has the equal name; other content another."""
    record(tmp_path, page())
    record(tmp_path, page())
    assert len(archived_files(tmp_path)) == 1

    record(tmp_path, page(b"{}"))
    assert len(archived_files(tmp_path)) == 2


def test_a_refusal_is_counted_and_told(tmp_path: Path):
    """A page with a problem is no answer."""
    attempt = record(tmp_path, page(), page(problem="pypi torch: HTTP 404, expected 200"))

    assert (attempt.answers, attempt.refused) == (1, 1)
    assert attempt.problem == "pypi torch: HTTP 404, expected 200"


def test_two_runs_at_once_keep_both_their_answers(tmp_path: Path):
    """An attempt that begins while another is under way does not touch its file."""

    def fetch(add):
        add(page())
        record(tmp_path, page(b"{}"))

    attempt = record_attempt(tmp_path, "pypi", lambda: NOON, fetch)

    assert (attempt.answers, attempt.problem) == (1, None)
    assert len(archived_files(tmp_path)) == 2


def test_an_unwritable_folder_is_a_configuration_error(tmp_path: Path):
    """The message names the folder and what is expected of it."""
    (tmp_path / "file").touch()
    with pytest.raises(ConfigurationError, match="expected a folder that can be written"):
        record(tmp_path / "file")


@pytest.mark.parametrize(
    ("url", "stripped"),
    [
        ("https://user:password@host/p?a=1", "https://host/p?a=1"),
        (
            "https://host/p?token=x&req=%7B%22a%22%3A+1%7D&empty=",
            "https://host/p?req=%7B%22a%22%3A+1%7D&empty=",
        ),
        ("https://host/p?access_token=x", "https://host/p"),
    ],
)
def test_secrets_are_stripped_from_urls(url: str, stripped: str):
    """Credentials go, everything else stays readable."""
    assert strip_secrets(url) == stripped


def test_no_secret_gets_into_it(tmp_path: Path):
    """Neither with the answer nor with what was asked or said of it; the digest is that of what is kept."""
    secrets = Secrets(frozenset({"hunter2/x"}))
    echo = page(
        b'{"you sent": "hunter2\\/x"}',
        url="https://example.org/hunter2%2Fx?q=hunter2/x",
        key="torch hunter2/x",
        etag='"hunter2/x"',
        problem="pypi torch: found hunter2/x\x1b[31m",
    )

    def fetch(add):
        add(echo)
        raise LimitReached("pypi torch: wait, hunter2/x\ud800")

    attempt = record_attempt(tmp_path, "pypi", lambda: NOON, fetch, secrets=secrets)
    (file,) = archived_files(tmp_path)
    assert b"unter2" not in gzip.decompress(file.read_bytes())
    kept, told = lines(tmp_path)
    assert kept["body"] == '{"you sent": "[secret removed]"}'
    assert kept["sha256"] == hashlib.sha256(kept["body"].encode()).hexdigest()
    assert told["problem"] == attempt.problem == "pypi torch: wait, [secret removed]\ufffd"
    assert told["bytes"] == len(kept["body"])
