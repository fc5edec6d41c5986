#!/usr/bin/env bash
# A relation of DuckDB, which Altair takes as data, can be drawn with DuckDB 1.4 and cannot with DuckDB 2.0.
#
# A good engineer would guess: `altair.Chart(duckdb.sql(…))` goes on to work, as Altair reads by Narwhals and PyArrow, both
# of which take a relation of DuckDB 2 without a word.
#
# What happens: to read a relation, Altair asks it for `arrow()` first and takes what is a table. In DuckDB 1.4 that method
# began to return a reader of batches; Altair lets the reader lie and asks `to_arrow_table()`, which DuckDB 1.4 answered.
# In DuckDB 2.0 a reader that was not read to its end keeps its connection, and the second question is
# "ResourceInUseException: connection has an open result", also where the caller has touched nothing else. PyArrow and
# Narwhals read the same relation. A chart of `relation.to_arrow_table()` or `relation.df()` is made.
#
# Who meets it: whoever draws SQL straight from DuckDB, as notebooks do, on the day that DuckDB 2 is installed.
#
# Seen with DuckDB 1.4.4 and 2.0.0, Altair 6.3.0, Narwhals 2.29.0 and PyArrow 26.0.1 on 2026-11-30. Exits non-zero if that
# changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cat > shown.py <<'PY'
import altair
import duckdb
import narwhals
import pyarrow

work = duckdb.connect()
work.sql("create table months as select * from (values (1, 30.0), (2, 50.0)) as t(month, stars)")


def chart(data):
    return altair.Chart(data).mark_line().encode(x="month:Q", y="stars:Q").to_dict()["datasets"]


def how_it_ends(draw):
    try:
        draw(work.sql("from months"))
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return "read"


print("DuckDB", duckdb.__version__, "arrow() returns", type(work.sql("from months").arrow()).__name__)
work = work.cursor()
for name, draw in {
    "a relation by PyArrow": pyarrow.table,
    "a relation by Narwhals": lambda relation: narwhals.from_native(relation).collect(),
    "a chart of its table": lambda relation: chart(relation.to_arrow_table()),
}.items():
    print(f"{name}:", end := how_it_ends(draw))
    assert end == "read"
print("a chart of a relation:", end := how_it_ends(chart))
if duckdb.__version__.startswith("1."):
    assert end == "read"
else:
    assert end.startswith("ResourceInUseException") and "open result" in end
PY
for version in 1.4.4 2.0.0; do
    python3 -m venv "$version"
    "$version/bin/pip" install --quiet --disable-pip-version-check \
        "duckdb==$version" altair==6.3.0 narwhals==2.29.0 pyarrow==26.0.1
    "$version/bin/python" shown.py
done
