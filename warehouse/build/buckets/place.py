"""Where buckets lie for the workers, and their rows for the machine that publishes: a place that all see.

It is a folder, or where the archive lives in object storage a part of that. What is put there has its name
when it is whole, and whoever does a bucket again puts the same.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

from warehouse.config.settings import Settings
from warehouse.errors import ConfigurationError
from warehouse.regular import replacing
from warehouse.remote.store import Store

FOLDER = "buckets"


@dataclass(frozen=True)
class SharedPlace:
    """A place by its address, as every machine calls it."""

    address: str

    @contextmanager
    def putting(self, name: str) -> Iterator[Path]:
        """Yield a file to write, which is there by its name when the block ends well."""
        if self._store:
            with TemporaryDirectory(prefix="barometer-") as folder:
                yield Path(folder, name)
                self._store.put(Path(folder, name), name)
        else:
            with replacing(Path(self.address, name)) as writing:
                writing.unlink()  # DuckDB makes a database of what is not there
                yield writing

    def get(self, name: str, file: Path) -> Path:
        """Copy what was put there into a file of this machine; ConfigurationError where it is not seen."""
        if self._store:
            self._store.get(name, file)
            return file
        try:
            return Path(shutil.copyfile(Path(self.address, name), file))
        except (FileNotFoundError, PermissionError) as error:
            raise ConfigurationError(
                f"BAROMETER_DATA: {self.address}: {error.strerror}, expected a folder that each worker sees "
                "at this path"
            ) from error

    def here(self, name: str, folder: Path) -> Path:
        """Return a file of this machine with what was put there; from elsewhere it comes into a folder."""
        return self.get(name, folder / name) if self._store else Path(self.address, name)

    @property
    def _store(self) -> Store | None:
        return Store(self.address) if "://" in self.address else None


@contextmanager
def shared_place(settings: Settings) -> Iterator[tuple[SharedPlace, Path]]:
    """Yield a place of a build's own, and a folder of this machine beside it; both are gone after it.

    So is what earlier builds have left there: the caller is the only writer of the data folder.
    """
    with _emptied(settings) as folder:
        build = uuid4().hex
        (folder / build).mkdir(parents=True)
        home = f"{settings.remote}/{FOLDER}" if settings.remote else str(folder)
        yield SharedPlace(f"{home}/{build}"), folder / build


@contextmanager
def _emptied(settings: Settings) -> Iterator[Path]:
    def empty() -> None:
        shutil.rmtree(settings.folder / FOLDER, ignore_errors=True)
        if settings.remote:
            Store(settings.remote).delete_below(f"{FOLDER}/")

    empty()
    try:
        yield settings.folder / FOLDER
    finally:
        empty()
