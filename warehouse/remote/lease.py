"""One writer of an object storage at a time: a lease of some minutes, which its holder renews.

`lease/00000012` and the like; the one with the highest number counts. Each is made only where there is none
of its number, so that of two who want it one gets it. Who holds it makes the next number in time, and who
ends makes one that says so. Of a holder that is killed the lease runs out, and the next one makes the next
number; a holder that finds its next number taken has lost it, and puts nothing more.

Times are those of the machines: a clock that is ahead by more than a lease takes over from a holder that
lives.
"""

import json
import logging
import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from warehouse.errors import BarometerError, Busy, ConfigurationError, StorageFailed
from warehouse.remote.store import Store

logger = logging.getLogger("barometer")

FOLDER = "lease/"
LENGTH = timedelta(minutes=5)
# How often who waits looks again, at the latest.
LOOK_SECONDS = 15.0

_held: dict[str, "Lease"] = {}


@dataclass(frozen=True)
class Term:
    """One numbered object: who holds the storage, since when and until when; `id` is its holder's own."""

    number: int
    id: str
    holder: str
    since: str
    until: str
    is_over: bool = False

    @property
    def name(self) -> str:
        """What the object is called."""
        return f"{FOLDER}{self.number:08}"

    @property
    def holds(self) -> bool:
        """Whether its holder may be at work."""
        return not self.is_over and datetime.fromisoformat(self.until) > datetime.now(UTC)

    def __str__(self) -> str:
        since, until = (f"{datetime.fromisoformat(at):%Y-%m-%d %H:%M:%S}" for at in (self.since, self.until))
        return f"{self.holder} since {since} UTC (held until {until} UTC or longer)"

    def content(self) -> bytes:
        """Return it as it is put."""
        told = asdict(self)
        del told["number"]
        return json.dumps(told).encode()


class Lease:
    """What a process holds of a storage, from its first number to its last."""

    def __init__(self, store: Store, length: timedelta) -> None:
        self.store = store
        self._length = length
        self._id = uuid4().hex
        self._since = datetime.now(UTC)
        self._number = 0
        self._ends = 0.0
        self._lost: str | None = None

    def take(self, number: int) -> bool:
        """Try to become the holder under this number; return whether that worked."""
        return self._make(number)

    def renew(self) -> None:
        """Make the next number; raises StorageFailed where another has made it."""
        self.require()
        if not self._make(self._number + 1):
            self._lost = f"found that {newest(self.store)} holds it"
            self.require()

    def require(self) -> None:
        """Raise StorageFailed unless it is held for certain; then another may write."""
        if self._lost is None and time.monotonic() > self._ends:
            self._lost = "found no answer for as long as the lease lasted"
        if self._lost:
            raise StorageFailed(
                f"{self.store.address}: {self._lost}, expected to hold it to the end; nothing more is put "
                "there. What was archived is kept here, and the next run puts it"
            )

    def release(self) -> None:
        """Make a last number, which says that it is over."""
        try:
            self.require()
            self._make(self._number + 1, is_over=True)
        except BarometerError as error:  # it runs out by itself
            logger.warning("%s", error)

    def _make(self, number: int, *, is_over: bool = False) -> bool:
        """Make a number, and away with those before it; return whether it is ours, and the newest."""
        ends = time.monotonic() + self._length.total_seconds()
        until = datetime.now(UTC) + self._length
        holder = f"process {os.getpid()} on {socket.gethostname()}"
        term = Term(number, self._id, holder, self._since.isoformat(), until.isoformat(), is_over)
        if not self.store.write_new(term.content(), term.name) and not self._is_ours(number):
            return False
        numbers = _numbers(self.store)
        if max(numbers, default=0) != number:  # slept for so long that numbers after ours have come and gone
            self.store.delete([term.name])
            return False
        self._number, self._ends = number, ends
        self.store.delete(f"{FOLDER}{one:08}" for one in numbers if one < number)
        return True

    def _is_ours(self, number: int) -> bool:
        """Whether it was we who made it: a request whose answer was lost is sent again, and then refused."""
        term = newest(self.store)
        return term is not None and (term.number, term.id) == (number, self._id)


def newest(store: Store) -> Term | None:
    """Return the term that counts; None where nobody ever held the storage."""
    while numbers := _numbers(store):
        number = max(numbers)
        try:
            return Term(number, **json.loads(store.read(f"{FOLDER}{number:08}")))
        except (ValueError, TypeError) as error:
            raise ConfigurationError(
                f"{store.address}/{FOLDER}{number:08}: found something else than a lease; delete it while "
                "nobody writes this storage"
            ) from error
        except StorageFailed:
            if number in _numbers(store):
                raise
    return None


def _numbers(store: Store) -> list[int]:
    names = (name.removeprefix(FOLDER) for name in store.list(FOLDER))
    return [int(name) for name in names if name.isdecimal()]


@contextmanager
def held(store: Store, wait: bool = False, length: timedelta | None = None) -> Iterator[Lease]:
    """Hold the storage for as long as the block lasts; a thread renews it.

    While another holds it, `wait` until that ends; else raises Busy, which names the holder. Raises
    ConfigurationError for a storage on which two could hold it.
    """
    store.require_exclusive()
    lease = Lease(store, length or LENGTH)
    _take(lease, wait)
    done = threading.Event()
    renewing = threading.Thread(target=_renew, args=(lease, done), daemon=True)
    renewing.start()
    _held[store.address] = lease
    try:
        yield lease
    finally:
        del _held[store.address]
        done.set()
        renewing.join()
        lease.release()


def holds(address: str) -> bool:
    """Whether this process holds the storage."""
    return address in _held


def require(address: str) -> None:
    """Raise StorageFailed unless this process holds the storage, so that nobody else changes it."""
    if address not in _held:
        raise StorageFailed(f"{address}: found it held by nobody here, expected to be its only writer")
    _held[address].require()


def _take(lease: Lease, wait: bool) -> None:
    told = None
    while True:
        term = newest(lease.store)
        if term is None or not term.holds:
            if lease.take(term.number + 1 if term else 1):
                return
            continue
        told, before = f"BAROMETER_DATA: {lease.store.address}: {term.holder} is writing it", told
        if not wait:
            raise Busy(
                f"BAROMETER_DATA: {lease.store.address}: {term} is writing it, expected nobody; "
                "`--wait` waits for its end"
            )
        if told != before:
            logger.info("%s; waiting for its end", told)
        left = datetime.fromisoformat(term.until) - datetime.now(UTC)
        time.sleep(max(0.1, min(LOOK_SECONDS, left.total_seconds())))


def _renew(lease: Lease, done: threading.Event) -> None:
    """Renew a lease every third of its length; what hinders that is told by the next put."""
    third = lease._length.total_seconds() / 3
    while not done.wait(third):
        try:
            lease.renew()
        except BarometerError as error:
            logger.warning("%s", error)
