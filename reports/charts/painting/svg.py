"""Specifications of our charts as SVG, byte for byte as Vega writes them, in a thirtieth of its time.

Vega compiles and runs a program for every chart. What ours are made of is little: six kinds of marks, linear
scales, axes whose labels are given. That little is written here from the same specification that a page's
script hands to Vega, and tests hold the two against each other. Only of a name that is cut off Vega may leave
another letter: it moves some pairs of letters together.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property, lru_cache
from html import escape
from itertools import groupby
from math import floor, sqrt
from typing import Any, TypeAlias

Spec: TypeAlias = Mapping[str, Any]
Row: TypeAlias = Mapping[str, Any]

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
MONTH, AGE = "'%b %Y')", " - 2000"  # what expressions of labels end with that tell no calendar year alone
EPOCH = date(1970, 1, 1)
PREFIXES = {-3: "n", -2: "µ", -1: "m", 0: "", 1: "k", 2: "M", 3: "B", 4: "T", 5: "P", 6: "E"}  # of thousands
ANCHORS = {"left": "start", "center": "middle", "right": "end"}
# How far down a text's own line lies, as a share of its size, where something else is told of its place.
BASELINES = {"alphabetic": 0.0, "middle": 0.3, "bottom": -0.21, "top": 0.79}
# Thousandths of its size that a letter of Helvetica's bold is wide, which Arial and Liberation Sans share.
WIDTHS = """
278 333 474 556 556 889 722 238 333 333 389 584 278 333 278 278 556 556 556 556 556 556 556 556
556 556 333 333 584 584 584 611 975 722 722 722 722 667 611 778 722 278 556 722 611 833 722 778
667 778 722 667 611 722 667 944 667 667 611 333 278 333 584 556 333 556 611 556 611 556 333 611
611 278 278 556 278 889 611 611 611 611 389 556 333 611 556 778 556 556 500 389 280 389 584
"""
WIDTH_OF = dict(zip(map(chr, range(32, 127)), map(int, WIDTHS.split()), strict=True))
WIDEST = 1000
OPEN = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" version="1.1"'
GROUP = 'role="graphics-object" aria-roledescription="group mark container"'
SYMBOL = 'role="graphics-symbol" aria-roledescription="{} mark container"'
TEXT = 'role="graphics-object" aria-roledescription="text mark container"'
FOREGROUND = '<path class="foreground" aria-hidden="true" d=""{} display="none"/>'
UNSEEN = ' pointer-events="none"'


def as_svg(spec: Spec) -> str:
    """Return a specification with its rows as SVG."""
    return "".join(_Picture(spec).parts())


@dataclass(frozen=True)
class _Picture:
    spec: Spec

    @property
    def width(self) -> float:
        width: float = self.spec["width"]
        return width

    @property
    def height(self) -> float:
        height: float = self.spec["height"]
        return height

    @cached_property
    def axes(self) -> Mapping[str, Any]:
        """The two channels of the layer that brings scales and axes; none where no layer does."""
        told = (layer["encoding"] for layer in self.spec["layer"])
        return next(({"x": one["x"], "y": one["y"]} for one in told if (one.get("x") or {}).get("axis")), {})

    def scale(self, channel: str) -> Callable[[float], float]:
        """Return what places a value along a channel, counted as d3's scales count."""
        if not self.axes:
            return lambda value: value
        first, last = self.axes[channel]["scale"]["domain"]
        if channel == "x":
            width = self.width
            return lambda value: width * ((value - first) / (last - first))
        height = self.height
        return lambda value: height * (1 - (max(first, min(value, last)) - first) / (last - first))

    @cached_property
    def x(self) -> Callable[[float], float]:
        return self.scale("x")

    @cached_property
    def y(self) -> Callable[[float], float]:
        return self.scale("y")

    def parts(self) -> Iterator[str]:
        padding = self.spec["padding"] or dict.fromkeys(("left", "right", "top", "bottom"), 0)
        width = _js(self.width + padding["left"] + padding["right"])
        height = _js(self.height + padding["top"] + padding["bottom"])
        yield f'{OPEN} class="marks" width="{width}" height="{height}" viewBox="0 0 {width} {height}">'
        yield f'<g fill="none" stroke-miterlimit="10" transform="{_move(padding["left"], padding["top"])}">'
        yield f'<g class="mark-group role-frame root" {GROUP}>{self.ground}'
        if self.axes:
            yield from self.all_axes()
        for number, layer in enumerate(self.spec["layer"]):
            yield from _Marks(self, layer, number).parts()
        yield f"</g>{FOREGROUND.format('')}</g></g></g></svg>"

    @property
    def ground(self) -> str:
        """The beginning of a group over the whole plot."""
        box = _box(0, 0, self.width, self.height)
        return f'<g transform="translate(0,0)"><path class="background" aria-hidden="true" d="{box}"/><g>'

    def all_axes(self) -> Iterator[str]:
        bottom, values = self.height + 0.5, self.axes["y"]["axis"]["values"]
        lines = (
            f'<line transform="{_move(0, floor(self.y(value) + 0.5))}" x2="{_js(self.width)}" y2="0" '
            f'stroke="{self.config["gridColor"]}" stroke-width="1" opacity="1"/>'
            for value in values
        )
        yield from _axis(0.5, f'<g class="mark-rule role-axis-grid"{UNSEEN}>{"".join(lines)}</g>')
        color = self.config["domainColor"]
        yield from _axis(
            bottom,
            self.labels(self.x_labels(), "x"),
            f'<g class="mark-rule role-axis-domain"{UNSEEN}><line transform="translate(0,0)" '
            f'x2="{_js(self.width)}" y2="0" stroke="{color}" stroke-width="1" opacity="1"/></g>',
        )
        title = self.axes["y"]["axis"]
        place = _move(title["titleX"], title["titleY"] + _down("bottom", self.config["titleFontSize"]))
        yield from _axis(
            0.5,
            self.labels(self.y_labels(), "y"),
            f'<g class="mark-text role-axis-title"{UNSEEN}><text text-anchor="start" transform="{place}" '
            f'{self.font(self.config["titleFontSize"])} font-weight="normal" '
            f'fill="{self.config["titleColor"]}" opacity="1">{_text(title["title"])}</text></g>',
        )

    @property
    def config(self) -> Mapping[str, Any]:
        """How axes look."""
        config: Mapping[str, Any] = self.spec["config"]["axis"]
        return config

    def font(self, size: float) -> str:
        return f'font-family="{self.spec["config"]["font"]}" font-size="{_js(size)}px"'

    def labels(self, told: Iterator[tuple[float, float, str]], channel: str) -> str:
        size, color = self.config["labelFontSize"], self.config["labelColor"]
        texts = (
            f'<text text-anchor="{self.anchor(x, channel)}" transform="{_move(x, y)}" {self.font(size)} '
            f'fill="{color}" opacity="1">{text}</text>'
            for x, y, text in told
        )
        return f'<g class="mark-text role-axis-label"{UNSEEN}>{"".join(texts)}</g>'

    def anchor(self, x: float, channel: str) -> str:
        """Return how a label lies about its place; at the ends of the horizontal axis it stays inside."""
        if channel == "y":
            return "end"
        if abs(x) < 1:
            return "start"
        return "end" if abs(x - self.width) < 1 else "middle"

    def x_labels(self) -> Iterator[tuple[float, float, str]]:
        axis = self.axes["x"]["axis"]
        down = self.config["labelPadding"] + _down("top", self.config["labelFontSize"])
        for value in axis["values"]:
            yield self.x(value), down, _day(value, axis["labelExpr"])

    def y_labels(self) -> Iterator[tuple[float, float, str]]:
        axis, down = self.axes["y"]["axis"], _down("middle", self.config["labelFontSize"])
        wording = {".3~%": _percent, ".3~s": _shortened}[axis["format"]]
        for value in axis["values"]:
            yield -self.config["labelPadding"], self.y(value) + down, wording(value)


