"""The one way to ask a source: paced, retried, and every answer archived before it is judged.

Asking again after a passing fault is urllib3's work, pacing is requests-ratelimiter's, and what an
answer is stands in `flows.client.errors`.
"""

import re
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from typing import Any, TypeAlias, TypeVar
from urllib.parse import urlsplit

import requests
from urllib3.exceptions import HTTPError, ReadTimeoutError

from flows.client.answer_model import load_json
from flows.client.bounds import Overrun
from flows.client.errors import failure, mismatch, shortened
from flows.client.redirects import MOVED, host, moved
from flows.client.refusals import Refusals
from flows.client.retry import Holds, wait_briefly
from flows.client.service import Service, Spending
from flows.client.session import open_session
from warehouse.archive.write import LastAnswers, Page
from warehouse.config.settings import Settings
from warehouse.errors import NotFound, Refused, SourceError, UnexpectedAnswer, Unreachable
from warehouse.text import one_line

CONNECT_SECONDS = 5.0
# The longest real answer, a package's whole download history, has about 2 MB.
LONGEST_BODY_BYTES = 32 * 2**20
# As it is sent, with headers and what divides it into chunks; compressed it is smaller.
LONGEST_SENT_BYTES = 2 * LONGEST_BODY_BYTES
PART, AS_BEFORE = 206, 304
# What names a version of an answer, and can be sent back (RFC 9110, section 8.8.3).
VERSION = re.compile(r'(W/)?"[\x21\x23-\x7e]*"')
# More digits than any number has that a service tells of itself.
NUMBER = re.compile(r"[0-9]{1,15}")

T = TypeVar("T")
Parse: TypeAlias = Callable[[bytes], Any]
Check: TypeAlias = Callable[[Any, str], None]
WaitTold: TypeAlias = Callable[[bytes], float | None]


def accept(data: Any, url: str) -> None:
    """Take what was parsed for the answer, whatever the address it came from."""


def no_wait(body: bytes) -> None:
    """Find no time to wait in an error's body."""


@dataclass(frozen=True)
class Answer:
    """What came back: the page as archived, the response's headers, and the parsed body."""

    page: Page
    headers: Mapping[str, str]
    data: Any


