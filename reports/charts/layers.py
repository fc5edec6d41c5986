"""The layers of a chart, from the shading at the ground to the strips that answer to a pointer."""

from collections.abc import Iterator
from typing import Any, TypeAlias

from reports.charts.datasets import Rows, day_number, place
from reports.charts.layout import LINE, Layout
from reports.data.wording import SAMPLE

MUTED = "var(--muted)"
TICK = 5  # pixels
SOLID: list[int] = []
DASHED = [3, 3]

Layer: TypeAlias = dict[str, Any]
Channel: TypeAlias = dict[str, Any]


def stretches(layout: Layout) -> Iterator[Layer]:
    """Yield the shading of what is not known: measuring faults, and a source's silence."""
    marked = [annotation for annotation in layout.content.annotations if annotation.is_stretch]
    ends = [
        (layout.within(annotation.first_day), layout.within(annotation.last_day)) for annotation in marked
    ]
    rows = [{"first": day_number(first_day), "last": day_number(last_day)} for first_day, last_day in ends]
    if rows:
        shade = {"type": "rect", "fill": "var(--shade)", "y": 0, "y2": layout.size.height}
        yield _own("shading", rows, shade, x=number("first"), x2={"field": "last"})


def half(layout: Layout) -> Iterator[Layer]:
    """Yield the line at one half, which two shares cross when the lead changes."""
    if layout.content.series.is_of_one_whole and len(layout.content.subjects) == 2:
        rule = {"type": "rule", "stroke": MUTED, "strokeWidth": 1, "opacity": 0.6}
        yield _own("half", [{"value": 0.5}], rule, y=number("value"))


def bands(layout: Layout) -> Iterator[Layer]:
    """Yield the bands between the low and the high figure, or the layers of a stack."""
    if any(point.low is not None or point.high is not None for point in layout.content.drawn):
        band = {"type": "area", "opacity": 0.5 if layout.content.is_stacked else 0.16}
        edges = {"x": number("day"), "y": number("low"), "y2": {"field": "high"}}
        yield _shared("bands", band, **edges, fill=_ink(layout), detail=name("part"))


def lines(layout: Layout, x: Channel, y: Channel) -> Iterator[Layer]:
    """Yield the segments, which bring the axes with them, and a dot for each that has one point only."""
    stroke = _color(layout, "")
    dashes = {"domain": [False, True], "range": [[1, 0], [4, 3]]}
    dashed = name("dashed") | {"scale": dashes, "legend": None}
    line = {"type": "line", "strokeWidth": 2, "strokeJoin": "round"}
    yield _shared("lines", line, x=x, y=y, stroke=stroke, strokeDash=dashed, detail=name("segment"))
    alone = [segment for segment in layout.content.shapes if len(segment.points) == 1]
    if alone:
        rows = [{"subject": segment.subject_id, **place(segment.points[0])} for segment in alone]
        dot = {"type": "point", "shape": "circle", "size": 6, "strokeWidth": 4, "opacity": 1}
        yield _own("dots", rows, dot, **_at_point(), stroke=stroke)


def unusual(layout: Layout) -> Iterator[Layer]:
    """Yield a hollow mark for each unusual figure; a triangle at the upper edge is one beyond the axis."""
    if layout.content.unusual:
        beyond = {"test": "datum.value > domain('y')[1]", "value": "triangle-up"}
        shape = {"value": "circle", "condition": beyond}
        mark = {"type": "point", "filled": False, "size": 30, "strokeWidth": 1.3, "opacity": 1}
        yield _shared("unusual", mark, **_at_point(), stroke=_color(layout, ""), shape=shape)


def rules(layout: Layout) -> Iterator[Layer]:
    """Yield the ticks between years, the dashed rules of breaks and events, and lines to shaded stretches."""
    bottom = layout.size.height
    rows: Rows = [
        {"day": day_number(day), "top": bottom, "bottom": bottom + TICK, "dash": SOLID}
        for day in layout.times.ticks
    ]
    for annotation, top in layout.heads:
        end = {"bottom": 0, "dash": SOLID} if annotation.is_stretch else {"bottom": bottom, "dash": DASHED}
        rows.append({"day": day_number(layout.within(annotation.first_day)), "top": top, **end})
    told = {"strokeDash": _of_row("dash"), "y": _of_row("top"), "y2": _of_row("bottom")}
    yield _own("rules", rows, {"type": "rule", "stroke": MUTED, "opacity": 0.7, **told}, x=number("day"))


