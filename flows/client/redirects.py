"""What to ask instead when a thing has moved: at the same scheme, host and port, or nothing."""

from urllib.parse import urljoin

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import LocationParseError
from urllib3.util import parse_url

MOVED = frozenset({301, 302, 307, 308})
PORTS = {"http": 80, "https": 443}


def moved(asked: requests.PreparedRequest, response: requests.Response) -> requests.PreparedRequest | None:
    """Return the request to send instead; None where nothing moved, or out of the same scheme, host and port.

    Another host would read the credentials that are sent along, and under another scheme anybody could. So
    it is the finished request that is looked at, by what the connection is chosen with. A login is never the
    answer's, and a place without parameters gets those that were asked with.
    """
    location = response.headers.get("Location")
    if response.status_code not in MOVED or location is None:
        return None
    there = asked.copy()
    try:
        place = parse_url(urljoin(asked.url or "", location))._replace(auth=None)
        if not place.query:
            place = place._replace(query=parse_url(asked.url or "").query)
        there.prepare_url(place.url, None)
        return there if _server(there) == _server(asked) else None
    except (ValueError, requests.RequestException):  # not an address
        return None


def _server(request: requests.PreparedRequest) -> tuple[str, str, int]:
    """Return the scheme, host and port that a request is sent to; raises ValueError for none."""
    chosen, _ = HTTPAdapter().build_connection_pool_key_attributes(request, verify=True)
    scheme = chosen["scheme"]
    if scheme not in PORTS:
        raise ValueError(f"{scheme}: found no scheme of the web")
    return scheme, chosen["host"], chosen["port"] or PORTS[scheme]


def host(url: str) -> str:
    """Return the host and port that an address is asked at, read as the connection reads it; "" for none."""
    try:
        return parse_url(url).netloc or ""
    except LocationParseError:
        return ""
