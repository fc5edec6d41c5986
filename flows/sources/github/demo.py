"""GitHub's REST interface: a repository, its stars by week, its releases, and the search for repositories.

Rate limits are counted and shown, and never reached.
Source: https://docs.github.com/rest (repos, activity/starring, releases, search, using-the-rest-api)
"""

import hashlib
from collections import Counter
from datetime import datetime, timedelta

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from flows.sources.github.demo_answers import (
    Answer,
    history_page,
    moved,
    not_found,
    release_page,
    repository_answer,
    search_answer,
)
from flows.standin.clock import Clock, StandIn
from flows.standin.facts import Facts, load_facts
from flows.standin.records import FORMER_NAMES, REPOSITORIES

NAMES = {repository.id: name for name, repository in REPOSITORIES.items()}


class GitHub:
    """Answers from the totals, star weeks and releases of the demo's facts."""

    def __init__(self, facts: Facts, clock: Clock) -> None:
        self._facts = facts
        self._clock = clock
        self._used: Counter[datetime] = Counter()

    def routes(self) -> list[Route]:
        """Return the paths; pages link to each other by repository id, as GitHub's do."""
        return [
            Route("/search/repositories", self.search),
            Route("/repos/{owner}/{name}", self.repository),
            Route("/repositories/{id:int}", self.repository),
            Route("/repos/{owner}/{name}/stargazers/history", self.star_history),
            Route("/repositories/{id:int}/stargazers/history", self.star_history),
            Route("/repos/{owner}/{name}/releases", self.releases),
            Route("/repositories/{id:int}/releases", self.releases),
        ]

    async def repository(self, request: Request) -> Response:
        """Answer with the latest totals known; a former name leads to the present one."""
        name = _full_name(request)
        if name in FORMER_NAMES:
            return self._respond(request, moved(request, FORMER_NAMES[name]))
        totals = self._facts.repository_on(name, self._clock.today)
        answer = repository_answer(name, totals) if totals else not_found("repos/repos#get-a-repository")
        return self._respond(request, answer)

    async def search(self, request: Request) -> Response:
        """Answer with the repositories that have the words in their name, whatever qualifies them."""
        words = [word for word in request.query_params.get("q", "").lower().split() if ":" not in word]
        if not words:
            return self._respond(request, Answer(422, {"message": "Validation Failed"}))
        found = [
            (name, totals)
            for name in REPOSITORIES
            if any(word in name.partition("/")[2] for word in words)
            and (totals := self._facts.repository_on(name, self._clock.today))
        ]
        return self._respond(request, search_answer(found))

    async def star_history(self, request: Request) -> Response:
        """Answer with a page of weeks, newest first; only days that are over have stars."""
        name = _full_name(request)
        weeks = self._facts.star_weeks(name, until=self._clock.today)
        answer = history_page(request, name, weeks) if weeks else not_found("activity/starring")
        return self._respond(request, answer)

    async def releases(self, request: Request) -> Response:
        """Answer with a page of releases, newest first; a day's are told when it is over."""
        name = _full_name(request)
        known = self._facts.releases_before(name, self._clock.today)
        found = name in REPOSITORIES
        return self._respond(request, release_page(request, name, known) if found else not_found("releases"))

    def _respond(self, request: Request, answer: Answer) -> Response:
        if not request.headers.get("user-agent"):
            return JSONResponse({"message": "Request forbidden: a User-Agent header is required."}, 403)
        response = JSONResponse(answer.body, answer.status)
        tag = f'"{hashlib.sha256(response.body).hexdigest()}"'
        if answer.status == 200 and request.headers.get("if-none-match", "").removeprefix("W/") == tag:
            # Not charged, and without the mark of weakness that the 200 had.
            return Response(status_code=304, headers={"etag": tag, **self._limits(request, charge=0)})
        response.headers.update({"etag": f"W/{tag}", **self._limits(request, charge=1)})
        if answer.location:
            response.headers["location"] = answer.location
        if answer.link:
            response.headers["link"] = answer.link
        return response

    def _limits(self, request: Request, charge: int) -> dict[str, str]:
        limit = 5000 if "authorization" in request.headers else 60
        reset = self._clock.now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
        self._used[reset] += charge
        used = min(self._used[reset], limit - 1)
        return {
            "cache-control": "public, max-age=60, s-maxage=60",
            "x-github-api-version-selected": request.headers.get("x-github-api-version", "2022-11-28"),
            "x-ratelimit-limit": str(limit),
            "x-ratelimit-remaining": str(limit - used),
            "x-ratelimit-used": str(used),
            "x-ratelimit-reset": str(int(reset.timestamp())),
            "x-ratelimit-resource": "core",
        }


def _full_name(request: Request) -> str:
    path = request.path_params
    return NAMES.get(path["id"], "") if "id" in path else f"{path['owner']}/{path['name']}"


# What is shown today and will not be shown tomorrow.
PASSING = "repository"


def stand_ins(clock: Clock) -> list[StandIn]:
    """Return what answers in GitHub's place."""
    return [GitHub(load_facts(), clock)]
