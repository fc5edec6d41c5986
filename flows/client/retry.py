"""How long a source is waited for: as long as it asks, up to a limit, and only where waiting helps."""

import time
from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from types import TracebackType
from typing import Any, Self

from urllib3 import BaseHTTPResponse, Retry
from urllib3.exceptions import MaxRetryError, ResponseError

from flows.client import clickhouse
from warehouse.errors import LimitReached

# A run is not held up longer than this for one answer; the next run asks again.
LONGEST_WAIT_SECONDS = 60
FAULTS = frozenset({500, 502, 503, 504})
LIMITS = frozenset({403, 429})
# A reset is told as a moment since 1970 by some, and by others as the seconds that are left, which are fewer.
FIRST_MOMENT = 1_000_000_000


class PatientRetry(Retry):
    """Asks again after a fault, with growing pauses, and after a limit when the source says how long to wait.

    A limit without a time, or with one that is too long, is not asked again: who goes on is banned.
    """

    @classmethod
    def usual(cls) -> Self:
        """Four tries in all: after 0, 1 and 2 seconds, each with jitter."""
        return cls(
            total=3,
            backoff_factor=0.5,
            backoff_jitter=0.5,
            status_forcelist=FAULTS | LIMITS,
            allowed_methods=None,
            raise_on_status=False,
        )

    def increment(
        self,
        method: str | None = None,
        url: str | None = None,
        response: BaseHTTPResponse | None = None,
        error: Exception | None = None,
        _pool: Any = None,
        _stacktrace: TracebackType | None = None,
    ) -> Self:
        """Count a try; raise MaxRetryError, which hands the response back, where there is to be no other."""
        if response is not None and not _is_worth_asking_again(response):
            raise MaxRetryError(_pool, url or "", ResponseError(f"HTTP {response.status}"))
        return super().increment(method, url, response, error, _pool, _stacktrace)

    def get_retry_after(self, response: BaseHTTPResponse) -> float | None:
        """Return the wait that the response asks for, in seconds."""
        return wait_asked_for(response.headers)


class Holds:
    """Until when a source is not to be asked again, as its own answers said; by endpoint, or altogether."""

    def __init__(self) -> None:
        self._until: dict[str | None, tuple[float, str]] = {}

    def put(self, endpoint: str | None, seconds: float, reason: str) -> None:
        """Hold an endpoint, or with None all of them, for so long from now."""
        self._until[endpoint] = (time.monotonic() + seconds, reason)

    def wait(self, endpoint: str, where: str) -> None:
        """Wait until the endpoint may be asked; raises LimitReached where a run would be held up too long."""
        for held in (None, endpoint):
            until, reason = self._until.get(held, (0.0, ""))
            left = max(0.0, until - time.monotonic())
            if left > LONGEST_WAIT_SECONDS:
                raise LimitReached(f"{where}: not asked: {reason}")
            if left:  # to sleep for no time gives the processor away all the same
                time.sleep(left)


def wait_briefly(seconds: float | None) -> bool:
    """Wait as long as asked, if that is short enough for a run; tell whether it was."""
    if seconds is None or seconds > LONGEST_WAIT_SECONDS:
        return False
    time.sleep(seconds)
    return True


def wait_asked_for(headers: Mapping[str, str]) -> float | None:
    """Return the seconds to wait by `Retry-After` (seconds or a date) or the limit's reset; None if neither.

    Sources: RFC 9110, section 10.2.3; the documented rate limits of the REST interface that tells a reset
    """
    after = headers.get("Retry-After", "")
    if after.isascii() and after.isdecimal():
        return float(after)
    if after:
        try:
            return max(0.0, parsedate_to_datetime(after).timestamp() - time.time())
        except (ValueError, OverflowError, TypeError, IndexError):  # what the library makes of no date
            return None
    reset = headers.get("x-ratelimit-reset", "")
    if headers.get("x-ratelimit-remaining") == "0" and reset.isascii() and reset.isdecimal():
        told = float(reset)
        return max(0.0, told - time.time()) if told >= FIRST_MOMENT else told
    return None


def _is_worth_asking_again(response: BaseHTTPResponse) -> bool:
    wait = wait_asked_for(response.headers)
    if wait is not None:
        return wait <= LONGEST_WAIT_SECONDS
    return response.status in FAULTS and clickhouse.code_of(response.headers) not in clickhouse.LASTING
