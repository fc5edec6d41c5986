"""Files that a user names are read and written only where they are files.

A pipe would be waited for, a device destroyed, an endless one read for ever. All is told by OSError, whose
`strerror` says in words what was found.
"""

import errno
import os
import secrets
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

KINDS = {
    stat.S_IFIFO: "a pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
    stat.S_IFDIR: "a folder",
}


def read_regular(path: Path, most_bytes: int) -> bytes:
    """Return what a file holds; raises OSError for what is no file, or holds more."""
    with open(path, "rb", opener=_open_at_once) as file:  # Path.open has no opener
        _require_regular(path, os.fstat(file.fileno()))
        content = file.read(most_bytes + 1)
    if len(content) > most_bytes:
        raise OSError(errno.EFBIG, f"found more than {most_bytes / 2**20:g} MiB", str(path))
    return content


@contextmanager
def replacing(path: Path, mode: int = 0o666, *, durable: bool = False) -> Iterator[Path]:
    """Yield a file to write, which takes the place of `path` when the block ends well; else that stays.

    Permissions are kept, and the owner where that is allowed; a new file has those of `mode`. A symbolic link
    stays, and what it leads to is written. With `durable` all of it is on the disk before it takes the place.
    Raises OSError for a place that holds something else than a file, or cannot be written.
    """
    place = Path(os.path.realpath(path))  # of a loop it makes nothing, and `stat` tells
    before = _stat(place)
    building = place.with_name(f".barometer.{secrets.token_hex(6)}.new")
    try:
        os.close(os.open(building, os.O_CREAT | os.O_EXCL | os.O_WRONLY, mode))
        yield building
        if before:
            shutil.copymode(place, building)
            with suppress(PermissionError):
                os.chown(building, before.st_uid, before.st_gid)
        if durable:
            with building.open("rb+") as written:
                os.fsync(written.fileno())
        building.replace(place)
    finally:
        with suppress(OSError):
            building.unlink(missing_ok=True)


def _stat(path: Path) -> os.stat_result | None:
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    _require_regular(path, found)
    return found


def _open_at_once(path: str, flags: int) -> int:
    """Open a file without waiting for somebody at the other end of a pipe."""
    return os.open(path, flags | os.O_NONBLOCK)


def _require_regular(path: Path, found: os.stat_result) -> None:
    if not stat.S_ISREG(found.st_mode):
        kind = KINDS.get(stat.S_IFMT(found.st_mode), "something else than a file")
        raise OSError(errno.EINVAL, f"found {kind}", str(path))
