"""Google Trends: the widgets of a comparison, and its values over time.

Bodies begin with a line that keeps them from being read as a script. They are returned as they are
told, because pytrends reads them further.
"""

import json
from collections.abc import Sequence
from itertools import pairwise
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from flows.shapes import Shape, WrittenCount

# Google's figures begin with 2004; a later bound tells seconds from milliseconds.
Epoch = Annotated[WrittenCount, Field(ge=1_072_915_200, lt=4_102_444_800)]
Index = Annotated[int, Field(ge=0, le=100)]


def _without_list(sent: Any) -> Any:
    """Take the only element of a list."""
    return sent[0] if isinstance(sent, list) and len(sent) == 1 else sent


class _Keyword(Shape):
    value: str


class _Keywords(Shape):
    keyword: Annotated[_Keyword, BeforeValidator(_without_list)]


class _Item(Shape):
    restriction: Annotated[_Keywords, Field(alias="complexKeywordsRestriction")]


class _Request(Shape):
    items: Annotated[tuple[_Item, ...], Field(alias="comparisonItem")]


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


def read_widgets(terms: Sequence[str], body: bytes) -> Any:
    """Return a comparison's widgets, one of which must lead to the values of these terms over time."""
    told = _unguarded(body)
    _Widgets.model_validate_json(json.dumps(told))
    over_time = [widget for widget in told["widgets"] if widget["id"] == "TIMESERIES"]
    if len(over_time) != 1:
        raise ValueError(f"found {len(over_time)} widgets over time, expected one")
    widget = OverTime.model_validate_json(json.dumps(over_time[0]))
    understood = [item.restriction.keyword.value for item in widget.request.items]
    if understood != list(terms):
        raise ValueError(f"found the terms {', '.join(understood)}, expected {', '.join(terms)}")
    return told


def read_timeline(terms: Sequence[str], body: bytes) -> Any:
    """Return the values over time of all terms; no point at all never means that nobody searched."""
    told = _unguarded(body)
    points = _Values.model_validate_json(json.dumps(told)).default.points
    if not points:
        raise ValueError("found no points, expected some")
    for point in points:
        values, marks = len(point.value), len(terms if point.has_data is None else point.has_data)
        if (values, marks) != (len(terms), len(terms)):
            raise ValueError(
                f"found {values} values and {marks} marks at {point.time}, expected {len(terms)} of each"
            )
    for earlier, later in pairwise(points):
        if later.time <= earlier.time:
            raise ValueError(f"found {later.time} after {earlier.time}, expected the oldest first")
    return told


def _unguarded(body: bytes) -> Any:
    return json.loads(body.partition(b"\n")[2])
