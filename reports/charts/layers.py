"""The layers of a chart, from the shading at the ground to the strips that answer to a pointer."""

from collections.abc import Iterator

import altair as alt

from reports.charts.datasets import Rows, day_number, place
from reports.charts.layout import LINE, Layout
from reports.data.wording import SAMPLE

MUTED = "var(--muted)"
TICK = 5  # pixels
SOLID: list[int] = []
DASHED = [3, 3]


def stretches(layout: Layout) -> Iterator[alt.Chart]:
    """Yield the shading of what is not known: measuring faults, and a source's silence."""
    marked = [annotation for annotation in layout.content.annotations if annotation.is_stretch]
    ends = [
        (layout.within(annotation.first_day), layout.within(annotation.last_day)) for annotation in marked
    ]
    rows = [{"first": day_number(first_day), "last": day_number(last_day)} for first_day, last_day in ends]
    if rows:
        shade = _own("shading", rows).mark_rect(fill="var(--shade)", y=0, y2=layout.size.height)
        yield shade.encode(x=alt.X(field="first", type="quantitative"), x2=alt.X2(field="last"))


def half(layout: Layout) -> Iterator[alt.Chart]:
    """Yield the line at one half, which two shares cross when the lead changes."""
    if layout.content.series.is_of_one_whole and len(layout.content.subjects) == 2:
        rule = _own("half", [{"value": 0.5}]).mark_rule(stroke=MUTED, strokeWidth=1, opacity=0.6)
        yield rule.encode(y=alt.Y(field="value", type="quantitative"))


def bands(layout: Layout) -> Iterator[alt.Chart]:
    """Yield the bands between the low and the high figure, or the layers of a stack."""
    if any(point.low is not None or point.high is not None for point in layout.content.drawn):
        band = _shared("bands").mark_area(opacity=0.5 if layout.content.is_stacked else 0.16)
        yield band.encode(
            x=alt.X(field="day", type="quantitative"),
            y=alt.Y(field="low", type="quantitative"),
            y2=alt.Y2(field="high"),
            fill=_ink(layout),
            detail=alt.Detail(field="part", type="nominal"),
        )


def lines(layout: Layout, x: alt.X, y: alt.Y) -> Iterator[alt.Chart]:
    """Yield the segments, which bring the axes with them, and a dot for each that has one point only."""
    stroke = alt.Stroke(field="subject", type="nominal", scale=_scale(layout, ""), legend=None)
    dashes = alt.Scale(domain=[False, True], range=[[1, 0], [4, 3]])
    dashed = alt.StrokeDash(field="dashed", type="nominal", scale=dashes, legend=None)
    line = _shared("lines").mark_line(strokeWidth=2, strokeJoin="round")
    yield line.encode(
        x=x, y=y, stroke=stroke, strokeDash=dashed, detail=alt.Detail(field="segment", type="nominal")
    )
    alone = [segment for segment in layout.content.shapes if len(segment.points) == 1]
    if alone:
        rows = [{"subject": segment.subject_id, **place(segment.points[0])} for segment in alone]
        dot = _own("dots", rows).mark_point(shape="circle", size=6, strokeWidth=4, opacity=1)
        yield dot.encode(
            x=alt.X(field="day", type="quantitative"),
            y=alt.Y(field="value", type="quantitative"),
            stroke=stroke,
        )


def unusual(layout: Layout) -> Iterator[alt.Chart]:
    """Yield a hollow mark for each unusual figure; a triangle at the upper edge is one beyond the axis."""
    if layout.content.unusual:
        beyond = alt.ShapeValue(
            "circle", condition={"test": "datum.value > domain('y')[1]", "value": "triangle-up"}
        )
        stroke = alt.Stroke(field="subject", type="nominal", scale=_scale(layout, ""), legend=None)
        mark = _shared("unusual").mark_point(filled=False, size=30, strokeWidth=1.3, opacity=1)
        yield mark.encode(
            x=alt.X(field="day", type="quantitative"),
            y=alt.Y(field="value", type="quantitative"),
            stroke=stroke,
            shape=beyond,
        )


