"""What an answer is: told from a limit, denied access, and an answer to something else."""

import json
from collections.abc import Mapping
from urllib.parse import urljoin

import requests
from pydantic import ValidationError

from flows.client import clickhouse
from flows.client.retry import wait_asked_for
from warehouse.config.secrets import shown
from warehouse.errors import (
    AccessDenied,
    LimitReached,
    NotFound,
    Refused,
    Rejected,
    SourceError,
    UnexpectedAnswer,
)
from warehouse.text import one_line

NOT_FOUND = frozenset({404, 410, 451})
REJECTED = frozenset({400, 422})
REDIRECTS = range(300, 400)
# Where StackExchange, GitHub, Wikimedia and ClickHouse write what is wrong.
TOLD_UNDER = ("error_message", "message", "detail", "exception")
LONGEST_EXCERPT, LONGEST_REASON = 160, 480


class Unanswered(ValueError):
    """A well-formed body with nothing in it, where nothing means unknown and not zero."""


def failure(where: str, response: requests.Response, body: bytes) -> SourceError:
    """Return the error that a status other than 200 is, with the wait that a limit asks for."""
    error = _failure(where, response, body)
    error.status = response.status_code
    return error


def _failure(where: str, response: requests.Response, body: bytes) -> SourceError:
    found = f"{where}: HTTP {response.status_code}, expected 200{_target(response)}{_excerpt(body)}"
    if _is_limit(response, body):
        wait = wait_asked_for(response.headers)
        return LimitReached(found if wait is None else f"{found}; it asks to wait {wait:.0f} s")
    code = clickhouse.code_in(body)
    if response.status_code in REJECTED or code in clickhouse.LIMITS_OF_A_QUERY:
        return Rejected(found)
    if response.status_code in NOT_FOUND or _is_blocked(body):
        # What ClickHouse does not find is a table, a column or a setting, and those are in every query.
        return NotFound(found) if code is None else Rejected(found)
    return AccessDenied(found) if response.status_code in (401, 403) else UnexpectedAnswer(found)


def _target(response: requests.Response) -> str:
    """Return to which scheme, host and port an answer sends; no more of its place is shown."""
    location = response.headers.get("Location")
    if not location or response.status_code not in REDIRECTS:
        return ""
    return f", moved to {shortened(shown(_absolute(response.url, location)))}"


def _absolute(asked: str, location: str) -> str:
    try:
        return urljoin(asked, location)
    except ValueError:  # half a bracket
        return location


def _is_limit(response: requests.Response, body: bytes) -> bool:
    mentioned = response.status_code == 403 and _mentions_limit(response.headers, body)
    return response.status_code == 429 or mentioned or clickhouse.code_in(body) in clickhouse.LIMITS


def _is_blocked(body: bytes) -> bool:
    """Tell whether a host closed one thing alone, for which a 451 or a 403 may stand."""
    try:
        return "block" in json.loads(body)
    except (ValueError, TypeError, RecursionError):
        return False


def _mentions_limit(headers: Mapping[str, str], body: bytes) -> bool:
    # Some limits come with neither header, and earlier ones said "abuse detection".
    words = (b"rate limit", b"abuse detection")
    spent = headers.get("x-ratelimit-remaining") == "0" or "retry-after" in headers
    return spent or any(word in body.lower() for word in words)


def mismatch(where: str, error: Exception, response: requests.Response, body: bytes) -> SourceError:
    """Return the error that a body is which does not answer the question, with the place in it."""
    message = f"{where}: {shortened(_difference(error, response, body), LONGEST_REASON)}"
    if isinstance(error, Unanswered):
        return Refused(message)
    code = clickhouse.code_in(body)
    if code in clickhouse.LIMITS:
        return LimitReached(message)
    return Rejected(message) if code in clickhouse.LIMITS_OF_A_QUERY else UnexpectedAnswer(message)


def _difference(error: Exception, response: requests.Response, body: bytes) -> str:
    if isinstance(error, ValidationError) and error.errors()[0]["type"] != "json_invalid":
        first = error.errors(include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        if first["type"] == "value_error":
            return f"{place}: {first['ctx']['error']}" if place else str(first["ctx"]["error"])
        if first["type"] == "missing":
            return f"{place}: found nothing there, expected a value"
        return f"{place or 'answer'}: found {shortened(repr(first['input']))}; {first['msg']}"
    if isinstance(error, ValidationError | json.JSONDecodeError | UnicodeDecodeError):
        found = shortened(response.headers.get("Content-Type", "no content type"))
        return f"found {found}, expected JSON{_excerpt(body)}"
    if isinstance(error, RecursionError):
        return f"found JSON that is nested without end{_excerpt(body)}"
    return str(error)


def _excerpt(body: bytes) -> str:
    """Return what the source says of it, or the beginning of what it sent, on one line."""
    text = body.decode("utf-8", "replace")
    try:
        told = json.loads(text)
        text = next((str(told[name]) for name in TOLD_UNDER if told.get(name)), text)
    except (ValueError, AttributeError, RecursionError):
        pass
    line = one_line(text)
    return f": {shortened(line)}" if line else ""


def shortened(text: str, most: int = LONGEST_EXCERPT) -> str:
    """Return the beginning of a text that may be as long as an answer."""
    return text if len(text) <= most else f"{text[:most]}…"
