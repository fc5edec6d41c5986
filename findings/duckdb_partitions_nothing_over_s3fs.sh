#!/usr/bin/env bash
# DuckDB's partitioned `copy` to object storage by s3fs fails for a folder that is not there, and for one that is.
#
# A good engineer would guess: object storage has no folders, so nothing has to be there before: where `copy … to` one file
# works, `partition_by` writes one file for each value; for a folder with files it says that it is not empty.
#
# What happens: before it writes, DuckDB lists the folder to see that it is empty. s3fs answers a folder without objects
# with FileNotFoundError, and of one with objects in a form that DuckDB's bridge cannot read (a TypeError from within). With
# `overwrite_or_ignore` or `append` it does not look, and all is written.
#
# Who meets it: whoever exports figures by source or year to a bucket from Python, after it worked on a local disk.
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
storage.pipe("figures/there/note.txt", b"a file")
connection = duckdb.connect()
connection.register_filesystem(storage)


def written(folder, *options):
    """Return what became of a partitioned copy, in a word."""
    told = ", ".join(["format parquet", "partition_by (year)", *options])
    try:
        rows = "select range as stars, 2020 + range % 2 as year from range(10)"
        connection.execute(f"copy ({rows}) to 's3://figures/{folder}' ({told})")
        return "written"
    except Exception as error:
        return next(name for name in ("FileNotFoundError", "TypeError", "not empty") if name in str(error))


became = [written("new"), written("there"), written("new", "overwrite_or_ignore")]
print(f"a new folder: {became[0]}; one with a file: {became[1]}; without looking: {became[2]}")
assert became == ["FileNotFoundError", "TypeError", "written"]
server.stop()
PY
timeout 120 venv/bin/python shown.py  # the server would go on after a mistake