@dataclass(frozen=True)
class _Marks:
    """One layer of a picture."""

    picture: _Picture
    layer: Spec
    number: int

    @property
    def mark(self) -> Mapping[str, Any]:
        mark: Mapping[str, Any] = self.layer["mark"]
        return mark

    @property
    def channels(self) -> Mapping[str, Any]:
        channels: Mapping[str, Any] = self.layer["encoding"]
        return channels

    @cached_property
    def rows(self) -> list[Row]:
        data = self.layer["data"]
        rows: list[Row] = data["values"] if "values" in data else self.picture.spec["datasets"][data["name"]]
        return rows

    @property
    def name(self) -> str:
        name: str = self.layer.get("name", f"layer_{self.number}")
        return name

    def parts(self) -> Iterator[str]:
        kind = self.mark["type"]
        if kind in ("line", "area"):
            yield from self.paths(kind)
            return
        role = TEXT if kind == "text" else SYMBOL.format("symbol" if kind == "point" else kind)
        one = {"rect": self.rect, "rule": self.rule, "point": self.point, "text": self.text}[kind]
        yield self.opened(kind if kind != "point" else "symbol", role, "".join(map(one, self.rows)))

    def opened(self, kind: str, role: str, content: str) -> str:
        start = f'<g class="mark-{kind} role-mark {self.name}_marks" {role}'
        return f"{start}>{content}</g>" if content else f"{start}/>"

    def told(self, row: Row, name: str) -> Any:
        """Return a property of a mark: one for all, or a column of the row."""
        value = self.mark.get(name)
        return row[value["expr"].removeprefix("datum.")] if isinstance(value, Mapping) else value

    def at(self, row: Row, name: str) -> float | None:
        """Return a place in pixels: of a value on its scale, or as the mark tells it."""
        if name in self.channels:
            place = self.picture.x if name.startswith("x") else self.picture.y
            return place(row[self.channels[name]["field"]])
        found: float | None = self.told(row, name)
        return found

    def shade(self, row: Row, name: str) -> str:
        """Return a colour or another look that a channel tells, or the mark."""
        channel = self.channels.get(name)
        if channel is None:
            return str(self.told(row, name))
        value, scale = row[channel["field"]], channel["scale"]
        return str(value if scale is None else scale["range"][scale["domain"].index(value)])

    def opacity(self, row: Row) -> str:
        channel = self.channels.get("opacity")
        opacity = row[channel["field"]] if channel else self.mark.get("opacity")
        return "" if opacity is None else f' opacity="{_js(opacity)}"'

    def rect(self, row: Row) -> str:
        ends = [self.at(row, name) for name in ("x", "x2", "y", "y2")]
        left, right, top, bottom = (0.0 if end is None else end for end in ends)
        box = _box(min(left, right), min(top, bottom), abs(right - left), abs(bottom - top))
        return f'<path d="{box}" fill="{self.shade(row, "fill")}"{self.opacity(row)}/>'

    def rule(self, row: Row) -> str:
        x, y = self.at(row, "x"), self.at(row, "y")
        if x is None or y is None:  # from one side of the plot to the other
            x, y, right, down = self.picture.width, y or 0.0, -self.picture.width, 0.0
        else:
            right, down = 0.0, (self.at(row, "y2") or 0.0) - y
        thick = f' stroke-width="{_js(self.mark["strokeWidth"])}"' if "strokeWidth" in self.mark else ""
        dash = self.told(row, "strokeDash")
        dashes = "" if dash is None else f' stroke-dasharray="{",".join(map(_js, dash))}"'
        line = f'<line transform="{_move(x, y)}" x2="{_js(right)}" y2="{_js(down)}"'
        return f'{line} stroke="{self.shade(row, "stroke")}"{thick}{dashes}{self.opacity(row)}/>'

    def point(self, row: Row) -> str:
        place = _move(self.at(row, "x") or 0.0, self.at(row, "y") or 0.0)
        radius = sqrt(self.mark["size"]) / 2
        highest = self.picture.axes["y"]["scale"]["domain"][1]
        beyond = "shape" in self.channels and row["value"] > highest
        return (
            f'<path transform="{place}" d="{(_triangle if beyond else _circle)(radius)}" '
            f'stroke="{self.shade(row, "stroke")}" stroke-width="{_js(self.mark["strokeWidth"])}"'
            f"{self.opacity(row)}/>"
        )

    def text(self, row: Row) -> str:
        text, size = self.words(row), self.mark["fontSize"]
        x, y = (self.at(row, "x") or 0.0) + self.mark.get("dx", 0), self.at(row, "y") or 0.0
        down = (self.told(row, "dy") or 0) + _down(self.mark.get("baseline", "middle"), size)
        turned = f" rotate({_js(self.mark['angle'])}) {_move(0, down)}" if "angle" in self.mark else ""
        weight = f' font-weight="{self.mark["fontWeight"]}"' if "fontWeight" in self.mark else ""
        anchor = ANCHORS[self.told(row, "align") or "center"]
        return (
            f'<text text-anchor="{anchor}" transform="{_move(x, y if turned else y + down)}{turned}" '
            f'{self.picture.font(size)}{weight} fill="{self.shade(row, "fill")}"{self.opacity(row)}'
            + (f">{_text(text)}</text>" if text else "/>")
        )

    def words(self, row: Row) -> str:
        """Return a text without the space around it, as far as there is room."""
        text, limit = str(row[self.channels["text"]["field"]]), self.mark.get("limit")
        return _within(text, self.mark["fontSize"], limit) if limit else text.strip()

    def paths(self, kind: str) -> Iterator[str]:
        """Yield the paths, one for each value of what tells them apart, each in a group of its own."""
        path = self.line if kind == "line" else self.area
        told = self.channels["detail"]["field"]
        groups: dict[Any, list[Row]] = {}
        for value, rows in groupby(self.rows, lambda row: row[told]):
            groups.setdefault(value, []).extend(rows)
        start = f'<g class="mark-group role-scope {self.name}_pathgroup" {GROUP}'
        role, end = SYMBOL.format(kind), f"</g>{FOREGROUND.format('')}</g>"
        whole = "".join(
            f"{self.picture.ground}{self.opened(kind, role, path(rows))}{end}" for rows in groups.values()
        )
        yield f"{start}>{whole}</g>" if whole else f"{start}/>"

    def line(self, rows: list[Row]) -> str:
        path = self.along(rows, "value")
        return (
            f'<path d="M{path}{"Z" if len(rows) == 1 else ""}" stroke="{self.shade(rows[0], "stroke")}" '
            f'stroke-width="{_js(self.mark["strokeWidth"])}" stroke-linejoin="{self.mark["strokeJoin"]}" '
            f'stroke-dasharray="{",".join(map(_js, self.dash(rows[0])))}"/>'
        )

    def dash(self, row: Row) -> list[float]:
        scale = self.channels["strokeDash"]["scale"]
        found: list[float] = scale["range"][scale["domain"].index(row["dashed"])]
        return found

    def area(self, rows: list[Row]) -> str:
        edge = f"M{self.along(rows, 'low')}L{self.along(rows[::-1], 'high')}Z"
        return f'<path d="{edge}" fill="{self.shade(rows[0], "fill")}"{self.opacity(rows[0])}/>'

    def along(self, rows: list[Row], height: str) -> str:
        x, y = self.picture.x, self.picture.y
        return "L".join(
            f"{_thousandths(floor(x(row['day']) * 1000 + 0.5))},"
            f"{_thousandths(floor(y(row[height]) * 1000 + 0.5))}"
            for row in rows
        )


