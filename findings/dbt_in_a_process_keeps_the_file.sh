#!/usr/bin/env bash
# dbt run in a process (`dbtRunner`) over DuckDB still has the file when it has ended: what is renamed is built in.
#
# A good engineer would guess: when `invoke` has returned success the database is closed, as it is when the command
# `dbt` has ended. So the file can be copied for readers, or renamed into their place, and the next build makes a new
# one.
#
# What happens: dbt-duckdb's `keep_open` is true unless set, and holds for the life of the process. After `invoke`
# (1) another connection of the process cannot open the file read-only; (2) what was built stands in the log beside
# the file, so that a copy of the file alone has no table; (3) if the file is renamed for readers, the next `invoke`
# says success, makes no new file, and changes the one that readers have; its log stays under the old name.
# `DuckDBConnectionManager.close_all_connections()` after each `invoke`, or `keep_open: false`, is the way out.
#
# Who meets it: whoever runs dbt from a flow or a service (Prefect, Dagster, a notebook) on a work file and publishes
# it by copy or rename.
#
# Seen with dbt-core 1.11.16, dbt-duckdb 1.11.1 and DuckDB 2.0.0 on 2026-11-30. Exits non-zero if that changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check dbt-core==1.11.16 dbt-duckdb==1.11.1 duckdb==2.0.0
mkdir -p project/models
cat > project/dbt_project.yml <<'YML'
name: shop
version: "1.0"
profile: shop
flags: {send_anonymous_usage_stats: false}
YML
cat > project/profiles.yml <<'YML'
shop: {target: dev, outputs: {dev: {type: duckdb, path: work.duckdb}}}
YML
echo "{{ config(materialized='table') }} select {{ var('build') }} as made_by" > project/models/orders.sql
cat > look.py <<'PY'
import sys

import duckdb

try:
    print(duckdb.connect(sys.argv[1], read_only=True).execute("from orders").fetchall())
except duckdb.Error as error:
    print(type(error).__name__)
PY
cat > flow.py <<'PY'
import os
import shutil
import subprocess
import sys

import duckdb
from dbt.adapters.duckdb.connections import DuckDBConnectionManager
from dbt.cli.main import dbtRunner


def build(number):
    options = ["--project-dir", "project", "--profiles-dir", "project", "--log-level", "none"]
    return dbtRunner().invoke(["run", *options, "--vars", f"{{build: {number}}}"]).success


def seen(file):
    """What another process sees in a file."""
    return subprocess.run([sys.executable, "look.py", file], capture_output=True, text=True).stdout.strip()


print("first build:", build(1))
try:
    duckdb.connect("work.duckdb", read_only=True)
    print("read-only: opened")
except duckdb.Error as error:
    print("read-only:", type(error).__name__)
shutil.copyfile("work.duckdb", "copied.duckdb")
print("copy of the file:", seen("copied.duckdb"))
os.replace("work.duckdb", "published.duckdb")
print("second build:", build(2), "| a file of its own:", os.path.exists("work.duckdb"))
DuckDBConnectionManager.close_all_connections()
print("what readers have:", seen("published.duckdb"))
print("third build, after closing:", build(3), "| a file of its own:", os.path.exists("work.duckdb"))
PY
venv/bin/python flow.py 2>/dev/null | tee out.txt
diff - out.txt <<'OUT'
first build: True
read-only: ConnectionException
copy of the file: CatalogException
second build: True | a file of its own: False
what readers have: [(2,)]
third build, after closing: True | a file of its own: True
OUT
