"""The one way to ask a source: paced, retried, and every answer archived before it is judged.

Asking again after a passing fault is urllib3's work and pacing is requests-ratelimiter's; what is
ours is telling an answer from a refusal, a limit and a failure.
"""

import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any, TypeAlias
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from requests_ratelimiter import LimiterSession
from urllib3 import Retry

from warehouse.archive import Page
from warehouse.errors import AccessDenied, LimitReached, SourceError, UnexpectedAnswer, Unreachable
from warehouse.settings import Settings

TIMEOUT_SECONDS = (5, 30)
# The source understood and has no answer to this one question; others may be answered.
REFUSALS = frozenset({301, 400, 404, 410, 422, 451})

Parse: TypeAlias = Callable[[bytes], Any]


@dataclass(frozen=True)
class Pace:
    """How often a host may be asked; 0 means no limit."""

    per_second: float = 0
    per_minute: float = 0


UNPACED = Pace()


@dataclass(frozen=True)
class Answer:
    """What came back: the page as archived, the response's headers, and the parsed body."""

    page: Page
    headers: Mapping[str, str]
    data: Any


class Client:
    """Asks one source during one attempt; `record` receives every page, good or bad."""

    def __init__(
        self, source_id: str, settings: Settings, record: Callable[[Page], None], pace: Pace
    ) -> None:
        self.settings = settings
        self._source_id = source_id
        self._record = record
        self._session = _open_session(UNPACED if settings.demo else pace)

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, *_: object) -> None:
        self._session.close()

    def ask(self, endpoint: str, key: str, url: str, *, parse: Parse = json.loads, **options: Any) -> Answer:
        """Ask one question, archive what came back, and return it.

        `options` are those of `requests.Session.request`. A refusal of this one question (not found,
        bad request) is returned with `page.problem` set and no data. Raises a SourceError for anything
        that makes further questions pointless: no answer, a limit, denied access, another kind of answer.
        """
        response = self._send(key, url, **options)
        data, error = self._judge(key, response, parse)
        problem = str(error) if error else None
        at = self.settings.clock()
        page = Page(
            endpoint, key, response.request.url or url, response.status_code, at, response.content, problem
        )
        self._record(page)
        if error and response.status_code not in REFUSALS:
            raise error
        return Answer(page, response.headers, data)

    def consult(self, key: str, url: str, *, parse: Parse = json.loads, **options: Any) -> Any:
        """Ask for something that is no evidence, a session's token for instance, and archive nothing."""
        response = self._send(key, url, **options)
        data, error = self._judge(key, response, parse)
        if error:
            raise error
        return data

    def greet(self, key: str, url: str, **options: Any) -> None:
        """Ask for the cookies of a session; the answer's status does not matter."""
        self._send(key, url, **options)

    def _send(self, key: str, url: str, method: str = "GET", **options: Any) -> requests.Response:
        try:
            return self._session.request(
                method, url, timeout=TIMEOUT_SECONDS, allow_redirects=False, **options
            )
        except requests.RequestException as error:
            host = urlsplit(url).netloc.rpartition("@")[2]
            raise Unreachable(f"{self._source_id} {key}: no answer from {host}: {_reason(error)}") from error

    def _judge(self, key: str, response: requests.Response, parse: Parse) -> tuple[Any, SourceError | None]:
        """Return the parsed body, or the error that this response is."""
        if response.status_code != 200:
            return None, _error_kind(response)(
                f"{self._source_id} {key}: HTTP {response.status_code}, expected 200{_excerpt(response)}"
            )
        try:
            return parse(response.content), None
        except ValueError:
            found = response.headers.get("Content-Type", "no content type")
            return None, UnexpectedAnswer(
                f"{self._source_id} {key}: found {found}, expected JSON{_excerpt(response)}"
            )


def _open_session(pace: Pace) -> requests.Session:
    # Its warnings quote whole URLs, and one of them may hold a key.
    logging.getLogger("urllib3.connectionpool").setLevel(logging.ERROR)
    # Waits 0, 1 and 2 seconds, each with jitter, before it calls a fault lasting.
    retry = Retry(
        total=3,
        backoff_factor=0.5,
        backoff_jitter=0.5,
        status_forcelist=(500, 502, 503, 504),
        allowed_methods=None,
        raise_on_status=False,
        retry_after_max=20,
    )
    session = requests.Session()
    if pace != UNPACED:
        session = LimiterSession(per_second=pace.per_second, per_minute=pace.per_minute)
    session.mount("http://", HTTPAdapter(max_retries=retry))
    session.mount("https://", HTTPAdapter(max_retries=retry))
    session.headers["User-Agent"] = f"barometer/{version('barometer')} (ecosystem analytics)"
    return session


def _error_kind(response: requests.Response) -> type[SourceError]:
    status = response.status_code
    if status == 429 or (status == 403 and _mentions_limit(response)):
        return LimitReached
    if status in (401, 403):
        return AccessDenied
    return UnexpectedAnswer


def _mentions_limit(response: requests.Response) -> bool:
    spent = response.headers.get("x-ratelimit-remaining") == "0" or "retry-after" in response.headers
    return spent or "rate limit" in response.text.lower()


def _excerpt(response: requests.Response) -> str:
    """Return what the source says of it, or the beginning of what it sent, on one line."""
    try:
        body = response.json()
        text = str(body.get("error_message") or body.get("message") or response.text)
    except (ValueError, AttributeError):
        text = response.text
    line = " ".join(text.split())
    return f": {line[:160]}" if line else ""


def _reason(error: Exception) -> str:
    """Return the innermost reason; the outer ones repeat the URL, which may hold a key."""
    if isinstance(error, requests.Timeout):
        return "timed out"
    cause: Any = error.args[0] if error.args else error
    cause = getattr(cause, "reason", cause)
    return str(cause).rsplit(": ", 1)[-1].strip("'\")")
