#!/usr/bin/env bash
# A table that refers to another is read from a Croissant dataset once; read again it has no rows, and no error is raised.
#
# A good engineer would guess: `dataset.records('tools')` can be iterated as often as one likes, as a second epoch of training
# does, and a table without references shows that it can.
#
# What happens: where one of the table's fields has `references`, the first reading gives every row, the second none, be it of
# the same records or of new ones of the same dataset. A new `Dataset` reads them again. Without `references` each reading has
# them all.
#
# Who meets it: whoever describes tables with keys as Croissant, and whoever reads such a dataset more than once: figures by
# subject, with the subjects in a table of their own, are gone at the second look.
#
# Seen with mlcroissant 1.1.1 (pandas 3.1.1) on 2026-11-30, Python 3.11. Exits non-zero if that changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check mlcroissant==1.1.1 pandas==3.1.1
printf 'maker_id,name\na,Ada\nb,Bo\n' > makers.csv
printf 'tool_id,maker_id\nt1,a\nt2,b\n' > tools.csv
cat > shown.py <<'PY'
import json
import logging
import sys
from hashlib import sha256
from pathlib import Path

import mlcroissant

logging.disable()
TABLES = {"makers": ["maker_id", "name"], "tools": ["tool_id", "maker_id"]}
WORDS = ("column", "conformsTo", "dataType", "extract", "field", "fileObject", "recordSet", "references", "source")
CONTEXT = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "cr": "http://mlcommons.org/croissant/",
    "dct": "http://purl.org/dc/terms/",
    "sc": "https://schema.org/",
    **{word: f"cr:{word}" for word in WORDS},
    "conformsTo": "dct:conformsTo",
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
}


def described(refers):
    """Return a dataset of both tables, in which a tool refers to its maker or does not."""

    def field(table, column):
        told = {"@type": "cr:Field", "@id": f"{table}/{column}", "name": column, "dataType": "sc:Text"}
        told["source"] = {"fileObject": {"@id": f"{table}.csv"}, "extract": {"column": column}}
        if refers and (table, column) == ("tools", "maker_id"):
            told["references"] = {"field": {"@id": "makers/maker_id"}}
        return told

    return {
        "@context": CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "name": "tools",
        "description": "Tools and who makes them.",
        "license": "CC0-1.0",
        "url": "https://example.org/",
        "distribution": [
            {
                "@type": "cr:FileObject",
                "@id": f"{table}.csv",
                "name": f"{table}.csv",
                "contentUrl": f"{table}.csv",
                "encodingFormat": "text/csv",
                "sha256": sha256(Path(f"{table}.csv").read_bytes()).hexdigest(),
            }
            for table in TABLES
        ],
        "recordSet": [
            {"@type": "cr:RecordSet", "@id": table, "name": table, "field": [field(table, one) for one in columns]}
            for table, columns in TABLES.items()
        ],
    }


def read_twice(refers):
    """Return how many rows two readings of the tools have, and a reading by a new dataset."""
    Path("croissant.json").write_text(json.dumps(described(refers)))
    dataset = mlcroissant.Dataset("croissant.json")
    readings = [len(list(dataset.records("tools"))) for _ in range(2)]
    return [*readings, len(list(mlcroissant.Dataset("croissant.json").records("tools")))]


found = {"with a reference": read_twice(True), "without one": read_twice(False)}
for what, rows in found.items():
    print(f"{what}: {rows[0]} rows, read again {rows[1]}, by a new dataset {rows[2]}")
sys.exit(found != {"with a reference": [2, 0, 2], "without one": [2, 2, 2]})
PY
venv/bin/python shown.py
# with a reference: 2 rows, read again 0, by a new dataset 2
# without one: 2 rows, read again 2, by a new dataset 2
