"""A bare clone without trees and files: the commits of a repository's main branch, and no more.

It is a cache: whoever removes it lets the next run ask for all commits again. What a clone has of trees and
files is the list of who is who (mailmap), for which git asks by itself.
"""

import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from flows.sources.maintenance.git import USUAL, Bounds, GitFailed, Overrun, remove, require_address, run
from warehouse.errors import LimitReached, NotFound, Postponed, UnexpectedAnswer, Unreachable

# Written by hand, so that nothing of it depends on who runs git.
CONFIGURATION = """
[core]
	repositoryformatversion = 1
	bare = true
	hooksPath = /dev/null
[extensions]
	partialClone = origin
[remote "origin"]
	url = {url}
	promisor = true
	partialclonefilter = tree:0
[credential]
	helper =
[mailmap]
	blob = refs/heads/told:.mailmap
[http]
	lowSpeedLimit = 1000
	lowSpeedTime = 30
[fetch]
	recurseSubmodules = false
	writeCommitGraph = false
[gc]
	auto = 0
[maintenance]
	auto = false
[log]
	showSignature = false
"""
LEAST_FREE_BYTES = 2**30
# GitHub asks for a login where there is no such repository.
NOT_FOUND = re.compile(r"could not read Username|not found|Authentication failed|error: 40[134]\b")
LIMITED = re.compile(r"error: 429\b")
# Made-up commits say so by a name among the refs; GitHub has none of these.
SAMPLE = "refs/sample/"
# What the newest commit has on top; with the mailmap git would ask for it, and all that is below.
TOP = ("log", "-1", "--no-mailmap", "--format=%T", "refs/heads/told", "--")
# Who is told which commits are here takes their files to be here too.
OF_NOTHING_KNOWN = ("-c", "fetch.negotiationAlgorithm=noop")
HEAD = re.compile(r"ref: refs/heads/(?P<branch>[^\t]+)\tHEAD\n(?P<commit>[0-9a-f]{40,64})\tHEAD\n")


@dataclass(frozen=True)
class Head:
    """The main branch of a repository, its newest commit, and why it is made up, if it is."""

    branch: str
    commit: str
    sample: str | None


@dataclass(frozen=True)
class Clone:
    """A clone of the repository at an address; `where` names it in errors."""

    folder: Path
    url: str
    where: str
    bounds: Bounds = USUAL

    def fetch(self) -> Head:
        """Bring the clone up to date and return what is its head; raises SourceError.

        A clone that cannot be used is made anew.
        """
        scheme = require_address(self.url)
        self._require_room()
        try:
            self._prepare(scheme)
            head = self._head(scheme)
            try:
                self._fetch(head, scheme)
            except GitFailed:
                remove(self.folder)
                self._prepare(scheme)
                self._fetch(head, scheme)
            return head
        except GitFailed as error:
            raise self._failure(str(error)) from error
        except Overrun as error:
            remove(self.folder)
            raise UnexpectedAnswer(f"{self.where}: {error}") from error

    def log(self, form: str) -> bytes:
        """Return a line in this form for each commit that merges no others; raises SourceError."""
        arguments = ("log", "--no-merges", "--no-color", f"--format={form}", "refs/heads/told", "--")
        try:
            return run(self.folder, require_address(self.url), *arguments, bounds=self.bounds)
        except (GitFailed, Overrun) as error:
            remove(self.folder)
            raise UnexpectedAnswer(f"{self.where}: git log: {error}") from error

    def _head(self, scheme: str) -> Head:
        asked = ("ls-remote", "--symref", self.url, "HEAD", f"{SAMPLE}*")
        told = run(self.folder, scheme, *asked, bounds=self.bounds).decode("utf-8", "replace")
        found = HEAD.match(told)
        if found is None:
            raise NotFound(f"{self.where}: found no commit, expected a main branch")
        _, is_sample, name = told.partition(SAMPLE)
        return Head(found["branch"], found["commit"], name.split("\n")[0] if is_sample else None)

    def _prepare(self, scheme: str) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        if not (self.folder / "HEAD").exists():
            run(self.folder, scheme, "init", "--quiet", "--bare", "--initial-branch=told", "--template=", ".")
        (self.folder / "config").write_text(CONFIGURATION.format(url=self.url))

    def _fetch(self, head: Head, scheme: str) -> None:
        """Fetch the commits, and the top folder alone: git asks for the mailmap, and else for all folders."""
        fetch = ("fetch", "--quiet", "--filter=tree:0", "--no-tags", "--no-write-fetch-head", "origin")
        run(self.folder, scheme, *fetch, f"+{head.commit}:refs/heads/told", bounds=self.bounds)
        top = run(self.folder, scheme, *TOP, bounds=self.bounds).decode().strip()
        run(self.folder, scheme, *OF_NOTHING_KNOWN, *fetch, top, bounds=self.bounds)

    def _require_room(self) -> None:
        place = next(place for place in (self.folder, *self.folder.parents) if place.exists())
        if (free := shutil.disk_usage(place).free) < LEAST_FREE_BYTES:
            expected = f"expected {LEAST_FREE_BYTES / 10**9:.1f} GB for a clone"
            raise Postponed(f"{self.where}: found {free / 10**9:.1f} GB of disk free, {expected}")

    def _failure(self, told: str) -> NotFound | LimitReached | Unreachable:
        if LIMITED.search(told):
            return LimitReached(f"{self.where}: {told}")
        if NOT_FOUND.search(told):
            return NotFound(f"{self.where}: found no such repository: {told}")
        return Unreachable(f"{self.where}: no answer to git: {told}")
