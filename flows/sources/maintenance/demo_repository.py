"""Real repositories of made-up commits, made by `git fast-import` when one is first asked for."""

import os
import subprocess
import tempfile
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path

from flows.sources.maintenance.demo_formula import MAILMAP, Commit, commits_of

# All commits there are, hidden, and the branch that is told: what of them had been by the time of asking.
EVERY, MAIN = "refs/every/main", "refs/heads/main"
SAMPLE = "refs/sample/formula-of-the-demo-through-real-totals"
CONFIGURATION = {
    "uploadpack.allowFilter": "true",
    "uploadpack.allowAnySHA1InWant": "true",
    "transfer.hideRefs": "refs/every",
}
# So many days beyond the one asked for are made at once, for demos whose clock goes on.
AHEAD = timedelta(days=366)


@cache
def _folder() -> "tempfile.TemporaryDirectory[str]":
    """Return a folder that lasts as long as the process."""
    return tempfile.TemporaryDirectory(prefix="barometer-demo-git-")


def repository_at(name: str, now: datetime) -> Path | None:
    """Return the folder of a repository, its branch as it was at a time; None for one that is not known."""
    made = _made(name, (now + AHEAD).date().replace(month=1, day=1))
    if made is None:
        return None
    at = ("rev-list", "-1", f"--before={now.isoformat()}", EVERY)
    newest = _git(made, *at).strip()
    if not newest:
        return None
    for ref in (MAIN, SAMPLE):
        _git(made, "update-ref", ref, newest)
    return made


@cache
def _made(name: str, before: date) -> Path | None:
    stream = b"".join(_stream(commits_of(name, before)))
    if not stream:
        return None
    folder = Path(tempfile.mkdtemp(dir=_folder().name))
    _git(folder, "init", "--quiet", "--bare", "--initial-branch=main", "--template=", ".")
    for key, value in CONFIGURATION.items():
        _git(folder, "config", key, value)
    _git(folder, "fast-import", "--quiet", "--done", told=stream + b"done\n")
    return folder


def _stream(commits: Iterator[Commit]) -> Iterator[bytes]:
    """Yield what fast-import reads: a commit after the other, the first one with the mailmap."""
    files = f"M 100644 inline .mailmap\ndata {len(MAILMAP)}\n{MAILMAP}\n"
    for commit in commits:
        when = f"{commit.at.timestamp():.0f} +0000"
        told = (
            f"commit {EVERY}\n"
            f"author {commit.name} <{commit.address}> {when}\n"
            f"committer Demo <demo@example.org> {when}\n"
            f"data 6\nSample\n{files}\n"
        )
        files = ""
        yield told.encode()


def _git(folder: Path, *arguments: str, told: bytes = b"") -> str:
    around = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    command = ["git", *arguments]
    done = subprocess.run(command, cwd=folder, input=told, capture_output=True, env=around, check=True)
    return done.stdout.decode()
