#!/usr/bin/env bash
# A dbt test with `severity: warn` that cannot be run is no warning: it takes away every model behind it.
#
# A good engineer would guess: with `severity: warn` a test can never stop a build, whatever becomes of it. So a gate
# that reads each node's configured severity lets its result pass as a warning.
#
# What happens: only rows that the test *finds* are turned into a warning. Where its SQL cannot be run (a column was
# renamed, two types do not mix) dbt gives it the status "error", and `dbt build` skips every model that depends on what
# was tested, and what depends on those. The skipped models keep the rows of the last build, or do not exist. In
# `run_results.json` the test's configured severity still reads "warn".
#
# Who meets it: whoever publishes after `dbt build` by the severity of what failed, in data pipelines with checks
# that warn. A check that cannot be run has judged nothing and must be taken for an error.
#
# Seen with dbt-core 1.11.16, dbt-duckdb 1.11.1 and DuckDB 2.0.0 on 2026-11-29. Exits non-zero if that changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check dbt-core==1.11.16 dbt-duckdb==1.11.1 duckdb==2.0.0
mkdir -p project/models project/tests
cat > project/dbt_project.yml <<'YML'
name: shop
version: "1.0"
profile: shop
flags: {send_anonymous_usage_stats: false}
YML
cat > project/profiles.yml <<'YML'
shop: {target: dev, outputs: {dev: {type: duckdb, path: shop.duckdb}}}
YML
echo "select 1 as id" > project/models/orders.sql
echo "select count(*) as orders from {{ ref('orders') }}" > project/models/report.sql
echo "{{ config(severity='warn') }} select id from {{ ref('orders') }} where id > 0" > project/tests/finds_rows.sql
build() { (cd project && ../venv/bin/dbt --quiet build --profiles-dir . --no-use-colors > ../out.txt 2>&1) && echo 0 || echo $?; }
told() {
    venv/bin/python - <<'PY'
import json
results = json.load(open("project/target/run_results.json"))["results"]
for name, status in sorted((r["unique_id"].split(".")[2], r["status"]) for r in results):
    print(f"  {name}: {status}")
manifest = json.load(open("project/target/manifest.json"))["nodes"]
print("  severity of the tests:", {n["config"]["severity"] for n in manifest.values() if n["resource_type"] == "test"})
PY
}
venv/bin/python -c "import importlib.metadata as m; print({n: m.version(n) for n in ('dbt-core', 'dbt-duckdb', 'duckdb')})"
echo "a test that finds a row: exit code $(build)"; told | tee found.txt
echo "{{ config(severity='warn') }} select renamed from {{ ref('orders') }}" > project/tests/cannot_run.sql
echo "one more that cannot be run: exit code $(build)"; told | tee unrun.txt
grep -q "finds_rows: warn" found.txt && grep -q "report: success" found.txt
grep -q "cannot_run: error" unrun.txt && grep -q "report: skipped" unrun.txt && grep -qi "severity.*warn" unrun.txt
echo "as described"
