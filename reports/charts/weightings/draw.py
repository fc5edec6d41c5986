"""The weightings drawn: two still pictures, wide and narrow, in colours that the page resolves."""

from collections.abc import Sequence
from dataclasses import asdict

from markupsafe import Markup

from reports.charts.figure import FULL
from reports.charts.layers import Channel, name, number
from reports.charts.painting.svg import as_svg
from reports.charts.spec import THEME, Spec
from reports.charts.weightings.boxes import Box, Drawn, Words, drawn
from reports.data.records import Subject
from reports.findings.weightings import Agreed

ALIGNED = ("left", "center")


def draw_weightings(kinds: Sequence[Agreed], colored: Sequence[Subject]) -> tuple[Markup, Markup]:
    """Return the pictures of all kinds, the wide one first."""
    wide, narrow = (Markup(as_svg(chart(drawn(kinds, colored, size.width), size.width))) for size in FULL)
    return wide, narrow


def chart(shown: Drawn, width: float) -> Spec:
    """Return the Vega-Lite specification of boxes and words."""
    boxes = [
        {**asdict(part), "right": part.left + part.width, "bottom": part.top + part.height}
        for part in shown.parts
        if isinstance(part, Box)
    ]
    words = [asdict(part) for part in shown.parts if isinstance(part, Words)]
    edges = {"x": _at("left"), "x2": {"field": "right"}, "y": _at("top"), "y2": {"field": "bottom"}}
    fill = name("fill") | {"scale": None}
    rectangles = {
        "data": {"values": boxes},
        "mark": {"type": "rect"},
        "encoding": {**edges, "fill": fill, "opacity": number("opacity") | {"scale": None}},
    }
    aligned = [
        {
            "data": {"values": [one for one in words if one["align"] == align]},
            "mark": {"type": "text", "align": align, "baseline": "middle", "fontSize": 12},
            "encoding": {"x": _at("left"), "y": _at("middle"), "text": name("text"), "fill": fill},
        }
        for align in ALIGNED
    ]
    return {
        "config": THEME,
        "autosize": {"type": "none"},
        "width": width,
        "height": shown.height,
        "padding": 0,
        "layer": [rectangles, *aligned],
    }


def _at(field: str) -> Channel:
    return number(field) | {"scale": None, "axis": None}
