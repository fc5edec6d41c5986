"""The posts under "Who is hiring?" in the demo: as many as were counted, and else a formula.

The table `facts/hiring_posts.csv` has the posts of each monthly thread and those that contain a word, counted
in the threads as timqian/hacker-job-trends kept them at the commit named. Months and words without a row
there are of a formula, and their rows say so under `sample`.
"""

import csv
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from pathlib import Path

from flows.client.calendar import next_month
from flows.standin.curve import Curve

FACTS = Path(__file__).parent / "facts" / "hiring_posts.csv"
SAMPLE = "formula of Barometer's demo, not Hacker News' figures"
COUNTS = ("naming", "posts", "threads_read", "loaded")
# Since when there are threads of the account; so many posts in each, and to a point of interest.
FIRST_THREAD, POSTS, POSTS_A_POINT = date(2011, 4, 1), 700, 0.12


def hiring_rows(word: str, curve: Curve, today: date, newest_id: int) -> Iterator[dict[str, object]]:
    """Yield what is no post, then each month's posts, of the running one the part that is over."""
    months = list(_months(word, curve, today))
    threads, posts = len(months), sum(int(str(row["posts"])) for row in months)
    others = dict(zip(COUNTS, (0, 0, threads, newest_id - posts), strict=True))
    yield {"month": "1970-01-01", **others, "threads_known": 0, "newest_id": newest_id}
    yield from ({**row, "threads_known": threads, "newest_id": newest_id} for row in months)


def _months(word: str, curve: Curve, today: date) -> Iterator[dict[str, object]]:
    month = FIRST_THREAD
    while month <= today:
        counted, days = _counted().get((word.lower(), month)), (next_month(month) - month).days
        part = min((today - month).days, days) / days
        naming, posts = counted or (round(POSTS_A_POINT * curve.on(month) * part), round(POSTS * part))
        counts = dict(zip(COUNTS, (min(naming, posts), posts, 0, posts), strict=True))
        yield {"month": month.isoformat(), **counts} | ({} if counted else {"sample": SAMPLE})
        month = next_month(month)


@cache
def _counted() -> Mapping[tuple[str, date], tuple[int, int]]:
    with FACTS.open(newline="") as file:
        return {
            (row["word"], date.fromisoformat(f"{row['month']}-01")): (int(row["naming"]), int(row["posts"]))
            for row in csv.DictReader(file)
        }
