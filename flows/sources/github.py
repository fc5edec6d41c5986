"""GitHub: the counters of each repository, and the weeks in which its stars were given.

Cost: one request a repository for the counters; one for the newest 30 weeks of stars, and every four
weeks one for each further 30 (about 20 for ten years). 60 requests an hour without a token.
"""

from collections.abc import Sequence
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

from requests.utils import parse_header_links

from flows.http import Answer, Client
from flows.session import Pace
from flows.shapes.github import Repository, read_older_star_weeks, read_star_weeks, require_named
from warehouse.archive import LastAnswers
from warehouse.ecosystem import Subject
from warehouse.errors import UnexpectedAnswer

PACE = Pace(per_second=10)

# Stars taken back vanish from past weeks too, so the whole history is read again now and then.
REREAD_AFTER = timedelta(days=28)

# GitHub's own limit for the star history.
MOST_PAGES = 100


def fetch_current(client: Client, subjects: Sequence[Subject]) -> None:
    """Ask for each repository's counters.

    Source: https://docs.github.com/rest/repos/repos#get-a-repository
    """
    for repository in _repositories(subjects):
        client.ask(
            "repository",
            repository,
            _url(client, repository),
            parse=Repository.model_validate_json,
            check=require_named,
            headers=_headers(client),
        )


def fetch_history(client: Client, subjects: Sequence[Subject], known: LastAnswers) -> None:
    """Ask for each repository's star weeks: the newest page, and all others when they are due.

    Source: https://docs.github.com/rest/activity/starring (star history, since September 2026)
    """
    for repository in _repositories(subjects):
        first = _ask_star_page(client, repository, 1)
        if first.data == ():
            _require_no_stars(client, repository)
        last_page = _last_page(repository, first)
        read_at = known.get(("star_history", f"{repository} {last_page}"))
        if read_at is None or client.settings.clock() - read_at >= REREAD_AFTER:
            _read_to(last_page, client, repository)


def _repositories(subjects: Sequence[Subject]) -> list[str]:
    return [repository for subject in subjects for repository in subject.identifiers("github")]


def _read_to(last_page: int, client: Client, repository: str) -> None:
    """Read the older pages, the last one last: a reading that ends before it is begun again next time."""
    for page in range(2, last_page + 1):
        if _ask_star_page(client, repository, page).page.problem:
            return


def _ask_star_page(client: Client, repository: str, page: int) -> Answer:
    url = _url(client, repository) + "/stargazers/history"
    parse = read_star_weeks if page == 1 else read_older_star_weeks
    params = {"per_page": 30, "page": page}
    key = f"{repository} {page}"
    return client.ask("star_history", key, url, parse=parse, params=params, headers=_headers(client))


def _require_no_stars(client: Client, repository: str) -> None:
    """Raise UnexpectedAnswer for a history without weeks of a repository that has stars."""
    parse, headers = Repository.model_validate_json, _headers(client)
    stars = client.consult(
        repository, _url(client, repository), parse=parse, headers=headers
    ).stargazers_count
    if stars:
        raise UnexpectedAnswer(f"github {repository}: found no weeks, expected those of its {stars:,} stars")


def _url(client: Client, repository: str) -> str:
    return f"{client.settings.urls['GITHUB_API_URL']}/repos/{repository}"


def _headers(client: Client) -> dict[str, str]:
    headers = {"Accept": "application/vnd.github+json", "X-GitHub-Api-Version": "2022-11-28"}
    if client.settings.github_token:
        headers["Authorization"] = f"Bearer {client.settings.github_token}"
    return headers


def _last_page(repository: str, answer: Answer) -> int:
    """Return the number of pages that the first one promises."""
    links = {link.get("rel"): link["url"] for link in parse_header_links(answer.headers.get("Link", ""))}
    if not links.keys() & {"next", "last"}:
        return 1
    number = parse_qs(urlsplit(links.get("last", "")).query).get("page", [""])[-1]
    if number.isdecimal() and int(number) <= MOST_PAGES:
        return int(number)
    raise UnexpectedAnswer(
        f"github {repository} 1: found {number or 'none'} as the last page, expected 1 to {MOST_PAGES}"
    )
