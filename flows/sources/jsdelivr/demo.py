"""jsDelivr's statistics: a formula, because no figures of it were at hand.

A package's curve rises evenly from the day on which statistics begin, with fewer requests at weekends. Every
answer says so under `sample`. Source of the form: https://www.jsdelivr.com/docs/data.jsdelivr.com
"""

import re
from calendar import monthrange
from datetime import date, timedelta
from zlib import crc32

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from flows.standin.clock import Clock, StandIn

SAMPLE = "formula of Barometer's demo, not jsDelivr's figures"
FIRST_DAY = date(2017, 8, 19)
LATE = timedelta(days=2)
KEPT = timedelta(days=380)
PERIOD = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")


class JsDelivr:
    """Answers with a package's requests by day, of days that are two days over."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def routes(self) -> list[Route]:
        """Return the one path."""
        return [Route("/v1/stats/packages/npm/{package:path}", self.package)]

    async def package(self, request: Request) -> Response:
        """Answer for a month, the running one in part; what is older than about a year is told no more."""
        package, period = request.path_params["package"], request.query_params.get("period", "month")
        if not PERIOD.fullmatch(period):
            return _error(400, "The demo knows periods of the form YYYY-MM alone.")
        month = date.fromisoformat(f"{period}-01")
        if month < self._clock.today - KEPT:
            return _error(404, f"Couldn't find stats for {package} in {period}.")
        hits = self._days(package, month)
        if not hits:
            return _error(404, f"Couldn't find stats for {package} in {period}.")
        told = {"rank": 1000, "typeRank": 800, "total": sum(hits.values()), "dates": hits}
        return JSONResponse({"hits": told, "sample": SAMPLE})

    def _days(self, package: str, month: date) -> dict[str, int]:
        days = (month.replace(day=n) for n in range(1, monthrange(month.year, month.month)[1] + 1))
        last = self._clock.today - LATE
        return {day.isoformat(): _requests(package, day) for day in days if FIRST_DAY <= day < last}


def _requests(package: str, day: date) -> int:
    height = 200 + crc32(package.encode()) % 800
    grown = height * (day - FIRST_DAY).days // 100
    return grown * (6 if day.isoweekday() > 5 else 10) // 10


def _error(status: int, message: str) -> Response:
    return JSONResponse({"status": status, "message": message}, status)


def stand_ins(clock: Clock) -> list[StandIn]:
    """Return what answers in the place of the statistics."""
    return [JsDelivr(clock)]
