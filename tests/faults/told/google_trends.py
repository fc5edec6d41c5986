"""Google Trends: interest in up to five terms by month and by day, on the scale of each answer."""

import json
import math
import random
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, TypeAlias

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from flows.sources.google_trends.demo_widgets import over_time_request, terms_of, token_of, widgets_of
from tests.faults.told.source import Met, Moment, Source
from tests.faults.truth import WEEKDAYS, Truth, next_month

FIRST_MONTH = date(2004, 1, 1)
METRICS = {"MONTH": "google_trends_interest", "DAY": "google_trends_interest_daily"}
# A draw of a sample differs from the next by so much.
SAMPLING = 1

# A point's first day and the value of each term.
Points: TypeAlias = dict[date, list[int]]
Telling: TypeAlias = Callable[[Points, str], Points]


class GoogleTrends(Source):
    """Terms in the order of the configuration, all in one answer."""

    def __init__(self, moment: Moment) -> None:
        super().__init__(moment)
        self.terms: dict[str, str] = {}
        self.tellings: list[Telling] = []
        self.country = ""
        self.is_yearly = self.is_twice = self.is_empty = False
        self.unfinished = 1.0

    def add(self, subject_id: str, place: int) -> dict[str, object]:
        self.terms[subject_id.replace("_", " ")] = subject_id
        return {"google_trends": subject_id.replace("_", " ")}

    def routes(self) -> list[Route]:
        return [
            Route("/trends/explore/", self.cookie),
            Route("/trends/api/explore", self.explore, methods=["POST"]),
            Route("/trends/api/widgetdata/multiline", self.multiline),
        ]

    async def cookie(self, request: Request) -> Response:
        return HTMLResponse("", 404, {"set-cookie": "NID=replay; path=/"})

    async def explore(self, request: Request) -> Response:
        comparison = json.loads(request.query_params["req"])
        over_time = over_time_request(comparison, "en-US", self.moment.today)
        if self.country:
            for item in over_time["comparisonItem"]:
                item["geo"] = {"country": self.country}
        if self.is_yearly and over_time["resolution"] == "MONTH":
            over_time["resolution"] = "YEAR"
        return _guarded(")]}'\n", {"widgets": widgets_of(over_time)})

    async def multiline(self, request: Request) -> Response:
        asked = json.loads(request.query_params["req"])
        if request.query_params["token"] != token_of(asked):
            return HTMLResponse("<title>Error 401 (Bad Request)</title>", 401)
        first, last = (date.fromisoformat(day) for day in asked["time"].split())
        points = self._drawn(terms_of(asked), first, last, asked["resolution"])
        if asked["comparisonItem"][0]["geo"]:  # elsewhere another term leads
            points = {start: values[::-1] for start, values in points.items()}
        for telling in self.tellings:
            points = telling(points, asked["resolution"])
        shown = [self._shown(start, values, asked["resolution"]) for start, values in points.items()]
        if self.is_empty:
            shown = []
        if self.is_twice:
            shown.insert(2, shown[1])
        return _guarded(")]}',\n", {"default": {"timelineData": shown, "averages": []}})

    def _shown(self, start: date, values: list[int], resolution: str) -> dict[str, Any]:
        point = {
            "time": str(int(datetime.combine(start, time(), UTC).timestamp())),
            "formattedTime": start.isoformat(),
            "value": values,
            "hasData": [True] * len(values),
            "formattedValue": [str(value) for value in values],
        }
        is_partial = _end(start, resolution) >= self.moment.today
        if is_partial:
            point["value"] = [round(value * self.unfinished) for value in values]
        return point | ({"isPartial": True} if is_partial else {})

    def _drawn(self, terms: list[str], first: date, last: date, resolution: str) -> Points:
        """Return what is drawn on this day: the truth, but for sampling; all draws have one peak."""
        draw = random.Random(f"{self.moment.today} {resolution}")
        return {
            start: [v if v > 90 else max(0, v + draw.randint(-SAMPLING, SAMPLING)) for v in values]
            for start, values in self._true(terms, first, last, resolution).items()
        }

    def _true(self, terms: list[str], first: date, last: date, resolution: str) -> Points:
        places = [list(self.terms).index(term) for term in terms]
        starts = _starts(first, min(last, self.moment.today), resolution)
        of = _interest_of_a_day if resolution == "DAY" else _interest
        interest = {start: [of(place, start) for place in places] for start in starts}
        most = max(max(values) for values in interest.values())
        return {start: [round(100 * v / most) for v in values] for start, values in interest.items()}

    def truth(self) -> Truth:
        truth: Truth = {}
        if not self.terms:
            return truth
        today = self.moment.today
        for resolution, first in {"MONTH": FIRST_MONTH, "DAY": _three_months_before(today)}.items():
            points = self._true(list(self.terms), first, today, resolution)
            for start, values in points.items():
                if _end(start, resolution) < today:
                    for subject_id, value in zip(self.terms.values(), values, strict=True):
                        truth[subject_id, METRICS[resolution], start] = value
        return truth

    def formerly(self) -> Truth:
        if not self.terms:
            return {}
        points = self._true(list(self.terms), self.moment.ago(200), self.moment.today, "DAY")
        return {
            (subject_id, METRICS["DAY"], start): value
            for start, values in points.items()
            for subject_id, value in zip(self.terms.values(), values, strict=True)
        }

    # ----------------------------------------------------------------------------------- how it goes wrong

    def _every(self) -> tuple[str, ...]:
        return tuple(self.terms.values())

    def _holes(self, subject_id: str, share: float, runs: int) -> Met:
        def telling(points: Points, resolution: str) -> Points:
            if self.moment.phase < 1:
                return points
            draw = random.Random(resolution)
            return {
                start: [0 if value < 95 and draw.random() < share else value for value in values]
                for start, values in points.items()
            }

        self.tellings.append(telling)
        return Met(self._every())

    def _block(self, subject_id: str, first: date, last: date) -> Met:
        def telling(points: Points, resolution: str) -> Points:
            if self.moment.phase < 1 or resolution != "MONTH":
                return points
            return points | {day: [0, *values[1:]] for day, values in points.items() if first <= day <= last}

        self.tellings.append(telling)
        return Met(self._every())

    def _alike(self, subject_id: str) -> Met:
        def telling(points: Points, resolution: str) -> Points:
            if self.moment.phase < 1:
                return points
            most = max(values[0] for values in points.values())
            alike = {day: round(100 * values[0] / most) for day, values in points.items()}
            return {day: [alike[day]] * len(values) for day, values in points.items()}

        self.tellings.append(telling)
        return Met(self._every())

    def _since(self, subject_id: str, first: date) -> Met:
        def telling(points: Points, resolution: str) -> Points:
            if self.moment.phase < 1 or resolution != "MONTH":
                return points
            kept = {day: values for day, values in points.items() if day >= first}
            most = max(max(values) for values in kept.values())
            return {day: [round(100 * v / most) for v in values] for day, values in kept.items()}

        self.tellings.append(telling)
        return Met(self._every())

    def _shorter_export(self, subject_id: str, months: int) -> Met:
        return Met(self._every())

    def _years(self, subject_id: str) -> Met:
        return Met(self._every())

    def _empty(self, subject_id: str) -> Met:
        return Met(self._every())

    def _empty_export(self, subject_id: str) -> Met:
        return Met(self._every())

    def _twice(self, subject_id: str) -> Met:
        return Met(self._every())

    def _partial(self, subject_id: str, share: float) -> Met:
        self.unfinished = share
        return Met(self._every())

    def _region(self, subject_id: str, country: str) -> Met:
        return Met(self._every())

    def export(self, months: int | None = None) -> str:
        """Return what the website exports of the newest months that are over, on the scale of these alone."""
        points = self._true(list(self.terms), FIRST_MONTH, self.moment.today, "MONTH")
        kept = [day for day in points if _end(day, "MONTH") < self.moment.today][-months if months else 0 :]
        most = max(max(points[day]) for day in kept)
        heading = ",".join(f"{term}: (Worldwide)" for term in self.terms)
        lines = [f"{day:%Y-%m},{','.join(str(round(100 * v / most)) for v in points[day])}" for day in kept]
        return "\n".join(["Category: All categories", "", f"Month,{heading}", *lines]) + "\n"


