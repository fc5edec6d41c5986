"""Charts in Altair: drawn for one size, in colours that the page resolves, so that they follow its theme."""

from collections.abc import Mapping
from typing import Any, TypeAlias

import altair as alt

from reports.charts import layers
from reports.charts.datasets import Rows, day_number
from reports.charts.layers import MUTED
from reports.charts.layout import LINE, Frame

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


def line_chart(frame: Frame) -> Spec:
    """Return the Vega-Lite specification of a series' lines; its rows come from `readings.datasets`.

    The last layer is the pointer's.
    """
    ground = [*layers.stretches(frame), *layers.half(frame), *layers.bands(frame)]
    drawn = [*layers.lines(frame, _x(frame), _y(frame)), *layers.unusual(frame)]
    labels = [*layers.rules(frame), *layers.names(frame), *layers.ends(frame), *layers.sample_words(frame)]
    chart = alt.layer(*ground, *drawn, *labels, *layers.pointer(frame))
    sized = chart.properties(
        width=frame.width,
        height=frame.size.height,
        padding={"left": frame.left, "right": frame.right, "top": frame.top, "bottom": frame.bottom},
        autosize=alt.AutoSizeParams(type="none"),
    )
    specification: Spec = sized.configure(**THEME).to_dict(validate=False)
    return specification


def still(spec: Spec, data: Mapping[str, Rows]) -> Spec:
    """Return a specification with its rows, and without the layer that only a pointer brings up."""
    seen = {name: rows for name, rows in data.items() if name != "readings"}
    without = {key: part for key, part in spec.items() if key != "params"}
    return without | {"layer": spec["layer"][:-1], "datasets": spec["datasets"] | seen}


def _x(frame: Frame) -> alt.X:
    axis = alt.Axis(
        values=[day_number(day) for day in frame.times.labels],
        tickCount=len(frame.times.labels),  # or Vega leaves some out
        labelExpr=_label(frame.times.text_format),
        grid=False,
        title=None,
        domain=True,
    )
    domain = [day_number(day) for day in frame.content.domain]
    return alt.X("day:Q", scale=alt.Scale(domain=domain, nice=False, zero=False), axis=axis)


def _label(text_format: str) -> str:
    """Return the expression that words a day number; an age in years begins with the year 2000."""
    if text_format == "age":
        return f"utcyear(datum.value * {DAY}) - 2000"
    return f"utcFormat(datum.value * {DAY}, '{text_format}')"


def _y(frame: Frame) -> alt.Y:
    axis = alt.Axis(
        values=list(frame.values),
        tickCount=len(frame.values),
        format=".3~%" if frame.content.series.metric.unit == "share" else ".3~s",
        labelExpr="replace(datum.label, 'G', 'B')",  # a thousand million is a billion to readers
        title=frame.content.unit,
        titleX=-frame.left,
        titleY=-LINE * (frame.rows + 0.4),
    )
    scale = alt.Scale(domain=[0, frame.values[-1]], nice=False, clamp=True)
    return alt.Y("value:Q", scale=scale, axis=axis)
