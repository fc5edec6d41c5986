"""What truly happened in an archive of the replay: series that are made up, with the noise of real ones.

A source tells a series as it is, or with a fault; the judge holds what is published against the series.
"""

import random
from collections.abc import Iterator
from datetime import date, timedelta
from typing import TypeAlias

# Monday to Sunday: fewer on weekends.
WEEKDAYS = (1.05, 1.1, 1.1, 1.08, 1.02, 0.8, 0.85)
# By what the days of a large project scatter, as a part of the usual.
SCATTER = 0.05

Days: TypeAlias = dict[date, int]
# A subject, a metric and the first day of a period.
Period: TypeAlias = tuple[str, str, date]
Truth: TypeAlias = dict[Period, float]


def days(first: date, last: date) -> Iterator[date]:
    """Yield every day of a stretch, the last one with it."""
    for offset in range((last - first).days + 1):
        yield first + timedelta(days=offset)


def series(name: str, first: date, last: date, level: float, growth: float = 0.15) -> Days:
    """Return a series of days around a level that grows by so much a year; equal names draw the same."""
    draw = random.Random(name)
    return {
        day: max(
            0,
            round(_usual(day, first, level, growth) * draw.lognormvariate(0, SCATTER) + draw.random() - 0.5),
        )
        for day in days(first, last)
    }


def _usual(day: date, first: date, level: float, growth: float) -> float:
    return level * WEEKDAYS[day.weekday()] * (1 + growth * (day - first).days / 365)


def month_of(day: date) -> date:
    """Return the first day of a day's month."""
    return day.replace(day=1)


def next_month(month: date) -> date:
    """Return the first day of the month after it."""
    return (month.replace(day=1) + timedelta(days=31)).replace(day=1)


def by_month(series: Days) -> dict[date, int]:
    """Return the sums of the months of which every day is there."""
    sums: dict[date, list[int]] = {}
    for day, count in series.items():
        sums.setdefault(month_of(day), []).append(count)
    return {
        month: sum(counts)
        for month, counts in sums.items()
        if len(counts) == (next_month(month) - month).days
    }
