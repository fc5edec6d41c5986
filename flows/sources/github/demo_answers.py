"""Bodies of GitHub's answers, and how its pages link to each other."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from urllib.parse import urlencode

from starlette.requests import Request

from flows.standin.records import REPOSITORIES, Release, RepositoryTotals, StarWeek

# The most weeks a page can hold, and what it holds if nothing is asked for.
WEEKS_A_PAGE = 30
MOST_RELEASES_A_PAGE, RELEASES_A_PAGE = 100, 30


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
    """Return a repository; a counter without a figure is null, and so are the watchers of all.

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
        "subscribers_count": None,
    }


def history_page(request: Request, full_name: str, weeks: Sequence[StarWeek]) -> Answer:
    """Return the page asked for, none of its weeks if it lies past the end."""
    size = min(_positive(request, "per_page", WEEKS_A_PAGE), WEEKS_A_PAGE)
    return _page(request, f"{_by_id(request, full_name)}/stargazers/history", [_week(w) for w in weeks], size)


def release_page(request: Request, full_name: str, releases: Sequence[Release]) -> Answer:
    """Return the page asked for; of each release what is known of it, the day alone for its time."""
    size = min(_positive(request, "per_page", RELEASES_A_PAGE), MOST_RELEASES_A_PAGE)
    number = len(releases)
    entries = [_release(full_name, release, number - n) for n, release in enumerate(releases)]
    return _page(request, f"{_by_id(request, full_name)}/releases", entries, size)


def _by_id(request: Request, full_name: str) -> str:
    return f"{request.base_url}repositories/{REPOSITORIES[full_name].id}"


def _page(request: Request, path: str, entries: Sequence[object], size: int) -> Answer:
    """Return a page of entries with links to others by repository id."""
    page, last = _positive(request, "page", 1), -(-len(entries) // size)
    asked = {"per_page": size} if "per_page" in request.query_params else {}
    return Answer(200, entries[(page - 1) * size : page * size], _link(path, asked, page, last))


def _release(full_name: str, release: Release, number: int) -> dict[str, object]:
    """Return a release; GitHub's own id of it is not known, this one grows with time as well."""
    url = f"https://github.com/{full_name}/releases/tag/{release.tag}"
    return {
        "id": 1000 * REPOSITORIES[full_name].id + number,
        "tag_name": release.tag,
        "name": None,
        "draft": False,
        "prerelease": False,
        "published_at": f"{release.published_on}T00:00:00Z",
        "html_url": url,
    }


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
