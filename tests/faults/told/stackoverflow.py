"""StackExchange: numbers of questions by month, tags with their totals and synonyms."""

import gzip
import json
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from time import monotonic
from typing import Any
from urllib.parse import unquote

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tests.faults.told.source import Met, Moment, Source
from tests.faults.truth import Days, Truth, by_month, month_of, next_month, series

# A tag is asked for from a quarter before the first release on.
LEAD = timedelta(days=92)
UNANSWERED = 0.4
SAMPLED = "!sampled"


@dataclass
class Tag:
    """A tag: the questions of each day that still exist, and how the service tells of them."""

    subject_id: str
    name: str
    questions: Days
    shares: dict[date, float] = field(default_factory=dict)
    merged_on: date = date.max
    merged: float = 1.0
    synonym: str | None = None


class StackOverflow(Source):
    """Tags by name, and the whole site."""

    def __init__(self, moment: Moment) -> None:
        super().__init__(moment)
        self.tags: dict[str, Tag] = {}
        self.first_release = month_of(moment.present - timedelta(days=450))
        self.began = month_of(self.first_release - LEAD)
        self.site = series("the whole site", self.began, moment.present, 900)
        self.quota: dict[int, int] = {}
        self.asked: Counter[int] = Counter()
        self.pause = 0.0
        self.wants_header = False
        self._banned_until: dict[str, float] = {}
        self.violations = 0

    def add(self, subject_id: str, place: int) -> dict[str, object]:
        tag = subject_id.replace("_", "-")
        questions = series(f"{tag} questions", self.began, self.moment.present, 2 * 1.5 ** (place % 8))
        self.tags[tag] = Tag(subject_id, tag, questions)
        return {"stackoverflow": tag, "first_release_on": self.first_release}

    def routes(self) -> list[Route]:
        return [
            Route("/2.3/filters/create", self.create_filter),
            Route("/2.3/questions", self.total),
            Route("/2.3/questions/no-answers", self.total),
            Route("/2.3/tags/{tags}/info", self.totals),
            Route("/2.3/tags/{tags}/synonyms", self.synonyms),
        ]

    async def create_filter(self, request: Request) -> Response:
        return self._respond(request, {"items": [{"filter": SAMPLED}], "has_more": False, **self._wrapper()})

    async def total(self, request: Request) -> Response:
        sent = request.query_params
        if sent.get("filter") == SAMPLED:
            # Of how soon they were answered no truth is at hand.
            return self._respond(request, {"items": [], "has_more": False, **self._wrapper()})
        month = month_of(datetime.fromtimestamp(int(sent["fromdate"]), UTC).date())
        tag = sent.get("tagged")
        counted = self._told(self.tags[tag], month) if tag in self.tags else 0
        if tag is None:
            counted = self._so_far(self.site, month)
        if request.url.path.endswith("no-answers"):
            counted = self._unanswered(self.tags[tag], month) if tag in self.tags else 0
        return self._respond(request, {"total": counted})

    def _so_far(self, questions: Days, month: date) -> int:
        until = min(next_month(month), self.moment.today)
        return sum(count for day, count in questions.items() if month <= day < until)

    def _told(self, tag: Tag, month: date) -> int:
        share = tag.merged if self.moment.today >= tag.merged_on else 1
        share *= 1 / tag.shares.get(month, 1) if self.moment.phase < 2 else 1
        return round(self._so_far(tag.questions, month) * share)

    def _unanswered(self, tag: Tag, month: date) -> int:
        told = self._told(tag, month)
        deleted = told - self._so_far(tag.questions, month) if month in tag.shares else 0
        return round((told - deleted) * UNANSWERED) + deleted

    async def totals(self, request: Request) -> Response:
        items = [
            {"name": tag.name, "count": self._ever(tag), "has_synonyms": False}
            for name in unquote(request.path_params["tags"]).split(";")
            if (tag := self.tags.get(name))
        ]
        return self._respond(request, {"items": items, "has_more": False, **self._wrapper()})

    def _ever(self, tag: Tag) -> int:
        asked = sum(count for day, count in tag.questions.items() if day < self.moment.today)
        return round(asked * (tag.merged if self.moment.today >= tag.merged_on else 1))

    async def synonyms(self, request: Request) -> Response:
        items = [
            {"from_tag": tag.synonym, "to_tag": name, "creation_date": _seconds(tag.merged_on)}
            for name in unquote(request.path_params["tags"]).split(";")
            if (tag := self.tags.get(name)) and tag.synonym and self.moment.today >= tag.merged_on
        ]
        return self._respond(request, {"items": items, "has_more": False, **self._wrapper()})

    def _wrapper(self) -> dict[str, Any]:
        left = self.quota.get(self.moment.phase, 9000)
        return {"quota_max": 10_000, "quota_remaining": max(left - self.asked[self.moment.phase], 0)}

    def _respond(self, request: Request, body: dict[str, Any]) -> Response:
        self.asked[self.moment.phase] += 1
        if self.wants_header and "key" in request.query_params:
            return _compressed(
                {"error_id": 400, "error_name": "bad_parameter", "error_message": MOVED_KEY}, 400
            )
        method = request.url.path.rpartition("/")[2]
        if monotonic() < self._banned_until.get(method, 0):
            self.violations += 1
            violated = {"error_id": 502, "error_name": "throttle_violation"}
            return _compressed(violated | {"error_message": "Violation of backoff parameter"}, 400)
        if self.pause:
            self._banned_until[method] = monotonic() + self.pause
            body |= {"backoff": self.pause}
        return _compressed(body)

    def truth(self) -> Truth:
        truth: Truth = {}
        today = self.moment.today
        for month in (month for month in by_month(self.site) if next_month(month) <= today):
            site = self._so_far(self.site, month)
            for tag in self.tags.values():
                questions = self._so_far(tag.questions, month)
                truth[tag.subject_id, "stackoverflow_questions", month] = questions
                truth[tag.subject_id, "stackoverflow_questions_share", month] = questions / site
                answered = 1 - round(questions * UNANSWERED) / questions if questions else 0
                truth[tag.subject_id, "stackoverflow_answered_share", month] = answered
        return truth

    # ----------------------------------------------------------------------------------- how it goes wrong

    def of(self, subject_id: str) -> Tag:
        return next(t for t in self.tags.values() if t.subject_id == subject_id)

    def _key_in_header(self, subject_id: str) -> Met:
        return Met(tuple(t.subject_id for t in self.tags.values()))

    def _backoff(self, subject_id: str, seconds: float) -> Met:
        return Met((subject_id,))

    def _quota(self, subject_id: str) -> Met:
        return Met((subject_id,))

    def _sign(self, subject_id: str, tag: str, other: str) -> Met:
        mine = self.of(subject_id)
        del self.tags[mine.name]
        self.tags[tag] = Tag(subject_id, tag, mine.questions)
        self.tags[other] = Tag("", other, series("another tag", self.began, self.moment.present, 40))
        return Met((subject_id,))

    def _deleted(self, subject_id: str, share: float) -> Met:
        tag = self.of(subject_id)
        month = next_month(month_of(self.moment.ago(395)))
        tag.questions = {d: round(n * share) if month_of(d) == month else n for d, n in tag.questions.items()}
        tag.shares[month] = share
        return Met((subject_id,), revised=True)

    def _merged(self, subject_id: str, share: float) -> Met:
        tag = self.of(subject_id)
        tag.merged, tag.merged_on, tag.synonym = share, self.moment.ago(1), f"old-{tag.name}"
        return Met((subject_id,), event=f"stackoverflow-synonym-old-{tag.name}")


MOVED_KEY = "Credentials belong into the header Authorization, see the announcement."


def _seconds(day: date) -> int:
    return int(datetime.combine(day, time(), UTC).timestamp())


def _compressed(body: dict[str, Any], status: int = 200) -> Response:
    headers = {"content-encoding": "gzip", "content-type": "application/json; charset=utf-8"}
    return Response(gzip.compress(json.dumps(body).encode()), status, headers)
