"""Charts in Altair: drawn for one size, in colours that the page resolves, so that they follow its theme."""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any, TypeAlias

import altair as alt

from reports.frame import LINE, Frame
from reports.readings import Rows
from reports.words import SAMPLE

Spec: TypeAlias = dict[str, Any]

MUTED = "var(--muted)"


def line_chart(frame: Frame) -> Spec:
    """Return the Vega-Lite specification of a series' lines; its rows come from `readings.datasets`."""
    layers = [
        *_stretches(frame),
        *_half(frame),
        *_bands(frame),
        *_lines(frame),
        *_marks(frame),
        *_ends(frame),
    ]
    chart = alt.layer(*layers, *_sample_words(frame), _pointer(frame)).properties(
        width=frame.width,
        height=frame.size.height,
        padding={"left": frame.left, "right": frame.right, "top": frame.top, "bottom": frame.bottom},
        autosize=alt.AutoSizeParams(type="none"),
    )
    return _themed(chart).to_dict()


def still(spec: Spec, data: Mapping[str, Rows]) -> Spec:
    """Return a specification with its rows, and without the layer that only a pointer brings up."""
    seen = {name: rows for name, rows in data.items() if name != "readings"}
    without = {key: part for key, part in spec.items() if key != "params"}
    return without | {"layer": spec["layer"][:-1], "datasets": seen}


def _themed(chart: alt.LayerChart) -> alt.LayerChart:
    quiet = alt.AxisConfig(
        **{f"{part}Color": MUTED for part in ("label", "title", "tick")},
        gridColor="var(--grid)",
        domain=False,
        ticks=False,
        labelFontSize=11,
        labelPadding=6,
        labelOverlap=False,
        titleFontSize=11,
        titleFontWeight="normal",
        titleAngle=0,
        titleAlign="left",
        titleBaseline="bottom",
    )
    return chart.configure(
        aria=False, background="transparent", font="system-ui, sans-serif", axis=quiet
    ).configure_view(stroke=None)


def _x(frame: Frame, field: str = "date") -> alt.X:
    labelled, _, text_format = frame.times
    axis = alt.Axis(values=[_moment(day) for day in labelled], format=text_format, grid=False, title=None)
    return alt.X(f"{field}:T", scale=alt.Scale(type="utc", domain=[_moment(day) for day in frame.content.domain]), axis=axis)


def _y(frame: Frame, field: str = "value") -> alt.Y:
    axis = alt.Axis(
        values=list(frame.values),
        format=".0%" if frame.content.series.metric.unit == "share" else "~s",
        labelExpr="replace(datum.label, 'G', 'B')",  # a thousand million is a billion to readers
        title=frame.content.unit,
        titleX=-frame.left,
        titleY=-LINE * (frame.rows + 0.4),
    )
    return alt.Y(f"{field}:Q", scale=alt.Scale(domain=[0, frame.values[-1]], nice=False), axis=axis)


def _moment(day: date) -> float:
    return datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp() * 1000


def _colors(frame: Frame, suffix: str = "") -> alt.Scale:
    subjects = frame.content.subjects
    return alt.Scale(
        domain=[subject.subject_id for subject in subjects],
        range=[f"var(--s{number}{suffix})" for number, _ in enumerate(subjects, 1)],
    )


def _shared(name: str) -> alt.Chart:
    return alt.Chart(alt.NamedData(name=name))


def _own(rows: Rows) -> alt.Chart:
    return alt.Chart(alt.InlineData(values=rows))


def _stretches(frame: Frame) -> Iterator[alt.Chart]:
    marks = [mark for mark in frame.content.marks if mark.is_stretch]
    rows = [{"first": f"{mark.first_day}", "last": f"{mark.last_day}"} for mark in marks]
    if rows:
        shade = _own(rows).mark_rect(fill="var(--shade)", clip=True)
        yield shade.encode(x=_x(frame, "first"), x2="last:T", y=alt.value(0), y2=alt.value(frame.size.height))


def _half(frame: Frame) -> Iterator[alt.Chart]:
    """Yield the line at one half, which two shares cross when the lead changes."""
    if frame.content.series.metric.unit == "share" and len(frame.content.subjects) == 2:
        yield _own([{"value": 0.5}]).mark_rule(stroke=MUTED, strokeWidth=1, opacity=0.6).encode(y=_y(frame))


