"""What was rendered before, kept by what it was rendered from, so that nothing is rendered twice.

Whatever a result depends on is in its name: the values drawn, this package's code, the renderers' versions.
So a kept result is never out of date; it can only fall out of use, and is then removed after a month.
"""

import os
import time
from collections.abc import Callable
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

from warehouse.regular import replacing

UNUSED_SECONDS = 30 * 24 * 3600


class Cache:
    """A folder of results, each named by the hash of what it was made from."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder

    def get(self, kind: str, made_from: object, make: Callable[[], bytes]) -> bytes:
        """Return the result made from a value that its `repr` tells whole, made now if it is new."""
        name = sha256(f"{_renderers()} {kind} {made_from!r}".encode()).hexdigest()
        file = self._folder / name
        try:
            found = file.read_bytes()
            os.utime(file)
        except FileNotFoundError:
            found = make()
            self._keep(file, found)
        return found

    def forget_unused(self) -> None:
        """Remove what was not asked for in a month."""
        oldest = time.time() - UNUSED_SECONDS
        for file in self._folder.iterdir():
            if file.stat().st_mtime < oldest:
                file.unlink(missing_ok=True)

    def _keep(self, file: Path, result: bytes) -> None:
        """Write a result whole or not at all: another run may read it."""
        with replacing(file) as building:
            building.write_bytes(result)


@cache
def _renderers() -> str:
    """Return what every result depends on beside its own value: the code here and the libraries that draw."""
    code = sorted(Path(__file__).parent.parent.rglob("*.py"))
    digest = sha256(b"".join(file.read_bytes() for file in code)).hexdigest()
    return " ".join([digest, version("altair"), version("vl-convert-python")])
