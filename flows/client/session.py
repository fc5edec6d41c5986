"""The HTTP session: how often it asks, how patiently, and who it says it is."""

import logging
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version

import requests
from requests.auth import HTTPBasicAuth
from requests.utils import get_auth_from_url
from requests_ratelimiter import LimiterSession

from flows.client.bounds import BoundedAdapter
from flows.client.retry import PatientRetry


@dataclass(frozen=True)
class Pace:
    """How often a host may be asked; 0 means no limit."""

    per_second: float = 0
    per_minute: float = 0

    def __str__(self) -> str:
        limits = ((self.per_minute, "minute"), (self.per_second, "second"))
        told = (f"{number:g} request{'s' * (number != 1)} a {span}" for number, span in limits if number)
        return next(told, "no limit")


UNPACED = Pace()


@dataclass(frozen=True)
class Quota:
    """How many requests a source answers in how many seconds before it refuses all others."""

    requests: int
    seconds: int

    def __str__(self) -> str:
        spans = {60: "a minute", 3600: "an hour", 86_400: "a day"}
        return f"{self.requests:,} requests {spans.get(self.seconds, f'in {self.seconds} s')}"


class _UnmovedSession(requests.Session):
    """Leaves redirects to its user: requests would read the place and the whole body of each."""

    def get_redirect_target(self, resp: requests.Response) -> None:
        """Return no place to go on to."""


class _PacedSession(_UnmovedSession, LimiterSession):
    """The same, with pauses between requests."""


def _of_the_address(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """Add the credentials that stand in the address, and no others.

    requests would take those of the user's `.netrc`, and send them in place of a token.
    """
    login, password = get_auth_from_url(request.url or "")
    return HTTPBasicAuth(login, password)(request) if login or password else request


@cache
def _own_version() -> str:
    return version("barometer")


def open_session(
    pace: Pace, contact: str | None, longest_answer_seconds: float, most_bytes: int
) -> requests.Session:
    """Return a session for one service; `contact` tells it whom to ask about its requests.

    An answer that takes longer, or has more bytes, ends in an Overrun.
    """
    # Its warnings quote whole URLs, and one of them may hold a key.
    logging.getLogger("urllib3.connectionpool").setLevel(logging.ERROR)
    session: requests.Session = _UnmovedSession()
    if pace != UNPACED:
        session = _PacedSession(per_second=pace.per_second, per_minute=pace.per_minute)
    for scheme in ("http://", "https://"):
        adapter = BoundedAdapter(longest_answer_seconds, most_bytes, PatientRetry.usual())
        session.mount(scheme, adapter)
    session.auth = _of_the_address
    purpose = "; ".join(filter(None, ["ecosystem analytics", contact]))
    session.headers["User-Agent"] = f"barometer/{_own_version()} ({purpose})"
    return session
