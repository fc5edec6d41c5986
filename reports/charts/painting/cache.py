"""What was rendered before, kept by what it was rendered from, so that nothing is rendered twice.

Whatever a result depends on is in its name: what is drawn, the code that draws, the renderers' versions.
So a kept result is never out of date; it can only fall out of use, and is then removed after a month.
"""

import os
import time
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

from warehouse.regular import replacing

UNUSED_SECONDS = 30 * 24 * 3600
# What draws: all other code only decides what is drawn, which is told whole.
CODE = (Path(__file__).parents[1], Path(__file__).parents[2] / "build" / "engine")


class Cache:
    """A folder of results, each named by the hash of what it was made from."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder

    @property
    def is_empty(self) -> bool:
        """Whether nothing is kept."""
        return not any(self._folder.iterdir())

    def get(self, kind: str, made_from: object, make: Callable[[], bytes]) -> bytes:
        """Return the result made from a value that its `repr` tells whole, made now if it is new."""
        (found,) = self.get_all(kind, [made_from], lambda new: [make() for _ in new])
        return found

    def get_all(
        self, kind: str, made_from: Sequence[Any], make: Callable[[Sequence[Any]], Iterable[bytes]]
    ) -> list[bytes]:
        """Return the results of many values in their order; those that are new are made all at once."""
        files = [self._file(kind, value) for value in made_from]
        new = {file: value for file, value in zip(files, made_from, strict=True) if not file.exists()}
        for file, result in zip(new, make([*new.values()]), strict=True):
            self._keep(file, result)
        return [_read(file) for file in files]

    def forget_unused(self) -> None:
        """Remove what was not asked for in a month."""
        oldest = time.time() - UNUSED_SECONDS
        for file in self._folder.iterdir():
            if file.stat().st_mtime < oldest:
                file.unlink(missing_ok=True)

    def _file(self, kind: str, made_from: object) -> Path:
        return self._folder / sha256(f"{_renderers()} {kind} {made_from!r}".encode()).hexdigest()

    def _keep(self, file: Path, result: bytes) -> None:
        """Write a result whole or not at all: another run may read it."""
        with replacing(file) as building:
            building.write_bytes(result)


def _read(file: Path) -> bytes:
    """Return a kept result, which is in use."""
    found = file.read_bytes()
    os.utime(file)
    return found


@cache
def _renderers() -> str:
    """Return what every result depends on beside its own value: the code that draws and its libraries."""
    code = (file.read_bytes() for folder in CODE for file in sorted(folder.rglob("*.py")))
    digest = sha256(b"".join(code)).hexdigest()
    return " ".join([digest, version("altair"), version("vl-convert-python")])
