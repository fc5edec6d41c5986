#!/usr/bin/env bash
# A file that s3fs creates exclusively, and whose answer is lost on the way, is told as one that somebody else has made.
#
# A good engineer would guess: `pipe_file(…, mode="create")` makes a lock or lease safe on object storage: it ends well for the
# one who made the object, with FileExistsError for the others, and with another error where the storage gave no answer.
#
# What happens: the storage has done what it was asked, and its answer is an error or gets lost. The client asks again by
# itself, the condition does not hold any more, since the object is there, and FileExistsError is raised: to the one who made
# it, and with its content in place. Whoever takes that for "held by another" waits for itself, and whoever takes it for
# "nothing was written" has written. What was written has to be read to know whose it is.
#
# Who meets it: whoever makes leases, claims or append-only archives on S3 from Python, on a day when the storage is slow.
#
# Seen with s3fs 2026.9.0 on 2026-11-30, the storage being moto 5.2.5 behind a layer that answers one request with 500 after
# it was done, as a gateway that loses its backend's answer does. Exits non-zero if that changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check s3fs==2026.9.0 'moto[server]==5.2.5'
export AWS_ACCESS_KEY_ID=any AWS_SECRET_ACCESS_KEY=any AWS_DEFAULT_REGION=us-east-1
cat > shown.py <<'PY'
import logging
import sys
from threading import Thread

import s3fs
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import make_server

logging.disable()
puts = []


def losing_one_answer(application):
    """Answer the first conditional put with an error, after it was done."""

    def answer(environ, start_response):
        if environ["REQUEST_METHOD"] == "PUT" and "HTTP_IF_NONE_MATCH" in environ:
            puts.append(environ["PATH_INFO"])
            if len(puts) == 1:
                list(application(environ, lambda *told: None))
                start_response("500 Internal Server Error", [("Content-Length", "0")])
                return [b""]
        return application(environ, start_response)

    return answer


server = make_server("127.0.0.1", 0, losing_one_answer(DomainDispatcherApplication(create_backend_app)), threaded=True)
Thread(target=server.serve_forever, daemon=True).start()
storage = s3fs.S3FileSystem(endpoint_url=f"http://127.0.0.1:{server.server_address[1]}", use_listings_cache=False)
storage.mkdir("leases")
try:
    storage.pipe_file("leases/first", b"mine", mode="create")
    told = "made"
except FileExistsError:
    told = "FileExistsError"
held = storage.cat_file("leases/first")
print(f"told: {told}; asked {len(puts)} times; what is there: {held.decode()}")
sys.exit((told, len(puts), held) != ("FileExistsError", 2, b"mine"))
PY
venv/bin/python shown.py
# told: FileExistsError; asked 2 times; what is there: mine
