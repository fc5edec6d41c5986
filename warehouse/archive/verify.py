"""Verifying the archive: every file whole, every body the one that came. Nothing is changed."""

import base64
import gzip
import hashlib
import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from warehouse.archive.month_files import files_of_sources, month_files, packed_files, read_attempt
from warehouse.archive.quarantine import Place, quarantined
from warehouse.archive.write import name_of
from warehouse.errors import ArchiveDamaged


@dataclass(frozen=True)
class Damage:
    """What is wrong with one file of the archive."""

    file: str
    found: str
    expected: str


def verified(archive: Path) -> Iterator[Damage | None]:
    """Look at every file that is not in quarantine; yield its first damage, or None if there is none."""
    known = {entry.place for entry in quarantined(archive)}
    files = {file for file in files_of_sources(archive) if file.name.endswith(".jsonl.gz")}
    for month_file in month_files(archive):
        try:
            files.update(packed_files(month_file))
        except ArchiveDamaged as error:
            yield Damage(f"{month_file.parent.name}/{month_file.name}", str(error), "a whole month file")
    for file in sorted(files):
        if Place(name_of(file)) not in known:
            yield damage(file)


def damage(file: Path) -> Damage | None:
    """Return what is wrong with a file, wherever it lies; None where it is as it was written."""
    name = name_of(file)
    try:
        wrong = _difference(name, read_attempt(file))
    except ArchiveDamaged as error:
        wrong = str(error), "a whole file"
    return Damage(name, *wrong) if wrong else None


def _difference(name: str, zipped: bytes) -> tuple[str, str] | None:
    """Return what was found and expected of a file's content; None where it is whole."""
    try:
        text = gzip.decompress(zipped)
        return _difference_of_lines([json.loads(line) for line in text.splitlines()]) or _other_name(
            name, text
        )
    except (OSError, EOFError, zlib.error) as error:
        return f"{error}", "a whole gzip file"
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        return f"{type(error).__name__}: {error}", "lines of JSON, one a page"


def _difference_of_lines(lines: list[Any]) -> tuple[str, str] | None:
    *pages, attempt = lines or [{}]
    if changed := next((page for page in pages if not _is_as_it_came(page)), None):
        return f"another body of {changed['key']}", f"SHA-256 {changed['sha256'][:12]}…"
    if attempt.get("kind") != "attempt" or attempt["answers"] + attempt["refused"] != len(pages):
        return f"{len(pages)} pages", "as many as its last line tells"
    return None


def _other_name(name: str, text: bytes) -> tuple[str, str] | None:
    digest = hashlib.sha256(text).hexdigest()[:12]
    return None if f"-{digest}." in name else (f"content of digest {digest}", "the digest in its name")


def _is_as_it_came(page: dict[str, Any]) -> bool:
    body = base64.b64decode(page["body_base64"]) if "body_base64" in page else page["body"].encode()
    return bool(page["kind"] == "page" and hashlib.sha256(body).hexdigest() == page["sha256"])
