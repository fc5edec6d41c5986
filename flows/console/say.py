"""What is said: lines for people and log records, cleaned of what a terminal obeys and of known secrets."""

import logging
import sys
from collections.abc import Iterable
from shutil import get_terminal_size
from textwrap import fill
from typing import Any

from warehouse.config.secrets import NONE, Secrets, known_secrets
from warehouse.text import cleaned

# The logger of our own records, of which many repeat what a source told.
OURS = "barometer"


def fit(text: str) -> str:
    """Return a text as it may be seen by anybody, on a terminal too."""
    return cleaned(_GuardedRecord.known().strip(text))


def told(error: Exception) -> str:
    """Return an error in words; one of the system's names the place, or where it has none says what it is."""
    if not isinstance(error, OSError):
        return str(error)
    place = f"{error.filename}: " if error.filename else ""
    return f"{place}{error.strerror or error}, expected a place that can be used"


def say(text: str) -> None:
    """Write a line to standard output, at once."""
    print(fit(text), flush=True)


def print_lines(lines: Iterable[str]) -> None:
    """Print each line within the width of the terminal (80 columns where there is none), its rest set in."""
    width = get_terminal_size().columns
    for line in lines:
        say(fill(cleaned(line), width, subsequent_indent="  ", break_on_hyphens=False))


def say_problem(text: str) -> None:
    """Write a line to standard error, if anybody has left it open."""
    if sys.stderr is not None:
        print(fit(text), file=sys.stderr, flush=True)


def guard_logs(secrets: Secrets = NONE) -> None:
    """Keep secrets out of every log record of this process, whoever writes it: Prefect and libraries too.

    `secrets` are known beside those of the environment, as on the worker of a cluster.
    """
    _GuardedRecord.given |= secrets
    logging.setLogRecordFactory(_GuardedRecord)


class _GuardedRecord(logging.LogRecord):
    """A log record that tells no secret, neither in its message nor in a traceback."""

    given = NONE

    @classmethod
    def known(cls) -> Secrets:
        return known_secrets() | cls.given

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        if self.exc_info and self.exc_info[0]:
            self.exc_text = self.known().strip(logging.Formatter().formatException(self.exc_info))

    def getMessage(self) -> str:  # noqa: N802  # logging's name
        """Return the message, and one of ours as a terminal may have it."""
        message = self.known().strip(super().getMessage())
        return cleaned(message) if self.name == OURS else message
