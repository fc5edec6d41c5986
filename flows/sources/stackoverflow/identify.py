"""Stack Overflow: a tag by its name, and tags that have a name in theirs.

Cost: one request a tag, one a search, of the 300 a day without a key.
"""

from collections.abc import Sequence
from functools import partial
from urllib.parse import quote

from flows.client.answer_model import read_json
from flows.client.client import Client
from flows.sources.identity import Told, Verdict
from flows.sources.names import dashed, fitting
from flows.sources.stackoverflow import stackexchange
from flows.sources.stackoverflow.answers import TagTotal, Wrapper
from warehouse.config.subject import Identifier
from warehouse.errors import Refused, UnexpectedAnswer

IGNORES_CASE = False


class _Tags(Wrapper):
    """Tags with their totals; unknown ones are left out, a synonym answers as the tag it stands for."""

    items: tuple[TagTotal, ...]


def confirm(client: Client, identifier: Identifier) -> Told:
    """Ask for a tag.

    Source: https://api.stackexchange.com/docs/tags-by-name
    """
    name = identifier.name
    items = _ask(client, name, f"/tags/{quote(name, safe='')}/info").items
    if not items:
        raise Refused(f"stackoverflow {name}: no such tag")
    found = items[0]
    if found.name != name:
        return Told(Verdict.WRONG, f"a synonym, the tag is {found.name}", (found.name,), means=found.name)
    return Told(Verdict.RIGHT, f"{found.count:,} questions")


def search(client: Client, name: str) -> Sequence[str]:
    """Ask for tags with a name in theirs, the most used first.

    Source: https://api.stackexchange.com/docs/tags
    """
    params = {"inname": dashed(name.lower()), "sort": "popular", "order": "desc"}
    return [tag.name for tag in _ask(client, name, "/tags", **params).items]


def guess(client: Client, name: str) -> str:
    """Return the name as a tag's; raises Refused where none can be called so."""
    return _tag(name)


def _ask(client: Client, key: str, path: str, **params: str) -> _Tags:
    client.holds.wait("tags", f"stackoverflow {key}")
    params |= {"site": "stackoverflow"}
    url, headers = stackexchange.url_of(client.settings, path), stackexchange.headers(client.settings)
    parse = partial(read_json, _Tags)
    try:
        told: _Tags = client.consult(key, url, parse=parse, params=params, headers=headers)
    except Refused as error:
        # Limits, denied access and the service's own faults are HTTP 400 too; an unknown tag is none.
        raise UnexpectedAnswer(str(error)) from error
    if told.backoff:
        client.holds.put("tags", told.backoff, f"the service asks to wait {told.backoff:g} s")
    return told


def _tag(name: str) -> str:
    """Return the tag called so."""
    fits = "no tag can be called so: it has small letters, digits and + # . - alone"
    return fitting("stackoverflow", dashed(name.lower()), fits)
