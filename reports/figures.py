"""A figure of a page: one series as pictures, as an interactive chart, as a table, and in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import vl_convert
from markupsafe import Markup

from reports import captions
from reports.charts import line_chart, still
from reports.content import Content
from reports.evidence import Evidence
from reports.frame import Size, frame
from reports.lines import segments, since_two
from reports.marks import Mark, marks
from reports.readings import datasets
from reports.table import Table, table_of

NARROW = Size(310, 190)
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
    whole = evidence.series(key)
    series = since_two(whole)
    drawn = segments(series, evidence.events)
    content = Content(series, evidence.subjects, drawn, marks(series, evidence))
    shown = bool(drawn)
    return Figure(
        key=key,
        title=title,
        note=captions.note(series),
        summary=captions.summary(series, evidence, title),
        caption=captions.caption(whole, series, content.marks),
        caveat=series.metric.caveat,
        drawing=_draw(content, sizes) if shown else None,
        table=table_of(whole, evidence) if whole.points else None,
        absence=None if shown else captions.absence(series, evidence),
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
    return Markup(svg)
