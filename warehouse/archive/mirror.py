"""The mirror: this machine's copy of an archive that lives in object storage, brought up to date either way.

Archive files never change and are named by their content, so a name says whether one has to be fetched or
put. Of the few files that change (`CHANGING`) the storage has one version, and `mirror.json` here notes which
one this machine has seen, and how its own file was then. Where the storage has another one since, that is
fetched, as its writer knew all that was there; else one that has changed here is put, whole.
"""

import json
import logging
import shutil
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeAlias, TypeVar

from warehouse.archive.month_files import MONTH_FILE, files_of_sources, packed_files
from warehouse.archive.quarantine import LIST
from warehouse.archive.verify import Damage, damage, verified
from warehouse.archive.write import is_attempt
from warehouse.config.settings import Settings
from warehouse.disk import wal_of
from warehouse.errors import ArchiveDamaged
from warehouse.regular import replacing
from warehouse.remote import lease
from warehouse.remote.store import AT_ONCE, Store

T = TypeVar("T")
# Of each month file the attempts in it, as if they lay beside it.
Held: TypeAlias = Mapping[Path, frozenset[Path]]

logger = logging.getLogger("barometer")

ARCHIVE = "archive/"
PUBLISHED = "barometer.duckdb"
CHANGING = (f"{ARCHIVE}{LIST}", PUBLISHED, "runs.jsonl")
# Made once, and the same for all machines; what is archived depends on it, so that it is put first.
MADE_ONCE = ("authors.salt",)
# As many attempts as are fetched before they are looked at.
VERIFIED_AT_ONCE = 100


def pull(settings: Settings) -> None:
    """Fetch what is there and not here, but what a month file here holds."""
    store = _store(settings)
    pull_changing(settings)
    fetch_made_once(settings)
    there = [settings.data / name for name in store.list(ARCHIVE)]
    fetched = _fetch_missing(settings, filter(_is_month, there))
    packed = _every(_held(files_of_sources(settings.archive)))
    fetched += _fetch_missing(settings, (file for file in there if is_attempt(file) and file not in packed))
    if fetched:
        logger.info("fetched %d archive files from %s", fetched, store.address)


def push(settings: Settings) -> None:
    """Put what is here and not there; then delete, there and here, what a month file holds as well.

    Only its one writer does so. Killed anywhere, doing it again ends it.
    """
    store, files = _store(settings), files_of_sources(settings.archive)
    held = _held(files)
    superfluous = _superfluous(files, held)
    put_made_once(settings)
    there = store.list(ARCHIVE)
    put = _put_missing(settings, _complete(files, superfluous), there)
    held_twice = {_name(file, settings) for file in (*superfluous, *_every(held))}
    if gone := sorted(held_twice.intersection(there)):
        lease.require(store.address)
        store.delete(gone)
    for file in superfluous:
        file.unlink()
    for name in CHANGING:
        _put_changed(settings, name)
    if put:
        logger.info("put %d archive files into %s", put, store.address)


def push_source(settings: Settings, source_id: str) -> None:
    """Put the complete files of one source that are not there; a worker elsewhere may, who is no writer."""
    put_made_once(settings)
    files = [file for file in files_of_sources(settings.archive) if file.parent.name == source_id]
    complete = _complete(files, _superfluous(files, _held(files)))
    _put_missing(settings, complete, _store(settings).list(f"{ARCHIVE}{source_id}/"))


def pull_changing(settings: Settings) -> None:
    """Fetch of the files that change those that another machine has put since they were seen here last."""
    store = _store(settings)
    for name in CHANGING:
        there = store.find(name)
        if there and there.etag != _seen(settings).get(name, [None])[0]:
            store.get(name, settings.data / name)
            wal_of(settings.data / name).unlink(missing_ok=True)
            _note(settings, name, there.etag)


def fetch_made_once(settings: Settings) -> None:
    """Fetch what was made once for all machines, readable by this user alone."""
    store = _store(settings)
    for name in MADE_ONCE:
        file = settings.data / name
        if not file.exists() and store.find(name):
            file.parent.mkdir(parents=True, exist_ok=True)
            with replacing(file, 0o600) as building:
                building.write_bytes(store.read(name))


def put_made_once(settings: Settings) -> None:
    """Put what was made here for all machines, where there is none."""
    for name in MADE_ONCE:
        if (settings.data / name).exists():
            _store(settings).put_new(settings.data / name, name)


