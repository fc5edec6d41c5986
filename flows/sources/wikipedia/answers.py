"""Wikipedia: the views of an article by day."""

import re
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from flows.client.answer_model import Count, Shape, read_json


def _day(sent: Any) -> date:
    if not isinstance(sent, str) or not re.fullmatch(r"[0-9]{8}00", sent):
        raise ValueError(f"found {sent!r}, expected a day as YYYYMMDD00")
    try:
        return date.fromisoformat(sent[:8])
    except ValueError as error:
        raise ValueError(f"found {sent!r}, expected a day that there is") from error


class PageviewDay(Shape):
    """The views of one UTC day, by readers on all devices."""

    project: Literal["en.wikipedia"]
    article: str
    granularity: Literal["daily"]
    timestamp: Annotated[date, BeforeValidator(_day)]
    access: Literal["all-access"]
    agent: Literal["user"]
    views: Count


class PageviewDays(Shape):
    """The days of an article; those without views are left out."""

    items: Annotated[tuple[PageviewDay, ...], Field(min_length=1)]


def read_days(article: str, first_day: date, last_day: date, body: bytes) -> PageviewDays:
    """Return the days; each must be of the article and the stretch asked for, and told once."""
    days = read_json(PageviewDays, body)
    seen: set[date] = set()
    for place, day in enumerate(days.items):
        if day.article != article:
            raise ValueError(f"items.{place}.article: found {day.article!r}, expected {article!r}")
        if day.timestamp in seen or not first_day <= day.timestamp <= last_day:
            expected = f"each day from {first_day} to {last_day} once at the most"
            raise ValueError(f"items.{place}.timestamp: found {day.timestamp}, expected {expected}")
        seen.add(day.timestamp)
    return days
