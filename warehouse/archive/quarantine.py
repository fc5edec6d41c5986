"""The quarantine: which archived answers are not believed, since when and why. They stay as they are.

`quarantine.jsonl` in the archive is a list to which lines are added and from which none is taken: of each
file, or line of one, the last word counts. Who takes an answer back in adds a line that says so.
"""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from warehouse.archive.write import archived_files, name_of
from warehouse.disk import storage_told
from warehouse.errors import ArchiveDamaged, ConfigurationError
from warehouse.regular import replacing

LIST = "quarantine.jsonl"
PLACE = re.compile(r"(?:.*/)?([a-z][a-z0-9_]*/[^/:]+?)(?::([1-9][0-9]{0,8}))?")


@dataclass(frozen=True, order=True)
class Place:
    """An archive file as the tables call it (`<source>/20250806….jsonl.gz`), or one line, the first is 1."""

    file: str
    line: int | None = None

    def __str__(self) -> str:
        return self.file if self.line is None else f"{self.file}:{self.line}"


@dataclass(frozen=True)
class Entry:
    """What was said of a place last: not believed, or believed again (`is_out` false); when, why, by whom."""

    place: Place
    why: str
    said_at: datetime
    by: str
    is_out: bool = True

    def __str__(self) -> str:
        return f"{self.place}: {self.why} (by {self.by}, {self.said_at:%Y-%m-%d})"


def quarantined(archive: Path) -> list[Entry]:
    """Return what is not believed now, by place; raises ArchiveDamaged for a list that cannot be read."""
    last = {entry.place: entry for entry in _entries(archive / LIST)}
    return [
        last[place] for place in sorted(last, key=lambda one: (one.file, one.line or 0)) if last[place].is_out
    ]


def believed_files(archive: Path) -> list[Path]:
    """Return the complete files that are not in quarantine as a whole, oldest run first."""
    out = {entry.place.file for entry in quarantined(archive) if entry.place.line is None}
    return [file for file in archived_files(archive) if name_of(file) not in out]


def add_entries(archive: Path, entries: Iterable[Entry]) -> None:
    """Add to the list; whole or not at all, whenever the process is killed."""
    entries = list(entries)
    if not entries:  # of an archive that is not there, too
        return
    told = [json.dumps(_line(one), ensure_ascii=False, default=datetime.isoformat) for one in entries]
    path = archive / LIST
    before = path.read_bytes() if path.exists() else b""
    with storage_told(archive), replacing(path, durable=True) as building:
        building.write_bytes(before + "".join(f"{line}\n" for line in told).encode())


def read_place(text: str, archive: Path) -> Place:
    """Return the place that a person names, as messages write it or as a path; raises ConfigurationError."""
    found = PLACE.fullmatch(text)
    known = {name_of(file) for file in archived_files(archive)}
    if not found or found[1] not in known:
        raise ConfigurationError(
            f"quarantine: found no archive file {text!r}, expected one like "
            f"{max(known, default='SOURCE/20250806T061700Z-01ab.jsonl.gz')}, or with :3 its third line"
        )
    return Place(found[1], int(found[2]) if found[2] else None)


def _line(entry: Entry) -> dict[str, object]:
    told = asdict(entry)
    return {**told.pop("place"), **told}


def _entries(path: Path) -> Iterator[Entry]:
    if not path.exists():
        return
    try:
        for number, line in enumerate(path.read_bytes().splitlines(), 1):
            try:
                told = json.loads(line)
                place = Place(str(told["file"]), None if told["line"] is None else int(told["line"]))
                said_at = datetime.fromisoformat(told["said_at"])
                yield Entry(place, str(told["why"]), said_at, str(told["by"]), bool(told["is_out"]))
            except (ValueError, LookupError, TypeError, RecursionError) as error:
                raise ArchiveDamaged(
                    f"{path}: line {number}: found {line[:60]!r}, expected one of `barometer quarantine`"
                ) from error
    except OSError as error:
        raise ArchiveDamaged(f"{path}: {error.strerror}, expected a file that can be read") from error
