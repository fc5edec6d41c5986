"""GitHub's search for repositories with a topic: a formula, because no figures of it were at hand.

A topic's curve is that of the demo's search interest; topics without one have no repositories. Every answer
says so under `sample`. Limits are counted and shown, and never reached.
Source: https://docs.github.com/rest/search/search
"""

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from flows.client.calendar import next_month
from flows.standin.clock import Clock, StandIn
from flows.standin.curve import CURVES
from flows.standin.shared import Declined, SharedRoute

SAMPLE = "formula of Barometer's demo, not GitHub's figures"
# New repositories to a point of interest, and of these the tutorials.
REPOSITORIES, TUTORIALS = 9.0, 0.06


class TopicSearch:
    """Answers with how many repositories there are, and with one of them."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._used: Counter[datetime] = Counter()

    def routes(self) -> list[Route]:
        """Return the one path, at which others search by other words."""
        return [SharedRoute("/search/repositories", self.search)]

    async def search(self, request: Request) -> Response:
        """Answer for a topic, a month or ever, with the word tutorial or without."""
        words = request.query_params.get("q", "").split()
        told = dict(word.split(":", 1) for word in words if ":" in word)
        if "topic" not in told:
            raise Declined
        if not request.headers.get("user-agent"):
            return JSONResponse({"message": "Request forbidden: a User-Agent header is required."}, 403)
        month = date.fromisoformat(f"{told['created']}-01") if "created" in told else None
        count = self._count(told["topic"], month, "tutorial" in words)
        item = {"id": 1, "created_at": f"{month or date(2020, 1, 1)}T00:00:00Z", "topics": [told["topic"]]}
        items = [item] if count else []
        body = {"total_count": count, "incomplete_results": False, "items": items, "sample": SAMPLE}
        return self._answer(request, body)

    def _count(self, topic: str, month: date | None, is_taught: bool) -> int:
        """Return how many; of the running month the part that is over, and none of an unknown topic."""
        if topic not in CURVES:
            return 0
        if month is None:
            return 1000
        begins, ends = (datetime.combine(day, time(), UTC) for day in (month, next_month(month)))
        part = max(0.0, min(1.0, (self._clock.now - begins) / (ends - begins)))
        return round(CURVES[topic].on(month) * REPOSITORIES * (TUTORIALS if is_taught else 1) * part)

    def _answer(self, request: Request, body: Mapping[str, object]) -> Response:
        limit = 30 if "authorization" in request.headers else 10
        reset = self._clock.now.replace(second=0, microsecond=0) + timedelta(minutes=1)
        self._used[reset] += 1
        headers = {
            "x-ratelimit-limit": str(limit),
            "x-ratelimit-remaining": str(limit - min(self._used[reset], limit - 1)),
            "x-ratelimit-reset": str(int(reset.timestamp())),
            "x-ratelimit-resource": "search",
        }
        return JSONResponse(body, 200, headers)


def stand_ins(clock: Clock) -> list[StandIn]:
    """Return what answers in GitHub's place."""
    return [TopicSearch(clock)]
