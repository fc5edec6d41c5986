#!/usr/bin/env bash
# DuckDB puts rows that were written to a replaced file into the file that took its place, or opens it no more.
#
# A good engineer would guess: a database that is made new under another name and renamed into place is what its readers
# get, whole; a program that held the old file keeps the old one. That is how one publishes a file atomically.
#
# What happens: what a program wrote and had not yet moved into the file when it died stands in a log beside it,
# `NAME.wal`, found by name alone. Put a new file under that name, and whoever opens it next gets the log applied to it:
# DuckDB 1.4.4 shows the new table with a row of the old one, read-only too, and keeps it in the file when it is opened
# for writing. DuckDB 2.0 notices that the two do not belong together, and then refuses to open the new file at all, for
# every reader, until somebody deletes the log.
#
# Who meets it: whoever publishes a DuckDB file by rename to people some of whom open it for writing, as editors do by
# default, and close the lid. Delete the log with the swap, and have readers open a read-only copy.
#
# Seen with duckdb 1.4.4 and 2.0.1 and Python 3.11 on 2026-11-29. Exits non-zero if that changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
cat >swap.py <<'PYTHON'
import os
import subprocess
import sys
from pathlib import Path

import duckdb

EDITOR = """
import duckdb, os
connection = duckdb.connect("published.duckdb")
connection.execute("insert into figures values (2)")
os._exit(0)  # the lid is closed
"""


def make(name: str, figure: int) -> None:
    with duckdb.connect(name) as connection:
        connection.execute(f"create table figures as select {figure} as n")


Path("published.duckdb").unlink(missing_ok=True)
Path("published.duckdb.wal").unlink(missing_ok=True)
make("published.duckdb", 1)
subprocess.run([sys.executable, "-c", EDITOR], check=True)
make("next.duckdb", 100)
os.replace("next.duckdb", "published.duckdb")
try:
    with duckdb.connect("published.duckdb", read_only=True) as reader:
        told = str(sorted(n for (n,) in reader.execute("from figures").fetchall()))
except duckdb.IOException as error:
    told = str(error).rsplit(": ", 1)[-1]
print(f"duckdb {duckdb.__version__}: published [100], read {told}")
PYTHON
for version in 1.4.4 2.0.1; do
    venv/bin/pip install --quiet --disable-pip-version-check "duckdb==$version"
    venv/bin/python swap.py | tee -a told
done
grep -qF 'duckdb 1.4.4: published [100], read [2, 100]' told
grep -qF 'duckdb 2.0.1: published [100], read WAL does not match database file.' told
