"""Contents drawn: still pictures in two widths, and the specification that brings them to life."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import vl_convert
from markupsafe import Markup

from reports.charts.annotations import Annotation
from reports.charts.cache import Cache
from reports.charts.content import Content
from reports.charts.datasets import datasets, day_number
from reports.charts.layout import Size, layout
from reports.charts.spec import line_chart, still


@dataclass(frozen=True)
class Drawing:
    """What a chart looks like: still pictures, and the specification that brings it to life."""

    wide: Markup
    narrow: Markup
    specification: dict[str, Any]
    annotations: Sequence[Annotation]
    numbered: bool


def draw(content: Content, sizes: tuple[Size, Size], cache: Cache) -> Drawing:
    """Return the drawing of a content, wide and narrow."""
    found = json.loads(cache.get("drawing", (content, sizes), lambda: _drawn(content, sizes)))
    wide, narrow = (Markup(found[width]) for width in ("wide", "narrow"))
    return Drawing(wide, narrow, found["specification"], content.annotations, found["numbered"])


def _drawn(content: Content, sizes: tuple[Size, Size]) -> bytes:
    layouts = [layout(content.at_first, size) for size in sizes]
    specs = [line_chart(laid_out) for laid_out in layouts]
    data = datasets(content.at_first)
    wide, narrow = (picture(still(spec, data)) for spec in specs)
    whole = {"datasets": datasets(content), "wide": specs[0], "narrow": specs[1], "facts": _facts(content)}
    drawn = {"wide": wide, "narrow": narrow, "specification": whole, "numbered": layouts[0].numbered}
    return json.dumps(drawn).encode()


def picture(spec: dict[str, Any]) -> str:
    """Return the picture as SVG; Vega escapes every text in it."""
    svg: str = vl_convert.vegalite_to_svg(spec, allowed_base_urls=[])
    return svg


def _facts(content: Content) -> dict[str, Any]:
    """Return what the page's script needs to know to show a part of the chart, or another scale."""
    first_day, last_day = content.domain
    return {
        "first": day_number(first_day),
        "last": day_number(last_day),
        "aged": content.series.metric.grain == "age",
        "annotations": [day_number(annotation.first_day) for annotation in content.annotations],
        "names": {subject.subject_id: subject.name for subject in content.subjects},
        "hidden": sorted(content.hidden),
    }
