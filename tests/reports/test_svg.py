"""Still pictures are, byte for byte, what Vega makes of the same specification."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import vl_convert

from reports.build.files import pages_of
from reports.charts.annotations import Annotation
from reports.charts.content import Content
from reports.charts.datasets import datasets
from reports.charts.figure import FULL
from reports.charts.layout import Size, layout
from reports.charts.painting.svg import as_svg
from reports.charts.spec import Spec, line_chart, still
from reports.charts.weightings.boxes import drawn
from reports.charts.weightings.draw import chart
from reports.data.evidence import Evidence
from reports.data.records import Point
from reports.findings.changes import changes
from reports.findings.segments import Segment
from reports.findings.weightings import weightings

NAMES = ("PyTorch", "TensorFlow")
WIDE, NARROW = FULL


def specified(content: Content, size: Size) -> Spec:
    """Return the specification of a still picture."""
    first = content.at_first
    return still(line_chart(layout(first, size)), datasets(first))


def vegas(spec: Spec) -> str:
    """Return what Vega draws."""
    svg: str = vl_convert.vegalite_to_svg(spec, allowed_base_urls=[])
    return svg


def content_of(make: SimpleNamespace, *points: Point, names: tuple[str, ...] = NAMES, **rest: Any) -> Content:
    """Return what a chart of the points shows, each subject's in one segment."""
    subjects = make.subjects(*names)
    segments = [
        Segment(one.subject_id, tuple(point for point in points if point.subject_id == one.subject_id))
        for one in subjects
    ]
    told = [segment for segment in segments if segment.points]
    return Content(
        make.series(rest.pop("metric", "pypi_downloads"), *points),
        subjects,
        told,
        rest.pop("marked", ()),
        **rest,
    )


def test_every_chart_of_a_site(
    make: SimpleNamespace, read: Callable[[Any], Evidence], tmp_path: Path
) -> None:
    """Shares and counts, by date and by age, stacks, bands, faults, unusual figures, samples, all sizes."""
    evidence = read(make.usual_tables() | make.later_tables())
    pages = pages_of(evidence, changes(evidence, None), tmp_path)
    figures = [figure for page in pages for figure in page.figures if figure.content]
    specs = [specified(one.content, size) for one in figures if one.content for size in one.sizes]
    layers = {layer["name"] for spec in specs for layer in spec["layer"]}

    assert {"shading", "bands", "lines", "rules", "names", "ends", "sample"} <= layers
    assert len(specs) > 50
    assert [spec for spec in specs if as_svg(spec) != vegas(spec)] == []


def odd_contents(make: SimpleNamespace) -> Iterator[tuple[str, Content]]:
    """Yield contents that no usual site has, by what is odd in them."""
    low = make.month_points("pytorch", "2025-01", [0, 1e-9, 0.0123456, 0.02])
    yield "thousandths", content_of(make, *low)
    yield (
        "millions",
        content_of(make, *make.month_points("pytorch", "2020-01", [1234567.0 * n for n in range(40)])),
    )
    yield (
        "thousand millions",
        content_of(make, *make.month_points("pytorch", "2025-01", [1e9, 3.25e9, 7.5e12])),
    )
    yield "a point", content_of(make, *make.month_points("pytorch", "2025-01", [5]))
    yield "ends of the axis", content_of(make, *make.month_points("pytorch", "2000-01", [*range(312)]))
    yield "nothing but zero", content_of(make, *make.month_points("tensorflow", "2025-01", [0, 0, 0]))
    points = make.month_points("pytorch", "2024-01", [1, 2, 3, 4])
    far = replace(points[2], value=900.0, state="suspect", reason="far")
    yield (
        "beyond the axis",
        content_of(make, *points, unusual=(far, replace(far, subject_id="tensorflow", value=2.0))),
    )
    yield "a band", content_of(make, points[0], *(replace(one, low=0.5, high=9.0) for one in points[1:]))
    day = date(2024, 2, 10)
    odd = Annotation("event", day, day, 'A < B & "C" \N{EN DASH} 中文  x', "Odd")
    yield "letters", content_of(make, *points, marked=(odd, replace(odd, first_day=day + timedelta(days=9))))
    yield (
        "half",
        content_of(
            make,
            *(
                Point(name.lower(), one, one, value)
                for name, value in zip(NAMES, (0.3, 0.7), strict=True)
                for one in (day, date(2025, 2, 1))
            ),
            metric="stackoverflow_questions_share_of_rivals",
        ),
    )
    long = ("Weights & Biases <for> all", "MMMMMMMMMMMM")
    ids = [one.subject_id for one in make.subjects(*long)]
    yield (
        "long names",
        content_of(make, *(replace(one, subject_id=name) for name in ids for one in points), names=long),
    )


@pytest.mark.parametrize("size", [WIDE, Size(470, 220), NARROW])
def test_what_is_odd(make: SimpleNamespace, size: Size) -> None:
    """Small and large numbers, letters that XML reserves, long names, a single figure, ends of axes."""
    specs = {what: specified(content, size) for what, content in odd_contents(make)}

    assert [what for what, spec in specs.items() if as_svg(spec) != vegas(spec)] == []


def test_a_long_name_is_cut_off_where_its_room_ends(make: SimpleNamespace) -> None:
    """Where Vega does, or a letter before: it moves some pairs of letters together."""
    names = (
        "Hugging Face Transformers",
        "Weights & Biases",
        "Vue.js and friends",
        "tensorboardX",
        "MMMMMMMMMMMM",
    )
    ids = [one.subject_id for one in make.subjects(*names)]
    points = [point for name in ids for point in make.month_points(name, "2025-01", [1, 2])]
    spec = specified(content_of(make, *points, names=names), NARROW)
    found, wanted = (
        re.findall(r'font-weight="600"[^>]*>(.*?)</text>', draw(spec)) for draw in (as_svg, vegas)
    )

    assert found[3] == wanted[3] == "tensorboardX"
    assert found[4] == "MMMMMMM…"
    assert all(full.startswith(cut[:-1]) for cut, full in zip(found, wanted, strict=True))
    assert all(len(full) - len(cut) in (0, 1) for cut, full in zip(found, wanted, strict=True))


def test_weightings(make: SimpleNamespace, read: Callable[[Any], Evidence]) -> None:
    """Boxes and words stand where Vega puts them, of two and of four that are compared."""
    led = {"PyTorch": 0.61, "TensorFlow": 0.2, "JAX": 0.1, "A & B": 0.0}
    for names in (NAMES, tuple(led)):
        tables = make.weighted_tables({name.lower(): led[name] for name in names})
        evidence = read(make.usual_tables(*names) | tables)
        shown = drawn(weightings(evidence), evidence.subjects, WIDE.width)
        spec = chart(shown, WIDE.width)

        assert len(shown.parts) > 4
        assert as_svg(spec) == vegas(spec)