def _axis(down: float, *parts: str) -> Iterator[str]:
    yield (
        f'<g class="mark-group role-axis" aria-hidden="true"><g transform="{_move(0.5, down)}">'
        f'<path class="background" aria-hidden="true" d="{_box(0, 0, 0, 0)}"{UNSEEN}/><g>'
    )
    yield from parts
    yield f"</g>{FOREGROUND.format(UNSEEN)}</g></g>"


def _js(number: float) -> str:
    """Return a number as JavaScript writes it."""
    if number == int(number):
        return str(int(number))
    text = repr(number)
    return f"{Decimal(text):f}" if "e" in text and abs(number) >= 1e-6 else text.replace("e-0", "e-")


@lru_cache(100_000)
def _thousandths(count: int) -> str:
    """Return a number of thousandths, as a path has them."""
    return _js(count / 1000)


def _move(x: float, y: float) -> str:
    return f"translate({_js(x)},{_js(y)})"


def _box(left: float, top: float, width: float, height: float) -> str:
    return f"M{_js(left)},{_js(top)}h{_js(width)}v{_js(height)}h{_js(-width) if width else '0'}Z"


def _circle(radius: float) -> str:
    r = _thousandths(floor(radius * 1000 + 0.5))
    return f"M{r},0A{r},{r},0,1,1,-{r},0A{r},{r},0,1,1,{r},0"


