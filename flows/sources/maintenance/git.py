"""git, as a program that is asked: bounded, never prompting, and with nothing of its user's."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

from warehouse.config.secrets import shown
from warehouse.errors import UnexpectedAnswer
from warehouse.text import one_line

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
# What it needs of its surroundings: where programs are, and the way out of a closed network.
KEPT = frozenset(
    {"PATH", "TMPDIR", "SSL_CERT_FILE", "SSL_CERT_DIR", "GIT_SSL_CAINFO", "GIT_SSL_CAPATH"}
    | {f"{name}_PROXY" for name in ("HTTP", "HTTPS", "ALL", "NO")}
    | {f"{name}_proxy" for name in ("http", "https", "all", "no")}
)
LOOK_EVERY_SECONDS = 0.2
LONGEST_REASON = 480


class GitFailed(Exception):
    """git ended with an error, which is its text."""


class Overrun(Exception):
    """git was ended, because it took longer or wrote more than it may."""


@dataclass(frozen=True)
class Bounds:
    """How long one command may take, how large its folder and its output may become."""

    seconds: float = 1800.0
    folder_bytes: int = 2 * 2**30
    output_bytes: int = 2**28


USUAL = Bounds()


def require_address(url: str) -> str:
    """Return the scheme by which an address may be asked; raises UnexpectedAnswer for any other.

    That is https, and http on this machine. A login is none: git would write it into a file.
    """
    parts = urlsplit(url)
    is_safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)
    if is_safe and "@" not in parts.netloc:
        return parts.scheme
    raise UnexpectedAnswer(f"GIT_URL: found {shown(url)}, expected https and no login")


def run(folder: Path, scheme: str, *arguments: str, bounds: Bounds = USUAL) -> bytes:
    """Run a command of git in a folder and return what it writes; a scheme is all that it may be asked by.

    Raises GitFailed with what git says, and Overrun.
    """
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        with _started(folder, scheme, arguments, output, errors) as process:
            ends_at = time.monotonic() + bounds.seconds
            while _is_running(process):
                _require_within(bounds, folder, output, ends_at)
        _require_within(bounds, folder, output, ends_at)
        if process.returncode:
            raise GitFailed(_told(errors) or f"exit code {process.returncode}")
        output.seek(0)
        return output.read()


@contextmanager
def _started(
    folder: Path, scheme: str, arguments: tuple[str, ...], output: IO[bytes], errors: IO[bytes]
) -> Iterator[subprocess.Popen[bytes]]:
    """Start git in a group of its own, of which nothing is left running afterwards."""
    process = subprocess.Popen(
        ["git", *arguments],
        cwd=folder,
        env=_environment(folder, scheme, os.environ),
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=errors,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _environment(folder: Path, scheme: str, around: Mapping[str, str]) -> dict[str, str]:
    return {
        **{name: value for name, value in around.items() if name in KEPT},
        "HOME": str(folder),
        "LC_ALL": "C",
        "GIT_ALLOW_PROTOCOL": scheme,
        "GIT_CEILING_DIRECTORIES": str(folder.parent),
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_TERMINAL_PROMPT": "0",
    }


def _is_running(process: subprocess.Popen[bytes]) -> bool:
    try:
        process.wait(LOOK_EVERY_SECONDS)
    except subprocess.TimeoutExpired:
        return True
    return False


def _require_within(bounds: Bounds, folder: Path, output: IO[bytes], ends_at: float) -> None:
    if time.monotonic() > ends_at:
        raise Overrun(f"found it running after {bounds.seconds:.0f} s")
    if (size := _bytes_in(folder)) > bounds.folder_bytes:
        raise Overrun(f"found {size:,} bytes of history, expected at most {bounds.folder_bytes:,}")
    if (size := os.fstat(output.fileno()).st_size) > bounds.output_bytes:
        raise Overrun(f"found {size:,} bytes told, expected at most {bounds.output_bytes:,}")


def _bytes_in(folder: Path) -> int:
    size = 0
    for file in folder.rglob("*"):
        try:
            size += file.lstat().st_size
        except OSError:  # renamed, now that it is whole
            continue
    return size


def _told(errors: IO[bytes]) -> str:
    """Return what git says went wrong, without what it says on the way."""
    errors.seek(0)
    lines = errors.read(2**16).decode("utf-8", "replace").splitlines()
    wrong = [line for line in lines if line.startswith(("fatal:", "error:", "remote:"))]
    return one_line("; ".join(wrong or lines[-1:]))[:LONGEST_REASON]


def remove(folder: Path) -> None:
    """Remove a folder with all that is in it, if it is there."""
    shutil.rmtree(folder, ignore_errors=True)
