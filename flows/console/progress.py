"""Telling what happens: stages say it by log records, a handler shows it where there is a reader.

On a terminal a running stage spins and a finished one leaves a line; elsewhere (a file, a service's
journal, Prefect's log) there are plain lines only, for a long stage one every half minute.
"""

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import perf_counter

from flows.console.say import OURS, fit, guard_logs
from warehouse.config.secrets import NONE, Secrets

LINE_EVERY_SECONDS = 30

logger = logging.getLogger(OURS)


@dataclass
class Stage:
    """What a running stage has to tell: how far it is of how many requests, and at its end what it did."""

    name: str
    result: str = ""
    total: int | None = None
    done: int = 0
    rows: int | None = None
    bytes: int | None = None
    _started: float = field(default_factory=perf_counter)
    _told: float = field(default_factory=perf_counter)
    _took: float | None = None

    @property
    def seconds(self) -> float:
        """How long it has been running, or ran."""
        return perf_counter() - self._started if self._took is None else self._took

    def end(self) -> None:
        """Say, in one line, what it did and how long it took; said again it is the same, wherever it is."""
        self._took, self.result = self.seconds, fit(self.result)
        logger.info("%-24s %6.1f s  %s", self.name, self._took, self.result, extra={"ends": self})

    def record(self) -> dict[str, object]:
        """Return what it took, for the run log."""
        counts = {"requests": self.total and self.done, "bytes": self.bytes, "rows": self.rows}
        told = {name: count for name, count in counts.items() if count is not None}
        return {"stage": self.name, "seconds": round(self.seconds, 1), **told, "result": self.result}

    def advance(self, requests: int, quota_left: int | None) -> None:
        """Tell that so many more of the expected requests are done, and what is left of the quota."""
        self.done += requests
        if perf_counter() - self._told < LINE_EVERY_SECONDS:
            logger.debug("", extra={"moves": self, "quota": _quota(quota_left)})
            return
        self._told = perf_counter()
        left = self.seconds / max(self.done, 1) * (self.total - self.done if self.total else 0)
        logger.info(
            "%-24s %d of %s requests%s, about %.0f s left",
            self.name,
            self.done,
            self.total,
            _quota(quota_left),
            left,
            extra={"moves": self, "quota": _quota(quota_left)},
        )


def _quota(left: int | None) -> str:
    return "" if left is None or left < 0 else f", {left:,} left of the quota"


@contextmanager
def stage(name: str) -> Iterator[Stage]:
    """Time a stage and say at its end, in one line, what it did and how long it took."""
    running = Stage(name)
    logger.debug("%s …", name, extra={"begins": running})
    try:
        yield running
    finally:
        running.end()


@contextmanager
def shown() -> Iterator[None]:
    """Show what the stages tell, on standard error, for the duration of a command; once is enough."""
    if not logger.propagate:  # somebody shows it already
        yield
        return
    from flows.console.terminal import terminal_handler  # Rich takes a while to import

    on_terminal = terminal_handler()
    handler = on_terminal or logging.StreamHandler(sys.stderr)
    logger.setLevel(logging.DEBUG if on_terminal else logging.INFO)
    logger.addHandler(handler)
    logger.propagate = False  # or Prefect would show each line again
    try:
        yield
    finally:
        logger.removeHandler(handler)
        logger.propagate = True
        handler.close()


def let_through(secrets: Secrets = NONE) -> None:
    """Let the stages' lines through, without secrets: under a worker nobody else asked for them."""
    guard_logs(secrets)
    if not logger.isEnabledFor(logging.INFO):
        logger.setLevel(logging.INFO)


@contextmanager
def heard() -> Iterator[list[dict[str, object]]]:
    """Yield a list that grows by what each stage took that ends within the block."""
    stages: list[dict[str, object]] = []

    class Listening(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            if ended := getattr(record, "ends", None):
                stages.append(ended.record())

    handler = Listening()
    logger.addHandler(handler)
    try:
        yield stages
    finally:
        logger.removeHandler(handler)
