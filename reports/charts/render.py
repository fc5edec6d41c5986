"""Contents drawn: still pictures in two widths, and the specification that brings them to life."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import Any, TypeAlias

from markupsafe import Markup

from reports.charts.annotations import Annotation
from reports.charts.content import Content
from reports.charts.datasets import datasets, day_number
from reports.charts.layout import Size, layout
from reports.charts.painting.svg import as_svg
from reports.charts.spec import line_chart, still

Sizes: TypeAlias = tuple[Size, Size]


SIZES = {side: re.compile(rf'<svg [^>]*?\b{side}="([\d.]+)"') for side in ("width", "height")}


@dataclass(frozen=True)
class Drawing:
    """What a chart looks like: still pictures, and the specification that brings it to life."""

    wide: Markup
    narrow: Markup
    specification: dict[str, Any]
    annotations: Sequence[Annotation]
    numbered: bool

    @property
    def script(self) -> str:
        """What brings it to life, as a script that a page reads when the chart is looked at."""
        return f"(globalThis.drawings??={{}})[{json.dumps(self.file)}]={self._told}\n"

    @cached_property
    def file(self) -> str:
        """The file of that script, by what is drawn: pages that show the same chart share it."""
        return f"charts/{sha256(self._told.encode()).hexdigest()[:16]}.js"

    @cached_property
    def _told(self) -> str:
        return json.dumps(self.specification, ensure_ascii=False, separators=(",", ":"))

    def still(self, which: str) -> str:
        """The file of one of the two pictures, for a page that does not draw it in itself."""
        return f"{self.file.removesuffix('.js')}-{which}.svg"

    def box(self, which: str) -> tuple[int, int]:
        """Return width and height of one of the two pictures, in tenths of a pixel: a ratio that is exact."""
        width, height = (SIZES[side].search(getattr(self, which)) for side in ("width", "height"))
        return round(10 * float(width[1])) if width else 0, round(10 * float(height[1])) if height else 0


def draw(content: Content, sizes: Sizes) -> Drawing:
    """Return the drawing of a content, wide and narrow."""
    first = content.at_first
    layouts = [layout(first, size) for size in sizes]
    specs = [line_chart(laid_out) for laid_out in layouts]
    every = datasets(content)
    shown = datasets(first) if content.hidden else every
    wide, narrow = (Markup(as_svg(still(spec, shown))) for spec in specs)
    whole = {"datasets": every, "wide": specs[0], "narrow": specs[1], "facts": _facts(content)}
    return Drawing(wide, narrow, whole, content.annotations, layouts[0].numbered)


def _facts(content: Content) -> dict[str, Any]:
    """Return what the page's script needs to know to show a part of the chart, or another scale."""
    first_day, last_day = content.domain
    return {
        "first": day_number(first_day),
        "last": day_number(last_day),
        "aged": content.series.metric.grain == "age",
        "annotations": [day_number(annotation.first_day) for annotation in content.annotations],
        "breaks": [day_number(one.first_day) for one in content.annotations if one.kind == "break"],
        "share": content.series.metric.unit == "share",
        "names": {subject.subject_id: subject.name for subject in content.subjects},
        "hidden": sorted(content.hidden),
    }
