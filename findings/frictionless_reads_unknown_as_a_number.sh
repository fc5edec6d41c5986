#!/usr/bin/env bash
# Frictionless reads the nulls of a Parquet file as numbers, so that a required figure that is missing passes.
#
# A good engineer would guess: the same table means the same as CSV and as Parquet, only that Parquet brings its types.
# An integer column with an unknown month stays integers and one null, and a field that is `required` finds the null.
#
# What happens: of the Parquet file, the integers become decimals; the null among them becomes the number NaN, which is
# not "missing", so that `required` holds; and an integer above 2^53 comes out as its neighbour. From CSV, which says
# none of its types, the same tool reads integer, null and every digit, and reports the missing figure. Nothing warns.
# (Frictionless reads Parquet by way of pandas, whose plain integers know no null.)
#
# Who meets it: who publishes tables of figures with gaps as Parquet (DuckDB writes the file here) and has them validated,
# described or copied on by Frictionless Data, the usual tool for open data packages: a gap is published as validated.
#
# Seen with frictionless 5.21.0, pyarrow 26.0.1, pandas 3.1.1, duckdb 1.5.6 and Python 3.11 on 2026-11-29. Exits
# non-zero if that changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check \
    frictionless==5.21.0 pyarrow==26.0.1 pandas==3.1.1 duckdb==1.5.6
venv/bin/python - <<'PYTHON'
import duckdb
import frictionless
from frictionless import Resource, Schema, validate

print("frictionless", frictionless.__version__, "duckdb", duckdb.__version__)
duckdb.sql(
    """
    create table downloads as
    from (values (date '2024-01-01', 5::bigint), (date '2024-02-01', null), (date '2024-03-01', 9007199254740993))
        as rows (month, downloads)
    """
)
duckdb.sql("copy downloads to 'downloads.parquet'")
duckdb.sql("copy downloads to 'downloads.csv'")
required = {"fields": [{"name": "month", "type": "date"},
                       {"name": "downloads", "type": "number", "constraints": {"required": True}}]}
found = {}
for path in ("downloads.csv", "downloads.parquet"):
    with Resource(path) as resource:
        kind = resource.schema.get_field("downloads").type
        values = [str(row["downloads"]) for row in resource.row_stream]
    report = validate(Resource(path, schema=Schema.from_descriptor(required)))
    found[path] = (kind, values, report.valid)
    print(f"{path:18} read as {kind}: {', '.join(values)}; with `required` it is {'valid' if report.valid else 'invalid'}")

assert found["downloads.csv"] == ("integer", ["5", "None", "9007199254740993"], False)
assert found["downloads.parquet"] == ("number", ["5.0", "NaN", "9007199254740992.0"], True)
PYTHON
