"""Where buckets lie for the workers, and their rows for the machine that publishes: a folder that all see.

It is named by its address, so that another kind of place needs these functions alone. What is put there has
its name when it is whole, and whoever does a bucket again puts the same.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from warehouse.config.settings import Settings
from warehouse.errors import ConfigurationError
from warehouse.regular import replacing


@contextmanager
def shared_place(settings: Settings) -> Iterator[str]:
    """Yield the address of a place of a build's own, which is gone after it.

    So is what earlier builds have left there: the caller is the only writer of the data folder.
    """
    places = settings.folder / "buckets"
    shutil.rmtree(places, ignore_errors=True)
    place = places / uuid4().hex
    place.mkdir(parents=True)
    try:
        yield str(place)
    finally:
        shutil.rmtree(places, ignore_errors=True)


@contextmanager
def putting(place: str, name: str) -> Iterator[Path]:
    """Yield a file to write, which is there by its name when the block ends well."""
    with replacing(Path(address(place, name))) as writing:
        writing.unlink()  # DuckDB makes a database of what is not there
        yield writing


def get(place: str, name: str, file: Path) -> None:
    """Copy what was put there into a file of this machine; raises ConfigurationError where it is not seen."""
    try:
        shutil.copyfile(address(place, name), file)
    except (FileNotFoundError, PermissionError) as error:
        raise ConfigurationError(
            f"BAROMETER_DATA: {place}: {error.strerror}, expected a folder that each worker sees at this path"
        ) from error


def address(place: str, name: str) -> str:
    """Return by what DuckDB reads what was put there."""
    return f"{place}/{name}"
