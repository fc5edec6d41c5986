"""What a killed run had been answered: found under its temporary name, brought into the archive."""

import base64
import fcntl
import hashlib
import json
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import fields
from datetime import datetime
from pathlib import Path
from typing import Any

from warehouse.archive.month_files import files_of_sources
from warehouse.archive.write import Page, record_attempt, service_of
from warehouse.config.secrets import NONE, Secrets
from warehouse.errors import ArchiveDamaged, Interrupted

# Between making the file and locking it a writer needs no day.
ABANDONED_SECONDS = 86_400.0
SLICE_BYTES = 4096


def recover_interrupted(archive: Path, secrets: Secrets = NONE) -> int:
    """Archive the whole pages of every attempt whose process is gone; return the number of attempts.

    `secrets` are kept out of them, as when an attempt ends by itself.
    Equal content has the equal name, so being killed in here and doing it again changes nothing.
    """
    left = (file for file in files_of_sources(archive) if file.name.startswith(".") and file.suffix == ".tmp")
    return sum(_recover(file, secrets) for file in left if file.is_file() and not file.is_symlink())


def _recover(file: Path, secrets: Secrets) -> bool:
    """Archive what one file holds, unless its writer still lives."""
    try:
        with file.open("rb") as raw:
            fcntl.flock(raw, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if not file.stat().st_size and time.time() - file.stat().st_mtime < ABANDONED_SECONDS:
                return False
            pages = list(_whole_pages(raw.read()))
            if pages:
                _record(file.parent, pages, service_of(file), secrets)
            file.unlink()
            return bool(pages)
    except (BlockingIOError, FileNotFoundError):  # being written, or complete by now
        return False
    except PermissionError as error:
        raise ArchiveDamaged(f"{file}: {error.strerror}, expected a file that can be read") from error


def _record(folder: Path, pages: list[Page], service: str | None, secrets: Secrets) -> None:
    def fetch(add: Callable[[Page], None]) -> None:
        for page in pages:
            add(page)
        raise Interrupted(f"{folder.name}: the process ended before the attempt did")

    times = iter((pages[0].fetched_at, pages[-1].fetched_at))
    record_attempt(folder.parent, folder.name, lambda: next(times), fetch, service, secrets)


def _whole_pages(data: bytes) -> Iterator[Page]:
    """Yield the pages of a gzip stream that may end anywhere, up to the first line that is not whole."""
    for line in _unzipped(data).split(b"\n")[:-1]:
        try:
            told = json.loads(line)
            page = _page(told)
        except (
            ValueError,
            LookupError,
            TypeError,
            AttributeError,
            RecursionError,
        ):  # what follows a cut can be anything
            return
        if hashlib.sha256(page.body).hexdigest() != told["sha256"]:
            return
        yield page


def _unzipped(data: bytes) -> bytes:
    """Return what can be read; a power cut may leave anything at the end."""
    reader, text = zlib.decompressobj(zlib.MAX_WBITS | 16), bytearray()
    with suppress(zlib.error):
        for start in range(0, len(data), SLICE_BYTES):
            text += reader.decompress(data[start : start + SLICE_BYTES])
    return bytes(text)


def _page(told: dict[str, Any]) -> Page:
    body = base64.b64decode(told["body_base64"]) if "body_base64" in told else told["body"].encode()
    kept: dict[str, Any] = {field.name: told.get(field.name) for field in fields(Page)}
    fetched_at = datetime.fromisoformat(told["fetched_at"])
    return Page(**{**kept, "fetched_at": fetched_at, "body": body})
