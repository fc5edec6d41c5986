"""Charts in Altair: drawn for one size, in colours that the page resolves, so that they follow its theme."""

from collections.abc import Mapping
from typing import Any, TypeAlias

import altair as alt
from altair.utils.schemapi import debug_mode

from reports.charts import layers
from reports.charts.datasets import Rows, day_number
from reports.charts.layers import MUTED
from reports.charts.layout import LINE, Layout

Spec: TypeAlias = dict[str, Any]

DAY = 86_400_000  # milliseconds
THEME: Mapping[str, Any] = {
    "aria": False,  # the page tells what a chart shows
    "background": "transparent",
    "font": "system-ui, sans-serif",
    "view": {"stroke": None},
    "axis": {
        "labelColor": MUTED,
        "titleColor": MUTED,
        "gridColor": "var(--grid)",
        "domain": False,
        "domainColor": MUTED,
        "ticks": False,
        "labelFontSize": 11,
        "labelPadding": 6,
        "labelOverlap": False,
        "titleFontSize": 11,
        "titleFontWeight": "normal",
        "titleAngle": 0,
        "titleAlign": "left",
        "titleBaseline": "bottom",
    },
}


def line_chart(layout: Layout) -> Spec:
    """Return the Vega-Lite specification of a series' lines; its rows come from `datasets`.

    The last layer is the pointer's. Altair would hold each part against its schema as it is made, and copy
    every layer anew for each that is laid on it, which takes ten times as long as to make them; tests hold
    whole specifications against the schema.
    """
    with debug_mode(False):
        return _line_chart(layout)


def _line_chart(layout: Layout) -> Spec:
    ground = [*layers.stretches(layout), *layers.half(layout), *layers.bands(layout)]
    drawn = [*layers.lines(layout, _x(layout), _y(layout)), *layers.unusual(layout)]
    labels = [
        *layers.rules(layout),
        *layers.names(layout),
        *layers.ends(layout),
        *layers.sample_words(layout),
    ]
    within: dict[str, Any] = {"top_level": False, "datasets": {}}
    parts = [*ground, *drawn, *labels, *layers.pointer(layout)]
    return {
        "$schema": alt.SCHEMA_URL,
        "config": THEME,
        "autosize": {"type": "none"},
        "width": layout.width,
        "height": layout.size.height,
        "padding": {"left": layout.left, "right": layout.right, "top": layout.top, "bottom": layout.bottom},
        "layer": [part.to_dict(validate=False, context=within) for part in parts],
        "datasets": within["datasets"],
    }


def still(spec: Spec, data: Mapping[str, Rows]) -> Spec:
    """Return a specification with its rows, and without the layer that only a pointer brings up."""
    seen = {name: rows for name, rows in data.items() if name != "tooltips"}
    return spec | {"layer": spec["layer"][:-1], "datasets": spec["datasets"] | seen}


def _x(layout: Layout) -> alt.X:
    axis = alt.Axis(
        values=[day_number(day) for day in layout.times.labels],
        tickCount=len(layout.times.labels),  # or Vega leaves some out
        labelExpr=_label(layout.times.text_format),
        grid=False,
        title=None,
        domain=True,
    )
    domain = [day_number(day) for day in layout.content.domain]
    return alt.X(
        field="day", type="quantitative", scale=alt.Scale(domain=domain, nice=False, zero=False), axis=axis
    )


def _label(text_format: str) -> str:
    """Return the expression that words a day number; an age in years begins with the year 2000."""
    if text_format == "age":
        return f"utcyear(datum.value * {DAY}) - 2000"
    return f"utcFormat(datum.value * {DAY}, '{text_format}')"


def _y(layout: Layout) -> alt.Y:
    axis = alt.Axis(
        values=list(layout.values),
        tickCount=len(layout.values),
        format=".3~%" if layout.content.series.metric.unit == "share" else ".3~s",
        labelExpr="replace(datum.label, 'G', 'B')",  # a thousand million is a billion to readers
        title=layout.content.unit,
        titleX=-layout.left,
        titleY=-LINE * (layout.rows + 0.4),
    )
    scale = alt.Scale(domain=[0, layout.values[-1]], nice=False, clamp=True)
    return alt.Y(field="value", type="quantitative", scale=scale, axis=axis)
