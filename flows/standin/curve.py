"""The demo's search interest: a formula, because no usable export was found.

Each term has a curve that rises once and fades to a share of its height; the parameters were chosen
to look plausible and say nothing about the world. Nothing here is measured.
"""

import hashlib
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum


@dataclass(frozen=True)
class Curve:
    """Interest over time; `rises` and `fades` are the middles of two logistic steps, widths in days."""

    height: float
    rises: date
    rise_days: float
    fades: date
    fade_days: float
    remains: float

    def on(self, day: date) -> float:
        """Return the interest of a day, in units that only compare within this module."""
        risen = _step((day - self.rises).days / self.rise_days)
        faded = _step((day - self.fades).days / self.fade_days)
        return self.height * risen * (1 - (1 - self.remains) * faded)


CURVES: Mapping[str, Curve] = {
    "jax": Curve(9, date(2021, 9, 1), 420, date(2027, 1, 1), 400, 0.9),
    "keras": Curve(46, date(2017, 7, 1), 170, date(2020, 9, 1), 330, 0.2),
    "pytorch": Curve(84, date(2019, 10, 1), 330, date(2024, 1, 1), 220, 0.75),
    "tensorflow": Curve(106, date(2017, 1, 1), 170, date(2020, 10, 1), 360, 0.28),
}
# Of a word that has none: it rises slowly, and fades a little.
MILD = Curve(9, date(2016, 1, 1), 900, date(2023, 1, 1), 900, 0.6)


class Resolution(StrEnum):
    """Length of a point, in the words of the interface."""

    DAY = "DAY"
    WEEK = "WEEK"
    MONTH = "MONTH"

    @classmethod
    def of(cls, first: date, last: date) -> "Resolution":
        """Return the resolution that a window of this length is answered in; it cannot be chosen.

        Measured by others in September 2026: days up to 269, weeks from 270 to 1 827, months from
        2 093; nothing is known in between.
        """
        days = (last - first).days
        if days < 270:
            return cls.DAY
        return cls.WEEK if days < 2093 else cls.MONTH


@dataclass(frozen=True)
class Point:
    """Interest in one period, `last` being its last day; values in the order of the terms."""

    first: date
    last: date
    values: tuple[int, ...]
    partial: bool


def timeline(
    terms: Sequence[str], first: date, last: date, resolution: Resolution, now: datetime
) -> list[Point]:
    """Return the points of the whole periods begun in a window, scaled so that the largest value is 100.

    A point shows the curve on its first day. Periods after `now` are left out; its own is partial.
    """
    periods = list(_periods(first, min(last, now.date()), resolution))
    curves = [_curve(term) for term in terms]
    interest = [[curve.on(start) for curve in curves] for start, _ in periods]
    largest = max((value for values in interest for value in values), default=1.0)
    return [
        Point(start, end, tuple(round(100 * value / largest) for value in values), _over_at(end) > now)
        for (start, end), values in zip(periods, interest, strict=True)
    ]


def _periods(first: date, last: date, resolution: Resolution) -> Iterator[tuple[date, date]]:
    start = _first_start(first, resolution)
    while start <= last:
        following = _following(start, resolution)
        yield start, following - timedelta(days=1)
        start = following


def _first_start(day: date, resolution: Resolution) -> date:
    if resolution is Resolution.WEEK:
        return day + timedelta(days=-day.isoweekday() % 7)
    if resolution is Resolution.MONTH and day.day > 1:
        return _following(day, resolution)
    return day


def _following(start: date, resolution: Resolution) -> date:
    if resolution is Resolution.MONTH:
        return (start.replace(day=1) + timedelta(days=31)).replace(day=1)
    return start + timedelta(days=7 if resolution is Resolution.WEEK else 1)


def _over_at(last: date) -> datetime:
    return datetime.combine(last + timedelta(days=1), time(), UTC)


def _curve(term: str) -> Curve:
    return CURVES.get(term.lower()) or _mild_curve(term.lower())


def _mild_curve(term: str) -> Curve:
    # Not `hash`, which differs from one process to the next.
    height, rise, width, *_ = hashlib.sha256(term.encode()).digest()
    rises = date(2010, 1, 1) + timedelta(days=rise * 10)
    return Curve(4 + height / 16, rises, 700 + 2 * width, date(2022, 1, 1), 900, 0.6)


def _step(widths: float) -> float:
    return 1 / (1 + math.exp(-widths))
