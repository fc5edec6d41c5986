"""How a signal stops a command: at once, with its lock given back and 128 + signal as its exit code.

Libraries swallow what a signal's handler raises, or make errors of their own of it, so it is noted here.
"""

import os
import signal
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from threading import Thread
from types import FrameType
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
# What a command has to end by itself. DuckDB 2.0 now and then waits for ever for a query that a handler left.
GRACE_SECONDS = 10.0


class Stopped(BaseException):
    """A signal asked the command to end; no error, and nothing that an `except Exception` may keep."""


_heeded: set[signal.Signals] = set()
_received: list[int] = []
_calls: list[Callable[[], None]] = []


def heed_signals() -> None:
    """Let the signals that ask for an end stop the command, but one that its starter has ignored."""
    for signum in SIGNALS:
        if signal.getsignal(signum) is not signal.SIG_IGN:
            signal.signal(signum, _stop)
            _heeded.add(signum)


def heed_again() -> None:
    """Heed the same signals where a library has put its own handlers in place of these since."""
    for signum in _heeded:
        signal.signal(signum, _stop)


def stopped_by() -> signal.Signals | None:
    """Return the signal that has asked the command to end; None where none has."""
    return signal.Signals(_received[0]) if _received else None


@contextmanager
def on_stop(call: Callable[[], None]) -> Iterator[None]:
    """Call something when a signal comes within the block; it must not wait."""
    _calls.append(call)
    try:
        yield
    finally:
        _calls.remove(call)


def in_threads(do: Callable[[T], R], each: Iterable[T]) -> list[R]:
    """Do something with each in a thread of its own, and return what came of it, in order.

    Who is stopped waits for none of them: an answer may take minutes.
    """
    from concurrent.futures import ThreadPoolExecutor  # most commands need none

    threads = ThreadPoolExecutor()
    try:
        return list(threads.map(do, each))
    finally:
        threads.shutdown(wait=not stopped_by(), cancel_futures=True)


def exit_code(signum: signal.Signals) -> int:
    """Return the exit code of a command that a signal has ended, as shells count it."""
    return 128 + signum


def _stop(signum: int, frame: FrameType | None) -> None:
    if _received:
        os._exit(exit_code(signal.Signals(_received[0])))  # asked twice
    _received.append(signum)
    Thread(target=_end_at_last, daemon=True).start()
    for call in _calls:
        with suppress(Exception):
            call()
    raise Stopped(signal.Signals(signum).name)


def _end_at_last() -> None:
    time.sleep(GRACE_SECONDS)
    os._exit(exit_code(signal.Signals(_received[0])))
