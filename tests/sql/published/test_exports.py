"""The exported files have the rows of the tables, can be read from anywhere, and say what they are."""

import csv
import hashlib
import json
import shutil
from datetime import date
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import duckdb
import pytest
import requests

from reports.build.site import build_site
from warehouse.config.terms import TERMS
from warehouse.published.exports import write_exports
from warehouse.published.open import open_published

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def data(published_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The exports of the small published file."""
    folder = tmp_path_factory.mktemp("exports") / "data"
    write_exports(published_file, folder)
    return folder


@pytest.fixture(scope="module")
def manifest(data: Path) -> dict[str, dict[str, object]]:
    """What the manifest says of each table."""
    tables = json.loads((data / "manifest.json").read_text())["tables"]
    return {table["table"]: table for table in tables}


def test_every_table_is_exported_with_all_its_rows(data: Path, published_file: Path, manifest):
    """Parquet gives back the very rows and types, CSV as many lines; no table is left out."""
    with open_published(published_file) as published:
        tables = published.tables()
        assert sorted(manifest) == tables and "observations" in tables
        for table in tables:
            names, rows = published.query(f"from {table}")
            types = published.query(f"select column_type from (describe {table})")[1]
            with duckdb.connect() as reader:
                reader.execute("set TimeZone = 'UTC'")
                parquet = f"'{data}/{table}.parquet'"
                assert reader.execute(f"from {parquet}").fetchall() == rows
                assert (
                    reader.execute(f"select column_type from (describe from {parquet})").fetchall() == types
                )
            with (data / f"{table}.csv").open(newline="") as file:
                lines = list(csv.reader(file))
            assert lines[0] == names and len(lines) == len(rows) + 1
            assert manifest[table]["rows"] == len(rows)


def test_the_manifest_describes_the_files(data: Path, manifest):
    """Size and digest are those of the file; every file of rows is listed once."""
    listed = [file for table in manifest.values() for file in table["files"]]

    assert sorted(file["path"] for file in listed) == sorted(
        path.name for path in data.iterdir() if path.suffix in (".parquet", ".csv")
    )
    for file in listed:
        content = (data / file["path"]).read_bytes()
        assert (file["bytes"], file["sha256"]) == (len(content), hashlib.sha256(content).hexdigest())


def test_the_manifest_says_what_a_table_is(data: Path, manifest):
    """Range, sample flag, sources with terms, caveats, citation and columns, told from the file itself."""
    adoption = manifest["adoption_monthly"]
    assert {name: adoption[name] for name in ("first_period", "last_period", "rows", "sample")} == {
        "first_period": "2021-02-01",
        "last_period": "2025-02-28",
        "rows": 75,
        "sample": True,
    }
    assert adoption["sample_told_by"] == [
        *("downloads_state", "search_state", "pageviews_state"),
        *("downloads_share_state", "downloads_yoy_state", "search_share_state", "pageviews_share_state"),
    ]
    assert set(adoption["sources"]) == {"google_trends", "pypi", "wikipedia"}
    assert adoption["citation"] == (
        "Barometer 0.1.0, table adoption_monthly, as of 2025-03-10, "
        "from figures of google_trends, pypi, wikipedia"
    )
    assert "Pageviews: A view is curiosity, not use." in " ".join(adoption["caveats"])
    assert adoption["columns"][2] == {
        "name": "downloads",
        "type": "BIGINT",
        "definition": "Index downloads in the complete month, known mirrors left out, summed over those "
        "packages of the subject that counted then and are not pulled in by another.",
        "unit": "downloads",
        "source": "pypi",
        "caveat": "Null unless every day of each is known. Machines are included, other indexes are not.",
    }
    assert (manifest["community_monthly"]["sample"], manifest["observations"]["sample"]) == (False, True)
    assert (manifest["subjects"]["first_period"], manifest["subjects"]["sources"]) == (None, {})


def test_the_metadata_of_a_table_stands_beside_it(data: Path, manifest):
    """The same as in the manifest, with the build it is of."""
    metadata = json.loads((data / "observations.metadata.json").read_text())

    assert metadata.items() >= manifest["observations"].items()
    assert metadata["built_at"] == metadata["as_of"] == "2025-03-10T06:00:00+00:00"
    assert (metadata["demo"], metadata["question"]) == (False, "Which?")


def test_the_dictionary_defines_every_column(data: Path):
    """Of every table, column and macro there is a definition."""
    dictionary = json.loads((data / "dictionary.json").read_text())

    columns = [
        (table["name"], column["name"], column["meaning"]["definition"])
        for table in dictionary["tables"]
        for column in table["columns"]
    ]
    assert len(columns) > 70
    assert [place for *place, definition in columns if not definition] == []
    told = dictionary["tables"] + dictionary["macros"]
    assert [one["name"] for one in told if not one["meaning"]["definition"]] == []
    assert {macro["name"]: macro["parameters"] for macro in dictionary["macros"]}["yoy"] == ["metric"]


def test_the_same_file_makes_the_same_bytes(data: Path, published_file: Path, tmp_path: Path):
    """Whenever and wherever it is exported."""
    write_exports(published_file, tmp_path / "again")

    again = {path.name: path.read_bytes() for path in (tmp_path / "again").iterdir()}
    assert again == {path.name: path.read_bytes() for path in data.iterdir()}


def test_the_site_serves_them_over_http(published_file: Path, tmp_path: Path):
    """What comes over HTTP has the manifest's digest and is the table; charts are drawn of other tables."""
    shutil.copy(published_file, tmp_path)
    with duckdb.connect(tmp_path / published_file.name) as undrawn:
        undrawn.execute("delete from observations")
    written = build_site(tmp_path / published_file.name, tmp_path / "site")
    assert tmp_path / "site" / "data" / "adoption_monthly.parquet" in written

    handler = partial(Quiet, directory=tmp_path / "site")
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_port}/data"
        tables = requests.get(f"{url}/manifest.json", timeout=10).json()["tables"]
        (parquet,) = (file for file in tables[0]["files"] if file["format"] == "parquet")
        content = requests.get(f"{url}/{parquet['path']}", timeout=10).content
        server.shutdown()

    assert hashlib.sha256(content).hexdigest() == parquet["sha256"]
    (tmp_path / "fetched.parquet").write_bytes(content)
    with duckdb.connect() as reader:
        newest = reader.execute(
            f"select subject_id, month, downloads from '{tmp_path}/fetched.parquet' "
            "where downloads is not null order by month desc, 1 limit 1"
        ).fetchall()
    assert newest == [("one", date(2025, 2, 1), 2600)]


class Quiet(SimpleHTTPRequestHandler):
    """Serves a folder and says nothing."""

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def test_the_terms_are_those_of_the_documentation():
    """One sentence a source, word for word, in its own notes."""
    assert len(TERMS) > 4
    for source_id, terms in TERMS.items():
        told = " ".join((ROOT / "flows/sources" / source_id / "notes.md").read_text().split())
        assert f"**Terms**: {terms}" in told
