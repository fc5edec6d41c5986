"""What is kept of a commit: its number, its time, and who wrote it, as a hash that nobody can take back.

A hash is made with a salt of the data folder, which is secret: without it nobody can tell whether an address
is among the authors, and with another salt all hashes are others.
"""

import hashlib
import hmac
import os
import re
import tomllib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

from flows.client.calendar import next_month
from warehouse.config.catalog import catalog

BOTS = Path(__file__).parent / "bots.toml"
SALT_FILE = "authors.salt"
SALT = re.compile(r"[0-9a-f]{64}")
# The year 5138: a time as far off is a mistake of somebody's clock.
NO_TIME = 10**11
# Number, time of the present form, the author's address and name after the mailmap.
FORM = "%H%x00%ct%x00%aE%x00%aN"
LINE = re.compile(
    r"(?P<id>[0-9a-f]{40}|[0-9a-f]{64})\0(?P<time>-?\d+)\0(?P<address>[^\0]*)\0(?P<name>[^\0]*)"
)


@dataclass(frozen=True)
class Commits:
    """The commits of a history by month, each as a line; `undated` are those of no possible day."""

    by_month: Mapping[date, Sequence[str]]
    undated: int

    @property
    def count(self) -> int:
        """How many have a month."""
        return sum(map(len, self.by_month.values()))


def read_commits(told: bytes, salt: str, now: datetime) -> Commits:
    """Return the commits of a log in FORM; raises ValueError for a line that is none."""
    by_month, undated, today = defaultdict[date, list[str]](list), 0, now.date()

    @cache
    def told_of(address: str, name: str) -> str:
        kind = "bot" if is_bot(name, address) else "human"
        return f"{_hash(address, name, salt)} {kind}"

    first = catalog()["maintenance"].bounds.first_day
    for line in told.decode("utf-8", "replace").split("\n")[:-1]:
        found = LINE.fullmatch(line)
        if found is None:
            raise ValueError("found a line that is no commit, expected its number, time, address and name")
        at = _moment(found["time"])
        if at is None or not first <= at.date() <= today:
            undated += 1
            continue
        who = told_of(found["address"], found["name"])
        by_month[at.date().replace(day=1)].append(f"{found['id']} {at:%Y-%m-%dT%H:%M:%SZ} {who}")
    return Commits(by_month, undated)


def _moment(seconds: str) -> datetime | None:
    """Return the moment of so many seconds since 1970; None for one that no calendar has."""
    return datetime.fromtimestamp(int(seconds), UTC) if 0 < int(seconds) < NO_TIME else None


def months_of(commits: Commits, known: Sequence[date], now: datetime) -> Iterator[date]:
    """Yield the months from the first that has a commit, or was told before, to the running one."""
    month = min([*commits.by_month, *known], default=now.date()).replace(day=1)
    while month <= now.date():
        yield month
        month = next_month(month)


def is_bot(name: str, address: str) -> bool:
    """Whether an author is a program, by the reviewed list."""
    return _bots().search(f"{name} <{address}>") is not None


@cache
def _bots() -> re.Pattern[str]:
    told = tomllib.loads(BOTS.read_text(encoding="utf-8"))["bots"]
    return re.compile("|".join(f"(?:{one['pattern']})" for one in told), re.IGNORECASE | re.MULTILINE)


def _hash(address: str, name: str, salt: str) -> str:
    """Return the hash of an address; of the name where an author has none."""
    who = address.strip().lower() or name.strip().lower()
    return hmac.digest(bytes.fromhex(salt), who.encode(), "sha256").hex()[:16]


def salt_of(data: Path) -> str:
    """Return the data folder's salt, made where there is none; raises ValueError where that is no salt."""
    file = data / SALT_FILE
    try:
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as new:
            new.write(os.urandom(32).hex())
    except FileExistsError:
        pass
    told = file.read_text(encoding="ascii").strip()
    if not SALT.fullmatch(told):
        raise ValueError(
            f"{file}: found something else than a salt; remove it, and all authors get new hashes"
        )
    return told


def name_of_salt(salt: str) -> str:
    """Return what tells one salt from another, and says nothing of it."""
    return hashlib.sha256(f"barometer authors {salt}".encode()).hexdigest()[:8]
