"""pypistats: downloads of a package by day, with and without mirrors.

Source: https://pypistats.org/api/ and the service's own code, which is open.
"""

from collections.abc import Iterator
from datetime import timedelta

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from flows.demo.clock import Clock
from flows.demo.facts import Facts

DAYS_KEPT = 180

# What the service calls a series, and which way of counting of the facts it shows.
CATEGORIES = {"with_mirrors": "all", "without_mirrors": "without_mirrors"}
ASKED = {"true": ["with_mirrors"], "false": ["without_mirrors"]}


class PyPIStats:
    """Answers from the download months of the demo's facts, spread evenly over their days."""

    def __init__(self, facts: Facts, clock: Clock) -> None:
        self._facts = facts
        self._clock = clock

    def routes(self) -> list[Route]:
        """Return the one path served."""
        return [Route("/api/packages/{package}/overall", self.overall)]

    async def overall(self, request: Request) -> Response:
        """Answer with the days kept, up to yesterday; days without a figure are left out."""
        package = request.path_params["package"].replace(".", "-").replace("_", "-")
        categories = ASKED.get(request.query_params.get("mirrors", ""), list(CATEGORIES))
        rows = [row for category in categories for row in self._days(package, category)]
        if not rows:
            return HTMLResponse("404", 404)
        return JSONResponse({"data": rows, "package": package, "type": "overall_downloads"})

    def _days(self, package: str, category: str) -> Iterator[dict[str, object]]:
        today = self._clock.today
        for age in range(DAYS_KEPT, 0, -1):
            day = today - timedelta(days=age)
            downloads = self._facts.downloads(package, CATEGORIES[category], day, today)
            if downloads is not None:
                yield {"category": category, "date": day.isoformat(), "downloads": downloads}
