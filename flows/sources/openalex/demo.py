"""OpenAlex: a formula, because no figures of it were at hand; every answer says so under `sample`.

The word's curve is that of the demo's search interest, or a mild one; all works grow evenly. Requests of a
day are counted as the service does: an empty key is refused, and what goes beyond the budget has to wait.
Source of the form: https://developers.openalex.org/api-reference
"""

import re
from collections import Counter
from datetime import UTC, date, datetime, time, timedelta

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from flows.standin.clock import Clock, StandIn
from flows.standin.curve import CURVES, MILD

SAMPLE = "formula of Barometer's demo, not OpenAlex' figures"
FILTER = re.compile(
    r'(?:title_and_abstract\.search:"?(?P<word>[^",]+)"?,)?'
    r"has_abstract:true,publication_year:(?P<first>\d{4})-(?P<last>\d{4})"
)
# Searches of a day without a key, and with one.
WITHOUT, WITH = 10, 1_000
WORKS_2010, GROWTH, WORKS_A_POINT = 3_100_000, 1.05, 85


class OpenAlex:
    """Answers with the works of each year up to the running one."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._asked: Counter[tuple[date, str]] = Counter()

    def routes(self) -> list[Route]:
        """Return the one path; the question is its filter."""
        return [Route("/works", self.works)]

    async def works(self, request: Request) -> Response:
        """Answer with the groups of a known filter, unless the key is none or the day is used up."""
        asked = request.query_params
        key = asked.get("api_key")
        if key == "":
            return _error(401, "Invalid API key", "The key that was sent is none.")
        found = FILTER.fullmatch(asked.get("filter", ""))
        if not found or asked.get("group_by") != "publication_year":
            return _error(400, "Invalid query parameters error.", "The demo knows one filter.")
        self._asked[self._clock.today, key or ""] += 1
        if self._asked[self._clock.today, key or ""] > (WITH if key else WITHOUT):
            return self._used_up()
        years = range(int(found["first"]), int(found["last"]) + 1)
        return JSONResponse(self._answer(found["word"], years))

    def _answer(self, word: str | None, years: range) -> dict[str, object]:
        counts = {year: self._works(word, year) for year in years}
        groups = [
            {"key": str(year), "key_display_name": str(year), "count": count}
            for year, count in sorted(counts.items(), key=lambda told: -told[1])
            if count
        ]
        meta = {"count": sum(counts.values()), "page": 1, "per_page": 200, "groups_count": len(groups)}
        return {"meta": meta, "group_by": groups, "sample": SAMPLE}

    def _works(self, word: str | None, year: int) -> int:
        """Return the works of a year, of the running one the part that is over."""
        begun = date(year, 1, 1)
        part = min(max((self._clock.today - begun).days / 365, 0), 1)
        works = WORKS_2010 * GROWTH ** (year - 2010)
        if word is not None:
            works = WORKS_A_POINT * CURVES.get(word.lower(), MILD).on(date(year, 7, 1))
        return round(works * part)

    def _used_up(self) -> Response:
        midnight = datetime.combine(self._clock.today + timedelta(days=1), time(), UTC)
        left = str(round((midnight - self._clock.now).total_seconds()))
        headers = {"Retry-After": left, "X-RateLimit-Remaining": "0", "X-RateLimit-Reset": left}
        return _error(429, "Rate limit exceeded", "The day's budget is used up.", headers)


def _error(status: int, error: str, message: str, headers: dict[str, str] | None = None) -> Response:
    return JSONResponse({"error": error, "message": f"{message} (Barometer's demo)"}, status, headers)


def stand_ins(clock: Clock) -> list[StandIn]:
    """Return what answers in its place."""
    return [OpenAlex(clock)]
