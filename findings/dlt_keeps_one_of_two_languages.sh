#!/usr/bin/env bash
# dlt keeps one of two figures whose keys become the same column name, and says nothing of the other.
#
# A good engineer would guess: keys of a JSON object that differ are two columns. dlt writes names in snake case, so
# where two become one, it numbers them, adds the figures, or stops the load; its schema contracts are there to notice
# such things.
#
# What happens: the last one wins, without an error or a line in the log. GitHub tells the bytes of a repository by
# language, and F# and F* are two languages there: both become "fx" (dlt writes x for both signs), and the figure of
# one is gone. The same goes for "node.js" and "node-js" among tags, and for "Linux" and "linux" among systems. The
# load reports success, and with the contract that freezes columns too.
#
# Who meets it: whoever loads counts by language, tag, version or system, the usual shape of this field's answers, with
# dlt as they come. As a list of name and count the same figures arrive whole.
#
# Seen with dlt 1.31.0, duckdb 1.5.6 and Python 3.11 on 2026-11-29. Exits non-zero if that changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check 'dlt[duckdb]==1.31.0' duckdb==1.5.6
RUNTIME__DLTHUB_TELEMETRY=false RUNTIME__LOG_LEVEL=WARNING HOME="$folder" venv/bin/python - <<'PYTHON'
from importlib.metadata import version

import dlt
import duckdb

LANGUAGES = {"F#": 100, "F*": 900, "C": 5}
pipeline = dlt.pipeline(
    "languages", pipelines_dir="pipelines", destination=dlt.destinations.duckdb("languages.duckdb"), dataset_name="d"
)
as_told = {"repository": "example", "languages": LANGUAGES}
pipeline.run([as_told], table_name="repositories").raise_on_failed_jobs()
frozen = pipeline.run([as_told], table_name="repositories", schema_contract={"columns": "freeze"})
frozen.raise_on_failed_jobs()
as_list = {**as_told, "languages": [{"name": name, "bytes": count} for name, count in LANGUAGES.items()]}
pipeline.run([as_list], table_name="listed").raise_on_failed_jobs()

with duckdb.connect("languages.duckdb") as database:
    rows = database.sql("select columns('^languages__') from d.repositories").fetchall()
    names = database.sql("select columns('^languages__') from d.repositories").columns
    listed = database.sql("select sum(bytes), count(*) from d.listed__languages").fetchall()
print("dlt", version("dlt"))
print(f"told: {LANGUAGES}")
print(f"columns: {names}; rows: {rows}")
print(f"as a list: {listed[0][0]} bytes of {listed[0][1]} languages")
assert names == ["languages__fx", "languages__c"]
assert rows == [(900, 5), (900, 5)]
assert listed == [(1005, 3)]
PYTHON
