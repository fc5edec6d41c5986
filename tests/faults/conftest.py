"""Each world is replayed once for all tests of it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.faults.worlds import WORLDS, Replayed
from tests.straight import Straight


@pytest.fixture(scope="module")
def replayed(tmp_path_factory: pytest.TempPathFactory, straight: Straight) -> Callable[[str], Replayed]:
    """Replay a world, once, without dbt's own time."""
    done: dict[str, Replayed] = {}
    folder: Path = tmp_path_factory.mktemp("faults")

    def replay(name: str) -> Replayed:
        if name not in done:
            with straight.in_place_of_dbt():
                done[name] = WORLDS[name](folder)
        return done[name]

    return replay