def names(layout: Layout) -> Iterator[Layer]:
    """Yield the names of what is marked, above the plot."""
    rows = [
        {"text": label.text, "x": label.edge, "y": -LINE * label.row - 4, "align": label.align}
        for label in layout.labels or ()
    ]
    told = {channel: _of_row(channel) for channel in ("x", "y", "align")}
    text = {"type": "text", "baseline": "bottom", "fontSize": 11, "fill": MUTED, **told}
    yield _own("names", rows, text, text=name("text"))


def ends(layout: Layout) -> Iterator[Layer]:
    """Yield the name of each subject at the end of its line."""
    rows = [
        {"subject": subject.subject_id, "name": subject.name, "aside": round(aside, 1), **place(point)}
        for subject, point, aside in layout.ends
    ]
    look = {"align": "left", "dx": 7, "dy": _of_row("aside"), "fontSize": 12, "fontWeight": 600}
    text = {"type": "text", **look, "limit": layout.right - 9}
    yield _own("ends", rows, text, **_at_point(), text=name("name"), fill=_ink(layout))


def sample_words(layout: Layout) -> Iterator[Layer]:
    """Yield the words that tell sample data from measured figures, large across the plot."""
    if layout.content.series.is_sample:
        centre = {"x": layout.width / 2, "y": layout.size.height / 2, "angle": 348}
        look = {"fontSize": min(54, layout.width / 6), "fontWeight": 700, "fill": MUTED, "opacity": 0.35}
        yield _own("sample", [{"words": SAMPLE}], {"type": "text", **centre, **look}, text=name("words"))


def pointer(layout: Layout) -> Iterator[Layer]:
    """Yield an unseen strip for each reading, which lights up and tells its figures under a pointer."""
    under = {"type": "point", "on": "pointerover", "clear": "pointerout", "fields": ["day"]}
    told = [name(f"s{one.place}") | {"title": one.name} for one in layout.content.subjects]
    days = len({point.middle for point in [*layout.content.points, *layout.content.unusual]})
    wide = max(3, layout.width / days)
    strip = {"type": "rule", "stroke": MUTED, "strokeWidth": wide, "y": 0, "y2": layout.size.height}
    seen = {"value": 0, "condition": {"param": "under", "value": 0.22, "empty": False}}
    channels = {"x": number("day"), "tooltip": [name("title"), *told], "opacity": seen}
    yield {
        "name": "pointer",
        "data": {"name": "tooltips"},
        "mark": strip,
        "encoding": channels,
        "params": [{"name": "under", "select": under}],
    }


def number(field: str) -> Channel:
    """Return a channel that a column of numbers is told by."""
    return {"field": field, "type": "quantitative"}


def name(field: str) -> Channel:
    """Return a channel that a column of names is told by."""
    return {"field": field, "type": "nominal"}


def _at_point() -> dict[str, Channel]:
    return {"x": number("day"), "y": number("value")}


def _of_row(column: str) -> dict[str, str]:
    return {"expr": f"datum.{column}"}


def _shared(called: str, mark: dict[str, Any], **channels: Channel) -> Layer:
    """Return a layer of rows that are the same at every size."""
    return {"name": called, "data": {"name": called}, "mark": mark, "encoding": channels}


def _own(called: str, rows: Rows, mark: dict[str, Any], **channels: Channel) -> Layer:
    return {"name": called, "data": {"values": rows}, "mark": mark, "encoding": channels}


def _ink(layout: Layout) -> Channel:
    return _color(layout, "-ink")


def _color(layout: Layout, suffix: str) -> Channel:
    subjects = layout.content.subjects
    colors = [f"var(--s{subject.place}{suffix})" for subject in subjects]
    scale = {"domain": [subject.subject_id for subject in subjects], "range": colors}
    return name("subject") | {"scale": scale, "legend": None}
