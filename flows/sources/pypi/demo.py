"""pypistats: downloads of a package by day, with and without mirrors, and by what clients say of themselves.

Source: https://pypistats.org/api/ and the service's own code, which is open.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from flows.sources.pypi.demo_logs import ClickHouse
from flows.sources.pypi.demo_spread import SPREAD
from flows.sources.pypi.demo_tools import CURVES, tool_downloads
from flows.sources.pypi.demo_tools import SAMPLE as OF_TOOLS
from flows.standin.clock import Clock, StandIn
from flows.standin.facts import Facts, load_facts

DAYS_KEPT = 180

# Everything downstream learns from this key, and from that of the spread, what is no figure of pypistats.
SAMPLE = "shares made up for Barometer's demo, not pypistats' figures"

# What the service calls a series, and which way of counting of the facts it shows.
CATEGORIES = {"with_mirrors": "all", "without_mirrors": "without_mirrors"}
# Made-up shares in percent; nothing was fitted to real ones. Whole numbers, since Python 3.12 adds up
# fractions in another way than 3.11, and the parts of some days came out one download apart.
PERCENT = {
    "system": {"Darwin": 6, "Linux": 78, "Windows": 10, "null": 5, "other": 1},
    "python_minor": {"3.8": 5, "3.9": 14, "3.10": 27, "3.11": 24, "3.12": 25, "null": 5},
}
RECENT = {"last_day": 1, "last_week": 7, "last_month": 30}
ASKED = {"true": ["with_mirrors"], "false": ["without_mirrors"]}


class PyPIStats:
    """Answers from the download months of the demo's facts, spread evenly over their days."""

    def __init__(self, facts: Facts, clock: Clock) -> None:
        self._facts = facts
        self._clock = clock

    def routes(self) -> list[Route]:
        """Return the paths served."""
        return [
            Route("/api/packages/{package}/overall", self.overall),
            Route("/api/packages/{package}/recent", self.recent),
            *(Route(f"/api/packages/{{package}}/{split}", self.split, name=split) for split in PERCENT),
        ]

    async def overall(self, request: Request) -> Response:
        """Answer with the days kept, up to yesterday; days without a figure are left out."""
        package = _package(request)
        categories = ASKED.get(request.query_params.get("mirrors", ""), list(CATEGORIES))
        rows = [row for category in categories for row in self._days(package, category)]
        if not rows:
            return HTMLResponse("404", 404)
        body = {"data": rows, "package": package, "type": "overall_downloads"}
        return JSONResponse(body if package in CURVES else body | {"spread": SPREAD})

    async def split(self, request: Request) -> Response:
        """Answer with made-up shares of the days kept; the unknown have none, and no 404 either."""
        package, split = _package(request), request.url.path.rpartition("/")[2]
        days = list(self._days(package, "without_mirrors"))
        rows = [row for category in PERCENT[split] for row in _share(days, PERCENT[split], category)]
        body = {"data": rows, "package": package, "type": f"{split}_downloads", "sample": SAMPLE}
        return JSONResponse(body)

    async def recent(self, request: Request) -> Response:
        """Answer with sums over the days that are known, mirrors left out; null where none is.

        A package of which the tables have any figure is there, whatever is known of its last days.
        """
        package = _package(request)
        if package not in CURVES and not any(package == known for known, _ in self._facts.windows):
            return HTMLResponse("404", 404)
        known = {row["date"]: row["downloads"] for row in self._days(package, "without_mirrors")}
        data = {name: self._recent(known, length) for name, length in RECENT.items()}
        return JSONResponse({"data": data, "package": package, "type": "recent_downloads"})

    def _recent(self, known: Mapping[str, int], length: int) -> int | None:
        days = ((self._clock.today - timedelta(days=age)).isoformat() for age in range(1, length + 1))
        told = [known[day] for day in days if day in known]
        return sum(told) if told else None

    def _days(self, package: str, category: str) -> Iterator[dict[str, Any]]:
        """Yield the days kept. One with mirrors alone would mean zero without them, as at the service."""
        today = self._clock.today
        for age in range(DAYS_KEPT, 0, -1):
            day = today - timedelta(days=age)
            if (downloads := tool_downloads(package, day)) is not None:
                row = {"category": category, "date": day.isoformat(), "downloads": downloads}
                yield row | {"sample": OF_TOOLS}
                continue
            known = {
                name: self._facts.downloads(package, CATEGORIES[name], day, today) for name in CATEGORIES
            }
            if known[category] is not None and known["without_mirrors"] is not None:
                yield {"category": category, "date": day.isoformat(), "downloads": known[category]}


def _package(request: Request) -> str:
    name: str = request.path_params["package"]
    return name.replace(".", "-").replace("_", "-")


def _share(
    days: Sequence[Mapping[str, Any]], percent: Mapping[str, int], category: str
) -> Iterator[dict[str, Any]]:
    """Yield a category's part of each day, in whole downloads; the parts of a day sum to it."""
    names = list(percent)
    before = sum(percent[name] for name in names[: names.index(category)])
    for day in days:
        first, last = ((day["downloads"] * edge + 50) // 100 for edge in (before, before + percent[category]))
        yield {"category": category, "date": day["date"], "downloads": last - first}


# What is shown today and will not be shown tomorrow.
PASSING = "overall"


def stand_ins(clock: Clock) -> list[StandIn]:
    """Return what answers in the place of pypistats and of the download logs."""
    facts = load_facts()
    return [PyPIStats(facts, clock), ClickHouse(facts, clock)]
