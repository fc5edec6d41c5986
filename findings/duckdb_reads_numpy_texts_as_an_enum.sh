#!/usr/bin/env bash
# A table made of a NumPy array of texts takes no text that was not in the array.
#
# A good engineer would guess: texts are VARCHAR in DuckDB, whether they come from a data frame, from an array of
# Python objects or from a NumPy array of fixed width. So a table that is made of one day's columns takes the next day's.
#
# What happens: an array of NumPy's own text type (`<U5`) is read as an ENUM of the values that happen to be in it, while
# one of objects with the same texts is VARCHAR. `create table … as from columns` keeps the type, and the first new value
# is a conversion error, days later and far from where the type was chosen. A `::varchar` at the start keeps it away.
#
# Who meets it: whoever hands columns from NumPy to DuckDB without a data frame between, as in the Python models of dbt or
# in a pipeline that appends a day at a time.
#
# Seen with DuckDB 2.0.0 and NumPy 2.4.6 on 2026-11-29. Exits non-zero if that changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check duckdb==2.0.0 numpy==2.4.6
cat > shown.py <<'PY'
import duckdb
import numpy as np

work = duckdb.connect()
told = {"channel": np.array(["conda", "pypi"]), "downloads": np.array([3, 4])}
as_objects = {"channel": np.array(["conda", "pypi"], dtype=object)}

((of_texts,),) = work.sql("select distinct typeof(channel) from told").fetchall()
((of_objects,),) = work.sql("select distinct typeof(channel) from as_objects").fetchall()
print("texts:", of_texts, "objects:", of_objects)
assert (of_texts, of_objects) == ("ENUM('conda', 'pypi')", "VARCHAR")

work.sql("create table days as from told")
try:
    work.sql("insert into days values ('npm', 5)")
except duckdb.ConversionException as error:
    print("the next day:", str(error).splitlines()[0])
else:
    raise SystemExit("the next day's channel was taken")
PY
venv/bin/python shown.py
