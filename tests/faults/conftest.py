"""Each world is replayed once for all tests of it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.faults.worlds import WORLDS, Replayed


@pytest.fixture(scope="module")
def replayed(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Replayed]:
    """Replay a world, once."""
    done: dict[str, Replayed] = {}
    folder: Path = tmp_path_factory.mktemp("faults")

    def replay(name: str) -> Replayed:
        if name not in done:
            done[name] = WORLDS[name](folder)
        return done[name]

    return replay