def verified_objects(settings: Settings) -> Iterator[Damage | None]:
    """Fetch every archive file there is, look at it, and forget it; yield its first damage, or None.

    What is packed counts as often as it is there. Files in quarantine are left out as those of a folder are.
    """
    store, folder = _store(settings), settings.data / "verifying"
    names = list(store.list(ARCHIVE))
    attempts = [name for name in names if is_attempt(Path(name))]
    # What lies beside a month file would be read in its place.
    months = [[name] for name in names if _is_month(Path(name))]
    some = [attempts[start : start + VERIFIED_AT_ONCE] for start in range(0, len(attempts), VERIFIED_AT_ONCE)]
    lists = [name for name in names if name == f"{ARCHIVE}{LIST}"]
    for fetched in (*months, *some):
        shutil.rmtree(folder, ignore_errors=True)
        try:
            _in_threads(lambda name: store.get(name, folder / name), [*lists, *fetched])
            for wrong in verified(folder / ARCHIVE):
                yield wrong and Damage(f"{store.address}/{ARCHIVE}{wrong.file}", wrong.found, wrong.expected)
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def _store(settings: Settings) -> Store:
    assert settings.remote
    return Store(settings.remote)


def _fetch_missing(settings: Settings, files: Iterable[Path]) -> int:
    """Fetch those that are not here, each whole before it has its place; return how many."""
    store, folder = _store(settings), settings.data / "fetching"
    missing = [file for file in files if not file.exists()]

    def fetch(file: Path) -> None:
        """Fetch a file, and again where it is not what its name says; what is so there the load names."""
        name = _name(file, settings)
        for _ in range(2):
            store.get(name, folder / name)
            if not _is_damaged(folder / name):
                break
        file.parent.mkdir(parents=True, exist_ok=True)
        (folder / name).replace(file)

    try:
        _in_threads(fetch, missing)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return len(missing)


def _is_damaged(file: Path) -> bool:
    try:
        files = packed_files(file) if _is_month(file) else [file]
    except ArchiveDamaged:
        return True
    return any(damage(one) for one in files)


def _put_missing(settings: Settings, files: Iterable[Path], there: Iterable[str]) -> int:
    store, known = _store(settings), frozenset(there)
    missing = [file for file in files if _name(file, settings) not in known]

    def put(file: Path) -> None:
        if lease.holds(store.address):
            lease.require(store.address)
        store.put_new(file, _name(file, settings))

    _in_threads(put, missing)
    return len(missing)


def _put_changed(settings: Settings, name: str) -> None:
    """Put a file that changes unless it is there as it is here."""
    store, file = _store(settings), settings.data / name
    if not file.exists():
        return
    there = store.find(name)
    if there is None or _seen(settings).get(name) != [there.etag, *_stamp(file)]:
        lease.require(store.address)
        store.put(file, name)
        put = store.find(name)
        _note(settings, name, put.etag if put else "")


def _held(files: Iterable[Path]) -> Held:
    """Return of each month file which attempts it holds."""
    return {file: frozenset(packed_files(file)) for file in files if _is_month(file)}


def _every(held: Held) -> frozenset[Path]:
    return frozenset[Path]().union(*held.values())


def _complete(files: Iterable[Path], superfluous: Collection[Path]) -> list[Path]:
    """Return the files that are whole and wanted there: month files first, and no attempt that is in one."""
    whole = [file for file in files if _is_month(file) or is_attempt(file)]
    return sorted((file for file in whole if file not in superfluous), key=lambda file: not _is_month(file))


def _superfluous(files: Iterable[Path], held: Held) -> frozenset[Path]:
    """Return what another month file holds as well: attempts, and month files of before it had more."""
    packed = _every(held)
    older = [file for file, its in held.items() if any(its < others for others in held.values())]
    return frozenset([*older, *(file for file in files if file in packed)])


def _is_month(file: Path) -> bool:
    return MONTH_FILE.fullmatch(file.name) is not None


def _name(file: Path, settings: Settings) -> str:
    return file.relative_to(settings.data).as_posix()


def _in_threads(do: Callable[[T], None], each: Iterable[T]) -> None:
    with ThreadPoolExecutor(AT_ONCE) as threads:
        list(threads.map(do, each))


def _seen(settings: Settings) -> dict[str, list[object]]:
    """Return by name which version was seen last, and how the file here was then."""
    try:
        told: dict[str, list[object]] = json.loads((settings.data / "mirror.json").read_bytes())
        return told
    except (FileNotFoundError, ValueError):
        return {}


def _note(settings: Settings, name: str, etag: str) -> None:
    seen = _seen(settings) | {name: [etag, *_stamp(settings.data / name)]}
    with replacing(settings.data / "mirror.json") as building:
        building.write_text(json.dumps(seen))


def _stamp(file: Path) -> tuple[int, int]:
    told = file.stat()
    return told.st_size, told.st_mtime_ns
