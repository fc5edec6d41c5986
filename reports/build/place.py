"""Where a site stands: a new one is made beside it and takes its place whole; what is not its own stays.

A site knows its own files by a list in it. Whatever else lies in its folder (`CNAME`, `.well-known`, `.git`)
belongs to others.
"""

import errno
import fcntl
import json
import os
import re
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex

from warehouse.disk import REASONS
from warehouse.errors import ConfigurationError

LIST = Path("api", "files.json")
# A site of before December 2026 has no list. These it always had, and these were its files.
ALWAYS = (Path("index.html"), Path("assets", "barometer.css"))
OURS = re.compile(
    r"((index|claims|adoption|community|interest|subject-[^/]*|compare|quality|methodology|data|404|barometer)\.html"
    r"|feed\.(xml|json)|sitemap\.xml|metrics\.txt|(api|assets|badges|data|pictures)/.*)"
)


def require_place(site: Path) -> None:
    """Raise ConfigurationError for a place where no site can be made; nothing is changed."""
    folder = next(place for place in site.parents if os.path.lexists(place))
    with _told(site):
        _refuse_foreign(site)
        if not folder.is_dir():
            raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(folder))
        if not os.access(folder, os.W_OK | os.X_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(folder))


@contextmanager
def new_site(site: Path, lock: Path) -> Iterator[Path]:
    """Yield an empty folder beside the site, which takes its place once the block has written it.

    Where the block fails, the last site stays. One report at a time: others wait for the lock. What a killed
    one left is put right first. Raises ConfigurationError, before anything is done, for a folder that holds
    something else than a site, and wherever this user may not write.
    """
    with _told(site), lock.open("a") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        site.parent.mkdir(parents=True, exist_ok=True)
        _put_right(site)
        _refuse_foreign(site)
        building = site.with_name(f".{site.name}-{token_hex(4)}")
        building.mkdir()
        try:
            yield building
            _take_over(site, building)
            _swap(building, site)
        finally:
            shutil.rmtree(building, ignore_errors=True)


def write_list(building: Path, files: Iterable[Path]) -> Path:
    """Write down which files of a new site are its own, and return where."""
    names = sorted(path.as_posix() for path in [*files, LIST])
    (building / LIST).write_text(json.dumps({"files": names}, indent=1), encoding="utf-8")
    return LIST


def own_files(site: Path) -> frozenset[str] | None:
    """Return the files of a folder that are a site's own; None where it is no site."""
    try:
        return frozenset(json.loads((site / LIST).read_text(encoding="utf-8"))["files"])
    except (OSError, ValueError, TypeError, LookupError):
        if not all((site / path).is_file() for path in ALWAYS):
            return None
    found = (path.relative_to(site).as_posix() for path in site.rglob("*") if not path.is_dir())
    return frozenset(name for name in found if OURS.fullmatch(name))


def _refuse_foreign(site: Path) -> None:
    if site.is_dir() and not any(site.iterdir()):
        return
    if os.path.lexists(site) and own_files(site) is None:
        raise ConfigurationError(
            f"BAROMETER_SITE: {site} holds other files, expected an empty folder or a site made here"
        )


def _put_right(site: Path) -> None:
    """Bring back a site that a killed report had moved aside, and remove what killed ones were building."""
    left = re.compile(rf"\.{re.escape(site.name)}-[0-9a-z_]{{8}}(-last)?")
    for folder in [path for path in site.parent.iterdir() if left.fullmatch(path.name) and path.is_dir()]:
        if folder.name.endswith("-last") and not site.exists() and own_files(folder) is not None:
            folder.rename(site)
        elif folder.name.endswith("-last") or not _is_foreign(folder):
            shutil.rmtree(folder, ignore_errors=True)


def _is_foreign(folder: Path) -> bool:
    """Tell a folder that only happens to be called like one of ours, and holds nothing that is."""
    found = [path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir()]
    return bool(found) and not any(OURS.fullmatch(name) for name in found)


def _take_over(site: Path, building: Path) -> None:
    """Link what is not the last site's own into the new one, empty folders of others included."""
    own = own_files(site) if site.exists() else None
    if own is None:
        return
    folders = {str(parent) for name in own for parent in Path(name).parents}

    def is_left_out(path: Path) -> bool:
        name = path.relative_to(site).as_posix()
        if path.is_symlink() or not path.is_dir():
            return name in own or (building / name).is_file()
        return name in folders and all(map(is_left_out, path.iterdir()))

    shutil.copytree(
        site,
        building,
        symlinks=True,
        ignore=lambda folder, names: [name for name in names if is_left_out(Path(folder, name))],
        copy_function=_link,
        dirs_exist_ok=True,
    )


def _link(source: str, target: str) -> None:
    try:
        os.link(source, target, follow_symlinks=False)
    except OSError:  # a file of somebody else, or a file system without links
        shutil.copy2(source, target, follow_symlinks=False)


def _swap(building: Path, site: Path) -> None:
    """Put the new folder in the place of the last one, which is kept until then."""
    last = building.with_name(f"{building.name}-last")
    if site.exists():
        site.rename(last)
    try:
        building.rename(site)
    except OSError:
        if last.exists():
            last.rename(site)
        raise
    shutil.rmtree(last, ignore_errors=True)


@contextmanager
def _told(site: Path) -> Iterator[None]:
    """Raise ConfigurationError for what this user may not do there; a disk that is full is told elsewhere."""
    try:
        yield
    except OSError as error:
        if error.errno in REASONS:
            raise
        # What copies a tree gathers its errors: the first of them, with its reason.
        where, reason = error.filename, error.strerror
        if isinstance(error, shutil.Error):
            where, _, reason = error.args[0][0]
        raise ConfigurationError(
            f"{where or site}: {reason}, expected a place that this user can write; "
            "BAROMETER_SITE and BAROMETER_DATA tell where"
        ) from error
