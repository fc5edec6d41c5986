"""Calendar months, each named by its first day; their borders are UTC's."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta


def next_month(month: date) -> date:
    """Return the month after a day's."""
    return (month.replace(day=1) + timedelta(days=31)).replace(day=1)


def months_down_to(first: date, today: date) -> Iterator[date]:
    """Yield the running month and those before it, the newest first."""
    month = today.replace(day=1)
    while month >= first:
        yield month
        month = (month - timedelta(days=1)).replace(day=1)


def first_month(released_on: date | None, earliest: date, lead: timedelta = timedelta()) -> date:
    """Return the month of a release, or of so long before it, and none before the earliest one."""
    return max(earliest, (released_on - lead).replace(day=1)) if released_on else earliest


def seconds_of(month: date) -> tuple[int, int]:
    """Return the month's first and last second since 1970."""
    first, after = (datetime.combine(day, time(), UTC) for day in (month, next_month(month)))
    return int(first.timestamp()), int(after.timestamp()) - 1
