"""GitHub: the counters of each repository, and the weeks in which its stars were given.

Cost: one request a repository for the counters; one for the newest 30 weeks of stars, and every four
weeks one for each further 30 (about 20 for ten years). 60 requests an hour without a token.
"""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from functools import partial
from urllib.parse import parse_qs, urlsplit

from requests.utils import parse_header_links

from flows.http import Answer, Client
from flows.questions import EACH_TIME, Question
from flows.session import Pace, Quota
from flows.shapes.github import Repository, read_older_star_weeks, read_star_weeks, require_named
from warehouse.archive import LastAnswers
from warehouse.ecosystem import Subject
from warehouse.errors import UnexpectedAnswer
from warehouse.settings import Settings

PACE = Pace(per_second=10)

# Stars taken back vanish from past weeks too, so the whole history is read again now and then.
REREAD_DAYS = 28
WEEKS_A_PAGE = 30

# GitHub's own limit for the star history.
MOST_PAGES = 100


def quota(settings: Settings) -> Quota:
    """Return GitHub's primary limit, which a token raises.

    Source: https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api
    """
    return Quota(5_000 if settings.github_token else 60, 3600)


def questions(subjects: Sequence[Subject], settings: Settings, known: LastAnswers) -> Iterator[Question]:
    """Yield each repository's counters, then its star weeks, thirty a page, the newest page first."""
    for _, repository in _repositories(subjects):
        yield Question("repository", repository, partial(_ask_counters, repository), EACH_TIME)
    for subject, repository in _repositories(subjects):
        pages = _known_pages(repository, known)
        expected = 1 if pages > 1 else _expected_pages(subject, settings.clock().date())
        newest = partial(_ask_newest_stars, repository)
        yield Question("star_history", _page_key(repository, 1), newest, EACH_TIME, requests=expected)
        for page in range(2, pages + 1):
            older = partial(_ask_star_page, repository, page)
            yield Question("star_history", _page_key(repository, page), older, REREAD_DAYS)


def _repositories(subjects: Sequence[Subject]) -> list[tuple[Subject, str]]:
    return [(subject, repository) for subject in subjects for repository in subject.identifiers("github")]


def _ask_counters(repository: str, client: Client) -> None:
    """Ask for a repository's counters.

    Source: https://docs.github.com/rest/repos/repos#get-a-repository
    """
    client.ask(
        "repository",
        repository,
        _url(client, repository),
        parse=Repository.model_validate_json,
        check=require_named,
        unless_as_before=True,
        headers=_headers(client),
    )


def _ask_newest_stars(repository: str, client: Client) -> None:
    """Ask for a repository's newest star weeks, and for every older page that was never read.

    The last one is read last: weeks move to older pages as time goes on, so none falls between two pages.
    Source: https://docs.github.com/rest/activity/starring (star history, since September 2026)
    """
    first = _ask_star_page(repository, 1, client)
    if first.data == ():
        _require_no_stars(client, repository)
    for page in range(2, _last_page(repository, first) + 1):
        if ("star_history", _page_key(repository, page)) in client.known:
            continue
        if _ask_star_page(repository, page, client).page.problem:
            return


def _ask_star_page(repository: str, page: int, client: Client) -> Answer:
    url = _url(client, repository) + "/stargazers/history"
    parse = read_star_weeks if page == 1 else read_older_star_weeks
    params = {"per_page": WEEKS_A_PAGE, "page": page}
    return client.ask(
        "star_history",
        _page_key(repository, page),
        url,
        parse=parse,
        params=params,
        headers=_headers(client),
    )


def _page_key(repository: str, page: int) -> str:
    return f"{repository} {page}"


def _known_pages(repository: str, known: LastAnswers) -> int:
    return sum(("star_history", _page_key(repository, page)) in known for page in range(1, MOST_PAGES + 1))


def _expected_pages(subject: Subject, today: date) -> int:
    """Return how many pages the weeks since the first release fill; a repository may be older."""
    if subject.first_release_on is None:
        return MOST_PAGES
    return (today - subject.first_release_on) // timedelta(weeks=WEEKS_A_PAGE) + 1


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
