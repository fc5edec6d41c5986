"""What a source can tell at all: no day before its first one or after tomorrow, and no count beyond a limit.

The checks before publishing hold the archive against the same bounds.
"""

import csv
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from warehouse.config.settings import PROJECT

BOUNDS = PROJECT / "sql/seeds/source_bounds.csv"


@dataclass(frozen=True)
class Bounds:
    """The first day that a source can tell of, and the count that it cannot reach."""

    first_day: date
    count_below: int


@cache
def bounds() -> dict[str, Bounds]:
    """Return the bounds of every source."""
    with BOUNDS.open(encoding="utf-8") as file:
        return {
            row["source_id"]: Bounds(date.fromisoformat(row["first_day"]), int(row["count_below"]))
            for row in csv.DictReader(file)
        }


def require_possible_day(source_id: str, what: str, day: date, today: date) -> None:
    """Raise ValueError for a day before the source's first one or after tomorrow, begun somewhere."""
    first, last = bounds()[source_id].first_day, today + timedelta(days=1)
    if not first <= day <= last:
        raise ValueError(f"found {what} of {day}, expected none before {first} or after {last}")
