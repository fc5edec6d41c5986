"""StackExchange's interface 2.3: numbers of questions in a month, and tags with their totals and synonyms.

Questions by tag are facts and end in May 2023. Those of the whole site, those without an answer and when the
others were answered are the formulas of `demo_formula`, a month that is not over has its part of the whole
month's; each of these answers says so under `sample`. A number that the demo does not know is null: a zero
would be taken for an answer. A key is taken from the Authorization header alone, and refused in the address.
Source: https://api.stackexchange.com/docs
"""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from flows.client.calendar import next_month
from flows.sources.stackoverflow.demo_formula import (
    sampled_questions,
    site_questions,
    unanswered_questions,
)
from flows.sources.stackoverflow.demo_requests import (
    Answer,
    Refusal,
    Unknown,
    bad_parameter,
    compressed,
    month_of,
    tag_of,
)
from flows.standin.clock import Clock, StandIn
from flows.standin.facts import Facts, load_facts

# Requests a day for an address without a key, and with one.
QUOTA, QUOTA_WITH_KEY = 300, 10_000

# How long after its last month the sum over months still passes for a tag's present total.
SUM_LIVES = timedelta(days=31)

# In the demo's own words; since June 2026 the service refuses such requests, in words that are not recorded.
KEY_IN_ADDRESS = "credentials are accepted in the Authorization header, no longer among the parameters"

# What the demo calls its one filter.
SAMPLED = "!barometer"

# Everything downstream learns from this key that a number is not Stack Overflow's.
SAMPLE = {"sample": "formula of Barometer's demo, not Stack Overflow's figure"}


