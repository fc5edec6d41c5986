"""Made-up commits: how many and by whom is a formula, through the real totals of contributors and commits.

The totals of `facts/contributors.csv` were printed weekly by best-of-ml-python from November 2020 on; between
them and back to a repository's first day, all is evened out. One commit stands for ten, which takes
seconds and not minutes; new authors are as many as the totals of contributors grow.
"""

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from pathlib import Path

from flows.client.calendar import next_month
from flows.standin.records import REPOSITORIES

TOTALS = Path(__file__).parent / "facts" / "contributors.csv"
ONE_OF = 10
# So many of the last newcomers come back, and such a part of all commits is a program's.
COME_BACK = 150
BOT_SHARE = {"tensorflow/tensorflow": 0.45, "jax-ml/jax": 0.4}
BOT = {
    "tensorflow/tensorflow": ("A. Unique TensorFlower", "gardener@tensorflow.org"),
    "jax-ml/jax": ("jax authors", "google-ml-automation@google.com"),
    "pytorch/pytorch": ("PyTorch MergeBot", "pytorchmergebot@users.noreply.github.com"),
}
ANY_BOT = ("dependabot[bot]", "49699333+dependabot[bot]@users.noreply.github.com")
# The first author writes under this address now and then; the mailmap says whose it is.
FORMER = "former@example.org"
MAILMAP = f"Author 0 <author0@example.org> <{FORMER}>\n"


@dataclass(frozen=True)
class Commit:
    """Who wrote it, and when."""

    name: str
    address: str
    at: datetime


@dataclass(frozen=True)
class Total:
    """How many authors and commits there were at the end of a month, which is a number of months."""

    month: int
    authors: float
    commits: float


def commits_of(repository: str, before: date) -> Iterator[Commit]:
    """Yield the commits of the months before a day, the oldest first; none of an unknown repository."""
    if repository not in REPOSITORIES:
        return
    month, totals = REPOSITORIES[repository].created_at.date().replace(day=1), _totals()[repository]
    while month < before:
        yield from _commits_in(
            repository, month, _at(totals, _number(month) - 1), _at(totals, _number(month))
        )
        month = next_month(month)


def _commits_in(repository: str, month: date, before: Total, after: Total) -> Iterator[Commit]:
    """Yield a month's commits, evenly spread: its first days are the same whenever it is asked for."""
    authors, newcomers = int(before.authors), int(after.authors) - int(before.authors)
    count = max(int(after.commits / ONE_OF) - int(before.commits / ONE_OF), newcomers + 2)
    begins, ends = (datetime.combine(day, time(), UTC) for day in (month, next_month(month)))
    bots = round(count * BOT_SHARE.get(repository, 0.08))
    for place in range(count):
        at = begins + (ends - begins) * (place + 0.5) / count
        new = place * newcomers // count
        if (place + 1) * newcomers // count > new:
            yield Commit(*_author(authors + new), at)
        elif (place + 1) * bots // count > place * bots // count:
            yield Commit(*BOT.get(repository, ANY_BOT), at)
        else:
            pool = max(1, min(authors, COME_BACK))
            yield Commit(*_author(max(0, authors - 1 - (place * 7919 + _number(month) * 31) % pool)), at)


def _author(number: int) -> tuple[str, str]:
    return f"Author {number}", f"author{number}@example.org" if number else FORMER


def _at(totals: Sequence[Total], month: int) -> Total:
    """Return the totals of a month: told, or evened out between two; after the last as in the year before."""
    later = next((place for place, one in enumerate(totals) if one.month >= month), len(totals) - 1)
    low, high = totals[max(0, later - 1)], totals[later]
    if month > high.month:
        low = totals[max(0, later - 12)]
    part = (month - low.month) / max(1, high.month - low.month)
    return Total(
        month,
        low.authors + (high.authors - low.authors) * part,
        low.commits + (high.commits - low.commits) * part,
    )


@cache
def _totals() -> Mapping[str, Sequence[Total]]:
    totals = {
        name: [Total(_number(known.created_at.date() - timedelta(days=31)), 0, 0)]
        for name, known in REPOSITORIES.items()
    }
    with TOTALS.open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            month = _number(date.fromisoformat(f"{row['month']}-01"))
            totals[row["repository"]].append(Total(month, int(row["contributors"]), int(row["commits"])))
    return totals


def _number(month: date) -> int:
    return month.year * 12 + month.month - 1
