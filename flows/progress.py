"""Telling what happens: stages say it by log records, a handler shows it where there is a reader.

On a terminal a running stage spins and a finished one leaves a line; elsewhere (a file, a service's
journal, Prefect's log) there are plain lines only.
"""

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from time import perf_counter

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn

logger = logging.getLogger("barometer")


@dataclass
class Stage:
    """What a running stage has to tell when it ends."""

    result: str = ""


@contextmanager
def stage(name: str) -> Iterator[Stage]:
    """Time a stage and say at its end, in one line, what it did and how long it took."""
    logger.debug("%s …", name, extra={"begins": name})
    running, started = Stage(), perf_counter()
    try:
        yield running
    finally:
        seconds = perf_counter() - started
        logger.info("%-24s %6.1f s  %s", name, seconds, running.result, extra={"ends": name})


@contextmanager
def shown() -> Iterator[None]:
    """Show what the stages tell, on standard error, for the duration of a command."""
    console = Console(stderr=True)
    handler = _TerminalHandler(console) if console.is_terminal else logging.StreamHandler(sys.stderr)
    logger.setLevel(logging.DEBUG if console.is_terminal else logging.INFO)
    logger.addHandler(handler)
    logger.propagate = False  # or Prefect would show each line again
    try:
        yield
    finally:
        logger.removeHandler(handler)
        logger.propagate = True
        handler.close()


class _TerminalHandler(logging.Handler):
    """A spinner for each running stage, a line for each finished one."""

    def __init__(self, console: Console) -> None:
        super().__init__()
        self._progress = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            TimeElapsedColumn(),
            console=console,
            transient=True,
        )
        self._running: dict[str, TaskID] = {}
        self._progress.start()

    def emit(self, record: logging.LogRecord) -> None:
        begins, ends = getattr(record, "begins", None), getattr(record, "ends", None)
        if begins:
            self._running[begins] = self._progress.add_task(begins, total=None)
            return
        if ends in self._running:
            self._progress.remove_task(self._running.pop(ends))
        self._progress.console.print(record.getMessage(), markup=False, highlight=False)

    def close(self) -> None:
        self._progress.stop()
        super().close()
