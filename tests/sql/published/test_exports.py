"""The exported files have the rows of the tables, can be read from anywhere, and say what they are."""

import csv
import hashlib
import json
import shutil
from collections.abc import Callable
from datetime import date
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import duckdb
import pyarrow
import pyarrow.parquet
import pytest
import requests
import yaml

from reports.build.site import build_site
from warehouse.config.terms import TERMS
from warehouse.published import exports
from warehouse.published.croissant import DATA_TYPES, croissant
from warehouse.published.exports import write_exports
from warehouse.published.open import open_published
from warehouse.published.row_files import FileFormat, copy_rows, open_writer

# What the declared types of columns are to other readers of Parquet.
ARROW = {
    "string": pyarrow.string(),
    "number": pyarrow.float64(),
    "boolean": pyarrow.bool_(),
    "date": pyarrow.date32(),
    "datetime": pyarrow.timestamp("us", "UTC"),
}
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


def test_a_table_of_too_many_rows_has_no_file_and_says_how_to_get_one(
    published_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """Of hundreds of subjects it would be gigabytes; the data package names the files that are there."""
    monkeypatch.setattr(exports, "MOST_ROWS", 40)
    shutil.copy(published_file, tmp_path)
    with duckdb.connect(tmp_path / published_file.name) as undrawn:
        undrawn.execute("delete from observations")
    build_site(tmp_path / published_file.name, tmp_path / "site")
    data, page = tmp_path / "site" / "data", (tmp_path / "site" / "data.html").read_text()

    tables = json.loads((data / "manifest.json").read_text())["tables"]
    large = {table["table"] for table in tables if table["rows"] > 40}
    assert "metrics" in large and "subjects" not in large
    for table in tables:
        there = {path.suffix for path in data.glob(f"{table['table']}.*")} - {".json"}
        assert there == (set() if table["table"] in large else {".csv", ".parquet"})
        assert len(table["files"]) == len(there)
    package = json.loads((data / "datapackage.json").read_text())
    named = {one["name"] for one in package["resources"]}
    assert named == {table["table"] for table in tables} - large
    assert {
        key["reference"]["resource"] for one in package["resources"] for key in one["schema"]["foreignKeys"]
    } <= named
    assert 'barometer sql "from metrics" --output metrics.parquet' in page
    assert "--output subjects.parquet" not in page


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


def emptied(file: duckdb.DuckDBPyConnection, table: str) -> None:
    file.execute(f"delete from {table}")


def with_a_row_of_nulls(file: duckdb.DuckDBPyConnection, table: str) -> None:
    file.execute(f"insert into {table} by name select null as {first_column(file, table)}")


def first_column(file: duckdb.DuckDBPyConnection, table: str) -> str:
    ((name, *_), *_) = file.execute(f"describe {table}").fetchall()
    return str(name)


@pytest.mark.parametrize("change", [emptied, with_a_row_of_nulls])
def test_files_of_two_days_have_one_schema(
    data: Path, published_file: Path, tmp_path: Path, change: Callable[[duckdb.DuckDBPyConnection, str], None]
):
    """The declared one: pyarrow puts both days together, whatever is null on one and not on the other."""
    other = shutil.copy(published_file, tmp_path / "other.duckdb")
    package = json.loads((data / "datapackage.json").read_text())
    declared = {one["name"]: one["schema"]["fields"] for one in package["resources"]}
    with duckdb.connect(other) as file:
        for table in declared.keys() - {"build_info"}:  # of which there is one row always
            change(file, table)
    write_exports(other, tmp_path / "data")

    assert json.loads((tmp_path / "data" / "datapackage.json").read_text())["$schema"] == package["$schema"]
    for table, fields in declared.items():
        days = [
            pyarrow.parquet.read_table(folder / f"{table}.parquet") for folder in (data, tmp_path / "data")
        ]
        whole = pyarrow.concat_tables(days)
        assert whole.num_rows == sum(day.num_rows for day in days)
        assert [(one.name, one.nullable) for one in whole.schema] == [(one["name"], True) for one in fields]
        integers = (pyarrow.int32(), pyarrow.int64())
        for column, field in zip(whole.schema, fields, strict=True):
            assert column.type in (integers if field["type"] == "integer" else [ARROW[field["type"]]]), column


def test_the_data_package_declares_each_csv_file(data: Path):
    """Read by the declared types, each has its rows, its digest, and the rows that its keys refer to."""
    package = json.loads((data / "datapackage.json").read_text())
    types = {"string": "varchar", "number": "double", "integer": "bigint", "datetime": "timestamptz"}
    with duckdb.connect() as reader:
        reader.execute("set TimeZone = 'UTC'")
        for one in package["resources"]:
            content = (data / one["path"]).read_bytes()
            assert (one["bytes"], one["hash"]) == (
                len(content),
                f"sha256:{hashlib.sha256(content).hexdigest()}",
            )
            columns = {
                field["name"]: types.get(field["type"], field["type"]) for field in one["schema"]["fields"]
            }
            told = "read_csv(?, header = true, auto_detect = false, quote = '\"', escape = '\"', columns = ?)"
            reader.execute(f"create table {one['name']} as from {told}", [str(data / one["path"]), columns])
        found = 0
        for one in package["resources"]:
            for key in one["schema"]["foreignKeys"]:
                (column,), of = key["fields"], key["reference"]["resource"]
                missing = (
                    f"select {column} from {one['name']} where {column} not in (select {column} from {of})"
                )
                assert reader.execute(missing).fetchall() == [], (one["name"], key)
                found += 1
        assert found > 5
        licences = reader.execute("select distinct licence from metrics where source_id = 'wikipedia'")
        assert licences.fetchall() == [(TERMS["wikipedia"],)]


def test_numbers_have_no_exponents_in_csv(tmp_path: Path):
    """And are the same when they are read again, the smallest and the largest too."""
    numbers = [1e-05, 1e20, -1.5e-7, 2.5e16, 5e-324, 1.7976931348623157e308, 0.1, 100.0, -3.0, None]
    with open_writer() as writer:
        writer.execute("create table told (value double)")
        writer.executemany("insert into told values (?)", [[number] for number in numbers])
        copy_rows(writer, "told", tmp_path / "told.csv", FileFormat.CSV)

    _, *cells = (tmp_path / "told.csv").read_text().splitlines()
    assert cells[:4] == ["0.00001", "100000000000000000000", "-0.00000015", "25000000000000000"]
    assert [float(cell) if cell else None for cell in cells] == numbers
    assert [cell for cell in cells if "e" in cell] == []


def test_the_citation_is_of_the_day_and_names_the_sources(data: Path):
    """What a tool for citations reads; each source is a reference, with its terms."""
    told = yaml.safe_load((data / "CITATION.cff").read_text())

    assert (told["cff-version"], told["type"], told["title"]) == ("1.2.0", "dataset", "Barometer: Which?")
    assert told["date-released"] == "2025-03-10"
    assert {one["title"]: one["notes"] for one in told["references"]}["Wikipedia"] == TERMS["wikipedia"]


def test_croissant_tells_of_each_parquet_file(data: Path):
    """Its digest, and each column with its type."""
    told = json.loads((data / "croissant.json").read_text())
    package = json.loads((data / "datapackage.json").read_text())
    files = {one["@id"]: one for one in told["distribution"]}
    assert {one["name"] for one in told["recordSet"]} == {one["name"] for one in package["resources"]}
    arrow = {ARROW[kind]: told_as for kind, told_as in DATA_TYPES.items() if kind != "integer"}
    arrow |= dict.fromkeys((pyarrow.int32(), pyarrow.int64()), DATA_TYPES["integer"])
    for one in told["recordSet"]:
        (file,) = {field["source"]["fileObject"]["@id"] for field in one["field"]}
        assert files[file]["sha256"] == hashlib.sha256((data / file).read_bytes()).hexdigest()
        assert {field["source"]["extract"]["column"]: field["dataType"] for field in one["field"]} == {
            column.name: arrow[column.type] for column in pyarrow.parquet.read_schema(data / file)
        }


def test_croissant_says_what_is_sample(data: Path, manifest):
    """Of the dataset and of each table that has some: its readers may never see the figures' states."""
    package = json.loads((data / "datapackage.json").read_text()) | {"sample": True}
    some, *others = package["resources"]
    package["resources"] = [some | {"sample": True}, *(one | {"sample": False} for one in others)]
    told = croissant(package, list(manifest.values()), None)
    assert "sample data" in told["description"] and "sample data" in told["citeAs"]
    assert [one["name"] for one in told["recordSet"] if "sample data" in one["description"]] == [some["name"]]
    honest = croissant(package | {"sample": False}, list(manifest.values()), None)
    assert "sample data" not in honest["description"] + honest["citeAs"]


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