def rules(layout: Layout) -> Iterator[alt.Chart]:
    """Yield the ticks between years, the dashed rules of breaks and events, and lines to shaded stretches."""
    bottom = layout.size.height
    rows: Rows = [
        {"day": day_number(day), "top": bottom, "bottom": bottom + TICK, "dash": SOLID}
        for day in layout.times.ticks
    ]
    for annotation, top in layout.heads:
        end = {"bottom": 0, "dash": SOLID} if annotation.is_stretch else {"bottom": bottom, "dash": DASHED}
        rows.append({"day": day_number(layout.within(annotation.first_day)), "top": top, **end})
    rule = _own("rules", rows).mark_rule(
        stroke=MUTED,
        opacity=0.7,
        strokeDash=alt.expr("datum.dash"),
        y=alt.expr("datum.top"),
        y2=alt.expr("datum.bottom"),
    )
    yield rule.encode(x=alt.X(field="day", type="quantitative"))


def names(layout: Layout) -> Iterator[alt.Chart]:
    """Yield the names of what is marked, above the plot."""
    rows = [
        {"text": label.text, "x": label.edge, "y": -LINE * label.row - 4, "align": label.align}
        for label in layout.labels or ()
    ]
    x, y, align = alt.expr("datum.x"), alt.expr("datum.y"), alt.expr("datum.align")
    text = _own("names", rows).mark_text(baseline="bottom", fontSize=11, fill=MUTED, x=x, y=y, align=align)
    yield text.encode(text=alt.Text(field="text", type="nominal"))


def ends(layout: Layout) -> Iterator[alt.Chart]:
    """Yield the name of each subject at the end of its line."""
    rows = [
        {"subject": subject.subject_id, "name": subject.name, "aside": round(aside, 1), **place(point)}
        for subject, point, aside in layout.ends
    ]
    aside, room = alt.expr("datum.aside"), layout.right - 9
    text = _own("ends", rows).mark_text(align="left", dx=7, dy=aside, fontSize=12, fontWeight=600, limit=room)
    yield text.encode(
        x=alt.X(field="day", type="quantitative"),
        y=alt.Y(field="value", type="quantitative"),
        text=alt.Text(field="name", type="nominal"),
        fill=_ink(layout),
    )


def sample_words(layout: Layout) -> Iterator[alt.Chart]:
    """Yield the words that tell sample data from measured figures, large across the plot."""
    if layout.content.series.is_sample:
        size = min(54, layout.width / 6)
        x, y = layout.width / 2, layout.size.height / 2
        words = _own("sample", [{"words": SAMPLE}]).mark_text(
            x=x, y=y, fontSize=size, fontWeight=700, angle=348, fill=MUTED, opacity=0.35
        )
        yield words.encode(text=alt.Text(field="words", type="nominal"))


def pointer(layout: Layout) -> Iterator[alt.Chart]:
    """Yield an unseen strip for each reading, which lights up and tells its figures under a pointer."""
    under = alt.selection_point(name="under", on="pointerover", clear="pointerout", fields=["day"])
    told = [
        alt.Tooltip(field=f"s{subject.place}", type="nominal", title=subject.name)
        for subject in layout.content.subjects
    ]
    days = len({point.middle for point in [*layout.content.points, *layout.content.unusual]})
    wide = max(3, layout.width / days)
    strip = _shared("pointer", data="tooltips").mark_rule(
        stroke=MUTED, strokeWidth=wide, y=0, y2=layout.size.height
    )
    told_under = strip.encode(
        x=alt.X(field="day", type="quantitative"),
        tooltip=[alt.Tooltip(field="title", type="nominal"), *told],
        opacity=alt.OpacityValue(0, condition={"param": "under", "value": 0.22, "empty": False}),
    )
    yield told_under.add_params(under)


# Data as dictionaries: of what Altair has for them it asks each time whether it is a data frame.
def _shared(name: str, data: str | None = None) -> alt.Chart:
    return alt.Chart({"name": data or name}, name=name)


def _own(name: str, rows: Rows) -> alt.Chart:
    return alt.Chart({"values": rows}, name=name)


def _ink(layout: Layout) -> alt.Fill:
    return alt.Fill(field="subject", type="nominal", scale=_scale(layout, "-ink"), legend=None)


def _scale(layout: Layout, suffix: str) -> alt.Scale:
    subjects = layout.content.subjects
    colors = [f"var(--s{subject.place}{suffix})" for subject in subjects]
    return alt.Scale(domain=[subject.subject_id for subject in subjects], range=colors)
