"""The ClickHouse copy of Hacker News: of mentions a formula, because no figures of them were at hand.

The word's curve is that of the demo's search interest, or a mild one; the site grows evenly. Such an answer
says so under `sample`. Source of the form: https://clickhouse.com/docs/interfaces/http
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from flows.client.calendar import next_month
from flows.sources.hacker_news import demo_hiring
from flows.sources.hacker_news.demo_hiring import SAMPLE
from flows.standin import clickhouse
from flows.standin.clock import Clock, StandIn
from flows.standin.curve import CURVES, MILD
from flows.standin.shared import Declined, SharedRoute
from warehouse.config.catalog import catalog

TABLE = "hackernews.hackernews"
# What of it is asked for posts.
THREADS = "whoishiring"
COUNTS = ("stories", "comments", "items", "loaded")
# Of items there are so many more each month, of mentions so many to a point of interest.
MORE_ITEMS, MENTIONS = 1500, 6


class HackerNews:
    """Answers with a row for each month up to the running one, of mentions or of hiring posts."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def routes(self) -> list[Route]:
        """Return the one path; the question is a parameter."""
        return [SharedRoute("/", self.query, methods=["GET"])]

    async def query(self, request: Request) -> Response:
        """Answer with the months of a word, whatever else the query says of the known table."""
        asked = request.query_params
        if TABLE not in asked.get("query", ""):
            raise Declined(clickhouse.unknown_table())
        is_of_posts = THREADS in asked["query"]
        for name in ("word", "row_limit") if is_of_posts else ("word", "row_limit", "first_month"):
            if f"param_{name}" not in asked:
                return clickhouse.not_set(name)
        word = asked["param_word"]
        try:
            most = int(asked["param_row_limit"])
            if is_of_posts:
                return JSONResponse(self._hiring_posts(word, most))
            return JSONResponse(self._mentions(word, date.fromisoformat(asked["param_first_month"]), most))
        except ValueError:
            return clickhouse.exception(400, 457, "Value cannot be parsed", "BAD_QUERY_PARAMETER")

    def _mentions(self, word: str, first: date, most: int) -> dict[str, object]:
        rows = list(self._rows(word, first))
        totals = _totals(rows, COUNTS)
        return _answer(rows[:most], {**totals, "newest_id": totals["loaded"]}) | {"sample": SAMPLE}

    def _hiring_posts(self, word: str, most: int) -> dict[str, object]:
        first = catalog()["hacker_news"].bounds.first_day
        newest_id = _totals(list(self._rows(word, first)), COUNTS)["loaded"]
        curve = CURVES.get(word.lower(), MILD)
        rows = list(demo_hiring.hiring_rows(word, curve, self._clock.today, newest_id))
        totals = _totals(rows, demo_hiring.COUNTS)
        known = {"threads_known": totals["threads_read"], "newest_id": newest_id}
        return _answer(rows[:most], {**totals, **known})

    def _rows(self, word: str, first: date) -> Iterator[dict[str, object]]:
        """Yield each month's counts; of the running one the part that is over."""
        curve, month, newest_id = CURVES.get(word.lower(), MILD), first, 0
        while month <= self._clock.today:
            days = (next_month(month) - month).days
            part = min((self._clock.today - month).days, days) / days
            items = round(MORE_ITEMS * ((month - first).days // 30 + 1) * part)
            mentions = min(round(MENTIONS * curve.on(month) * part), items)
            stories = mentions // 8
            newest_id += items
            counts = zip(COUNTS, (stories, mentions - stories, items, items), strict=True)
            yield {"month": month.isoformat(), **dict(counts), "newest_id": newest_id}
            month = next_month(month)


def _totals(rows: Sequence[Mapping[str, object]], counts: Sequence[str]) -> dict[str, int]:
    return {name: sum(int(str(row[name])) for row in rows) for name in counts}


def _answer(rows: Sequence[Mapping[str, object]], totals: Mapping[str, int]) -> dict[str, object]:
    return {"data": rows, "totals": {"month": "1970-01-01", **totals}, "rows": len(rows)}


def stand_ins(clock: Clock) -> list[StandIn]:
    """Return what answers in the place of the copy."""
    return [HackerNews(clock)]
