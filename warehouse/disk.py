"""Files on disk: a disk that takes no more is told in one line, wherever it is met."""

import errno
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from warehouse.errors import StorageFailed

COPIED_AT_ONCE = 2**30
REASONS = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EROFS})


@contextmanager
def storage_told(folder: Path, *also: type[Exception]) -> Iterator[None]:
    """Raise StorageFailed, naming the folder, where the block could not write what it had to.

    `also` are the errors by which a library says so.
    """
    try:
        yield
    except OSError as error:
        if error.errno not in REASONS:
            raise
        raise _told(folder, error.strerror or str(error)) from error
    except also as error:
        raise _told(folder, str(error).splitlines()[0]) from error


def _told(folder: Path, reason: str) -> StorageFailed:
    return StorageFailed(
        f"{folder}: {reason}, expected room to write; nothing that was archived or published is lost, "
        "and the next run goes on from there"
    )


def wal_of(path: Path) -> Path:
    """Return where DuckDB keeps what was written to a file and is not yet in it."""
    return path.with_name(f"{path.name}.wal")


def copy_file(source: Path, target: Path) -> None:
    """Copy a file's bytes to a new file, which shares the source's blocks where the file system can do so."""
    with source.open("rb") as reading, target.open("xb") as writing:
        if sys.platform == "linux":
            with suppress(OSError):  # between file systems, or on one that cannot
                while os.copy_file_range(reading.fileno(), writing.fileno(), COPIED_AT_ONCE):
                    pass
        shutil.copyfileobj(reading, writing)
