"""Google Trends as pytrends 4.9.2 walks it: a cookie, the widgets of a comparison, its values over time.

The values are the formula of `flows.standin.curve`, and every answer that holds some says so under `sample`.
Source: the recorded answers that pytrends is tested with, and its code.
"""

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, time

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from flows.sources.google_trends.demo_widgets import over_time_request, terms_of, token_of, widgets_of
from flows.standin.clock import Clock, StandIn
from flows.standin.curve import Point, Resolution, timeline

# Everything downstream learns from this key that the values are not Google's.
SAMPLE = "formula of Barometer's demo, not Google's figures"

COOKIE = {"set-cookie": "NID=demo; path=/; HttpOnly"}

# What keeps a browser from running the answer as a script; longer by a comma before values.
WIDGETS_PREFIX, VALUES_PREFIX = ")]}'\n", ")]}',\n"


class GoogleTrends:
    """Answers from the formula; of the widgets only the one over time has values behind it."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def routes(self) -> list[Route]:
        """Return the paths, in the order in which a client walks them."""
        return [
            Route("/trends/explore/", self.cookie),
            Route("/trends/api/explore", self.explore, methods=["POST"]),
            Route("/trends/api/widgetdata/multiline", self.multiline),
        ]

    async def cookie(self, request: Request) -> Response:
        """Hand out the cookie with an error, as the site has done since 2023 at the latest."""
        return _error(404, "Not Found", COOKIE)

    async def explore(self, request: Request) -> Response:
        """Answer with the widgets of a comparison, each with the request and token that its values need."""
        if "NID" not in request.cookies:
            return _error(429, "Too Many Requests", COOKIE)
        try:
            comparison = json.loads(request.query_params["req"])
            locale = request.query_params.get("hl", "en-US")
            over_time = over_time_request(comparison, locale, self._clock.today)
        except (KeyError, ValueError):
            return _error(400, "Bad Request")
        return _guarded(WIDGETS_PREFIX, {"widgets": widgets_of(over_time)})

    async def multiline(self, request: Request) -> Response:
        """Answer with the values over time, if the token belongs to the request."""
        try:
            asked = json.loads(request.query_params["req"])
        except (KeyError, ValueError):
            return _error(400, "Bad Request")
        if request.query_params.get("token") != token_of(asked):
            return _error(401, "Bad Request")
        first, last = (date.fromisoformat(day) for day in asked["time"].split())
        resolution = Resolution(asked["resolution"])
        points = timeline(terms_of(asked), first, last, resolution, self._clock.now)
        values = {"timelineData": [_shown(point, resolution) for point in points], "averages": []}
        return _guarded(VALUES_PREFIX, {"default": values, "sample": SAMPLE})


def _shown(point: Point, resolution: Resolution) -> dict[str, object]:
    starts_at = datetime.combine(point.first, time(), UTC)
    shown = {
        "time": str(int(starts_at.timestamp())),
        "formattedTime": _formatted_time(point, resolution),
        "formattedAxisTime": _formatted_day(point.first),
        "value": point.values,
        "hasData": [True] * len(point.values),
        "formattedValue": [str(value) if value else "<1" for value in point.values],
    }
    return shown | ({"isPartial": True} if point.partial else {})


def _formatted_time(point: Point, resolution: Resolution) -> str:
    if resolution is Resolution.DAY:
        return _formatted_day(point.first)
    if resolution is Resolution.MONTH:
        return f"{point.first:%b %Y}"
    return f"{_formatted_day(point.first)} \N{EN DASH} {_formatted_day(point.last)}"


def _formatted_day(day: date) -> str:
    return f"{day:%b} {day.day}, {day.year}"


def _guarded(prefix: str, body: Mapping[str, object]) -> Response:
    content = prefix + json.dumps(body, separators=(",", ":"))
    headers = {"content-disposition": 'attachment; filename="json.txt"'}
    return Response(content, 200, headers, media_type="application/json; charset=utf-8")


def _error(status: int, title: str, headers: Mapping[str, str] | None = None) -> Response:
    return HTMLResponse(f"<html lang=en><title>Error {status} ({title})</title></html>", status, headers)


def stand_ins(clock: Clock) -> list[StandIn]:
    """Return what answers in Google's place."""
    return [GoogleTrends(clock)]
