"""The ClickHouse copy of Hacker News: a formula, because no figures of it were at hand.

The word's curve is that of the demo's search interest, or a mild one; the site grows evenly. Every answer
says so under `sample`. Source of the form: https://clickhouse.com/docs/interfaces/http
"""

from collections.abc import Iterator
from datetime import date

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from flows.client.calendar import next_month
from flows.standin.clock import Clock, StandIn
from flows.standin.curve import CURVES, Curve

SAMPLE = "formula of Barometer's demo, not Hacker News' figures"
TABLE = "hackernews.hackernews"
COUNTS = ("stories", "comments", "items", "loaded")
NEEDED = ("word", "first_month", "row_limit")
# Of items there are so many more each month, of mentions so many to a point of interest.
MORE_ITEMS, MENTIONS = 1500, 6
MILD = Curve(9, date(2016, 1, 1), 900, date(2023, 1, 1), 900, 0.6)


class HackerNews:
    """Answers with a row for each month up to the running one."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def routes(self) -> list[Route]:
        """Return the one path; the question is a parameter."""
        return [Route("/", self.query, methods=["GET"])]

    async def query(self, request: Request) -> Response:
        """Answer with the months of a word, whatever else the query says of the known table."""
        asked = request.query_params
        if TABLE not in asked.get("query", ""):
            return _exception(404, 60, "The demo knows one table", "UNKNOWN_TABLE")
        for name in NEEDED:
            if f"param_{name}" not in asked:
                return _exception(400, 456, f"Substitution `{name}` is not set", "UNKNOWN_QUERY_PARAMETER")
        try:
            first, most = date.fromisoformat(asked["param_first_month"]), int(asked["param_row_limit"])
        except ValueError:
            return _exception(400, 457, "Value cannot be parsed", "BAD_QUERY_PARAMETER")
        return JSONResponse(_answer(list(self._rows(asked["param_word"], first)), most))

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


def _answer(rows: list[dict[str, object]], most: int) -> dict[str, object]:
    totals = {name: sum(int(str(row[name])) for row in rows) for name in COUNTS}
    return {
        "data": rows[:most],
        "totals": {"month": "1970-01-01", **totals, "newest_id": totals["loaded"]},
        "rows": len(rows[:most]),
        "sample": SAMPLE,
    }


def _exception(status: int, code: int, what: str, name: str) -> Response:
    body = f"Code: {code}. DB::Exception: {what}. ({name}) (Barometer's demo)\n"
    return PlainTextResponse(body, status, headers={"X-ClickHouse-Exception-Code": str(code)})


def stand_ins(clock: Clock) -> list[StandIn]:
    """Return what answers in the place of the copy."""
    return [HackerNews(clock)]
