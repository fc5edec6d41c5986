"""Month files: the attempts of a complete month in one zip, each as it was, byte by byte, under its own name.

A month file's name ends with the digest of the names in it, and those end with the digests of their
content: what is missing or changed is seen. Readers meet the attempts as if they lay beside it.
"""

import fcntl
import hashlib
import os
import re
import shutil
import struct
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4
from zipfile import BadZipFile, ZipFile

from warehouse.errors import ArchiveDamaged

# What zipfile raises for a zip of which some byte is another.
BROKEN = (BadZipFile, EOFError, LookupError, OSError, RuntimeError, ValueError, struct.error, zlib.error)
SOURCE = re.compile(r"[a-z][a-z0-9_]*")
MONTH_FILE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9a-f]{12}\.zip")


def files_of_sources(archive: Path) -> list[Path]:
    """Return all that lies in the folders that can be a source's; other things there are nobody's business.

    Raises ArchiveDamaged for a folder that cannot be read: what is in it would be taken for gone.
    """
    try:
        entries = list(archive.iterdir()) if archive.exists() else []
        folders = [entry for entry in entries if SOURCE.fullmatch(entry.name) and entry.is_dir()]
        return sorted(file for folder in folders for file in folder.iterdir())
    except OSError as error:
        raise ArchiveDamaged(
            f"{error.filename}: {error.strerror}, expected a folder that can be read"
        ) from error


def month_files(archive: Path) -> list[Path]:
    """Return every month file."""
    return [file for file in files_of_sources(archive) if MONTH_FILE.fullmatch(file.name)]


def packed_files(month_file: Path) -> list[Path]:
    """Return where the attempts of a month file would lie; raises ArchiveDamaged where some are missing."""
    _require_file(month_file)
    try:
        with ZipFile(month_file) as month:
            names = month.namelist()
    except BROKEN as error:
        raise ArchiveDamaged(f"{month_file}: {error}, expected a whole month file") from error
    if not month_file.stem.endswith(_digest(names)):
        raise ArchiveDamaged(f"{month_file}: {len(names)} attempts, expected those that its name tells")
    return [month_file.with_name(name) for name in names]


def read_attempt(file: Path) -> bytes:
    """Return an archive file as it was written, wherever it lies; raises ArchiveDamaged where it cannot."""
    if _lies_loose(file):
        try:
            return file.read_bytes()
        except OSError as error:
            raise ArchiveDamaged(f"{file}: {error.strerror}, expected a file that can be read") from error
    month_file = next((month for month in _months_of(file) if file in packed_files(month)), file)
    _require_file(month_file)
    try:
        with ZipFile(month_file) as month:
            return month.read(file.name)
    except BROKEN as error:
        raise ArchiveDamaged(f"{month_file}: {error}, expected a whole month file") from error


@contextmanager
def laid_out(files: Sequence[Path], folder: Path) -> Iterator[list[str]]:
    """Lay packed attempts out below `folder`, emptied before and after; yield a path for every file."""
    shutil.rmtree(folder, ignore_errors=True)
    try:
        yield [str(file if _lies_loose(file) else _lay_out(file, folder)) for file in files]
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def write_month(month: str, files: Sequence[Path]) -> Path:
    """Pack attempts of one folder into a month file, read it again, and return it; nothing is removed.

    A file that a killed process leaves has the temporary name of an attempt, and goes the same way.
    Raises ArchiveDamaged where what was read again differs.
    """
    folder = files[0].parent
    names = sorted(file.name for file in files)
    temporary = folder / f".{uuid4().hex}.tmp"
    with temporary.open("wb") as raw:
        fcntl.flock(raw, fcntl.LOCK_EX)
        with ZipFile(raw, "w") as packed:
            for name in names:
                packed.writestr(name, read_attempt(folder / name))
        raw.flush()
        os.fsync(raw.fileno())
        with ZipFile(temporary) as packed:
            if any(packed.read(name) != read_attempt(folder / name) for name in names):
                raise ArchiveDamaged(f"{temporary}: read again it is another, expected what was written")
        return temporary.rename(folder / f"{month}-{_digest(names)}.zip")


def _lies_loose(file: Path) -> bool:
    """Whether there is something of that name in no month file; raises ArchiveDamaged where it is no file."""
    if is_there := file.is_symlink() or file.exists():
        _require_file(file)
    return is_there


def _require_file(file: Path) -> None:
    # To open a pipe is to wait for its writer.
    if not file.is_file():
        raise ArchiveDamaged(f"{file}: found no file that can be read, expected a regular one")


def _lay_out(file: Path, folder: Path) -> Path:
    place = folder / file.parent.name / file.name
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(read_attempt(file))
    return place


def _months_of(file: Path) -> list[Path]:
    return sorted(file.parent.glob(f"{file.name[:4]}-{file.name[4:6]}-*.zip"))


def _digest(names: Sequence[str]) -> str:
    return hashlib.sha256("\n".join(sorted(names)).encode()).hexdigest()[:12]
