"""The standard streams of a command: there is always one, and a reader that goes away ends nothing.

What nobody reads any more (a pipe that was closed, a stream that was never opened) is written nowhere. A
device that takes no more (a full disk) is noted, for the exit code.
"""

import errno
import io
import os
import sys
from contextlib import suppress

STANDARD_OUTPUT = 1
NOBODY_READS = frozenset({errno.EPIPE, errno.EBADF})

_failed: dict[int, OSError] = {}


class _Lenient(io.FileIO):
    """A stream that leads nowhere from the first failure on."""

    def write(self, data: object, /) -> int:
        try:
            return super().write(data)  # type: ignore[arg-type]
        except OSError as error:
            if error.errno not in NOBODY_READS:
                _failed.setdefault(self.fileno(), error)
            with suppress(OSError):
                os.dup2(os.open(os.devnull, os.O_WRONLY), self.fileno())
            return len(memoryview(data).cast("B"))  # type: ignore[arg-type]


def mend_streams() -> None:
    """Open what is closed of the three streams, and make the two that are written lenient.

    A file that is opened later would otherwise get the number of a closed stream, and be written into.
    """
    for number in (0, 1, 2):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # gets the lowest number that is free: this one
    if sys.stdin is None:
        sys.stdin = io.TextIOWrapper(io.FileIO(0, closefd=False))
    sys.stdout, sys.stderr = _writing(1), _writing(2)


def flush_streams() -> None:
    """Write what is still to be written."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):
            stream.flush()


def write_failure() -> str | None:
    """Return why something could not be written to standard output; None where all was, or nobody reads."""
    error = _failed.get(STANDARD_OUTPUT)
    return f"standard output: {error.strerror}, expected room to write" if error else None


def _writing(number: int) -> io.TextIOWrapper:
    raw = _Lenient(number, "w", closefd=False)
    # What the terminal's encoding cannot show is told by its number.
    return io.TextIOWrapper(
        io.BufferedWriter(raw),
        errors="backslashreplace",
        line_buffering=number == 2 or raw.isatty(),
        write_through=number == 2,
    )
