"""StackExchange's interface 2.3: questions of a tag in a month, and tags with their totals.

The figures end in May 2023. What the demo does not know it refuses: a zero would be taken for an answer.
Source: https://api.stackexchange.com/docs
"""

import gzip
import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from flows.demo.clock import Clock
from flows.demo.facts import Facts

# Requests a day for an address without a key.
QUOTA = 300

# How long after its last month the sum over months still passes for a tag's present total.
SUM_LIVES = timedelta(days=31)


class Refusal(Exception):
    """A question that gets an error: `error_id` and `error_name` are StackExchange's."""

    def __init__(self, error_id: int, error_name: str, message: str) -> None:
        super().__init__(message)
        self.body = {"error_id": error_id, "error_name": error_name, "error_message": message}


class StackExchange:
    """Answers from the question months of the demo's facts."""

    def __init__(self, facts: Facts, clock: Clock) -> None:
        self._facts = facts
        self._clock = clock
        self._last_month = max(max(months) for months in facts.question_months.values())
        self._used: Counter[date] = Counter()

    def routes(self) -> list[Route]:
        """Return the paths."""
        return [
            Route("/2.3/questions", self.questions),
            Route("/2.3/tags", self.search),
            Route("/2.3/tags/{tags}/info", self.tags),
        ]

    async def questions(self, request: Request) -> Response:
        """Answer `filter=total`, which gives the number alone, for one tag and one calendar month."""
        return self._respond(request, lambda: {"total": self._total(_tag(request), _month(request))})

    async def tags(self, request: Request) -> Response:
        """Answer with the tags that are known, each with the sum of its months."""
        return self._respond(request, lambda: self._tag_items(request.path_params["tags"].split(";")))

    async def search(self, request: Request) -> Response:
        """Answer with the tags that have `inname` in their name, the most used first."""
        part = request.query_params.get("inname", "").lower()
        found = [tag for tag in self._facts.question_months if part in tag]
        return self._respond(request, lambda: self._tag_items(found))

    def _respond(self, request: Request, answer: Callable[[], Mapping[str, object]]) -> Response:
        self._used[self._clock.today] += 1
        try:
            if not request.query_params.get("site"):
                raise _bad_parameter("site is required")
            return _compressed(200, answer())
        except Refusal as refusal:
            return _compressed(400, refusal.body)

    def _total(self, tag: str, month: date) -> int:
        months = self._facts.question_months.get(tag)
        if _over_at(month) > self._clock.now:
            raise _unavailable(f"{month:%B %Y} is not over")
        if months is None:
            raise _bad_parameter("the demo holds no figure for this tag")
        if month < min(months):
            return 0
        if month > self._last_month:
            raise _unavailable(f"the demo's figures end in {self._last_month:%B %Y}")
        questions = self._facts.questions(tag, month)
        if questions is None:
            raise _bad_parameter("the demo holds no figure for this month")
        return questions

    def _tag_items(self, tags: Sequence[str]) -> dict[str, object]:
        if self._clock.now - SUM_LIVES > _over_at(self._last_month):
            raise _bad_parameter(f"the demo holds no total after {self._last_month:%B %Y}")
        items = [self._tag_item(tag) for tag in tags if tag in self._facts.question_months]
        items.sort(key=lambda item: -item["count"])
        remaining = max(1, QUOTA - self._used[self._clock.today])
        return {"items": items, "has_more": False, "quota_max": QUOTA, "quota_remaining": remaining}

    def _tag_item(self, tag: str) -> dict[str, Any]:
        months = self._facts.question_months[tag].items()
        count = sum(questions for month, questions in months if _over_at(month) <= self._clock.now)
        flags = {"has_synonyms": False, "is_moderator_only": False, "is_required": False}
        return {**flags, "count": count, "name": tag}


def _tag(request: Request) -> str:
    tag = request.query_params.get("tagged", "")
    if not tag or ";" in tag or request.query_params.get("filter") != "total":
        raise _bad_parameter("the demo answers filter=total for one tag")
    return tag


def _month(request: Request) -> date:
    """Return the calendar month that `fromdate` and `todate`, both inclusive, enclose exactly."""
    first, last = (request.query_params.get(bound, "") for bound in ("fromdate", "todate"))
    if first.isdecimal() and last.isdecimal():
        month = datetime.fromtimestamp(int(first), UTC).date().replace(day=1)
        starts_at = datetime.combine(month, time(), UTC)
        if int(first) == starts_at.timestamp() and int(last) + 1 == _over_at(month).timestamp():
            return month
    raise _bad_parameter("the demo answers for one calendar month, from its first second to its last, UTC")


def _over_at(month: date) -> datetime:
    following = (month + timedelta(days=31)).replace(day=1)
    return datetime.combine(following, time(), UTC)


def _bad_parameter(message: str) -> Refusal:
    return Refusal(400, "bad_parameter", message)


def _unavailable(message: str) -> Refusal:
    return Refusal(503, "temporarily_unavailable", message)


def _compressed(status: int, body: Mapping[str, object]) -> Response:
    # Compressed whether or not the request allows for it, as StackExchange does.
    content = gzip.compress(json.dumps(body).encode(), mtime=0)
    headers = {"content-encoding": "gzip"}
    return Response(content, status, headers, media_type="application/json; charset=utf-8")
