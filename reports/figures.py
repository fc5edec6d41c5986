"""A figure of a page: one series as pictures, as an interactive chart, as a table, and in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import vl_convert
from markupsafe import Markup

from reports.charts import line_chart, still
from reports.evidence import Evidence, Series
from reports.frame import Content, Size, frame
from reports.lines import segments
from reports.marks import Mark, marks
from reports.readings import datasets
from reports.standing import standing
from reports.table import Table, table_of
from reports.words import SAMPLE, day, figure, listed, period, source_name

NARROW = Size(330, 190)
HALF = (Size(470, 220), NARROW)
FULL = (Size(690, 290), NARROW)


@dataclass(frozen=True)
class Drawing:
    """What a chart looks like: still pictures, and the specification that brings it to life."""

    wide: Markup
    narrow: Markup
    specification: dict[str, Any]
    marks: Sequence[Mark]
    numbered: bool


@dataclass(frozen=True)
class Figure:
    """A titled chart with its caption and table; without figures, a sentence says why there is no chart."""

    key: str
    title: str
    note: str
    summary: str
    caption: Sequence[str]
    caveat: str | None
    drawing: Drawing | None
    table: Table | None
    absence: str | None


def figure_of(evidence: Evidence, key: str, title: str, sizes: tuple[Size, Size]) -> Figure:
    """Return the figure of a series, drawn wide and narrow."""
    series = evidence.series(key)
    drawn = segments(series, evidence.events)
    content = Content(series, evidence.subjects, drawn, marks(series, evidence))
    shown = bool(drawn)
    return Figure(
        key=key,
        title=title,
        note=_note(series),
        summary=_summary(series, evidence, title),
        caption=_caption(series, evidence, content.marks),
        caveat=series.metric.caveat,
        drawing=_draw(content, sizes) if shown else None,
        table=table_of(series, evidence) if series.points else None,
        absence=None if shown else _absence(series, evidence),
    )


def _draw(content: Content, sizes: tuple[Size, Size]) -> Drawing:
    frames = [frame(content, size) for size in sizes]
    specs = [line_chart(framed) for framed in frames]
    data = datasets(content)
    wide, narrow = (_picture(still(spec, data)) for spec in specs)
    specification = {"datasets": data, "wide": specs[0], "narrow": specs[1]}
    return Drawing(wide, narrow, specification, content.marks, frames[0].numbered)


def _picture(spec: dict[str, Any]) -> Markup:
    """Return the picture as inline SVG; Vega escapes every text in it."""
    svg = vl_convert.vegalite_to_svg(spec, allowed_base_urls=[])
    return Markup(svg)  # noqa: S704


def _note(series: Series) -> str:
    definition = series.metric.definition or ""
    return f"{SAMPLE.capitalize()}, not measured. {definition}" if series.is_sample else definition


def _summary(series: Series, evidence: Evidence, title: str) -> str:
    """Return what a reader who cannot see the chart is told of it."""
    found = standing(series, evidence)
    if not found:
        return title
    metric, points = series.metric, sorted(series.points, key=lambda point: point.first_day)
    latest = listed(f"{subject.name} {figure(value, metric)}" for subject, value in found.figures)
    span = f"{period(points[0], metric.grain)} to {period(points[-1], metric.grain)}"
    sample = f" This is {SAMPLE}." if series.is_sample else ""
    return f"{title}. Lines of {metric.name.lower()}, {span}; at the end {latest}.{sample}"


def _caption(series: Series, evidence: Evidence, marked: Sequence[Mark]) -> list[str]:
    if not series.points:
        return [f"Source: {source_name(series.metric.source_id)}"]
    sample = [SAMPLE] if series.is_sample else []
    return [
        f"Source: {source_name(series.metric.source_id)}",
        f"figures up to {day(series.last_day)}",
        *sample,
        _marked(marked),
    ]


def _marked(marked: Sequence[Mark]) -> str:
    kinds = [("break", "break"), ("fault", "measuring fault"), ("event", "outside event")]
    counts = [(sum(mark.kind == kind for mark in marked), name) for kind, name in kinds]
    told = [f"{number} {name}{'s' if number > 1 else ''}" for number, name in counts if number]
    return f"{listed(told)} marked" if told else "no breaks"


def _absence(series: Series, evidence: Evidence) -> str:
    status = evidence.status(series)
    what = f"Nothing to show: no figure of {series.metric.name.lower()}"
    if series.points:
        return f"{what} is fit to be drawn. The table has them all."
    reason = f" {source_name(status.source_id)}: {status.reason}." if status.reason else ""
    return f"{what} has been collected.{reason}"