class Client:
    """Asks one service during one attempt; `record` receives every page, good or bad.

    `known` is what its source has answered before. `quota_left` is what it last said of its quota.
    """

    def __init__(
        self,
        service: Service,
        settings: Settings,
        record: Callable[[Page], None],
        known: LastAnswers | None = None,
    ) -> None:
        service = service.asked_by(settings)
        self.settings = settings
        self.known = known or {}
        self.holds = Holds()
        self.quota_left: int | None = None
        self._service = service
        self._source_id = service.source_id
        self._record = record
        self.refusals = Refusals()
        self._spending = Spending(service)
        self._ways: dict[tuple[str, str], Mapping[str, Any]] = {}
        self._opened: dict[Callable[..., Any], Any] = {}
        self._open = ExitStack()
        self._session = open_session(
            service.pace, settings.contact, service.longest_answer_seconds, LONGEST_SENT_BYTES
        )

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()
        self._session.close()

    @property
    def sent(self) -> int:
        """How many requests it has sent, those that were sent again among them."""
        return self._spending.sent

    def once(self, opened: Callable[[], AbstractContextManager[T]]) -> T:
        """Return what is opened so, once for all questions of the attempt; it is closed with the client."""
        if opened not in self._opened:
            self._opened[opened] = self._open.enter_context(opened())
        found: T = self._opened[opened]
        return found

    def ask(
        self,
        endpoint: str,
        key: str,
        url: str,
        *,
        parse: Parse = load_json,
        check: Check = accept,
        wait_told: WaitTold = no_wait,
        unless_as_before: bool = False,
        headers: Mapping[str, str] | None = None,
        **options: Any,
    ) -> Answer:
        """Ask one question, archive what came back, and return it; an endpoint that is held is waited for.

        `parse` raises ValueError for a body that does not answer the question, `check` for one that came
        from an address where something else is told. `unless_as_before` asks for an answer only if it is
        another than the last one; where it is the same, the page has no body and there is no data.
        `wait_told` finds the seconds after which to ask again in an error's body, where no header has them.
        `options` are those of `requests.Session.request`.
        A refusal of this one question (not found, bad request, nothing known) is returned with
        `page.problem` set and no data. Raises a SourceError for anything that makes further questions
        pointless: no answer, a limit, denied access, another kind of answer, one refusal too many like those
        before it; and Postponed before a quota is used up that the service tells nothing of.
        """
        self.holds.wait(endpoint, f"{self._source_id} {key}")
        last = self.known.get((endpoint, key)) if unless_as_before else None
        etag = last.etag if last and _is_version(last.etag) else None
        sent = {**(headers or {}), **({"If-None-Match": etag} if etag else {})}
        response, body = self._send(key, url, headers=sent, **options)
        if response.status_code != 200 and wait_briefly(wait_told(body)):
            response, body = self._send(key, url, headers=sent, **options)
        as_before = last.sha256 if last and etag and response.status_code == AS_BEFORE else None
        data, error = (None, None) if as_before else self._judge(key, response, body, parse, check)
        page = self._page(endpoint, key, url, response, body, error, as_before)
        self._record(page)
        if error and not isinstance(error, Refused):
            raise error
        self._count(endpoint, key, response, error)
        return Answer(page, response.headers, data)

    def _page(
        self,
        endpoint: str,
        key: str,
        url: str,
        response: requests.Response,
        body: bytes,
        error: SourceError | None,
        as_before: str | None,
    ) -> Page:
        return Page(
            endpoint,
            key,
            response.request.url or url,
            response.status_code,
            self.settings.clock(),
            body,
            problem=str(error) if error else None,
            etag=etag if _is_version(etag := response.headers.get("ETag")) else None,
            same_as=as_before,
        )

    def consult(self, key: str, url: str, *, parse: Parse = load_json, **options: Any) -> Any:
        """Ask for something that is no evidence, a session's token for instance, and archive nothing.

        Raises the error that the answer is. Names are looked for so: any number of them may not be found.
        """
        response, body = self._send(key, url, **options)
        data, error = self._judge(key, response, body, parse)
        if not isinstance(error, NotFound):
            self._count("", key, response, error)
        if error:
            raise error
        return data

    def keep(self, page: Page) -> None:
        """Archive an answer that came otherwise than whole by HTTP: from a program, or of a file in parts."""
        self._record(page)

    def greet(self, key: str, url: str, **options: Any) -> tuple[int, Mapping[str, str]]:
        """Ask for the cookies of a session, or for a sign of life; return status and headers."""
        response, _ = self._send(key, url, **options)
        return response.status_code, response.headers

    def look(self, key: str, url: str, may_lie_elsewhere: bool = False) -> Mapping[str, str]:
        """Return the headers of a file without its bytes; raises the error that another status is.

        One that `may_lie_elsewhere` may be told to be at its `Location`, which is not gone to.
        """
        response, body = self._send(key, url, "HEAD")
        is_told = may_lie_elsewhere and response.status_code in MOVED and "Location" in response.headers
        _, error = (None, None) if is_told else self._judge(key, response, body, bytes)
        if error:
            raise error
        return response.headers

    def read_part(self, key: str, url: str, first: int, last: int, etag: str | None) -> bytes:
        """Return the bytes of a file from the first to the last, both included; nothing is archived.

        Without an `etag` the address itself is of one version. Raises UnexpectedAnswer for another part, and
        for one of another version of the file.
        """
        part = f"bytes={first}-{last}"
        asked = {"Range": part, "Accept-Encoding": "identity", **({"If-Match": etag} if etag else {})}
        response, body = self._send(key, url, headers=asked)
        if response.status_code not in (200, PART):
            raise self._fit(failure(f"{self._source_id} {key}", response, body))
        told, version = response.headers.get("Content-Range", ""), response.headers.get("ETag")
        is_part = response.status_code == PART and told.startswith(f"bytes {first}-{last}/")
        if not is_part or len(body) != last - first + 1 or etag not in (None, version):
            of = f" of {etag}" if etag else ""
            found = f"HTTP {response.status_code}, {told or 'no range'}, {len(body):,} bytes of {version}"
            message = f"{self._source_id} {key}: found {found}, expected HTTP {PART}, {part}{of}"
            raise self._fit(UnexpectedAnswer(message))
        return body

    def _send(
        self, key: str, url: str, method: str = "GET", **options: Any
    ) -> tuple[requests.Response, bytes]:
        """Return the response and its body; one move within the same scheme, host and port is followed."""
        self._spending.require_turn()
        if self.quota_left is None:
            self._spending.require_room()
        where = f"{self._source_id} {key}"
        try:
            asked = self._session.prepare_request(requests.Request(method, url, **options))
            response = self._request(asked)
            if place := moved(asked, response):
                response.close()
                response = self._request(place)
            self._note_quota(response)
            return response, self._read(where, response)
        except Overrun as error:
            raise Unreachable(f"{where}: {error}") from error
        except (requests.RequestException, HTTPError) as error:
            message = f"{where}: no answer from {host(url)}: {_reason(error)}"
            raise self._fit(Unreachable(message)) from error

    def _count(self, endpoint: str, key: str, response: requests.Response, error: SourceError | None) -> None:
        """Count an answer or a refusal; raises UnexpectedAnswer for one too many like those before it."""
        where, asked = f"{self._source_id} {key}", response.request.url or ""
        self.refusals.note(endpoint, where, asked, response.status_code, error)

    def _note_quota(self, response: requests.Response) -> None:
        left = response.headers.get("x-ratelimit-remaining", "")
        if NUMBER.fullmatch(left):
            self.quota_left = int(left)

    def _request(self, request: requests.PreparedRequest) -> requests.Response:
        timeout = (CONNECT_SECONDS, self._service.read_seconds)
        here = self._way_to(request.url or "")
        response = self._session.send(request, timeout=timeout, allow_redirects=False, **here)
        retries = response.raw.retries
        self._spending.note(1 + len(retries.history if retries else ()))
        return response

    def _way_to(self, url: str) -> Mapping[str, Any]:
        """Return by which proxy and certificates a host is asked; looked up in the environment once."""
        parts = urlsplit(url)
        server = (parts.scheme, parts.netloc)
        if server not in self._ways:
            self._ways[server] = self._session.merge_environment_settings(url, {}, True, None, None)
        return self._ways[server]

    def _read(self, where: str, response: requests.Response) -> bytes:
        """Return the body, decompressed, and without the secrets that it repeats."""
        body = bytearray()
        with response:
            while chunk := response.raw.read1(2**16, decode_content=True):
                body += chunk
                if len(body) > LONGEST_BODY_BYTES:
                    raise UnexpectedAnswer(f"{where}: found a body of more than {LONGEST_BODY_BYTES:,} bytes")
        return self.settings.secrets.strip_bytes(bytes(body))

    def _judge(
        self, key: str, response: requests.Response, body: bytes, parse: Parse, check: Check = accept
    ) -> tuple[Any, SourceError | None]:
        """Return the parsed body, or the error that this response is."""
        where = f"{self._source_id} {key}"
        if response.status_code != 200:
            return None, self._fit(failure(where, response, body))
        try:
            data = parse(body)
            check(data, response.request.url or "")
            return data, None
        except (ValueError, RecursionError) as error:
            return None, self._fit(mismatch(where, error, response, body))

    def _fit(self, error: SourceError) -> SourceError:
        """Return an error on one line, without the secrets and control characters of the answer."""
        fit = type(error)(one_line(self.settings.secrets.strip(str(error))))
        fit.status = error.status
        return fit


def _is_version(etag: str | None) -> bool:
    """Whether it can be sent back; any other text would keep the next request from being sent."""
    return etag is not None and VERSION.fullmatch(etag) is not None


def _reason(error: Exception) -> str:
    """Return the innermost reason; the outer ones repeat the URL, which may hold a key."""
    if isinstance(error, requests.Timeout | ReadTimeoutError):
        return "timed out"
    while inner := next((cause for cause in _causes(error) if isinstance(cause, Exception)), None):
        error = inner
    return shortened(str(error).rsplit(": ", 1)[-1])


def _causes(error: Exception) -> tuple[object, ...]:
    return (getattr(error, "reason", None), *error.args)