class StackExchange:
    """Answers from the question months of the demo's facts."""

    def __init__(self, facts: Facts, clock: Clock) -> None:
        self._facts = facts
        self._clock = clock
        self._last_month = max(max(months) for months in facts.question_months.values())
        self._used: Counter[tuple[date, bool]] = Counter()

    def routes(self) -> list[Route]:
        """Return the paths."""
        return [
            Route("/2.3/questions", self.questions),
            Route("/2.3/questions/no-answers", self.no_answers),
            Route("/2.3/filters/create", self.create_filter),
            Route("/2.3/tags", self.search),
            Route("/2.3/tags/{tags}/info", self.tags),
            Route("/2.3/tags/{tags}/synonyms", self.synonyms),
        ]

    async def create_filter(self, request: Request) -> Response:
        """Answer with the one filter that the demo knows, whatever it is to include."""
        body = {"items": [{"filter": SAMPLED, "filter_type": "safe"}], "has_more": False}
        return self._respond(request, lambda: {**body, **self._quota(request)}, is_of_a_site=False)

    async def questions(self, request: Request) -> Response:
        """Answer `filter=total`, which gives the number alone, for a month of one tag or the whole site.

        Answer that other filter with the month's first questions, and when each was answered.
        """
        if request.query_params.get("filter") == SAMPLED:
            return self._respond(request, lambda: self._samples(request))
        return self._respond(request, lambda: self._total(tag_of(request), month_of(request)))

    async def no_answers(self, request: Request) -> Response:
        """Answer the same for the questions of a tag that nobody has answered."""
        return self._respond(request, lambda: self._unanswered(tag_of(request), month_of(request)))

    async def tags(self, request: Request) -> Response:
        """Answer with the tags that are known, each with the sum of its months."""
        tags = request.path_params["tags"].split(";")
        return self._respond(request, lambda: {**self._tag_items(tags), **self._quota(request)})

    async def search(self, request: Request) -> Response:
        """Answer with the tags that have `inname` in their name, the most used first."""
        part = request.query_params.get("inname", "").lower()
        found = [tag for tag in self._facts.question_months if part in tag]
        return self._respond(request, lambda: {**self._tag_items(found), **self._quota(request)})

    async def synonyms(self, request: Request) -> Response:
        """Answer that there are none; no synonym is at hand."""
        return self._respond(
            request, lambda: {"items": [], "has_more": False, **SAMPLE, **self._quota(request)}
        )

    def _respond(
        self, request: Request, answer: Callable[[], Answer], *, is_of_a_site: bool = True
    ) -> Response:
        try:
            self._count(request)
            if "key" in request.query_params:
                raise bad_parameter(KEY_IN_ADDRESS)
            if is_of_a_site and not request.query_params.get("site"):
                raise bad_parameter("site is required")
            return compressed(200, answer())
        except Refusal as refusal:
            return compressed(400, refusal.body)
        except Unknown as unknown:
            return compressed(200, {"total": None, "items": None, "unknown": str(unknown)})

    def _count(self, request: Request) -> None:
        """Count a request against the day's quota, which errors use up too."""
        left = self._quota(request)["quota_remaining"]
        self._used[self._clock.today, _has_key(request)] += 1
        if not left:
            wait = _starts_at(self._clock.today + timedelta(days=1)) - self._clock.now
            message = f"too many requests from this IP, more requests available in {wait.seconds} seconds"
            raise Refusal(502, "throttle_violation", message)

    def _quota(self, request: Request) -> dict[str, int]:
        has_key = _has_key(request)
        most = QUOTA_WITH_KEY if has_key else QUOTA
        left = max(0, most - self._used[self._clock.today, has_key])
        return {"quota_max": most, "quota_remaining": left}

    def _total(self, tag: str | None, month: date) -> Answer:
        self._require_told(month)
        questions = site_questions(month) if tag is None else self._questions(tag, month)
        passed = (self._clock.now - _starts_at(month)) / (_starts_at(next_month(month)) - _starts_at(month))
        is_sample = questions and (tag is None or passed < 1)
        return {"total": round(questions * min(1, passed)), **(SAMPLE if is_sample else {})}

    def _samples(self, request: Request) -> Answer:
        tag, month = request.query_params.get("tagged", ""), month_of(request)
        self._require_told(month)
        if next_month(month) > self._clock.today:
            raise bad_parameter("the demo answers for a month that is over")
        questions = self._questions(tag, month)
        items = sampled_questions(tag, month, questions)
        return {"items": items, "has_more": questions > len(items), **SAMPLE, **self._quota(request)}

    def _unanswered(self, tag: str | None, month: date) -> Answer:
        self._require_told(month)
        if tag is None or next_month(month) > self._clock.today:
            raise bad_parameter("the demo answers for one tag and a month that is over")
        return {"total": unanswered_questions(self._questions(tag, month), month), **SAMPLE}

    def _require_told(self, month: date) -> None:
        if month > self._last_month:
            raise Unknown(f"the demo's figures end in {self._last_month:%B %Y}")
        if month > self._clock.today:
            raise bad_parameter(f"{month:%B %Y} has not begun")

    def _questions(self, tag: str, month: date) -> int:
        months = self._facts.question_months.get(tag)
        if months is None:
            raise Unknown("the demo holds no figure for this tag")
        if month < min(months):
            return 0
        questions = self._facts.questions(tag, month)
        if questions is None:
            raise Unknown("the demo holds no figure for this month")
        return questions

    def _tag_items(self, tags: Sequence[str]) -> dict[str, object]:
        if self._clock.now - SUM_LIVES > _starts_at(next_month(self._last_month)):
            raise bad_parameter(f"the demo holds no total after {self._last_month:%B %Y}")
        items = [self._tag_item(tag) for tag in tags if tag in self._facts.question_months]
        items.sort(key=lambda item: -item["count"])
        return {"items": items, "has_more": False}

    def _tag_item(self, tag: str) -> dict[str, Any]:
        months = self._facts.question_months[tag].items()
        count = sum(questions for month, questions in months if next_month(month) <= self._clock.today)
        flags = {"has_synonyms": False, "is_moderator_only": False, "is_required": False}
        return {**flags, "count": count, "name": tag}


def _has_key(request: Request) -> bool:
    return request.headers.get("authorization", "").startswith("Bearer ")


def _starts_at(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


# What is shown today and will not be shown tomorrow.
PASSING = "tag_totals"
# The figures end before the demo's present; that they are stale there is the point.
HAS_ENDED = True


def stand_ins(clock: Clock) -> list[StandIn]:
    """Return what answers in StackExchange's place."""
    return [StackExchange(load_facts(), clock)]
