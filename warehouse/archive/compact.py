"""Compacting the archive: the many small files of each complete month become one, verified before they go."""

from collections.abc import Iterator
from datetime import datetime
from itertools import groupby
from pathlib import Path

from warehouse.archive.month_files import month_files, write_month
from warehouse.archive.quarantine import believed_files
from warehouse.archive.verify import damage
from warehouse.archive.write import archived_files, started_at
from warehouse.errors import ArchiveDamaged


def compact(archive: Path, now: datetime) -> int:
    """Pack what began before this month, UTC, by source and month; return how many files went into others.

    A file in quarantine stays where it lies.

    Killed anywhere, it leaves every attempt at least once, and doing it again ends it. Raises
    ArchiveDamaged, with nothing of that month packed, for a file that is not as it was written.
    """
    return sum(_pack(month, files) for month, files in _complete_months(archive, now))


def _complete_months(archive: Path, now: datetime) -> Iterator[tuple[str, list[Path]]]:
    def month_of(file: Path) -> tuple[Path, str]:
        return file.parent, f"{started_at(file):%Y-%m}"

    believed = {*believed_files(archive), *(file for file in archived_files(archive) if not file.exists())}
    for (_, month), files in groupby(sorted(believed, key=month_of), month_of):
        if month < f"{now:%Y-%m}":
            yield month, list(files)


def _pack(month: str, files: list[Path]) -> int:
    loose = [file for file in files if file.exists()]
    folder = files[0].parent
    if not loose:
        return 0
    for file in files:
        if wrong := damage(file):
            raise ArchiveDamaged(f"{file}: found {wrong.found}, expected {wrong.expected}")
    earlier = [other for other in month_files(folder.parent) if other.match(f"{folder.name}/{month}-*")]
    packed = write_month(month, files)
    for gone in (*loose, *(other for other in earlier if other != packed)):
        gone.unlink()
    return len(loose)
