#!/usr/bin/env bash
# DuckDB reads Parquet and JSON by a filesystem registered from Python, but attaches no DuckDB file by it.
#
# A good engineer would guess: once s3fs is registered, an address `s3://…` is a file like any other: what `read_parquet`
# and `copy … to` can do, `attach … (read_only)` can, which asks for no more than ranges of a file.
#
# What happens: reading and writing tables work, without any extension. `attach` looks at the address before it looks for a
# filesystem, and asks for the extension httpfs, which on a machine without internet there is no way to install. The file
# has to be copied to a local disk first.
#
# Who meets it: whoever publishes a DuckDB file to object storage and wants to read it there from a closed network.
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
storage = s3fs.S3FileSystem(endpoint_url=f"http://{host}:{port}")
storage.mkdir("figures")
with duckdb.connect("stars.duckdb") as file:
    file.execute("create table stars as from range(1000) as months(month)")
storage.put("stars.duckdb", "figures/stars.duckdb")

connection = duckdb.connect()
connection.register_filesystem(storage)
connection.execute("copy (from range(1000)) to 's3://figures/stars.parquet' (format parquet)")
read = connection.execute("select count(*) from 's3://figures/stars.parquet'").fetchone()
try:
    connection.execute("attach 's3://figures/stars.duckdb' as stars (read_only)")
    said = "attached"
except duckdb.Error as error:
    said = str(error)
print(f"Parquet: {read[0]} rows; attach: {said}")
assert read == (1000,) and "httpfs" in said
server.stop()
PY
timeout 120 venv/bin/python shown.py  # the server would go on after a mistake
