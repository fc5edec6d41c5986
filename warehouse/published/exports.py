"""Every published table as Parquet and CSV, with what it means beside it: for readers without the file.

`manifest.json` describes all of them, `<table>.metadata.json` one, `dictionary.json` every table, column,
macro and metric, `datapackage.json` the CSV files as a Frictionless data package, `croissant.json` the
Parquet files as Croissant, and `CITATION.cff` tells how to cite them as of their day. The same published
file makes the same bytes, and the columns of a file have the same types whatever its rows.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from warehouse.config.terms import LICENCE, TERMS
from warehouse.published.croissant import croissant
from warehouse.published.data_package import citation, data_package
from warehouse.published.dictionary import read_dictionary
from warehouse.published.metadata import describe
from warehouse.published.open import Published, open_published
from warehouse.published.row_files import FileFormat, copy_rows, open_writer

FORMATS = (FileFormat.PARQUET, FileFormat.CSV)
# A table of more rows, as of hundreds of subjects, would be gigabytes to lay beside pages of a few megabytes;
# `barometer sql` writes it as a file.
MOST_ROWS = 500_000


def write_exports(file: Path, folder: Path, url: str | None = None) -> list[Path]:
    """Write the files of every published table; return their paths from the folder that `folder` is in.

    `url` is where that folder will be found, with a slash at its end, if that is known.
    A table of more than 500,000 rows has no files of rows, but all that is said of it.
    """
    folder.mkdir(parents=True)
    with open_published(file) as published:
        dictionary = read_dictionary(published)
        build = _build(published)
        tables = [describe(published, table, dictionary, build) for table in dictionary.tables]
    with open_writer() as writer:
        writer.execute("attach ? as published (read_only)", [str(file)])
        for table in (one for one in tables if one["rows"] <= MOST_ROWS):
            for format in FORMATS:
                path = folder / f"{table['table']}.{format}"
                copy_rows(writer, f'published.main."{table["table"]}"', path, format)
                table["files"].append(_file(path, format))
    for table in tables:
        _write_json(folder / f"{table['table']}.metadata.json", build | table)
    _write_json(folder / "manifest.json", build | {"licence": LICENCE, "terms": TERMS, "tables": tables})
    _write_json(folder / "dictionary.json", asdict(dictionary))
    package = data_package(tables, build)
    _write_json(folder / "datapackage.json", package)
    _write_json(folder / "croissant.json", croissant(package, tables, url))
    (folder / "CITATION.cff").write_text(citation(tables, build), encoding="utf-8")
    return sorted(path.relative_to(folder.parent) for path in folder.iterdir())


def _build(published: Published) -> dict[str, Any]:
    (build,) = published.rows(
        "select question, built_at, as_of, code_version, archive_sha256, demo from build_info"
    )
    return build


def _file(path: Path, format: FileFormat) -> dict[str, Any]:
    with path.open("rb") as content:  # of many subjects gigabytes
        digest = hashlib.file_digest(content, "sha256").hexdigest()
    return {"path": path.name, "format": format.value, "bytes": path.stat().st_size, "sha256": digest}


def _write_json(path: Path, value: Mapping[str, Any]) -> None:
    text = json.dumps(value, ensure_ascii=False, indent=1, default=lambda moment: moment.isoformat())
    path.write_text(f"{text}\n", encoding="utf-8")
