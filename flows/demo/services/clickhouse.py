"""The ClickHouse copy of the package index's download logs: one question, downloads by month and installer.

Source: https://clickhouse.com/docs/interfaces/http and the tables of ClickHouse/clickpy
"""

import json
import re
from collections.abc import Iterator
from datetime import date, timedelta

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from flows.demo.clock import Clock
from flows.demo.facts import Facts
from flows.demo.records import Window

TABLE = "pypi.pypi_downloads_per_day_by_version_by_installer_by_type"

COLUMNS = {"month": "Date", "installer": "String", "downloads": "Int64", "last_day": "Date"}

# How the logs name the installer, and which way of counting of the facts it is.
INSTALLERS = {"": "unknown", "pip": "pip"}

ESCAPES = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "0": "\0"}


class ClickHouse:
    """Answers from those download months that were counted by installer."""

    def __init__(self, facts: Facts, clock: Clock) -> None:
        self._facts = facts
        self._clock = clock

    def routes(self) -> list[Route]:
        """Return the one path; the question is the body."""
        return [Route("/", self.query, methods=["POST"])]

    async def query(self, request: Request) -> Response:
        """Answer with one row per month and installer, whatever else the query says of the known table."""
        sql = (await request.body()).decode()
        if TABLE not in sql:
            return _exception(404, 60, "The demo knows one table", "UNKNOWN_TABLE")
        package = request.query_params.get("param_package")
        if package is None:
            return _exception(400, 456, "Substitution `package` is not set", "UNKNOWN_QUERY_PARAMETER")
        quoted = request.query_params.get("output_format_json_quote_64bit_integers") != "0"
        rows = [self._row(installer, window) for installer, window in self._windows(_unescape(package))]
        return _answer([row | {"downloads": str(row["downloads"])} if quoted else row for row in rows])

    def _windows(self, package: str) -> Iterator[tuple[str, Window]]:
        months = [
            (window.month, installer, window)
            for installer, counted in INSTALLERS.items()
            for window in self._facts.windows.get((package, counted), {}).values()
        ]
        for _, installer, window in sorted(months, key=lambda row: row[:2]):
            if window.period_end < self._clock.today:
                yield installer, window

    def _row(self, installer: str, window: Window) -> dict[str, object]:
        last_day = min(_month_end(window.month), self._clock.today - timedelta(days=1))
        return {
            "month": window.month.isoformat(),
            "installer": installer,
            "downloads": window.through(last_day),
            "last_day": last_day.isoformat(),
        }


def _month_end(month: date) -> date:
    return (month + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def _unescape(parameter: str) -> str:
    """Undo the backslashes that ClickHouse expects in the values of parameters."""
    return re.sub(r"\\(.)", lambda escape: ESCAPES.get(escape[1], escape[1]), parameter)


def _answer(rows: list[dict[str, object]]) -> Response:
    body = {
        "meta": [{"name": name, "type": kind} for name, kind in COLUMNS.items()],
        "data": rows,
        "rows": len(rows),
        "rows_before_limit_at_least": len(rows),
        "statistics": {"elapsed": 0.001, "rows_read": len(rows), "bytes_read": 0},
    }
    summary = json.dumps({"read_rows": str(len(rows)), "read_bytes": "0", "elapsed_ns": "1000000"})
    return JSONResponse(body, headers={"X-ClickHouse-Format": "JSON", "X-ClickHouse-Summary": summary})


def _exception(status: int, code: int, what: str, name: str) -> Response:
    body = f"Code: {code}. DB::Exception: {what}. ({name}) (Barometer's demo)\n"
    return PlainTextResponse(body, status, headers={"X-ClickHouse-Exception-Code": str(code)})
