"""Faults for which a source is withheld: what was published before stays, and other sources go on."""

from collections.abc import Callable

import pytest

from tests.faults.judge import judge, judge_controls
from tests.faults.register import Fault
from tests.faults.worlds import Replayed, faults_of

WORLDS = ("lost_history", "one_repository", "zero_stars")
BECOMES = {"stop": "stopped", "mark": "marked", "mend": "mended"}


@pytest.mark.parametrize(
    "fault", [fault for world in WORLDS for fault in faults_of(world)], ids=lambda f: f.id
)
def test_a_fault_reaches_no_reader_unmarked(
    fault: Fault, replayed: Callable[[str], Replayed], record_property: Callable[[str, object], None]
):
    """What the register says must become of it has become of it."""
    verdict = judge(fault, replayed(fault.world))
    record_property("fault", [fault.id, verdict.outcome])

    assert verdict.outcome == BECOMES[fault.must], verdict


@pytest.mark.parametrize("world", WORLDS)
def test_what_meets_no_fault_comes_out_right_and_unmarked(world: str, replayed: Callable[[str], Replayed]):
    """Marking everything is no way to be right."""
    assert judge_controls(replayed(world)) == []
