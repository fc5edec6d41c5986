#!/usr/bin/env bash
# The pypistats client prints the dates that it was asked for as the range of its figures, also where it has fewer
# days.
#
# A good engineer would guess: the line "Date range: FIRST - LAST" below a table of downloads tells of which days they
# are, so that "2026-11-01 - 2026-11-30" means thirty days, and a month can be compared with another one.
#
# What happens: as soon as a start or an end is given, that is printed in place of the first or last day there is.
# Asked during a month for the whole of it, the table holds the days so far under the dates of the whole month, without
# a word: a package seems to lose two thirds of its downloads. For a start before the 180 days that the service keeps
# there is a warning on standard error, and the table still begins with the date that was asked for. Only without any
# date the line tells the days that were counted.
#
# Who meets it: whoever scripts a monthly download report with this client (the usual one for pypistats.org), and
# whoever pastes its Markdown table into a report.
#
# The client asks a server of this script, which answers in the form of the service. Seen with pypistats 1.14.0 and
# Python 3.11 on 2026-11-29. Exits non-zero if that changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check pypistats==1.14.0
XDG_CACHE_HOME="$folder" venv/bin/python -W ignore - <<'PYTHON'
import json
from datetime import date, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pypistats

days = [date(2026, 11, 10) - timedelta(days=n) for n in range(180)]
rows = [{"category": "without_mirrors", "date": day.isoformat(), "downloads": 1000} for day in reversed(days)]
answer = json.dumps({"data": rows, "package": "example", "type": "overall_downloads"}).encode()


class Service(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: object) -> None:
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Service)
Thread(target=server.serve_forever, daemon=True).start()
pypistats.BASE_URL = f"http://127.0.0.1:{server.server_port}/"


def told(**dates: str) -> tuple[str, int]:
    text = pypistats.overall("example", mirrors=False, color="no", format="tsv", **dates)
    table, line = text.rsplit("\nDate range: ", 1)
    return line.strip(), int(table.splitlines()[1].split("\t")[-1].replace(",", "")) // 1000


october = told(start_date="2026-10-01", end_date="2026-10-31")
november = told(start_date="2026-11-01", end_date="2026-11-30")
year = told(start_date="2026-01-01")
everything = told()
print("pypistats", pypistats.__version__)
for what, (line, counted) in {"October": october, "November": november, "the year": year, "all": everything}.items():
    print(f"{what:9} told as {line}: {counted} days counted")
assert october == ("2026-10-01 - 2026-10-31", 31)
assert november == ("2026-11-01 - 2026-11-30", 10)
assert year == ("2026-01-01 - 2026-11-10", 180)
assert everything == (f"{days[-1]} - {days[0]}", 180)
PYTHON
