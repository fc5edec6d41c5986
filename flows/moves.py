"""Where to ask instead, when an answer says that a thing has moved: never out of the same scheme and host."""

from collections.abc import Mapping
from urllib.parse import urljoin, urlsplit

MOVED = frozenset({301, 302, 307, 308})


def new_place(url: str, status: int, headers: Mapping[str, str]) -> str | None:
    """Return where to ask instead; None where nothing moved, or out of the same scheme and host.

    Another host would read the credentials that were sent along, and under another scheme anybody could.
    """
    location = headers.get("Location")
    if status not in MOVED or location is None:
        return None
    try:
        place = urljoin(url, location)
        is_here = (urlsplit(place).scheme, host(place)) == (urlsplit(url).scheme, host(url))
    except ValueError:  # not an address
        return None
    return place if is_here else None


def host(url: str) -> str:
    """Return the host and port of an address, without the credentials that may stand before them."""
    return urlsplit(url).netloc.rpartition("@")[2]
