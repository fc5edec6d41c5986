"""The files for programs: of the shape the schema says, equal to their SQL, safe in a spreadsheet."""

import csv
import io
import json
import re
import xml.etree.ElementTree as ET
from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace
from zlib import crc32, decompress

import jsonschema
import pytest
import vl_convert
from markupsafe import Markup

from reports.build import api
from reports.build.api import series_csv
from reports.build.feeds import json_feed
from reports.build.files import key_of
from reports.build.site import build_site
from reports.charts.annotations import Annotation
from reports.charts.painting.painters import packed
from reports.charts.render import Drawing
from reports.data.declared import declared
from reports.data.records import Point
from reports.findings.changes import Changes, Entry
from warehouse.published.open import open_published

ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture(scope="module")
def files(usual_site: Path) -> dict[str, Path]:
    """The series of the usual site by key."""
    found = {path.stem: path for path in (usual_site / "api" / "series").glob("*.json")}
    with open_published(usual_site.parent / "barometer.duckdb") as published:
        known = {row["metric_id"] for row in published.rows("select metric_id from metrics")}
    views = {key for key, one in declared().items() if one.view and one.metric.id in known}
    assert len(views) > 6 and views < set(found) and "packages-pytorch" in found
    return found


def test_every_series_is_of_the_schema(usual_site: Path, files: dict[str, Path]) -> None:
    """Each file is what the schema beside it promises; the index names them all."""
    schema = json.loads((usual_site / "api" / "schema.json").read_text())
    validator = jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker())

    for path in files.values():
        validator.validate(json.loads(path.read_text()))
    index = json.loads((usual_site / "api" / "index.json").read_text())
    assert {row["series"] for row in index["series"]} == set(files)
    assert all((usual_site / "api" / row["json"]).exists() for row in index["series"])


