"""GitHub search: how many issues and pull requests of a repository were opened, closed and merged in a month.

Cost: a request a repository, month and count, the first time some hundred for each. The search answers 10
times a minute, with a token 30 times; a run ends after some minutes of that, and the next one goes on.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import partial

from flows.client.calendar import first_month, months_down_to, next_month
from flows.client.client import Client
from flows.client.errors import Unanswered
from flows.client.request import Question
from flows.client.search_counts import Total, rhythm, search
from flows.client.service import Service
from flows.sources.github_issues.answers import Found, read_total, require_of
from warehouse.archive.write import LastAnswers
from warehouse.config.catalog import catalog
from warehouse.config.ecosystem import Subject
from warehouse.config.settings import Settings

# What is counted, by the endpoint under which its answers are archived; {} is the month.
# Source: https://docs.github.com/search-github/searching-on-github/searching-issues-and-pull-requests
COUNTS: Mapping[str, tuple[str, str]] = {
    "issues_opened": ("is:issue", "created:{}"),
    "issues_closed": ("is:issue", "closed:{}"),
    "pulls_closed": ("is:pr", "closed:{}"),
    "pulls_merged": ("is:pr", "merged:{}"),
}
# Older months change a little, where issues are deleted or opened again.
SETTLED_AFTER, QUARTERLY = timedelta(days=365), 91


def services(settings: Settings) -> tuple[Service]:
    """Return GitHub's search, whose limit is its own.

    Source: https://docs.github.com/rest/search/search#rate-limit
    """
    return (search("github_issues", settings),)


def questions(subjects: Sequence[Subject], settings: Settings, known: LastAnswers) -> Iterator[Question]:
    """Yield each month's counts, the newest month first; what was asked by the end of a run is whole."""
    attempt = _Attempt()
    first_day = catalog()["github_issues"].bounds.first_day
    begun = {
        name: first_month(one.first_release_on, first_day)
        for one in subjects
        for name in one.identifiers("github_issues")
    }
    today = settings.clock().date()
    for month in months_down_to(min(begun.values(), default=today), today):
        over_on = next_month(month)
        for repository in (name for name, first in begun.items() if first <= month):
            for endpoint in COUNTS:
                ask, key = partial(attempt.ask, endpoint, repository, month), f"{repository} {month:%Y-%m}"
                every_days = rhythm(month, known.get((endpoint, key)), today, QUARTERLY)
                yield Question(endpoint, key, ask, every_days, over_on + SETTLED_AFTER)


class _Attempt:
    """What one attempt has learnt of repositories: which are unknown to the search, and which have any."""

    def __init__(self) -> None:
        self._gone = set[str]()
        self._has_any: dict[tuple[str, str], bool] = {}

    def ask(self, endpoint: str, repository: str, month: date, client: Client) -> None:
        """Ask for a count of a month."""
        if repository in self._gone:
            return
        kind, when = COUNTS[endpoint]
        answer = client.ask(
            endpoint,
            f"{repository} {month:%Y-%m}",
            _url(client),
            parse=read_total,
            check=partial(self._require_known, client, repository, kind),
            params=_searched(repository, kind, when.format(f"{month:%Y-%m}")),
            headers=_headers(client),
        )
        if answer.page.problem and answer.page.status != 200:
            self._gone.add(repository)

    def _require_known(self, client: Client, repository: str, kind: str, told: Total[Found], _: str) -> None:
        """Raise ValueError for another repository's, and Unanswered for none where there never was one."""
        require_of(repository, told)
        if told.total_count:
            return
        if (repository, kind) not in self._has_any:
            params, headers = _searched(repository, kind), _headers(client)
            ever = client.consult(repository, _url(client), parse=read_total, params=params, headers=headers)
            self._has_any[repository, kind] = ever.total_count > 0
        if not self._has_any[repository, kind]:
            raise Unanswered(
                f"found none in this month and none ever, expected some: was {repository} renamed?"
            )


def _url(client: Client) -> str:
    return client.settings.urls["GITHUB_SEARCH_URL"] + "/search/issues"


def _searched(repository: str, *words: str) -> dict[str, str]:
    return {"q": " ".join((f"repo:{repository}", *words)), "per_page": "1"}


def _headers(client: Client) -> dict[str, str]:
    sent = {"Accept": "application/vnd.github+json", "X-GitHub-Api-Version": "2022-11-28"}
    if token := client.settings.credential("GITHUB_TOKEN"):
        sent["Authorization"] = f"Bearer {token}"
    return sent
