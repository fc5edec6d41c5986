"""How GitHub is asked: its addresses and headers, and lists that come in pages, the newest entries first."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from requests.utils import parse_header_links

from flows.client.client import Answer, Check, Client, Parse, accept
from warehouse.errors import UnexpectedAnswer

# GitHub's own limit for the star history, and for the ten thousand newest releases, a hundred a page.
MOST_PAGES = 100


@dataclass(frozen=True)
class Listing:
    """A list of a repository that is told in pages, the newest entries first, so many a page."""

    endpoint: str
    path: str
    size: int

    def key(self, repository: str, page: int) -> str:
        """Return what a page is archived under."""
        return f"{repository} {page}"


STARS = Listing("star_history", "/stargazers/history", 30)
RELEASES = Listing("releases", "/releases", 100)


def ask_page(
    listing: Listing,
    repository: str,
    page: int,
    client: Client,
    parse: Parse,
    check: Check = accept,
    **options: Any,
) -> Answer:
    """Ask for one page of a list; `options` are those of `Client.ask`."""
    return client.ask(
        listing.endpoint,
        listing.key(repository, page),
        url_of(client, repository) + listing.path,
        parse=parse,
        check=check,
        params={"per_page": listing.size, "page": page},
        headers=headers(client),
        **options,
    )


def url_of(client: Client, repository: str) -> str:
    """Return the address of a repository."""
    return f"{client.settings.urls['GITHUB_API_URL']}/repos/{repository}"


def headers(client: Client) -> Mapping[str, str]:
    """Return the headers of every request, with the token if there is one."""
    sent = {"Accept": "application/vnd.github+json", "X-GitHub-Api-Version": "2022-11-28"}
    if token := client.settings.credential("GITHUB_TOKEN"):
        sent["Authorization"] = f"Bearer {token}"
    return sent


def last_page(where: str, answer: Answer, most: int) -> int:
    """Return the number of pages that an answer promises; 1 for one without links."""
    links = {link.get("rel"): link["url"] for link in parse_header_links(answer.headers.get("Link", ""))}
    if not links.keys() & {"next", "last"}:
        return 1
    number = "".join(re.findall(r"[?&]page=([^&#]*)", links.get("last", ""))[-1:])
    if re.fullmatch("[0-9]{1,9}", number) and int(number) <= most:
        return int(number)
    found = number[:40] or "none"
    raise UnexpectedAnswer(f"github {where}: found {found} as the last page, expected 1 to {most:,}")
