"""Contents drawn: still pictures in two widths, and the specification that brings them to life."""

import json
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from hashlib import sha256
from typing import Any, TypeAlias

from markupsafe import Markup

from reports.charts.annotations import Annotation
from reports.charts.content import Content
from reports.charts.datasets import datasets, day_number
from reports.charts.layout import Size, layout
from reports.charts.painting.cache import Cache
from reports.charts.painting.painters import cut_off
from reports.charts.painting.svg import Name, as_svg, names_in_doubt
from reports.charts.spec import THEME, Spec, line_chart, still

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


def draw(figures: Sequence[tuple[Content, Sizes]], cache: Cache) -> list[Drawing]:
    """Return the drawing of each content, wide and narrow."""
    specified = [_specified(*figure) for figure in figures]
    cut = _cut([still for _, stills in specified for still in stills], cache)
    return [
        replace(drawing, wide=Markup(as_svg(wide, cut)), narrow=Markup(as_svg(narrow, cut)))
        for drawing, (wide, narrow) in specified
    ]


def _cut(stills: Sequence[Spec], cache: Cache) -> dict[Name, str]:
    """Return the names that may be too long for their room as far as there is room."""
    names = list(dict.fromkeys(name for still in stills for name in names_in_doubt(still)))
    cut = cache.get_all(
        "name",
        names,
        lambda new: (text.encode() for text in cut_off([asdict(name) for name in new], THEME["font"])),
    )
    return {name: text.decode() for name, text in zip(names, cut, strict=True)}


def _specified(content: Content, sizes: Sizes) -> tuple[Drawing, list[Spec]]:
    """Return a drawing without its still pictures, and the specifications of these."""
    layouts = [layout(content.at_first, size) for size in sizes]
    wide, narrow = (line_chart(laid_out) for laid_out in layouts)
    data = datasets(content.at_first)
    whole = {"datasets": datasets(content), "wide": wide, "narrow": narrow, "facts": _facts(content)}
    drawing = Drawing(Markup(), Markup(), whole, content.annotations, layouts[0].numbered)
    return drawing, [still(spec, data) for spec in (wide, narrow)]


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
