"""What GitHub is asked: a repository's counters, its star weeks, its releases."""

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

from flows.client.answer_model import read_json
from flows.client.client import Answer, Client, Parse
from flows.sources.github.answers import (
    Repository,
    StarWeeks,
    read_older_releases,
    read_older_star_weeks,
    read_releases,
    read_star_weeks,
    require_named,
    require_releases_of,
)
from flows.sources.github.pages import MOST_PAGES, RELEASES, STARS, ask_page, headers, last_page, url_of


def ask_counters(repository: str, client: Client) -> Answer:
    """Ask for a repository's counters.

    Source: https://docs.github.com/rest/repos/repos#get-a-repository
    """
    return client.ask(
        "repository",
        repository,
        url_of(client, repository),
        parse=partial(read_json, Repository),
        check=require_named,
        unless_as_before=True,
        headers=headers(client),
    )


def ask_newest_stars(repository: str, client: Client) -> Answer:
    """Ask for a repository's newest star weeks, return them, and ask for every older page never read.

    The last one is read last: weeks move to older pages as time goes on, so none falls between two pages.
    Source: https://docs.github.com/rest/activity/starring (star history, since September 2026)
    """
    require_stars = partial(_require_weeks_of_stars, client, repository)
    first = ask_page(STARS, repository, 1, client, _by_today(client, read_star_weeks), require_stars)
    for page in range(2, last_page(f"{repository} 1", first, MOST_PAGES) + 1):
        if (STARS.endpoint, STARS.key(repository, page)) in client.known:
            continue
        if ask_star_page(repository, page, client).page.problem:
            break
    return first


def ask_star_page(repository: str, page: int, client: Client) -> Answer:
    """Ask for a page of star weeks that an earlier one promised."""
    return ask_page(STARS, repository, page, client, _by_today(client, read_older_star_weeks))


def ask_newest_releases(repository: str, client: Client) -> None:
    """Ask for a repository's newest releases, the first time for all of them.

    Then the newest page is asked last: once it is known, all are, and it may be answered "as before",
    which promises no further page. Releases are known by their ids, so one may move from page to page.
    Source: https://docs.github.com/rest/releases/releases#list-releases
    """
    is_known = (RELEASES.endpoint, RELEASES.key(repository, 1)) in client.known
    if is_known or _ask_older_releases(repository, client):
        read = _by_today(client, read_releases)
        ask_page(RELEASES, repository, 1, client, read, require_releases_of, unless_as_before=True)


def _ask_older_releases(repository: str, client: Client) -> bool:
    """Ask for every older page that was never read; return whether all are known now.

    How many there are is told by the link to the last page of one release each.
    """
    one = client.ask(
        "release_count",
        repository,
        url_of(client, repository) + RELEASES.path,
        parse=_by_today(client, read_releases),
        check=require_releases_of,
        params={"per_page": 1},
        headers=headers(client),
    )
    pages = -(-last_page(repository, one, MOST_PAGES * RELEASES.size) // RELEASES.size)
    unread = [
        n for n in range(2, pages + 1) if (RELEASES.endpoint, RELEASES.key(repository, n)) not in client.known
    ]
    return not one.page.problem and all(
        ask_release_page(repository, page, client).page.problem is None for page in unread
    )


def ask_release_page(repository: str, page: int, client: Client) -> Answer:
    """Ask for a page of releases that are not the newest."""
    read, check = _by_today(client, read_older_releases), require_releases_of
    return ask_page(RELEASES, repository, page, client, read, check, unless_as_before=True)


def _by_today(client: Client, read: Callable[[date, bytes], Any]) -> Parse:
    """Return a reader that refuses what is of a day still to come."""
    return partial(read, client.settings.clock().date())


def _require_weeks_of_stars(client: Client, repository: str, weeks: StarWeeks, _: str) -> None:
    """Raise ValueError for a history without weeks of a repository that has stars; only then it is asked."""
    if weeks:
        return
    url, parse = url_of(client, repository), partial(read_json, Repository)
    told = client.consult(repository, url, parse=parse, headers=headers(client))
    if told.stargazers_count:
        raise ValueError(f"found no weeks, expected those of its {told.stargazers_count:,} stars")
