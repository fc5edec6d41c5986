"""GitHub: counters by day, and a star history by weeks of California."""

import json
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.faults.told.source import Met, Moment, Source
from tests.faults.truth import Days, Truth, by_month, series

CALIFORNIA = ZoneInfo("America/Los_Angeles")
WEEKS_A_PAGE = 30
BEGAN = date(2023, 1, 1)
COUNTERS = {
    "github_stars_total": "stars",
    "github_forks_total": "forks",
    "github_open_issues": "issues",
    "github_subscribers_total": "subscribers",
}


@dataclass
class Repository:
    """A repository: the stars of each day, and how GitHub tells of it."""

    subject_id: str
    name: str
    id: int
    created: date
    stars: Days
    counters: dict[date, dict[str, int]] = field(default_factory=dict)
    shares: dict[tuple[str, date], float] = field(default_factory=dict)
    fixed: dict[str, int] = field(default_factory=dict)
    hours: int = 0
    history_share: float = 1.0
    ends: date = date.max
    is_flattened: bool = False
    own_answer: Response | None = None
    refused_from_page: int = 10**6
    refused_with: int = 422
    moves_on: date = date.max
    moves_to: int = 0
    new_name: str = ""
    successor: "Repository | None" = None

    def true_counters(self, day: date) -> dict[str, int]:
        stars = sum(count for given, count in self.stars.items() if given < day)
        true = {"stars": stars, "forks": stars // 4 + 40, "issues": 150 + day.toordinal() % 9}
        return true | {"subscribers": stars // 20 + 3} | self.fixed

    def told_counters(self, day: date) -> dict[str, int]:
        true = self.true_counters(day)
        return {name: round(n * self.shares.get((name, day), 1)) for name, n in true.items()}

    def weeks(self, until: date) -> dict[date, list[int]]:
        """Return the weeks begun by a day, by their Sunday; that day and later ones count nothing."""
        first = self.created - timedelta(days=self.created.isoweekday() % 7)
        begun = [first + timedelta(weeks=n) for n in range((until - first).days // 7 + 1)]
        return {
            sunday: [
                self.stars.get(day, 0) if day < until else 0
                for day in (sunday + timedelta(days=n) for n in range(7))
            ]
            for sunday in begun
        }


class GitHub(Source):
    """Repositories by name."""

    def __init__(self, moment: Moment) -> None:
        super().__init__(moment)
        self.repositories: dict[str, Repository] = {}
        self.asked_on: dict[str, set[date]] = {}
        self.all_shares: dict[str, float] = {}
        self.began = min(BEGAN, moment.present - timedelta(days=700))

    def add(self, subject_id: str, place: int) -> dict[str, object]:
        name = f"{subject_id.replace('_', '-')}/code"
        stars = series(f"{name} stars", self.began, self.moment.present, 12 * 1.4 ** (place % 12))
        repository = Repository(subject_id, name, 1000 + place, self.began, stars)
        self.repositories[name] = repository
        return {"github": name, "first_release_on": self.began - timedelta(days=200)}

    def routes(self) -> list[Route]:
        return [
            Route("/repos/{owner}/{name}", self.repository),
            Route("/repositories/{id:int}", self.repository),
            Route("/repos/{owner}/{name}/stargazers/history", self.history),
            Route("/repositories/{id:int}/stargazers/history", self.history),
            Route("/repos/{owner}/{name}/releases", self.releases),
            Route("/repositories/{id:int}/releases", self.releases),
        ]

    async def repository(self, request: Request) -> Response:
        repository = self._asked(request)
        if isinstance(repository, Response):
            return repository
        day = self.moment.today
        self.asked_on.setdefault(repository.subject_id, set()).add(day)
        told = repository.told_counters(day)
        if self.moment.phase == 1:
            told |= {name: round(told[name] * share) for name, share in self.all_shares.items()}
        return _limited(JSONResponse(self._described(repository) | _as_github_says(told)))

    def _described(self, repository: Repository) -> dict[str, Any]:
        has_moved = self.moment.today >= repository.moves_on
        name = repository.new_name if has_moved and repository.new_name else repository.name
        return {
            "id": repository.id,
            "full_name": name,
            "html_url": f"https://github.com/{name}",
            "created_at": f"{repository.created}T12:00:00Z",
        }

    async def history(self, request: Request) -> Response:
        repository = self._asked(request)
        if isinstance(repository, Response):
            return repository
        page = int(request.query_params.get("page", 1))
        if page >= repository.refused_from_page:
            return _refusal(repository.refused_with)
        weeks = list(reversed(self._told_weeks(repository).items()))
        last = -(-len(weeks) // WEEKS_A_PAGE)
        told = [
            {"week": _label(sunday, repository.hours), "total": sum(counts), "days": counts}
            for sunday, counts in weeks[(page - 1) * WEEKS_A_PAGE : page * WEEKS_A_PAGE]
        ]
        response = _limited(JSONResponse(told))
        path = f"{request.base_url}repositories/{repository.id}/stargazers/history"
        if page < last:
            response.headers["link"] = ", ".join(
                f'<{path}?{urlencode({"per_page": WEEKS_A_PAGE, "page": to})}>; rel="{rel}"'
                for rel, to in (("next", page + 1), ("last", last))
            )
        return response

    def _told_weeks(self, repository: Repository) -> dict[date, list[int]]:
        weeks = repository.weeks(self.moment.now.astimezone(CALIFORNIA).date())
        weeks = {sunday: counts for sunday, counts in weeks.items() if sunday <= repository.ends}
        if repository.is_flattened and self.moment.today == self.moment.present:
            finished = list(weeks)[:-1]
            even = sum(sum(weeks[sunday]) for sunday in finished) // len(finished)
            weeks |= {sunday: [even // 7] * 6 + [even - even // 7 * 6] for sunday in finished}
        if repository.history_share < 1 and self.moment.phase == 1:
            weeks = {s: [int(n * repository.history_share) for n in counts] for s, counts in weeks.items()}
        return weeks

    async def releases(self, request: Request) -> Response:
        repository = self._asked(request)
        return repository if isinstance(repository, Response) else _limited(JSONResponse([]))

    def _asked(self, request: Request) -> Repository | Response:
        path = request.path_params
        if "id" in path:
            return next(r for r in self._every() if r.id == path["id"])
        repository = self.repositories.get(f"{path['owner']}/{path['name']}")
        if repository is None:
            return _refusal(404)
        if repository.own_answer is not None and self.moment.phase == 1:
            return repository.own_answer
        if self.moment.today < repository.moves_on:
            return repository
        if repository.successor:
            return repository.successor
        rest = request.url.path.removeprefix(f"/repos/{repository.name}")
        return Response(status_code=301, headers={"location": f"/repositories/{repository.moves_to}{rest}"})

    def _every(self) -> list[Repository]:
        repositories = list(self.repositories.values())
        return repositories + [r.successor for r in repositories if r.successor]

    def truth(self) -> Truth:
        truth: Truth = {}
        asked_on = self.moment.now.astimezone(CALIFORNIA).date()
        for known in self.repositories.values():
            repository, subject_id = known.successor or known, known.subject_id
            since = known.moves_on if known.successor else date.min
            for day in (day for day in self.asked_on.get(subject_id, ()) if day >= since):
                true = repository.true_counters(day)
                truth |= {(subject_id, metric, day): true[name] for metric, name in COUNTERS.items()}
            truth |= {
                (subject_id, "github_stars_gained", sunday): sum(counts)
                for sunday, counts in repository.weeks(asked_on).items()
                if sunday + timedelta(days=6) < asked_on
            }
            given = {day: n for day, n in repository.stars.items() if day < asked_on}
            truth |= {
                (subject_id, "github_stars_gained_monthly", month): n for month, n in by_month(given).items()
            }
        return truth

    # ----------------------------------------------------------------------------------- how it goes wrong

    def of(self, subject_id: str) -> Repository:
        return next(r for r in self.repositories.values() if r.subject_id == subject_id)

    def _counter(self, subject_id: str, counter: str, share: float, days: list[int]) -> Met:
        shares = {(counter, self.moment.ago(day)): share for day in days}
        self.of(subject_id).shares |= shares
        return Met((subject_id,))

    def _every_counter(self, subject_id: str, counter: str, share: float) -> Met:
        self.all_shares[counter] = share
        return Met(tuple(r.subject_id for r in self.repositories.values()))

    def _stars_at_once(self, subject_id: str, stars: int, days: list[int], usual: float) -> Met:
        repository, day = self.of(subject_id), self.moment.ago(days[0])
        repository.stars = series(f"{subject_id} few", self.began, self.moment.present, usual, growth=0)
        repository.stars[day] += stars
        week = day - timedelta(days=day.isoweekday() % 7)
        return Met((subject_id,), doubtful={(subject_id, "github_stars_gained", week)})

    def _recount(self, subject_id: str, counter: str, on: date, before: int, after: int, event: str) -> Met:
        repository = self.of(subject_id)
        true = repository.true_counters

        def recounted(day: date) -> dict[str, int]:
            return true(day) | {counter: before if day < on else after}

        repository.true_counters = recounted  # type: ignore[method-assign]
        return Met((subject_id,), event=event)

    def _watchers(self, subject_id: str, stars: int, subscribers: int) -> Met:
        repository = self.of(subject_id)
        repository.stars = dict.fromkeys(repository.stars, 0) | {self.began: stars}
        repository.fixed = {"subscribers": subscribers}
        return Met((subject_id,))

    def _rename(self, subject_id: str, days: int) -> Met:
        repository = self.of(subject_id)
        repository.moves_on, repository.moves_to = self.moment.ago(days), repository.id
        repository.new_name = "renamed/code"
        return Met((subject_id,), event=f"github-rename-{subject_id}-{repository.moves_on}")

    def _name_reused(self, subject_id: str, days: int, stars: int) -> Met:
        repository, created = self.of(subject_id), date(2024, 1, 7)
        a_day = stars / (self.moment.present - created).days
        given = series(f"{subject_id} other", created, self.moment.present, a_day, growth=0)
        repository.moves_on = self.moment.ago(days)
        repository.successor = Repository(subject_id, repository.name, 9000, created, given)
        return Met((subject_id,))

    def _week_labels(self, subject_id: str, hours: int) -> Met:
        self.of(subject_id).hours = hours
        return Met((subject_id,))

    def _flattened_history(self, subject_id: str) -> Met:
        repository = self.of(subject_id)
        repository.stars = {
            day: round(count * (0.4 + 1.2 * (day.toordinal() // 61 % 2)))
            for day, count in repository.stars.items()
        }
        repository.is_flattened = True
        return Met((subject_id,))

    def _share_of_history(self, subject_id: str, share: float) -> Met:
        self.of(subject_id).history_share = share
        return Met(tuple(r.subject_id for r in self.repositories.values()))

    def _history_ends(self, subject_id: str, days: int) -> Met:
        repository = self.of(subject_id)
        repository.ends = self.moment.ago(days)
        # So that what the history lacks is little beside all that was given before.
        early = self.moment.ago(400)
        repository.stars = {day: n * (4 if day < early else 1) for day, n in repository.stars.items()}
        return Met((subject_id,))

    def _one_repository(self, subject_id: str) -> Met:
        first, second, *_ = self.repositories.values()
        first.moves_on, first.moves_to = self.moment.present, second.id
        return Met((first.subject_id, second.subject_id))

    def _page_refused(self, subject_id: str, page: int, status: int) -> Met:
        repository = self.of(subject_id)
        repository.refused_from_page, repository.refused_with = page, status
        return Met((subject_id,))

    def _own_answer(self, subject_id: str, status: int, body: str) -> Met:
        self.of(subject_id).own_answer = JSONResponse(json.loads(body), status)
        return Met((subject_id,))


def _as_github_says(told: dict[str, int]) -> dict[str, int]:
    return {
        "stargazers_count": told["stars"],
        "watchers_count": told["stars"],
        "watchers": told["stars"],
        "forks_count": told["forks"],
        "open_issues_count": told["issues"],
        "subscribers_count": told["subscribers"],
    }


def _label(sunday: date, hours: int) -> int:
    return int(datetime.combine(sunday, time(), UTC).timestamp()) + 3600 * hours


def _limited(response: JSONResponse) -> JSONResponse:
    response.headers.update({"x-ratelimit-remaining": "4000", "x-ratelimit-limit": "5000"})
    return response


def _refusal(status: int) -> Response:
    return JSONResponse({"message": "Not Found" if status == 404 else "Validation Failed"}, status)