def _bands(frame: Frame) -> Iterator[alt.Chart]:
    if any(point.low is not None for point in frame.content.points):
        fill = alt.Fill("subject:N", scale=_colors(frame, "-ink"), legend=None)
        band = _shared("bands").mark_area(opacity=0.16)
        yield band.encode(x=_x(frame), y=_y(frame, "low"), y2="value:Q", fill=fill, detail="part:N")


def _lines(frame: Frame) -> Iterator[alt.Chart]:
    stroke = alt.Stroke("subject:N", scale=_colors(frame), legend=None)
    dash = alt.StrokeDash(
        "dashed:N", scale=alt.Scale(domain=[False, True], range=[[1, 0], [4, 3]]), legend=None
    )
    place: dict[str, Any] = {"x": _x(frame), "y": _y(frame), "stroke": stroke}
    line = _shared("lines").mark_line(strokeWidth=2, strokeJoin="round")
    yield line.encode(**place, strokeDash=dash, detail="segment:N")
    alone = [segment for segment in frame.content.segments if len(segment.points) == 1]
    if alone:
        rows = [
            {"subject": s.subject_id, "date": f"{s.points[0].middle}", "value": s.points[0].value}
            for s in alone
        ]
        yield _own(rows).mark_point(shape="circle", size=6, strokeWidth=4).encode(**place)


def _marks(frame: Frame) -> Iterator[alt.Chart]:
    """Yield the ticks of the years, the rules of breaks and events, and every mark's name above the plot."""
    _, ticks, _ = frame.times
    rules = [(day, frame.size.height, frame.size.height + 5, None) for day in ticks]
    for mark, _, row, _ in frame.names:
        rules.append(
            (mark.first_day, -LINE * row - 3, 0 if mark.is_stretch else frame.size.height, mark.kind)
        )
    for day, top, bottom, kind in rules:
        dash = [3, 3] if kind in ("break", "event") else [1, 0]
        rule = _own([{"date": f"{day}"}]).mark_rule(stroke=MUTED, strokeDash=dash, opacity=0.7)
        yield rule.encode(x=_x(frame), y=alt.value(top), y2=alt.value(bottom))
    for _, text, row, left in frame.names:
        name = _own([{"text": text}]).mark_text(align="left", baseline="bottom", fontSize=11, fill=MUTED)
        yield name.encode(text="text:N", x=alt.value(left), y=alt.value(-LINE * row - 4))


def _ends(frame: Frame) -> Iterator[alt.Chart]:
    """Yield the name of each subject at the end of its line."""
    rows = [
        {
            "subject": subject.subject_id,
            "name": subject.name,
            "dy": dy,
            "date": f"{point.middle}",
            "value": point.value,
        }
        for subject, point, dy in frame.ends
    ]
    text = _own(rows).mark_text(
        align="left",
        baseline="middle",
        dx=7,
        dy=alt.expr("datum.dy"),
        fontSize=12,
        fontWeight=600,
        limit=frame.right - 9,
    )
    fill = alt.Fill("subject:N", scale=_colors(frame, "-ink"), legend=None)
    yield text.encode(x=_x(frame), y=_y(frame), text="name:N", fill=fill)


def _sample_words(frame: Frame) -> Iterator[alt.Chart]:
    if frame.content.series.is_sample:
        words = _own([{"words": SAMPLE}]).mark_text(
            fontSize=min(54, frame.width / 6), fontWeight=700, angle=348, fill=MUTED, opacity=0.35
        )
        middle = {"x": alt.value(frame.width / 2), "y": alt.value(frame.size.height / 2)}
        yield words.encode(text="words:N", **middle)


def _pointer(frame: Frame) -> alt.Chart:
    """Return an unseen strip for each reading that lights up and tells its figures under a pointer."""
    under = alt.selection_point(on="pointerover", clear="pointerout", fields=["date"], empty=False)
    subjects = enumerate(frame.content.subjects, 1)
    told = [
        alt.Tooltip("title:N"),
        *(alt.Tooltip(f"s{number}:N", title=subject.name) for number, subject in subjects),
    ]
    days = len({point.middle for point in frame.content.points}) or 1
    strip = _shared("readings").mark_rule(stroke=MUTED, strokeWidth=max(3, frame.width / days))
    lit = alt.condition(under, alt.value(0.22), alt.value(0))
    return strip.encode(
        x=_x(frame), y=alt.value(0), y2=alt.value(frame.size.height), opacity=lit, tooltip=told
    ).add_params(under)
