"""What a killed run had been answered is never asked for again."""

import fcntl
import gzip
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

from warehouse.archive.recovery import recover_interrupted
from warehouse.archive.write import archived_files
from warehouse.config.secrets import Secrets

# Records three pages, tells of each, and hangs in the fourth question until it is killed.
HANGING = """
import sys, time
from datetime import UTC, datetime
from pathlib import Path
from warehouse.archive.write import Page, record_attempt

NOON = datetime(2025, 8, 6, 12, tzinfo=UTC)

def fetch(add):
    for number, body in enumerate([b'{"a": 1}', b"\\xff\\xfe", "\\u2602\\r\\n".encode()]):
        add(Page("overall", f"torch {number}", "https://example.org/", 200, NOON, body, etag="v1"))
    print("asked", flush=True)
    time.sleep(600)

record_attempt(Path(sys.argv[1]), "pypi", lambda: NOON, fetch)
"""


def kill_in_the_middle(archive: Path) -> Path:
    """Kill a recording process at its fourth question; return the file it leaves."""
    hanging = [sys.executable, "-c", HANGING, str(archive)]
    with subprocess.Popen(hanging, stdout=subprocess.PIPE) as process:
        assert process.stdout and process.stdout.readline() == b"asked\n"
        assert recover_interrupted(archive) == 0, "a living writer keeps its file"
        process.send_signal(signal.SIGKILL)
    (left,) = archive.glob("pypi/.*.tmp")
    return left


def lines(file: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in gzip.decompress(file.read_bytes()).splitlines()]


def test_the_answers_of_a_killed_run_come_into_the_archive(tmp_path: Path):
    """Every page byte by byte, and an attempt that says it was cut off; doing it again changes nothing."""
    left = kill_in_the_middle(tmp_path)
    copy = left.read_bytes()

    assert recover_interrupted(tmp_path) == 1
    assert not left.exists()
    (file,) = archived_files(tmp_path)
    *pages, attempt = lines(file)
    assert [page["key"] for page in pages] == ["torch 0", "torch 1", "torch 2"]
    assert (pages[1]["body_base64"], pages[2]["body"], pages[0]["etag"]) == ("//4=", "☂\r\n", "v1")
    assert attempt["problem"] == "pypi: the process ended before the attempt did"
    assert (attempt["answers"], attempt["started_at"]) == (3, pages[0]["fetched_at"])

    left.write_bytes(copy)
    recover_interrupted(tmp_path)
    assert archived_files(tmp_path) == [file]
    assert recover_interrupted(tmp_path) == 0


def test_a_line_that_was_cut_is_left_out(tmp_path: Path):
    """Cut at every length, the whole lines before are kept and nothing else is made of the rest."""
    left = kill_in_the_middle(tmp_path)
    whole = left.read_bytes()
    seen = set()
    for length in range(1, len(whole), 7):
        left.write_bytes(whole[:length] + b"\0" * 5)  # a power cut can leave zeros
        recover_interrupted(tmp_path)
        for file in archived_files(tmp_path):
            *pages, attempt = lines(file)
            assert attempt["kind"] == "attempt" and attempt["answers"] == len(pages)
            seen.add(len(pages))
            file.unlink()
    assert seen >= {1, 2}


def test_an_empty_file_may_be_about_to_be_locked(tmp_path: Path):
    """It is left alone for a day; a day later it is nobody's."""
    empty = tmp_path / "pypi" / ".1234.tmp"
    empty.parent.mkdir()
    empty.touch()
    recover_interrupted(tmp_path)
    assert empty.exists()

    os.utime(empty, (0, 0))
    recover_interrupted(tmp_path)
    assert not empty.exists() and archived_files(tmp_path) == []


def test_a_locked_file_is_left_to_its_writer(tmp_path: Path):
    """Whoever holds the lock lives; the kernel lets go of it when the process is gone."""
    file = tmp_path / "pypi" / ".1234.tmp"
    file.parent.mkdir()
    with file.open("wb") as writer:
        fcntl.flock(writer, fcntl.LOCK_EX)
        writer.write(b"half")
        writer.flush()
        recover_interrupted(tmp_path)
        assert file.exists()


def test_a_secret_that_a_killed_run_left_is_not_recovered(tmp_path: Path):
    """What it had been answered comes into the archive without it."""
    kill_in_the_middle(tmp_path)
    assert recover_interrupted(tmp_path, Secrets(frozenset({"example"}))) == 1
    (file,) = archived_files(tmp_path)
    assert {line["url"] for line in lines(file)[:3]} == {"https://[secret removed].org/"}
