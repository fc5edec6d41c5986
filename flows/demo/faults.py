"""What can go wrong with an answer: the faults by name.

Pure values; `flows.demo.schedule` says when they happen, `flows.demo.faulty` how they look on the wire.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TypeAlias


@dataclass(frozen=True)
class Replaced:
    """An answer in place of the real one."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Moved:
    """A 301 to the same path, which answers once the fault is over."""


@dataclass(frozen=True)
class Altered:
    """The real answer with another body."""

    alter: Callable[[bytes], bytes]


@dataclass(frozen=True)
class Dropped:
    """The connection closed before a byte of the answer."""


@dataclass(frozen=True)
class Truncated:
    """The real answer's length promised, half of it sent, the connection closed."""


@dataclass(frozen=True)
class Dripped:
    """The real answer in pieces, with a pause before each."""

    pieces: int
    pause_seconds: float


@dataclass(frozen=True)
class Endless:
    """A body of blanks that goes on until the client leaves, or `most_bytes` are sent."""

    most_bytes: int = 2**27


@dataclass(frozen=True)
class Mistaken:
    """The real answer about another repository, package or tag."""


@dataclass(frozen=True)
class Stale:
    """The answer that was right some time ago."""

    by: timedelta


Fault: TypeAlias = Replaced | Moved | Altered | Dropped | Truncated | Dripped | Endless | Mistaken | Stale

# What the collectors or the models read of an answer.
FIELDS = rb'"(stargazers_count|tag_name|total|downloads|count|widgets|value)":'


def _garbled(body: bytes) -> bytes:
    half = len(body) // 2
    return body[:half] + b"\0{" + body[half:]


def _renamed(body: bytes) -> bytes:
    return re.sub(FIELDS, rb'"\1_v2":', body)


def _retyped(body: bytes) -> bytes:
    return re.sub(FIELDS + rb"\s*(\d+|\[)", rb'"\1":"many","was":\2', body)


def _message(text: str) -> bytes:
    return f'{{"message": "{text}"}}'.encode()


HTML = {"Content-Type": "text/html"}
# The reset lies in the real future: clients wait by their own clock, not by the demo's.
SPENT = {"x-ratelimit-limit": "60", "x-ratelimit-remaining": "0", "x-ratelimit-reset": "4102444800"}

FAULTS: Mapping[str, Fault] = {
    "500": Replaced(500, _message("Server Error")),
    "502": Replaced(502, b"<html><h1>502 Bad Gateway</h1></html>", HTML),
    "503": Replaced(503, _message("Service Unavailable")),
    "429": Replaced(429, b"<html>Too Many Requests</html>", HTML),
    "429-after-0": Replaced(429, headers={"Retry-After": "0"}),
    "429-after-1": Replaced(429, headers={"Retry-After": "1"}),
    "429-after-3600": Replaced(429, headers={"Retry-After": "3600"}),
    "403-primary": Replaced(403, _message("API rate limit exceeded"), SPENT),
    "403-secondary": Replaced(
        403, _message("You have exceeded a secondary rate limit."), {"x-ratelimit-remaining": "41"}
    ),
    "401": Replaced(401, _message("Bad credentials")),
    "404": Replaced(404, _message("Not Found")),
    "451": Replaced(451, _message("Repository access blocked")),
    "moved": Moved(),
    "moved-away": Replaced(302, headers={"Location": "https://elsewhere.example/sorry"}),
    "html": Replaced(200, b"<html>\n<title>Before you continue</title>\n</html>", HTML),
    "empty": Replaced(200),
    "undecodable": Replaced(200, b"not compressed", {"Content-Encoding": "gzip"}),
    "truncated": Truncated(),
    "dropped": Dropped(),
    "slow": Dripped(pieces=10, pause_seconds=0.02),
    "hanging": Dripped(pieces=600, pause_seconds=1),
    "endless": Endless(),
    "garbled": Altered(_garbled),
    "renamed": Altered(_renamed),
    "retyped": Altered(_retyped),
    "mistaken": Mistaken(),
    "stale": Stale(timedelta(days=35)),
}
