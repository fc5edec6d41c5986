"""Whether a site stands as a report would write it again: made of the same, and as it was made.

Pages tell ages by the reader's clock, so a site depends on nothing but the published file, the settings, the
code and its libraries, and on the last report, which is one of its files.
"""

import sysconfig
from collections.abc import Iterator
from hashlib import file_digest, sha256
from pathlib import Path

from reports.build.place import LIST, own_files
from warehouse.config.settings import PROJECT

PACKAGES = ("reports", "warehouse")
FURTHER = ("docs", "flows/sources", "sql/analyses")  # of which pages show a part


def made_from(published: Path, *settings: object) -> str | None:
    """Return a digest of all that a site is made from but for the last report; None without a file."""
    if not published.is_file():
        return None
    installed = sorted(folder.name for folder in Path(sysconfig.get_path("purelib")).glob("*.dist-info"))
    told = [_digest(published), repr(settings), *installed, *(f"{file} {_digest(file)}" for file in _code())]
    return sha256("\n".join(told).encode()).hexdigest()


def stands(site: Path, noted: Path) -> bool:
    """Tell whether a site is the one whose digest was noted."""
    try:
        return digest_of_site(site) == noted.read_text(encoding="utf-8")
    except OSError:
        return False


def digest_of_site(site: Path) -> str | None:
    """Return a digest of a site's own files; None where it is none, or one of them is not there."""
    try:
        names = sorted({*(own_files(site) or ()), LIST.as_posix()})
        told = [f"{name} {_digest(site / name)}" for name in names]
    except OSError:
        return None
    return sha256("\n".join(told).encode()).hexdigest()


def _code() -> Iterator[Path]:
    """Yield the files of the packages, and what else pages are made from; runs write beside packages."""
    for package in PACKAGES:
        yield from sorted((PROJECT / package).glob("*.*"))
        for inner in sorted((PROJECT / package).glob("*/__init__.py")):
            yield from _written(inner.parent)
    for folder in FURTHER:
        yield from _written(PROJECT / folder)


def _written(folder: Path) -> list[Path]:
    return sorted(file for file in folder.rglob("*.*") if file.suffix != ".pyc" and file.is_file())


def _digest(file: Path) -> str:
    with file.open("rb") as content:
        return file_digest(content, "sha256").hexdigest()
