"""Google Trends: the widgets of a comparison, and its values over time.

Bodies begin with a line that keeps them from being read as a script. They are returned as they are
told, because pytrends reads the widgets further. What is believed is about the question that was asked: its
terms, in the whole world and every category of web search, over its window and up to its end.
"""

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import combinations, pairwise
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from flows.client.answer_model import Count, Shape, WrittenNumber, load_json, read_json

# Google's figures begin with 2004; a later bound tells seconds from milliseconds.
Epoch = Annotated[WrittenNumber, Field(ge=1_072_915_200, lt=4_102_444_800)]
Index = Annotated[int, Field(ge=0, le=100)]

# The most days that a period has.
LONGEST_PERIODS = {"DAY": 1, "WEEK": 7, "MONTH": 31}
# Google's day and ours may have turned at different times.
TURN_OF_DAY_DAYS = 1
# The newest days come late, by how much is promised nowhere; what is later than this is another window.
LONGEST_LAG_DAYS = 7

# Figures are whole numbers of up to 100: two terms that hardly anyone searches may be told alike, two of this
# size over so many periods never are.
TELLING_PERIODS, TELLING_VALUE = 12, 20


@dataclass(frozen=True)
class Window:
    """The days asked for, and how long a period is; the first may be some days off, as months are long."""

    first_day: date
    last_day: date
    resolution: str
    leeway_days: int = 0

    def __str__(self) -> str:
        return f"{self.first_day} {self.last_day}"

    def is_told_by(self, written: str) -> bool:
        """Tell whether two days, as Google writes a window, are this one's."""
        try:
            first, last = map(date.fromisoformat, written.split(" "))
        except ValueError:
            return False
        first_off, last_off = abs((first - self.first_day).days), abs((last - self.last_day).days)
        return first_off <= self.leeway_days and last_off <= TURN_OF_DAY_DAYS


@dataclass(frozen=True)
class Asked:
    """A question: terms that are compared, over which window, and when."""

    terms: tuple[str, ...]
    window: Window
    at: datetime


def _without_list(sent: Any) -> Any:
    """Take the only element of a list."""
    return sent[0] if isinstance(sent, list) and len(sent) == 1 else sent


class _Keyword(Shape):
    value: str


class _Keywords(Shape):
    keyword: Annotated[_Keyword, BeforeValidator(_without_list)]


class _Item(Shape):
    geo: dict[str, str]
    restriction: Annotated[_Keywords, Field(alias="complexKeywordsRestriction")]

    @property
    def region(self) -> str:
        return " ".join(self.geo.values()) or "worldwide"


class _Options(Shape):
    category: Count
    property: str


class _Request(Shape):
    time: str
    resolution: str
    items: Annotated[tuple[_Item, ...], Field(alias="comparisonItem")]
    options: Annotated[_Options, Field(alias="requestOptions")]


class OverTime(Shape):
    """The widget that leads to the values over time: the question as Google understood it, and its token."""

    request: _Request
    token: str


class _Widget(Shape):
    id: str


class _Widgets(Shape):
    widgets: tuple[_Widget, ...]


class Point(Shape):
    """One period: a value per term, relative to the largest of all; the running period is partial."""

    time: Epoch
    value: tuple[Index, ...]
    has_data: Annotated[tuple[bool, ...] | None, Field(alias="hasData")] = None
    is_partial: Annotated[bool, Field(alias="isPartial")] = False


class _Timeline(Shape):
    points: Annotated[tuple[Point, ...], Field(alias="timelineData")]


class _Values(Shape):
    default: _Timeline


def read_widgets(asked: Asked, body: bytes) -> Any:
    """Return a comparison's widgets, one of which must lead to the values over time that were asked for."""
    told = _unguarded(body)
    read_json(_Widgets, json.dumps(told))
    over_time = [widget for widget in told["widgets"] if widget["id"] == "TIMESERIES"]
    if len(over_time) != 1:
        raise ValueError(f"found {len(over_time)} widgets over time, expected one")
    _require_understood(asked, read_json(OverTime, json.dumps(over_time[0])).request)
    return told


def _require_understood(asked: Asked, request: _Request) -> None:
    """Raise ValueError for the first part of the question that Google took for another."""
    terms = [item.restriction.keyword.value for item in request.items]
    regions = dict.fromkeys(item.region for item in request.items)
    window = str(asked.window) if asked.window.is_told_by(request.time) else request.time
    for what, found, expected in (
        ("terms", ", ".join(terms), ", ".join(asked.terms)),
        ("region", ", ".join(regions), "worldwide"),
        ("category", str(request.options.category), "0"),
        ("property", request.options.property or "web search", "web search"),
        ("window", window, str(asked.window)),
        ("resolution", request.resolution, asked.window.resolution),
    ):
        if found != expected:
            raise ValueError(f"found the {what} {found}, expected {expected}")


def read_timeline(asked: Asked, body: bytes) -> Any:
    """Return the values over time of all terms, for the whole window.

    No point at all never means that nobody searched, and none is of the future. Figures that are the same for
    two terms mean nothing: Google has told such to addresses that ask too often.
    """
    told = _unguarded(body)
    points = read_json(_Values, json.dumps(told)).default.points
    if not points:
        raise ValueError("found no points, expected some")
    count = len(asked.terms)
    for point in points:
        values, marks = len(point.value), count if point.has_data is None else len(point.has_data)
        if (values, marks) != (count, count):
            raise ValueError(
                f"found {values} values and {marks} marks at {point.time}, expected {count} of each"
            )
    for earlier, later in pairwise(points):
        if later.time <= earlier.time:
            raise ValueError(f"found {later.time} after {earlier.time}, expected the oldest first")
    _require_window(asked, [datetime.fromtimestamp(point.time, UTC) for point in points])
    _require_told_apart(asked, points)
    return told


def _require_window(asked: Asked, starts: list[datetime]) -> None:
    """Raise ValueError for a point out of the window or to come, and for a stretch that none tells of."""
    window, leeway = asked.window, timedelta(asked.window.leeway_days)
    first, last = window.first_day - leeway, window.last_day + timedelta(TURN_OF_DAY_DAYS)
    for start in starts:
        if not first <= start.date() <= last or start > asked.at:
            raise ValueError(f"found a point of {start:%Y-%m-%d}, expected {window} and none to come")
    days = [
        window.first_day + leeway,
        *(start.date() for start in starts),
        window.last_day - timedelta(LONGEST_LAG_DAYS),
    ]
    for earlier, later in pairwise(days):
        if (later - earlier).days > LONGEST_PERIODS[window.resolution]:
            raise ValueError(f"found no point from {earlier} to {later}, expected all of {window}")


def _require_told_apart(asked: Asked, points: tuple[Point, ...]) -> None:
    """Raise ValueError for two terms that are told alike; Google reads no case and no order of words."""
    series = zip(asked.terms, zip(*(point.value for point in points), strict=True), strict=True)
    for (term, values), (other, others) in combinations(series, 2):
        is_one = sorted(term.casefold().split()) == sorted(other.casefold().split())
        is_telling = sum(map(bool, values)) >= TELLING_PERIODS and max(values) >= TELLING_VALUE
        if values == others and is_telling and not is_one:
            raise ValueError(
                f"found the same {len(values)} figures for {term} and {other}, expected them apart"
            )


def _unguarded(body: bytes) -> Any:
    return load_json(body.partition(b"\n")[2])
