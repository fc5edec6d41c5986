"""What is drawn: names apart, bands that end where they are not known, marks at the edge of the plot."""

import json
import re
from dataclasses import replace
from datetime import date
from itertools import pairwise
from types import SimpleNamespace

import altair as alt

from reports.charts.annotations import Annotation, annotations
from reports.charts.content import Content
from reports.charts.datasets import datasets
from reports.charts.layout import Size, layout
from reports.charts.painting.svg import as_svg
from reports.charts.spec import line_chart, still
from reports.data.records import Point
from reports.data.series import Series
from reports.findings.segments import segments, unusual

NAMES = ("PyTorch", "TensorFlow", "JAX", "Keras")


def content_of(make: SimpleNamespace, series: Series, *extra: Annotation) -> Content:
    """Return what a chart of the series shows."""
    evidence = make.evidence_of(series, names=NAMES)
    marked = [*annotations(series, evidence), *extra]
    hollow = unusual(series, evidence.events)
    return Content(series, evidence.subjects, segments(series, evidence.events), marked, unusual=hollow)


def picture(content: Content, size: Size) -> str:
    """Return the SVG of a content."""
    spec = line_chart(layout(content, size))
    return as_svg(still(spec, datasets(content)))


def heights(svg: str, names: tuple[str, ...]) -> list[float]:
    """Return how far down each of the names stands."""
    places = (re.search(rf'translate\([\d.-]+,([\d.-]+)\)"[^>]*>{name}</text>', svg) for name in names)
    return sorted(float(place.group(1)) for place in places if place)


def test_names_at_line_ends_do_not_overlap(make: SimpleNamespace) -> None:
    """Four lines that end at almost the same figure have names a line of text apart, inside the picture."""
    points = [
        point
        for number, name in enumerate(NAMES)
        for point in make.month_points(name.lower(), "2025-01", [5, 100 + number])
    ]
    content = content_of(make, make.series("pypi_downloads", *points))

    for size in (Size(690, 290), Size(330, 190)):
        found = heights(picture(content, size), NAMES)
        assert len(found) == 4
        assert all(lower - upper >= 14 for upper, lower in pairwise(found))


def test_a_whole_specification_is_one_that_vega_lite_knows(make: SimpleNamespace) -> None:
    """With every layer there is."""
    points = [
        point
        for number, name in enumerate(NAMES)
        for point in make.month_points(name.lower(), "2023-01", [5 + number * n for n in range(24)])
    ]
    points[5] = replace(points[5], state="suspect", reason="twice the usual")
    points[30] = replace(points[30], low=1.0, high=90.0)
    content = content_of(
        make,
        make.series("pypi_downloads", *points),
        Annotation("release", date(2024, 3, 1), date(2024, 3, 1), "2.0", ""),
    )

    for size in (Size(690, 290), Size(330, 190)):
        chart = alt.Chart.from_json(json.dumps(line_chart(layout(content, size))), validate=True)
        assert chart.to_dict(validate=True)["layer"]


def test_a_gap_is_a_second_path(make: SimpleNamespace) -> None:
    """Either side of a missing month is a path of its own."""
    content = content_of(
        make, make.series("pypi_downloads", *make.month_points("pytorch", "2024-01", [1, 2, None, 4, 5]))
    )

    assert len(re.findall(r'<path[^>]*stroke="var\(--s1\)"', picture(content, Size(690, 290)))) == 2


def test_a_band_ends_where_its_low_is_not_known(make: SimpleNamespace) -> None:
    """Between two months with a low figure and one without, the band is not drawn on."""
    points = [
        Point("pytorch", date(2024, month, 1), date(2024, month, 28), 10, low)
        for month, low in enumerate([5, 6, None, 7], 1)
    ]

    rows = datasets(content_of(make, make.series("pypi_downloads", *points)))["bands"]

    assert [(row["part"], row["low"]) for row in rows] == [("0.0", 5), ("0.0", 6), ("0.1", 7)]


def test_a_stretch_beyond_the_figures_is_cut_off(make: SimpleNamespace) -> None:
    """A fault that began before the first figure is shaded from the edge of the plot on."""
    series = make.series("pypi_downloads", *make.month_points("pytorch", "2024-03", [1, 2]))
    fault = Annotation("fault", date(2023, 1, 1), date(2024, 3, 10), "Logs ran dry", "Logs ran dry")

    laid_out = layout(content_of(make, series, fault), Size(690, 290))

    assert laid_out.x(fault.first_day) == 0
    assert [(label.text, label.left) for label in laid_out.labels or ()] == [("Logs ran dry", 0)]


def test_marks_are_numbered_on_a_phone(make: SimpleNamespace) -> None:
    """A narrow drawing has numbers where the wide one has names."""
    series = make.series("pypi_downloads", *make.month_points("pytorch", "2024-01", [1, 2, 3, 4]))
    event = Annotation("event", date(2024, 2, 10), date(2024, 2, 10), "ChatGPT released", "ChatGPT released")
    content = content_of(make, series, event)

    assert ">ChatGPT released</text>" in picture(content, Size(690, 290))
    narrow = picture(content, Size(330, 190))
    assert ">1</text>" in narrow
    assert "ChatGPT" not in narrow


def test_unusual_figures_are_hollow_and_off_the_line(make: SimpleNamespace) -> None:
    """Each has its place and its reason; one far beyond the line stands at the edge and sets no scale."""
    points = [
        *make.month_points("pytorch", "2024-01", [10, 12]),
        *make.month_points("pytorch", "2024-03", [14], state="suspect", reason="1.4 times what is usual"),
        *make.month_points("pytorch", "2024-04", [12]),
        *make.month_points("pytorch", "2024-05", [900], state="suspect", reason="70 times what is usual"),
        *make.month_points("pytorch", "2024-06", [11]),
    ]

    content = content_of(make, make.series("pypi_downloads", *points))
    svg = picture(content, Size(690, 290))

    assert [row["value"] for row in datasets(content)["unusual"]] == [14, 900]
    told = [row["s1"] for row in datasets(content)["tooltips"] if "unusual" in row["s1"]]
    assert told == ["14 (unusual: 1.4 times what is usual)", "900 (unusual: 70 times what is usual)"]
    drawn = svg[svg.index("unusual_marks") : svg.index("rules_marks")]
    shapes = re.findall(r'translate\([\d.]+,([\d.]+)\)" d="([^"]*)" stroke="var\(--s1\)"', drawn)
    assert [float(down) == 0 for down, _ in shapes] == [False, True]
    assert ["A" in shape for _, shape in shapes] == [True, False]  # a circle, a triangle
    assert "fill=" not in drawn
    assert ">900</text>" not in svg and ">15</text>" in svg


def test_an_ordinary_chart_has_no_hollow_mark(make: SimpleNamespace) -> None:
    """Where nothing is unusual no such layer is drawn."""
    content = content_of(
        make, make.series("pypi_downloads", *make.month_points("pytorch", "2024-01", [1, 2]))
    )

    assert "unusual" not in str(line_chart(layout(content, Size(690, 290)))["layer"])
