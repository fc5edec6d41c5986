"""Wikimedia's REST interface: views of an article of the English Wikipedia, by day.

The views are the formula of `demo_formula`, and every answer that holds some says so under `sample`.
Source: https://doc.wikimedia.org/generated-data-platform/aqs/analytics-api/reference/page-views.html
"""

from collections.abc import Iterator
from datetime import date, timedelta

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from flows.sources.wikipedia.demo_formula import ARTICLES
from flows.standin.clock import Clock, StandIn

# Everything downstream learns from this key that the views are not Wikipedia's.
SAMPLE = "formula of Barometer's demo, not Wikimedia's figures"

# Wikimedia keeps no day before it.
FIRST_DAY = date(2015, 7, 1)

PATH = "/api/rest_v1/metrics/pageviews/per-article/en.wikipedia/all-access/user"

NO_DAYS = "The dates are valid, but there are no views of this article in them"
NO_DATES = "The dates are not two days as YYYYMMDD, the first one first"


class Wikimedia:
    """Answers from the formula, for readers on all devices; other ways of counting have no path."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def routes(self) -> list[Route]:
        """Return the one path served."""
        return [Route(f"{PATH}/{{article:path}}/daily/{{first}}/{{last}}", self.per_article)]

    async def per_article(self, request: Request) -> Response:
        """Answer with the days asked for, up to yesterday; days without views are left out."""
        article = request.path_params["article"]
        try:
            first, last = (date.fromisoformat(request.path_params[bound]) for bound in ("first", "last"))
        except ValueError:
            return _problem(400, "Bad Request", NO_DATES)
        if first > last:
            return _problem(400, "Bad Request", NO_DATES)
        items = list(self._items(article, max(first, FIRST_DAY), last))
        if not items:
            return _problem(404, "Not Found", NO_DAYS)
        return JSONResponse({"items": items, "sample": SAMPLE})

    def _items(self, article: str, first: date, last: date) -> Iterator[dict[str, object]]:
        if article not in ARTICLES:
            return
        asked = {"project": "en.wikipedia", "article": article, "granularity": "daily"}
        counted = {"access": "all-access", "agent": "user"}
        until = min(last, self._clock.today - timedelta(days=1))
        for offset in range((until - first).days + 1):
            day = first + timedelta(days=offset)
            if views := ARTICLES[article].views(day):
                yield {**asked, "timestamp": f"{day:%Y%m%d}00", **counted, "views": views}


def _problem(status: int, title: str, detail: str) -> Response:
    body = {"type": "about:blank", "title": title, "method": "get", "status": status, "detail": detail}
    return JSONResponse(body, status, media_type="application/problem+json")


def stand_ins(clock: Clock) -> list[StandIn]:
    """Return what answers in Wikimedia's place."""
    return [Wikimedia(clock)]
