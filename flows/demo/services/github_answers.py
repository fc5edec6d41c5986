"""Bodies of GitHub's answers, and how its pages link to each other."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from urllib.parse import urlencode

from starlette.requests import Request

from flows.demo.records import REPOSITORIES, RepositoryTotals, StarWeek

# The most weeks a page can hold, and what it holds if nothing is asked for.
WEEKS_A_PAGE = 30


@dataclass(frozen=True)
class Answer:
    """Status, JSON body, pagination and new place of an answer, to which GitHub adds its common headers."""

    status: int
    body: object
    link: str = ""
    location: str = ""


def not_found(section: str) -> Answer:
    """Return the 404 of a repository that does not exist, or of which the demo holds no figure."""
    documentation = f"https://docs.github.com/rest/{section}"
    return Answer(404, {"message": "Not Found", "documentation_url": documentation, "status": "404"})


def moved(request: Request, present_name: str) -> Answer:
    """Return the 301 of a repository that was renamed; the new place names it by its id."""
    place = f"{request.base_url}repositories/{REPOSITORIES[present_name].id}"
    return Answer(301, {"message": "Moved Permanently", "url": place}, location=place)


def search_answer(found: Sequence[tuple[str, RepositoryTotals]]) -> Answer:
    """Return repositories as a search finds them, the most starred first."""
    by_stars = sorted(found, key=lambda repository: -repository[1].stars)
    items = [repository_answer(name, totals).body for name, totals in by_stars]
    return Answer(200, {"total_count": len(items), "incomplete_results": False, "items": items})


def repository_answer(full_name: str, totals: RepositoryTotals) -> Answer:
    """Return a repository without the fields for which there is no figure, watchers among them.

    `watchers` and `watchers_count` repeat the stars, as they do at GitHub.
    """
    repository = REPOSITORIES[full_name]
    owner, name = full_name.split("/")
    described = {
        "id": repository.id,
        "name": name,
        "full_name": full_name,
        "private": False,
        "owner": {"login": owner},
        "html_url": f"https://github.com/{full_name}",
        "fork": False,
        "created_at": f"{repository.created_at:%Y-%m-%dT%H:%M:%SZ}",
        "archived": False,
        "disabled": False,
    }
    return Answer(200, described | _counters(totals))


def _counters(totals: RepositoryTotals) -> dict[str, int | None]:
    return {
        "stargazers_count": totals.stars,
        "watchers_count": totals.stars,
        "watchers": totals.stars,
        "forks_count": totals.forks,
        "forks": totals.forks,
        "open_issues_count": totals.open_issues,
        "open_issues": totals.open_issues,
    }


def history_page(request: Request, full_name: str, weeks: Sequence[StarWeek]) -> Answer:
    """Return the page asked for, none of its weeks if it lies past the end, with links by repository id."""
    size = min(_positive(request, "per_page", WEEKS_A_PAGE), WEEKS_A_PAGE)
    page, last = _positive(request, "page", 1), -(-len(weeks) // size)
    shown = [_week(week) for week in weeks[(page - 1) * size : page * size]]
    path = f"{request.base_url}repositories/{REPOSITORIES[full_name].id}/stargazers/history"
    asked = {"per_page": size} if "per_page" in request.query_params else {}
    return Answer(200, shown, _link(path, asked, page, last))


def _week(week: StarWeek) -> dict[str, object]:
    sunday = datetime.combine(week.week, time(), UTC)
    return {"week": int(sunday.timestamp()), "total": sum(week.days), "days": week.days}


def _link(path: str, asked: Mapping[str, int], page: int, last: int) -> str:
    before = {"prev": page - 1} if page > 1 else {}
    after = {"next": page + 1, "last": last} if page < last else {}
    pages = before | after | ({"first": 1} if page > 1 else {})
    links = [f'<{path}?{urlencode({**asked, "page": to})}>; rel="{rel}"' for rel, to in pages.items()]
    return ", ".join(links)


def _positive(request: Request, parameter: str, default: int) -> int:
    asked = request.query_params.get(parameter, "")
    return int(asked) if asked.isdecimal() and int(asked) else default
