"""Stack Overflow: a tag by its name, and tags that have a name in theirs.

Cost: one request a tag, one a search, of the 300 a day without a key.
"""

from collections.abc import Sequence
from urllib.parse import quote

from flows import stackexchange
from flows.http import Client
from flows.identify import Told, Verdict
from flows.identify.names import dashed
from flows.shapes.stackoverflow import TagTotal, Wrapper
from warehouse.errors import Refused, UnexpectedAnswer


class _Tags(Wrapper):
    """Tags with their totals; unknown ones are left out, a synonym answers as the tag it stands for."""

    items: tuple[TagTotal, ...]


def confirm(client: Client, identifier: str) -> Told:
    """Ask for a tag.

    Source: https://api.stackexchange.com/docs/tags-by-name
    """
    items = _ask(client, identifier, f"/tags/{quote(identifier, safe='')}/info").items
    if not items:
        raise Refused(f"stackoverflow {identifier}: no such tag")
    tag = items[0]
    if tag.name != identifier:
        return Told(Verdict.WRONG, f"a synonym, the tag is {tag.name}", (tag.name,))
    return Told(Verdict.RIGHT, f"{tag.count:,} questions")


def search(client: Client, name: str) -> Sequence[str]:
    """Ask for tags with a name in theirs, the most used first.

    Source: https://api.stackexchange.com/docs/tags
    """
    params = {"inname": dashed(name), "sort": "popular", "order": "desc"}
    return [tag.name for tag in _ask(client, name, "/tags", **params).items]


def guess(client: Client, name: str) -> str:
    """Return the name as a tag's."""
    return dashed(name)


def _ask(client: Client, key: str, path: str, **params: str) -> _Tags:
    client.holds.wait("tags", f"stackoverflow {key}")
    params |= {"site": "stackoverflow"}
    url, headers = stackexchange.url_of(client.settings, path), stackexchange.headers(client.settings)
    parse = _Tags.model_validate_json
    try:
        told: _Tags = client.consult(key, url, parse=parse, params=params, headers=headers)
    except Refused as error:
        # Limits, denied access and the service's own faults are HTTP 400 too; an unknown tag is none.
        raise UnexpectedAnswer(str(error)) from error
    if told.backoff:
        client.holds.put("tags", told.backoff, f"the service asks to wait {told.backoff:g} s")
    return told
