#!/usr/bin/env bash
# A glob over object storage leaves out, in silence, every file that another process put there since it was first listed.
#
# A good engineer would guess: `from read_json('s3://archive/*.jsonl')` lists the bucket each time it is asked, as DuckDB's
# own httpfs does, so that a process that runs for days sees what the collectors of another machine have put; and
# `exists` asks the server.
#
# What happens: s3fs keeps each listing for as long as the process lives, and DuckDB's bridge asks s3fs. The query answers
# with the rows of before and no warning; `exists` says that a file which is there is not, and to read it by its name raises
# FileNotFoundError, without a request. `use_listings_cache=False`, or `invalidate_cache()` before each question, makes it
# right.
#
# Who meets it: pipelines whose archive lies in a bucket, with collectors on one machine and a long-running build on another:
# the newest days are missing from every sum.
#
# Seen with duckdb 2.0.0 and s3fs 2026.9.0 on 2026-11-30, the storage being moto 5.2.5. Exits non-zero if that changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check duckdb==2.0.0 s3fs==2026.9.0 'moto[server]==5.2.5'
export AWS_ACCESS_KEY_ID=any AWS_SECRET_ACCESS_KEY=any AWS_DEFAULT_REGION=us-east-1
cat > shown.py <<'PY'
import logging

import duckdb
import s3fs
from moto.server import ThreadedMotoServer

logging.disable()
server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
server.start()
host, port = server.get_host_and_port()
builder, collector = (
    s3fs.S3FileSystem(endpoint_url=f"http://{host}:{port}", skip_instance_cache=True) for _ in range(2)
)
builder.mkdir("archive")
connection = duckdb.connect()
connection.register_filesystem(builder)


def stars():
    return connection.execute("select sum(stars)::int from read_json('s3://archive/*.jsonl')").fetchone()[0]


collector.pipe("archive/monday.jsonl", b'{"stars": 10}\n')
monday = stars()
collector.pipe("archive/tuesday.jsonl", b'{"stars": 5}\n')
tuesday, is_there = stars(), builder.exists("archive/tuesday.jsonl")
try:
    read = builder.cat("archive/tuesday.jsonl")
except FileNotFoundError:
    read = "not found"
builder.invalidate_cache()
print(f"{monday}, then {tuesday} with a file more (exists: {is_there}, by its name: {read}); listed anew {stars()}")
assert (monday, tuesday, is_there, read, stars()) == (10, 10, False, "not found", 15)
server.stop()
PY
timeout 120 venv/bin/python shown.py  # the server would go on after a mistake
