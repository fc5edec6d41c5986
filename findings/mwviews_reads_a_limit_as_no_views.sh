#!/usr/bin/env bash
# mwviews tells of an article that was refused with "too many requests" that there is no data, as long as another
# answered.
#
# A good engineer would guess: a client of Wikimedia's pageviews raises for HTTP 429 and 5xx, or asks again. Its
# documentation says that a count is None where there is no data, to tell it from zero, so None means: not viewed, or
# no such article on that day.
#
# What happens: the status of an answer is never looked at. Ten articles are asked at once by default; where some are
# refused for a limit, as JSON without `items`, each day of those is None, nothing is raised or logged, and the same
# call a minute later has figures. Only when not one article of the call was answered is there an error. A comparison
# of rivals loses one of them, on a different day another one.
#
# Who meets it: whoever compares articles with mwviews in one call, as its examples do, and sums or plots what is not
# None.
#
# The client asks a server of this script, which answers in the form of the service. Seen with mwviews 0.2.1, requests
# 2.34.2 and Python 3.11 on 2026-11-29. Exits non-zero if that changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check mwviews==0.2.1 requests==2.34.2
venv/bin/python - <<'PYTHON'
import json
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.metadata import version
from threading import Thread

from mwviews.api import PageviewsClient
from mwviews.api import pageviews


class Service(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        article = self.path.split("/")[4]
        limited = article == "Keras"
        items = [{"article": article, "timestamp": f"202611{day:02}00", "views": 900} for day in (1, 2, 3)]
        told = {"status": 429, "title": "Too Many Requests"} if limited else {"items": items}
        self.send_response(429 if limited else 200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(told).encode())

    def log_message(self, *_: object) -> None:
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Service)
Thread(target=server.serve_forever, daemon=True).start()
pageviews.endpoints["article"] = f"http://127.0.0.1:{server.server_port}"
client = PageviewsClient("example (ops@example.org)")
views = client.article_views("en.wikipedia", ["PyTorch", "Keras"], start=date(2026, 11, 1), end=date(2026, 11, 3))
told = {article: [day[article] for day in views.values()] for article in ("PyTorch", "Keras")}
print("mwviews", version("mwviews"))
for article, counts in told.items():
    print(f"{article:8} {counts}")
assert told == {"PyTorch": [900] * 3, "Keras": [None] * 3}
PYTHON
