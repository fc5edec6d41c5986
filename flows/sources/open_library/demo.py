"""Open Library's search: a formula, because no figures of it were at hand.

Of each word there are more books from year to year, up to some tens. Every answer says so under `sample`. Who
does not say how to be reached is refused. Source of the form: https://openlibrary.org/dev/docs/api/search
"""

import re
from zlib import crc32

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from flows.standin.clock import Clock, StandIn

SAMPLE = "formula of Barometer's demo, not Open Library's figures"
QUERY = re.compile(r'title:"(?P<word>[^"]+)" AND first_publish_year:(?P<year>[0-9]{4})')
REACHED = re.compile(r"\(.*(@|https?://).*\)")
FIRST_YEAR = 2015
USUAL_LIMIT = 100


class OpenLibrary:
    """Answers with the books of a word and year; of the running year those of its days that are over."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def routes(self) -> list[Route]:
        """Return the one path; the question is a parameter."""
        return [Route("/search.json", self.search)]

    async def search(self, request: Request) -> Response:
        """Answer with the number of books, and as many of them as were asked for."""
        if not REACHED.search(request.headers.get("User-Agent", "")):
            return HTMLResponse("<html><h1>403 Forbidden</h1></html>", 403)
        asked = QUERY.fullmatch(request.query_params.get("q", ""))
        if asked is None:
            return JSONResponse({"error": "The demo knows one form of question."}, 422)
        word, year = asked["word"], int(asked["year"])
        count = self._count(word, year)
        limit = int(request.query_params.get("limit", USUAL_LIMIT))
        docs = [_book(word, year, number) for number in range(1, min(count, limit) + 1)]
        told = {"numFound": count, "start": 0, "numFoundExact": True, "docs": docs}
        return JSONResponse({**told, "q": request.query_params["q"], "sample": SAMPLE})

    def _count(self, word: str, year: int) -> int:
        today = self._clock.today
        if not FIRST_YEAR < year <= today.year:
            return 0
        steps = 3 + crc32(word.lower().encode()) % 4
        whole = min((year - FIRST_YEAR) * steps, 45)
        return whole if year < today.year else whole * today.timetuple().tm_yday // 366


def _book(word: str, year: int, number: int) -> dict[str, object]:
    title = f"Made-up book {number} on {word}"
    key = f"/works/OL{year}{number:04}W"
    return {"key": key, "title": title, "first_publish_year": year, "language": ["eng"]}


def stand_ins(clock: Clock) -> list[StandIn]:
    """Return what answers in the place of the search."""
    return [OpenLibrary(clock)]
