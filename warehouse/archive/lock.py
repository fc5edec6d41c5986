"""One writer at a time: a lock on the data folder, which the kernel takes back from a dead process.

Where the archive lives in object storage, the writer holds that as well (`warehouse.remote.lease`).
"""

import fcntl
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from io import FileIO
from pathlib import Path

from warehouse.archive.shared import shared
from warehouse.config.settings import Settings
from warehouse.disk import storage_told
from warehouse.errors import Busy, ConfigurationError
from warehouse.remote import lease
from warehouse.remote.store import Store

logger = logging.getLogger("barometer")

_held: set[Path] = set()


@contextmanager
def only_writer(settings: Settings, wait: bool = False, *, within: bool = False) -> Iterator[None]:
    """Hold the data folder for as long as the block lasts, and the object storage that it is a mirror of.

    While another holds it, `wait` until that ends; else raises Busy, which names the holder. `within` a block
    of this process that holds it already nothing more is done. Raises ConfigurationError for a folder that
    cannot be written, StorageFailed where its disk takes no more.
    """
    if within and settings.data in _held:
        yield
        return
    with _open(settings) as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            told = f"BAROMETER_DATA: {settings.data}: {_holder(file)} is writing it"
            if not wait:
                raise Busy(f"{told}, expected nobody; `--wait` waits for its end") from error
            logger.info("%s; waiting for its end", told)
            fcntl.flock(file, fcntl.LOCK_EX)
        with storage_told(settings.data), _said_in(file):
            _held.add(settings.data)
            try:
                with shared(settings, wait):
                    yield
            finally:
                _held.remove(settings.data)


def holder(settings: Settings) -> str | None:
    """Return which process holds the data folder and since when; None where none does.

    Where the archive lives in object storage, it may be one of another machine.
    """
    if here := holder_here(settings):
        return here
    term = lease.newest(Store(settings.remote)) if settings.remote else None
    return str(term) if term and term.holds else None


def holder_here(settings: Settings) -> str | None:
    """Return which process of this machine holds the data folder and since when; None where none does."""
    path = settings.data / "writer.lock"
    if not path.exists():
        return None
    with path.open("rb", buffering=0) as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return _holder(file)
    return None


def _open(settings: Settings) -> FileIO:
    try:
        settings.data.mkdir(parents=True, exist_ok=True)
        # Never deleted: who waits for a deleted file's lock waits for nothing.
        return (settings.data / "writer.lock").open("ab+", buffering=0)
    except OSError as error:
        raise ConfigurationError(
            f"BAROMETER_DATA: {settings.data}: {error.strerror}, expected a folder that can be written"
        ) from error


@contextmanager
def _said_in(file: FileIO) -> Iterator[None]:
    """Write into the lock's file who holds it, for as long as the block lasts."""
    file.truncate(0)
    file.write(f"process {os.getpid()} since {datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC".encode())
    try:
        yield
    finally:
        file.truncate(0)


def _holder(file: FileIO) -> str:
    file.seek(0)
    return file.read().decode() or "another process"
