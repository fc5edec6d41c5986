"""GitHub: a repository by its name, and the search for repositories.

Cost: one request a repository, one a search. Without a token 60 an hour, and 10 searches a minute.
"""

from collections.abc import Sequence
from typing import Any

from pydantic import TypeAdapter

from flows.http import Client
from flows.identify import Told, Verdict
from flows.identify.names import dashed
from flows.shapes import Count, Shape
from flows.shapes.github import Repository
from warehouse.errors import Refused

MOST_FOUND = 10


class _Found(Shape):
    full_name: str
    stargazers_count: Count


class _Search(Shape):
    items: tuple[_Found, ...]


_SEARCH = TypeAdapter(_Search)


def confirm(client: Client, identifier: str) -> Told:
    """Ask for a repository; one that was renamed answers under its new name.

    Source: https://docs.github.com/rest/repos/repos#get-a-repository
    """
    told = _ask(client, identifier, f"/repos/{identifier}", Repository.model_validate_json)
    if told.full_name.lower() != identifier.lower():
        return Told(Verdict.WRONG, f"renamed, it is {told.full_name} now", (told.full_name,))
    return Told(Verdict.RIGHT, f"{told.stargazers_count:,} stars")


def search(client: Client, name: str) -> Sequence[str]:
    """Ask for repositories with the words of a name in theirs: those called just so, then by stars.

    Source: https://docs.github.com/rest/search/search#search-repositories
    """
    params = {"q": f"{name} in:name", "sort": "stars", "order": "desc", "per_page": MOST_FOUND}
    found = _ask(client, name, "/search/repositories", _SEARCH.validate_json, params=params).items
    return sorted((item.full_name for item in found), key=lambda full_name: not _is_called(full_name, name))


def guess(client: Client, name: str) -> str:
    """Return the most starred repository that is called just so; raises Refused where there is none."""
    named = next((found for found in search(client, name) if _is_called(found, name)), None)
    if named is None:
        raise Refused("no repository is called so")
    return named


def _is_called(full_name: str, name: str) -> bool:
    return dashed(full_name.partition("/")[2]) == dashed(name)


def _ask(client: Client, key: str, path: str, parse: Any, **options: Any) -> Any:
    headers = {"Accept": "application/vnd.github+json", "X-GitHub-Api-Version": "2022-11-28"}
    if client.settings.github_token:
        headers["Authorization"] = f"Bearer {client.settings.github_token}"
    url = client.settings.urls["GITHUB_API_URL"] + path
    return client.consult(key, url, parse=parse, headers=headers, **options)