def _interest(place: int, day: date) -> float:
    """Interest that rises to a peak and fades, with a rhythm of the year; each term has its own."""
    peak, width = date(2019 + place % 3, 3, 1), 1500 + 300 * place
    height = 100 * 0.4**place
    shape = 0.15 + math.exp(-(((day - peak).days / width) ** 2))
    return height * shape * (1 + 0.04 * math.sin(day.month / 2))


def _interest_of_a_day(place: int, day: date) -> float:
    """Interest with a rhythm of the week alone, so that all windows have one scale."""
    return 100 * 0.6**place * WEEKDAYS[day.weekday()]


def _starts(first: date, last: date, resolution: str) -> list[date]:
    start, starts = first, []
    if resolution == "MONTH" and first.day > 1:
        start = next_month(first)
    if resolution == "YEAR":
        return [date(year, 1, 1) for year in range(first.year, last.year + 1)]
    while start <= last:
        starts.append(start)
        start = next_month(start) if resolution == "MONTH" else start + timedelta(days=1)
    return starts


def _end(start: date, resolution: str) -> date:
    if resolution == "YEAR":
        return date(start.year, 12, 31)
    return next_month(start) - timedelta(days=1) if resolution == "MONTH" else start


def _three_months_before(day: date) -> date:
    year, month = divmod(day.year * 12 + day.month - 4, 12)
    return date(year, month + 1, min(day.day, 28))


def _guarded(prefix: str, body: dict[str, Any]) -> Response:
    return Response(prefix + json.dumps(body), media_type="application/json; charset=utf-8")