def _triangle(radius: float) -> str:
    wide = _thousandths(floor(radius * 1000 + 0.5))
    high = _thousandths(floor(radius * sqrt(3) / 2 * 1000 + 0.5))
    return f"M0,-{high}L-{wide},{high}L{wide},{high}Z"


def _down(baseline: str, size: float) -> int:
    return floor(BASELINES[baseline] * size + 0.5)


def _text(text: str) -> str:
    return escape(text, quote=False)


def _within(text: str, size: float, limit: float) -> str:
    """Return a text as far as there is room for it, and for the sign that it goes on."""
    if _width(text) * size <= limit:
        return text.strip()
    fit = (n for n in range(len(text), -1, -1) if _width(f"{text[:n]}…") * size < limit)
    return f"{text[: next(fit, 0)]}…"


def _width(text: str) -> float:
    return sum(WIDTH_OF.get(letter, WIDEST) for letter in text) / 1000


def _day(value: int, expression: str) -> str:
    """Return a day number in words, as the expression of a label has it."""
    day = EPOCH + timedelta(days=value)
    if expression.endswith(AGE):
        return str(day.year - 2000)
    if expression.endswith(MONTH):
        return f"{MONTHS[day.month - 1]} {day.year}"
    return str(day.year)


def _percent(value: float) -> str:
    return f"{_trimmed(f'{value * 100:.3f}')}%"


def _shortened(value: float) -> str:
    """Return a value with three digits and the prefix of its thousands."""
    if not value:
        return "0"
    exact = Decimal(value)
    digits = exact.quantize(Decimal(1).scaleb(exact.adjusted() - 2), ROUND_HALF_UP)
    thousands = digits.adjusted() // 3
    return _trimmed(f"{digits.scaleb(-3 * thousands):f}") + PREFIXES[thousands]


def _trimmed(number: str) -> str:
    return number.rstrip("0").rstrip(".") if "." in number else number
