#!/usr/bin/env bash
# A chart of `sum(downloads)` that DuckDB hands over as an Arrow table is made by Altair, and can then not be written.
#
# A good engineer would guess: a sum of whole numbers is a number, whichever way it goes from DuckDB to Altair, and what
# Altair cannot draw it refuses when the chart is made, as it does a pandas column of durations.
#
# What happens: DuckDB sums whole numbers as HUGEINT, which in Arrow is decimal128(38, 0). Altair calls the column
# quantitative, and `to_dict` returns a chart with Python's `Decimal` in its data. Every way to write it fails: JSON and
# HTML with json's TypeError, a picture with a ValueError. By a pandas data frame the same query is drawn, and so it is by
# Arrow with `sum(downloads)::bigint` (or `::double`). `avg` and `count` are no decimals, so a query breaks when one of
# these becomes a sum.
#
# Who meets it: whoever draws a query of DuckDB without pandas, which Altair 6 no longer needs: sums by month are what
# most such queries are.
#
# Seen with DuckDB 2.0.0, Altair 6.3.0, PyArrow 26.0.1, vl-convert 1.9.0.post1 and pandas 3.1.1 on 2026-11-30. Exits non-zero if
# that changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check \
    duckdb==2.0.0 altair==6.3.0 pyarrow==26.0.1 pandas==3.1.1 vl-convert-python==1.9.0.post1
cat > shown.py <<'PY'
import altair
import duckdb

work = duckdb.connect()
work.sql("create table days as select * from (values (date '2026-11-01', 3), (date '2026-11-02', 5)) as t(day, downloads)")
QUERY = "select date_trunc('month', day) as month, {} as told from days group by all"


def written(told, by):
    """Return how writing a chart of a query ends, each way."""
    relation = work.sql(QUERY.format(told))
    data = relation.to_arrow_table() if by == "arrow" else relation.df()
    chart = altair.Chart(data).mark_bar().encode(x="month:T", y="told:Q")
    assert chart.to_dict()["encoding"]["y"]["type"] == "quantitative"
    ends = {}
    for name, write in {
        "json": chart.to_json,
        "html": chart.to_html,
        "svg": lambda: chart.save("chart.svg"),
    }.items():
        try:
            write()
        except (TypeError, ValueError) as error:
            ends[name] = f"{type(error).__name__}: {error}"
        else:
            ends[name] = "written"
    return ends


for told, by in (
    ("sum(downloads)", "arrow"),
    ("sum(downloads)", "pandas"),
    ("sum(downloads)::bigint", "arrow"),
    ("count(downloads)", "arrow"),
):
    ends = written(told, by)
    print(f"{told} by {by}: {ends}")
    if (told, by) == ("sum(downloads)", "arrow"):
        assert all("Decimal" in end for end in ends.values()), "a sum can be written"
    else:
        assert set(ends.values()) == {"written"}
PY
venv/bin/python shown.py
