"""How figures and days are said in words. Narrow spaces keep a number and its sign on one line."""

import re
from collections.abc import Iterable
from datetime import date, datetime
from functools import lru_cache

from reports.data.claims import Claim
from reports.data.records import Metric, Point
from warehouse.config.catalog import catalog

SAMPLE = "sample data"
# As errors tell what was found and expected. That something is older or less than expected is plain.
TOLD_BY_PROGRAMS = re.compile(r"\bHTTP \d{3}\b|, expected (?!at (most|least) )")
NO_ANSWER = "it failed to answer when it was last asked"
NARROW_SPACE = "\u202f"
NO_BREAK = "\u00a0"
MINUS = "\u2212"
UNKNOWN = "\u2013"
NUMBERS = ("none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
MOST_DAYS = 10_000  # that are kept in words
PERIODS = {"year": "a year", "month": "a month", "week": "a week", "day": "a day", "age": "a month"}


@lru_cache(MOST_DAYS)
def day(on: date) -> str:
    """6 August 2025."""
    return f"{on.day} {on:%B %Y}"


@lru_cache(MOST_DAYS)
def month(on: date) -> str:
    """August 2025."""
    return f"{on:%B %Y}"


def span(first_day: date, last_day: date) -> str:
    """6 August 2025; January to April 2021; June 2023 to August 2025."""
    if first_day == last_day:
        return day(first_day)
    if month(first_day) == month(last_day):
        return month(first_day)
    start = f"{first_day:%B}" if first_day.year == last_day.year else month(first_day)
    return f"{start} to {month(last_day)}"


def minute(at: datetime) -> str:
    """6 August 2025, 06:17 UTC."""
    return f"{day(at.date())}, {at:%H:%M} UTC"


def period(point: Point, grain: str) -> str:
    """Name a point's period: its year or month, its week's last day, its day, or the age it is of."""
    if grain == "year":
        return f"{point.first_day.year}"
    if grain == "month":
        return month(point.first_day)
    if grain == "age":
        return years_and_months((point.first_day.year - 2000) * 12 + point.first_day.month - 1)
    return f"week to {day(point.last_day)}" if grain == "week" else day(point.first_day)


def unit_of(metric: Metric) -> str:
    """Downloads a month; stars, which are a level and not of a period; share of all compared."""
    each = PERIODS[metric.grain] if metric.aggregation == "flow" else ""
    told = {"share": metric.name.lower(), "index": "index, 100 at its highest"}
    unit = told.get(metric.unit) or f"{metric.unit} {each}".strip()
    return f"{unit}, by years since the first release" if metric.grain == "age" else unit


def years_and_months(months: int) -> str:
    """8 years 6 months; 6 months."""
    told = [counted(months // 12, "year")] if months >= 12 else []
    return " ".join([*told, counted(months % 12, "month")] if months % 12 or not told else told)


def count(value: float) -> str:
    """193,142; a figure below ten that is not whole keeps one decimal."""
    return f"{value:,.0f}" if value >= 10 or value == int(value) else f"{value:.1f}"


def counted(number: int, noun: str) -> str:
    """No breaks; 1 break; 2 breaks."""
    return f"{f'{number:,}' if number else 'no'} {noun}{'' if number == 1 else 's'}"


def about(value: float) -> str:
    """30.8 million, or the whole number below one million."""
    for size, name in ((1e9, "billion"), (1e6, "million")):
        if round(value / size, 1) >= 1:
            return f"{value / size:.1f} {name}"
    return count(value)


def percent(share: float) -> str:
    """71 %, from a share of 0.71; never 100 % or 0 % for what is not all or nothing."""
    rounded = round(share * 100)
    if rounded == 100 and share < 1:
        return f"over 99{NARROW_SPACE}%"
    if rounded == 0 and share > 0:
        return f"under 1{NARROW_SPACE}%"
    return f"{rounded}{NARROW_SPACE}%"


def change(part: float) -> str:
    """+12 % or no change, from a part of 0.12; 3.4 times from three times on."""
    if part >= 2:
        return times(part + 1)
    rounded = round(abs(part) * 100)
    if not rounded:
        return "no change"
    return f"{'+' if part > 0 else MINUS}{rounded}{NARROW_SPACE}%"


def figure(value: float, metric: Metric) -> str:
    """A figure as tables show it, in its metric's unit; a share below one per cent keeps two digits."""
    if metric.unit != "share":
        return count(value)
    hundredths = value * 100
    told = f"{hundredths:.1f}" if hundredths >= 1 or not value else f"{hundredths:#.2g}"
    return f"{told}{NARROW_SPACE}%"


def times(ratio: float) -> str:
    """2.4 times, or twice."""
    return "twice" if f"{ratio:.1f}" == "2.0" else f"{ratio:.1f} times"


def factor(ratio: float) -> str:
    """1.23, 12.3 or 1,230: three digits of a ratio."""
    return f"{ratio:,.0f}" if ratio >= 100 else f"{ratio:#.3g}"


def listed(names: Iterable[str]) -> str:
    """A, B and C."""
    *most, last = names
    return f"{', '.join(most)} and {last}" if most else last


def source_name(source_id: str) -> str:
    """A source's name as its owner writes it; an unknown one by its identifier."""
    source = catalog().get(source_id)
    return source.name if source else source_id


def plainly(reason: str) -> str:
    """Return a reason in words for readers: what a failed question was told is for who looks after it."""
    parts = (NO_ANSWER if TOLD_BY_PROGRAMS.search(part) else part for part in reason.split("; "))
    return "; ".join(dict.fromkeys(parts))


def series_name(metric: Metric, subject: str) -> str:
    """Stars gained of PyTorch, within a sentence."""
    return f"{metric.name[:1].lower()}{metric.name[1:]} of {subject}"


def verdict(claim: Claim) -> str:
    """Supported; was true until September 2022."""
    return f"{claim.verdict} {month(claim.true_until)}" if claim.true_until else claim.verdict


def number(count: int) -> str:
    """Two; 14."""
    return NUMBERS[count] if count < len(NUMBERS) else str(count)


def of_all(subjects: int) -> str:
    """Of the two."""
    return f"of the {number(subjects)}"


def all_of(subjects: int) -> str:
    """Both; all three."""
    return "Both" if subjects == 2 else f"All {number(subjects)}"
