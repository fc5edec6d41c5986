"""The weightings drawn: two still pictures, wide and narrow, in colours that the page resolves."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Literal

import altair as alt
from markupsafe import Markup

from reports.charts.figure import FULL
from reports.charts.painting.cache import Cache
from reports.charts.painting.painters import Painters
from reports.charts.spec import THEME, Spec
from reports.charts.weightings.boxes import Box, Drawn, Words, drawn
from reports.data.records import Subject
from reports.findings.weightings import Agreed

ALIGNED: tuple[Literal["left"], Literal["center"]] = ("left", "center")


def draw_weightings(
    kinds: Sequence[Agreed], colored: Sequence[Subject], cache: Cache, painters: Painters
) -> tuple[Markup, Markup]:
    """Return the pictures of all kinds, the wide one first."""

    def make() -> bytes:
        charts = [chart(drawn(kinds, colored, size.width), size.width) for size in FULL]
        pictures = painters.paint("svg", charts, len(charts))
        return json.dumps([picture.decode() for picture in pictures]).encode()

    wide, narrow = json.loads(cache.get("weightings", (kinds, colored), make))
    return Markup(wide), Markup(narrow)


def chart(shown: Drawn, width: float) -> Spec:
    """Return the Vega-Lite specification of boxes and words."""
    boxes = [
        {**asdict(part), "right": part.left + part.width, "bottom": part.top + part.height}
        for part in shown.parts
        if isinstance(part, Box)
    ]
    words = [asdict(part) for part in shown.parts if isinstance(part, Words)]
    fill = alt.Fill(field="fill", type="nominal", scale=None)
    rectangles = (
        alt.Chart(alt.InlineData(values=boxes))
        .mark_rect()
        .encode(
            x=_x("left"),
            x2=alt.X2("right"),
            y=_y("top"),
            y2=alt.Y2("bottom"),
            fill=fill,
            opacity=alt.Opacity(field="opacity", type="quantitative", scale=None),
        )
    )
    aligned = [
        alt.Chart(alt.InlineData(values=[one for one in words if one["align"] == align]))
        .mark_text(align=align, baseline="middle", fontSize=12)
        .encode(x=_x("left"), y=_y("middle"), text=alt.Text(field="text", type="nominal"), fill=fill)
        for align in ALIGNED
    ]
    sized = alt.layer(rectangles, *aligned).properties(
        width=width, height=shown.height, padding=0, autosize=alt.AutoSizeParams(type="none")
    )
    specification: Spec = sized.configure(**THEME).to_dict(validate=False)
    return specification


def _x(field: str) -> alt.X:
    return alt.X(field=field, type="quantitative", scale=None, axis=None)


def _y(field: str) -> alt.Y:
    return alt.Y(field=field, type="quantitative", scale=None, axis=None)
