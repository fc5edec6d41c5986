"""GitHub: the counters of each repository, and the weeks in which its stars were given.

Cost: one request a repository for the counters; one for the newest 30 weeks of stars, and every four
weeks one for each further 30 (about 20 for ten years). 60 requests an hour without a token.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from requests.utils import parse_header_links

from flows.http import Answer, Client, Pace
from warehouse.archive import LastAnswers
from warehouse.ecosystem import Subject

PACE = Pace(per_second=10)

# Stars taken back vanish from past weeks too, so the whole history is read again now and then.
REREAD_AFTER = timedelta(days=28)


def fetch_current(client: Client, subjects: Sequence[Subject]) -> None:
    """Ask for each repository's counters.

    Source: https://docs.github.com/rest/repos/repos#get-a-repository
    """
    for repository in _repositories(subjects):
        _ask(client, "repository", repository, f"/repos/{repository}", {})


def fetch_history(client: Client, subjects: Sequence[Subject], known: LastAnswers) -> None:
    """Ask for each repository's star weeks: the newest page, and all others when they are due.

    Source: https://docs.github.com/rest/activity/starring (star history, since September 2026)
    """
    for repository in _repositories(subjects):
        first = _ask_star_page(client, repository, 1)
        last_page = _last_page(first)
        # The last page is asked for last, so that a broken-off reading is begun again.
        read_at = known.get(("star_history", f"{repository} {last_page}"))
        if read_at is None or client.settings.clock() - read_at >= REREAD_AFTER:
            for page in range(2, last_page + 1):
                _ask_star_page(client, repository, page)


def _repositories(subjects: Sequence[Subject]) -> list[str]:
    return [repository for subject in subjects for repository in subject.identifiers("github")]


def _ask_star_page(client: Client, repository: str, page: int) -> Answer:
    path = f"/repos/{repository}/stargazers/history"
    return _ask(client, "star_history", f"{repository} {page}", path, {"per_page": 30, "page": page})


def _ask(client: Client, endpoint: str, key: str, path: str, params: Mapping[str, int]) -> Answer:
    headers = {"Accept": "application/vnd.github+json", "X-GitHub-Api-Version": "2022-11-28"}
    if client.settings.github_token:
        headers["Authorization"] = f"Bearer {client.settings.github_token}"
    url = client.settings.urls["GITHUB_API_URL"] + path
    return client.ask(endpoint, key, url, params=params, headers=headers)


def _last_page(answer: Answer) -> int:
    for link in parse_header_links(answer.headers.get("Link", "")):
        if link.get("rel") == "last":
            return int(link["url"].rsplit("page=", 1)[1].split("&")[0])
    return 1
