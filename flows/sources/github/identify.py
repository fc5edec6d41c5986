"""GitHub: a repository by its name, and the search for repositories.

Cost: one request a repository, one a search. Without a token 60 an hour, and 10 searches a minute.
"""

from collections.abc import Sequence
from functools import partial
from typing import Any

from pydantic import TypeAdapter

from flows.client.answer_model import Count, Shape, read_json
from flows.client.client import Client
from flows.sources.github.answers import Repository
from flows.sources.identity import Told, Verdict
from flows.sources.names import dashed, fitting
from warehouse.config.subject import Identifier
from warehouse.errors import Refused

IGNORES_CASE = True
# As many as a page holds, because what is called just so need not be among those with most stars.
MOST_FOUND = 100


class _Found(Shape):
    full_name: str
    stargazers_count: Count


class _Search(Shape):
    items: tuple[_Found, ...]


_SEARCH = TypeAdapter(_Search)


def confirm(client: Client, identifier: Identifier) -> Told:
    """Ask for a repository; one that was renamed answers under its new name.

    Source: https://docs.github.com/rest/repos/repos#get-a-repository
    """
    name = identifier.name
    told = _ask(client, name, f"/repos/{name}", partial(read_json, Repository))
    if told.full_name.lower() != name.lower():
        words = f"renamed, it is {told.full_name} now"
        return Told(Verdict.WRONG, words, (told.full_name,), means=str(told.id))
    return Told(Verdict.RIGHT, f"{told.stargazers_count:,} stars", means=str(told.id))


def search(client: Client, name: str) -> Sequence[str]:
    """Ask for repositories with the words of a name in theirs: those called just so, then by stars.

    Source: https://docs.github.com/rest/search/search#search-repositories
    """
    params = {"q": f"{name} in:name", "sort": "stars", "order": "desc", "per_page": MOST_FOUND}
    found = _ask(client, name, "/search/repositories", partial(read_json, _SEARCH), params=params).items
    return sorted((item.full_name for item in found), key=lambda full_name: not _is_called(full_name, name))


def guess(client: Client, name: str) -> str:
    """Return the most starred repository that is called just so; raises Refused where there is none."""
    called = _name(name)
    named = next((found for found in search(client, called) if _is_called(found, called)), None)
    if named is None:
        raise Refused("no repository is called so")
    return named


def _is_called(full_name: str, name: str) -> bool:
    return full_name.partition("/")[2].lower() == name.lower()


def _ask(client: Client, key: str, path: str, parse: Any, **options: Any) -> Any:
    headers = {"Accept": "application/vnd.github+json", "X-GitHub-Api-Version": "2022-11-28"}
    if token := client.settings.credential("GITHUB_TOKEN"):
        headers["Authorization"] = f"Bearer {token}"
    url = client.settings.urls["GITHUB_API_URL"] + path
    return client.consult(key, url, parse=parse, headers=headers, **options)


def _name(name: str) -> str:
    """Return what repositories called so are named, without their owners."""
    fits = "no repository can be called so: a name has letters, digits and . _ - alone"
    return fitting("github", f"owner/{dashed(name)}", fits).removeprefix("owner/")
