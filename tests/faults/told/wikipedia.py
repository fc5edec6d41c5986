"""Wikimedia: the views of articles by day."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.faults.told.source import Met, Moment, Source, within
from tests.faults.truth import Days, Truth, series

PATH = "/api/rest_v1/metrics/pageviews/per-article/en.wikipedia/all-access/user"
BEGAN = date(2020, 1, 1)

Telling = Callable[[Days], Days]


@dataclass
class Article:
    """An article: its readers' views, and how Wikimedia tells of them."""

    subject_id: str
    name: str
    views: Days
    tellings: list[Telling] = field(default_factory=list)
    is_found: bool = True

    def told(self) -> Days:
        told = self.views
        for telling in self.tellings:
            told = telling(told)
        return told


class Wikipedia(Source):
    """Articles by name."""

    def __init__(self, moment: Moment) -> None:
        super().__init__(moment)
        self.articles: dict[str, Article] = {}
        self.began = min(BEGAN, moment.present - timedelta(days=900))

    def add(self, subject_id: str, place: int) -> dict[str, object]:
        name = subject_id.capitalize()
        views = series(f"{name} views", self.began, self.moment.present, 90 * 1.4 ** (place % 12))
        self.articles[name] = Article(subject_id, name, views)
        return {"wikipedia": name, "first_release_on": self.began - timedelta(days=200)}

    def routes(self) -> list[Route]:
        return [Route(f"{PATH}/{{article:path}}/daily/{{first}}/{{last}}", self.per_article)]

    async def per_article(self, request: Request) -> Response:
        article = self.articles.get(request.path_params["article"])
        first, last = (date.fromisoformat(request.path_params[bound]) for bound in ("first", "last"))
        told = article.told() if article and article.is_found else {}
        items = [
            {
                "project": "en.wikipedia",
                "article": request.path_params["article"],
                "granularity": "daily",
                "timestamp": f"{day:%Y%m%d}00",
                "access": "all-access",
                "agent": "user",
                "views": told[day],
            }
            for day in within(told, first, last)
            if day < self.moment.today and told[day]
        ]
        return JSONResponse({"items": items}) if items else JSONResponse({"title": "Not Found"}, 404)

    def truth(self) -> Truth:
        return {
            (article.subject_id, "wikipedia_pageviews", day): views
            for article in self.articles.values()
            if article.is_found
            for day, views in article.views.items()
            if day < self.moment.today
        }

    # ----------------------------------------------------------------------------------- how it goes wrong

    def of(self, subject_id: str) -> Article:
        return next(a for a in self.articles.values() if a.subject_id == subject_id)

    def _multiply(self, subject_id: str, first: date, last: date, share: float, phases: set[int]) -> None:
        def telling(told: Days) -> Days:
            if self.moment.phase not in phases:
                return told
            return told | {day: round(told[day] * share) for day in within(told, first, last)}

        self.of(subject_id).tellings.append(telling)

    def _share(
        self,
        subject_id: str,
        share: float,
        first: date | None = None,
        last: date | None = None,
        days: list[int] | None = None,
    ) -> Met:
        """Tell a part of the days: always where they are dates, in phase 1 where they are counted back."""
        stretch = (self.moment.ago(days[0]), self.moment.ago(days[1])) if days else (first, last)
        assert stretch[0] and stretch[1]
        self._multiply(subject_id, stretch[0], stretch[1], share, {1} if days else {0, 1, 2})
        return Met((subject_id,), revised=days is not None)

    def _new_level(self, subject_id: str, on: date, before: float, event: str) -> Met:
        article = self.of(subject_id)
        article.views |= {
            day: round(article.views[day] * before) for day in within(article.views, date.min, on) if day < on
        }
        return Met((subject_id,), event=event)

    def _moved(self, subject_id: str, days: int, share: float) -> Met:
        self._multiply(subject_id, self.moment.ago(days), date.max, share, {0, 1, 2})
        return Met((subject_id,))

    def _spike(self, subject_id: str, days: list[int], times: float) -> Met:
        day = self.moment.ago(days[0])
        self._multiply(subject_id, day, day, times, {0, 1, 2})
        return Met((subject_id,))

    def _ends(self, subject_id: str, days: int) -> Met:
        last = self.moment.ago(days)
        self.of(subject_id).tellings.append(
            lambda told: {day: views for day, views in told.items() if day <= last}
        )
        return Met((subject_id,))

    def _begins(self, subject_id: str, days: int) -> Met:
        article, first = self.of(subject_id), self.moment.ago(days)
        article.views = {day: views for day, views in article.views.items() if day >= first}
        return Met((subject_id,))

    def _left_out(self, subject_id: str, days: list[int]) -> Met:
        article = self.of(subject_id)
        article.views = {
            day: views for day, views in article.views.items() if day not in map(self.moment.ago, days)
        }
        return Met((subject_id,))

    def _not_found(self, subject_id: str) -> Met:
        self.of(subject_id).is_found = False
        return Met((subject_id,))
