"""The ClickHouse copy of the package index's download logs: days by installer, and splits of days.

Source: https://clickhouse.com/docs/interfaces/http and the tables of ClickHouse/clickpy
"""

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from flows.sources.pypi import demo_splits
from flows.sources.pypi.demo_spread import SPREAD
from flows.sources.pypi.demo_tools import CURVES, SAMPLE, tool_downloads
from flows.standin import clickhouse
from flows.standin.clock import Clock
from flows.standin.facts import Facts

TABLE = "pypi.pypi_downloads_per_day_by_version_by_installer_by_type"

BY_COUNTRY = f"{TABLE}_by_country"

COLUMNS = {
    "date": "Date",
    "package": "String",
    "installers": "Map(String, Int64)",
    "downloads": "Int64",
    "counted": "Int64",
}

# How the logs name the installer, and which way of counting of the facts it is.
INSTALLERS = {"": "unknown", "pip": "pip"}

DAY_PARAMETERS = ("packages", "first_day", "last_day")
SPLIT_PARAMETERS = ("packages", "first_day", "last_day", "located_from")

ESCAPES = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "0": "\0"}


class ClickHouse:
    """Answers from those download months that were counted by installer, spread evenly over their days."""

    def __init__(self, facts: Facts, clock: Clock) -> None:
        self._facts = facts
        self._clock = clock

    def routes(self) -> list[Route]:
        """Return the one path; the question is the body."""
        return [Route("/", self.query, methods=["POST"])]

    async def query(self, request: Request) -> Response:
        """Answer with one row per package and day, whatever else the query says of the known table."""
        sql = (await request.body()).decode()
        if TABLE not in sql:
            return clickhouse.unknown_table()
        sent, quoted = request.query_params, "output_format_json_quote_64bit_integers"
        names = SPLIT_PARAMETERS if BY_COUNTRY in sql else DAY_PARAMETERS
        for name in names:
            if f"param_{name}" not in sent:
                return clickhouse.not_set(name)
        asked, *window = (_unescape(sent[f"param_{name}"]) for name in names)
        try:
            days = [date.fromisoformat(day) for day in window]
        except ValueError:
            return clickhouse.exception(400, 457, "Value cannot be parsed as Date", "BAD_QUERY_PARAMETER")
        packages = re.findall(r"'([^']+)'", asked)
        if BY_COUNTRY in sql:
            return self._splits(packages, *days)
        rows = sorted(
            (day, package, told) for package in packages for day, told in self._rows(package, *days)
        )
        return _answer(rows, sent.get(quoted) == "1", is_spread=not CURVES.keys() >= {*packages})

    def _splits(
        self, packages: Sequence[str], first_day: date, last_day: date, located_from: date
    ) -> Response:
        """Answer with the days of packages by minor version and country."""
        until = min(last_day, self._clock.today - timedelta(days=1))
        rows = list(demo_splits.split_rows(packages, first_day, until, located_from, self._downloads))
        totals = {name: sum(row[name] for row in rows) for name in ("downloads", "located")}
        body = {
            "meta": [{"name": name, "type": kind} for name, kind in demo_splits.COLUMNS.items()],
            "data": rows,
            "totals": {"date": "1970-01-01", "package": "", "versions": {}, "countries": {}, **totals},
            "rows": len(rows),
            "sample": demo_splits.SAMPLE,
        }
        return JSONResponse(body, headers={"X-ClickHouse-Format": "JSON"})

    def _downloads(self, package: str, day: date) -> int | None:
        """Return what is divided: downloads by installer, after the last of them those of pypistats."""
        if told := dict(self._installers(package, day)):
            return sum(told.values())
        return self._facts.downloads(package, "without_mirrors", day, self._clock.today)

    def _rows(self, package: str, first_day: date, last_day: date) -> Iterator[tuple[date, Counter[str]]]:
        """Yield the days whose figure is known, and the one after them, of which nothing is loaded yet.

        The real service tells of every day that was logged.
        """
        until = min(last_day, self._clock.today - timedelta(days=1))
        days = (first_day + timedelta(days=offset) for offset in range((until - first_day).days + 1))
        known = {day: told for day in days if (told := Counter(dict(self._installers(package, day))))}
        yield from known.items()
        if known and (loading := max(known) + timedelta(days=1)) <= until:
            yield loading, Counter()

    def _installers(self, package: str, day: date) -> Iterator[tuple[str, int]]:
        if (of_tool := tool_downloads(package, day)) is not None:
            yield "pip", of_tool
        for installer, counted in INSTALLERS.items():
            downloads = self._facts.downloads(package, counted, day, self._clock.today)
            if downloads is not None:
                yield installer, downloads


def _unescape(parameter: str) -> str:
    """Undo the backslashes that ClickHouse expects in the values of parameters."""
    return re.sub(r"\\(.)", lambda escape: ESCAPES.get(escape[1], escape[1]), parameter)


def _answer(rows: Sequence[tuple[date, str, Counter[str]]], quoted: bool, is_spread: bool) -> Response:
    totals = sum((told for *_, told in rows), Counter[str]())
    body = {
        "meta": [{"name": name, "type": kind} for name, kind in COLUMNS.items()],
        "data": [
            _row(day, package, told, quoted) | ({"sample": SAMPLE} if package in CURVES else {})
            for day, package, told in rows
        ],
        "totals": _row(date(1970, 1, 1), "", totals, quoted),
        "rows": len(rows),
        "rows_before_limit_at_least": len(rows),
        "statistics": {"elapsed": 0.001, "rows_read": len(rows), "bytes_read": 0},
        **({"spread": SPREAD} if is_spread else {}),
    }
    summary = json.dumps({"read_rows": str(len(rows)), "read_bytes": "0", "elapsed_ns": "1000000"})
    return JSONResponse(body, headers={"X-ClickHouse-Format": "JSON", "X-ClickHouse-Summary": summary})


def _row(day: date, package: str, told: Mapping[str, int], quoted: bool) -> dict[str, Any]:
    written = {installer: str(count) if quoted else count for installer, count in told.items()}
    downloads = sum(told.values())
    twice = dict.fromkeys(("downloads", "counted"), str(downloads) if quoted else downloads)
    return {"date": day.isoformat(), "package": package, "installers": written, **twice}
