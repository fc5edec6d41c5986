"""GitHub's search for issues and pull requests: issues opened are facts, all else is a formula.

Issues opened by month are those that still existed in August 2025; a month after that, one that is not over,
and what was closed or merged are made up, and each such answer says so under `sample`. Limits are counted and
shown, and never reached. Source: https://docs.github.com/rest/search/search
"""

import csv
import hashlib
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from pathlib import Path

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from flows.client.calendar import next_month
from flows.standin.clock import Clock, StandIn
from flows.standin.records import REPOSITORIES

FACTS = Path(__file__).parent / "facts" / "issue_months.csv"
SAMPLE = "formula of Barometer's demo, not GitHub's figures"
KINDS, WHEN = ("issue", "pr"), ("created", "closed", "merged")
# Of those that came in the month before, so many were closed; of pull requests closed, so many were merged.
CLOSED, MERGED = 0.9, 0.7
PULLS_TO_AN_ISSUE = 1.2
MERGED_BY_ITSELF = {"pytorch/pytorch": 0.03}
UNKNOWN = (
    "The listed users and repositories cannot be searched either because the resources do not exist or you "
    "do not have permission to view them."
)


class Search:
    """Answers with how many there are, and with one of them."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._used: Counter[datetime] = Counter()

    def routes(self) -> list[Route]:
        """Return the one path."""
        return [Route("/search/issues", self.search)]

    async def search(self, request: Request) -> Response:
        """Answer for one repository, one kind, and a month or all of them."""
        if not request.headers.get("user-agent"):
            return JSONResponse({"message": "Request forbidden: a User-Agent header is required."}, 403)
        told = dict(word.split(":", 1) for word in request.query_params.get("q", "").split() if ":" in word)
        months = [told[when] for when in WHEN if when in told]
        if told.get("is") not in KINDS or len(months) > 1:
            return self._answer(request, 422, {"message": "Validation Failed"})
        repository = told.get("repo", "").lower()
        if repository not in REPOSITORIES:
            error = {"message": UNKNOWN, "resource": "Search", "field": "q", "code": "invalid"}
            return self._answer(request, 422, {"message": "Validation Failed", "errors": [error]})
        when = next((when for when in WHEN if when in told), "created")
        found = self._count(repository, told["is"], when, months[0] if months else None)
        return self._answer(request, 200, _body(request, repository, *found))

    def _count(self, repository: str, kind: str, when: str, month: str | None) -> tuple[int, bool]:
        """Return how many, and whether that is made up; of the running month the part that is over."""
        if month is None:
            return 1000, True
        first = date.fromisoformat(f"{month}-01")
        count, is_fact = _whole(repository, kind, when, first)
        begins, ends = (datetime.combine(day, time(), UTC) for day in (first, next_month(first)))
        part = max(0.0, min(1.0, (self._clock.now - begins) / (ends - begins)))
        return round(count * part), not is_fact or part < 1

    def _answer(self, request: Request, status: int, body: Mapping[str, object]) -> Response:
        limit = 30 if "authorization" in request.headers else 10
        reset = self._clock.now.replace(second=0, microsecond=0) + timedelta(minutes=1)
        self._used[reset] += 1
        used = min(self._used[reset], limit - 1)
        headers = {
            "x-ratelimit-limit": str(limit),
            "x-ratelimit-remaining": str(limit - used),
            "x-ratelimit-reset": str(int(reset.timestamp())),
            "x-ratelimit-resource": "search",
        }
        return JSONResponse(body, status, headers)


def _body(request: Request, repository: str, count: int, is_sample: bool) -> dict[str, object]:
    url = f"{request.base_url}repos/{repository}"
    items = [{"id": 1, "number": 1, "repository_url": url}] if count else []
    told = {"total_count": count, "incomplete_results": False, "items": items}
    return told | ({"sample": SAMPLE} if is_sample else {})


def _whole(repository: str, kind: str, when: str, month: date) -> tuple[int, bool]:
    """Return how many there were in a whole month, and whether that is a fact."""
    opened = _opened().get((repository, month))
    if kind == "issue" and when == "created" and opened is not None:
        return opened, True
    made_up = _formula(repository, month) if opened is None else opened
    if kind == "pr":
        made_up = round(PULLS_TO_AN_ISSUE * made_up)
    closed = made_up if when == "created" else round(CLOSED * made_up)
    return round(MERGED_BY_ITSELF.get(repository, MERGED) * closed) if when == "merged" else closed, False


def _formula(repository: str, month: date) -> int:
    """Return some issues for a month of which none are known: about as many as in others."""
    if month < REPOSITORIES[repository].created_at.date().replace(day=1):
        return 0
    known = [issues for (name, _), issues in _opened().items() if name == repository][-12:]
    usual = sum(known) / len(known) if known else 90
    return round(usual * (0.8 + hashlib.sha256(f"{repository} {month}".encode()).digest()[0] / 640))


@cache
def _opened() -> Mapping[tuple[str, date], int]:
    with FACTS.open(newline="", encoding="utf-8") as file:
        return {
            (row["repository"], date.fromisoformat(f"{row['month']}-01")): int(row["issues"])
            for row in csv.DictReader(file)
        }


def stand_ins(clock: Clock) -> list[StandIn]:
    """Return what answers in GitHub's place."""
    return [Search(clock)]
