"""pypistats: downloads of a package by day, with and without mirrors.

Source: https://pypistats.org/api/ and the service's own code, which is open.
"""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from flows.demo.clock import Clock
from flows.demo.facts import Facts

DAYS_KEPT = 180

# What the service calls a series, and which way of counting of the facts it shows.
CATEGORIES = {"with_mirrors": "all", "without_mirrors": "without_mirrors"}
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
        ]

    async def overall(self, request: Request) -> Response:
        """Answer with the days kept, up to yesterday; days without a figure are left out."""
        package = _package(request)
        categories = ASKED.get(request.query_params.get("mirrors", ""), list(CATEGORIES))
        rows = [row for category in categories for row in self._days(package, category)]
        if not rows:
            return HTMLResponse("404", 404)
        return JSONResponse({"data": rows, "package": package, "type": "overall_downloads"})

    async def recent(self, request: Request) -> Response:
        """Answer with sums over the days that are known, mirrors left out; null where none is."""
        package = _package(request)
        known = {row["date"]: row["downloads"] for row in self._days(package, "without_mirrors")}
        if not known and not any(self._days(package, "with_mirrors")):
            return HTMLResponse("404", 404)
        data = {name: self._recent(known, length) for name, length in RECENT.items()}
        return JSONResponse({"data": data, "package": package, "type": "recent_downloads"})

    def _recent(self, known: Mapping[str, int], length: int) -> int | None:
        days = ((self._clock.today - timedelta(days=age)).isoformat() for age in range(1, length + 1))
        told = [known[day] for day in days if day in known]
        return sum(told) if told else None

    def _days(self, package: str, category: str) -> Iterator[dict[str, Any]]:
        today = self._clock.today
        for age in range(DAYS_KEPT, 0, -1):
            day = today - timedelta(days=age)
            downloads = self._facts.downloads(package, CATEGORIES[category], day, today)
            if downloads is not None:
                yield {"category": category, "date": day.isoformat(), "downloads": downloads}


def _package(request: Request) -> str:
    name: str = request.path_params["package"]
    return name.replace(".", "-").replace("_", "-")
