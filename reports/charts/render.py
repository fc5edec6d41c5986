"""Contents drawn: still pictures in two widths, and the specification that brings them to life."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from hashlib import sha256
from typing import Any, TypeAlias

from markupsafe import Markup

from reports.charts.annotations import Annotation
from reports.charts.content import Content
from reports.charts.datasets import datasets, day_number
from reports.charts.layout import Size, layout
from reports.charts.painting.cache import Cache
from reports.charts.painting.painters import Painters
from reports.charts.spec import Spec, line_chart, still
from reports.findings.segments import LONGEST_STEP

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


def draw(figures: Sequence[tuple[Content, Sizes]], cache: Cache, painters: Painters) -> list[Drawing]:
    """Return the drawing of each content, wide and narrow; those that are new are painted on every core."""
    found = cache.get_all("drawing", figures, partial(_drawn, painters))
    return [_drawing(content, json.loads(drawn)) for (content, _), drawn in zip(figures, found, strict=True)]


def _drawing(content: Content, found: dict[str, Any]) -> Drawing:
    wide, narrow = (Markup(found[width]) for width in ("wide", "narrow"))
    return Drawing(wide, narrow, found["specification"], content.annotations, found["numbered"])


def _drawn(painters: Painters, figures: Sequence[tuple[Content, Sizes]]) -> Iterator[bytes]:
    kept: list[dict[str, Any]] = []

    def stills() -> Iterator[Spec]:
        for figure in figures:
            pictures, told = _specified(*figure)
            kept.append(told)
            yield from pictures

    painted = iter(painters.paint("svg", stills(), 2 * len(figures)))
    for told in kept:
        yield json.dumps(told | {width: next(painted).decode() for width in ("wide", "narrow")}).encode()


def _specified(content: Content, sizes: Sizes) -> tuple[list[Spec], dict[str, Any]]:
    """Return the specifications of the still pictures, and what is kept beside the pictures."""
    layouts = [layout(content.at_first, size) for size in sizes]
    wide, narrow = (line_chart(laid_out) for laid_out in layouts)
    data = datasets(content.at_first)
    whole = {"datasets": datasets(content), "wide": wide, "narrow": narrow, "facts": _facts(content)}
    stills = [still(spec, data) for spec in (wide, narrow)]
    return stills, {"specification": whole, "numbered": layouts[0].numbered}


def _facts(content: Content) -> dict[str, Any]:
    """Return what the page's script needs to know to show a part of the chart, or another scale."""
    first_day, last_day = content.domain
    return {
        "first": day_number(first_day),
        "last": day_number(last_day),
        "aged": content.series.metric.grain == "age",
        "annotations": [day_number(annotation.first_day) for annotation in content.annotations],
        "breaks": [day_number(one.first_day) for one in content.annotations if one.kind == "break"],
        "step": LONGEST_STEP[content.series.metric.grain].days,
        "share": content.series.metric.unit == "share",
        "names": {subject.subject_id: subject.name for subject in content.subjects},
        "hidden": sorted(content.hidden),
    }