def test_a_long_series_is_a_file_of_csv_alone(
    publish: Callable[[object], Path],
    make: SimpleNamespace,
    tmp_path: Path,
    drawing_cache: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """No page links, and no list names, a file that is not there; what is short is JSON, too."""
    monkeypatch.setattr(api, "MOST_JSON_POINTS", 60)
    build_site(publish(make.usual_tables()), tmp_path / "site", cache=drawing_cache)
    series = tmp_path / "site" / "api" / "series"
    points = {path.stem: len(path.read_text().splitlines()) - 1 for path in series.glob("*.csv")}

    short = {key for key, count in points.items() if count <= 60}
    assert short and short < set(points)
    assert {path.stem for path in series.glob("*.json")} == short
    index = json.loads((tmp_path / "site" / "api" / "index.json").read_text())
    assert {row["series"] for row in index["series"] if "json" in row} == short
    assert {row["csv"] for row in index["series"]} == {f"series/{key}.csv" for key in points}
    pages = "".join(page.read_text() for page in (tmp_path / "site").glob("*.html"))
    assert set(re.findall(r'href="api/series/(\w+)\.json"', pages)) == short
    assert set(re.findall(r'href="api/series/(\w+)\.csv"', pages)) == set(points)


def test_the_sql_gives_the_figures(usual_site: Path, files: dict[str, Path]) -> None:
    """The query that a chart shows gives exactly the rows of its CSV, in their order."""
    with open_published(usual_site.parent / "barometer.duckdb") as published:
        for key, path in files.items():
            names, rows = published.query(json.loads(path.read_text())["sql"])
            given = [["" if value is None else str(value) for value in row] for row in rows]
            told = list(csv.reader(io.StringIO(path.with_suffix(".csv").read_text())))
            columns = [told[0].index(name) for name in names]
            assert given == [[row[column] for column in columns] for row in told[1:]], key


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@a", "\tx"])
def test_csv_is_safe_in_a_spreadsheet(make: SimpleNamespace, text: str) -> None:
    """Text that a spreadsheet would run as a formula is marked as text; a negative number stays one."""
    point = Point("a", date(2025, 1, 1), date(2025, 1, 1), -5.0, basis=text)

    _, row = csv.reader(io.StringIO(series_csv(make.series("github_stars_total", point))))

    assert (row[3], row[7]) == ("-5.0", f"'{text}")


def test_the_feeds_tell_the_same_changes(usual_site: Path) -> None:
    """Atom and JSON Feed hold the same entries, each with an identity, a time and an address."""
    atom = ET.parse(usual_site / "feed.xml").getroot()
    entries = atom.findall(f"{ATOM}entry")
    feed = json.loads((usual_site / "feed.json").read_text())

    assert [entry.findtext(f"{ATOM}id") for entry in entries] == [item["id"] for item in feed["items"]]
    assert "30 January 2024: 2.2.0" in [entry.findtext(f"{ATOM}title") for entry in entries]
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert all(item["id"].startswith("urn:uuid:") for item in feed["items"])
    assert all(item["url"].startswith("https://example.org/b/") for item in feed["items"])
    assert atom.findtext(f"{ATOM}updated") == "2025-08-06T06:00:00+00:00"


def test_a_feed_of_a_site_without_address_names_none() -> None:
    """JSON Feed has whole addresses alone; what a reader's program cannot follow is left out."""
    day = datetime(2025, 8, 6, 6, tzinfo=UTC)
    entry = Entry("a", day.date(), "event", "It was closed", "index", "https://example.org/7", day)
    told = json.loads(json_feed(Changes((entry,), {}, None), "Which?", ""))

    (item,) = told["items"]
    assert (item["external_url"], item["content_text"]) == ("https://example.org/7", "It was closed")
    assert "url" not in item and "home_page_url" not in told


@pytest.mark.parametrize(
    ("value", "text"), [(1e-05, "0.00001"), (2.5e17, "250000000000000000"), (3.0, "3.0")]
)
def test_a_number_in_csv_has_no_exponent(make: SimpleNamespace, value: float, text: str) -> None:
    """Some programs take a column with one for text."""
    point = Point("a", date(2025, 1, 1), date(2025, 1, 1), value, basis="counted")

    _, row = csv.reader(io.StringIO(series_csv(make.series("github_stars_total", point))))

    assert (row[3], float(row[3])) == (text, value)


def test_badges_and_pictures_stand_alone(usual_site: Path) -> None:
    """Every SVG file is well-formed, has a title, and refers to nothing outside itself."""
    pictures = [*(usual_site / "badges").glob("*.svg"), *(usual_site / "pictures").glob("*.svg")]

    assert len(pictures) > 40
    for path in pictures:
        text = path.read_text()
        assert ET.fromstring(text).find("{http://www.w3.org/2000/svg}title") is not None
        assert "var(--" not in text and "href" not in text
    assert "sample data" in (usual_site / "badges" / "pytorch-google_trends_interest.svg").read_text()
    assert "stale" in (usual_site / "badges" / "pytorch-stackoverflow_questions.svg").read_text()


def test_a_picture_tells_what_its_numbers_stand_for() -> None:
    """Where the marks of a chart have numbers in place of names, whoever copies it has the key, too."""
    marks = [
        Annotation("break", date(2024, 2, 21), date(2024, 2, 21), "recounted", "Forks recounted"),
        Annotation("fault", date(2024, 3, 1), date(2024, 4, 30), "dry", "Logs ran dry"),
    ]
    drawing = Drawing(Markup(), Markup(), {}, marks, numbered=True)

    told = ["(1) 21 February 2024: Forks recounted", "(2) March to April 2024: Logs ran dry"]
    assert list(key_of(drawing)) == told
    assert list(key_of(replace(drawing, numbered=False))) == []


def test_a_picture_is_packed_without_a_loss() -> None:
    """The same pixels in less than half of the bytes, and each chunk with its check."""
    picture = '<svg xmlns="http://www.w3.org/2000/svg" width="300" height="200"><circle r="150"/></svg>'
    painted = vl_convert.svg_to_png(picture, scale=2)

    def read(png: bytes) -> dict[bytes, bytes]:
        found, at = defaultdict[bytes, bytes](bytes), 8
        while at < len(png):
            length = int.from_bytes(png[at : at + 4], "big")
            kind, told, check = (
                png[at + 4 : at + 8],
                png[at + 8 : at + 8 + length],
                png[at + 8 + length :][:4],
            )
            assert int.from_bytes(check, "big") == crc32(kind + told)
            found[kind] += told
            at += 12 + length
        return found

    before, after = read(painted), read(packed(painted))
    assert decompress(after.pop(b"IDAT")) == decompress(before.pop(b"IDAT"))
    assert (after, packed(painted)[:8]) == (before, painted[:8])
    assert len(packed(painted)) < len(painted) / 2


def test_every_picture_has_its_png(usual_site: Path) -> None:
    """Each chart's picture is there as PNG too, and each page that is shared names one that is there."""
    for svg in (usual_site / "pictures").glob("*.svg"):
        assert svg.with_suffix(".png").read_bytes().startswith(b"\x89PNG")
    pages = {page.stem: page.read_text() for page in usual_site.glob("*.html")}
    named = {
        name: re.findall('property="og:image" content="https://example.org/b/(.*?)"', text)
        for name, text in pages.items()
    }

    assert {name for name, pictures in named.items() if not pictures} == {"404", "barometer"}
    for name, pictures in named.items():
        assert pictures in ([], [f"pictures/{name}.png"])
        assert all((usual_site / picture).is_file() for picture in pictures)
    assert not (usual_site / "pictures/404.png").exists()
