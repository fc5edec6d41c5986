import pytest
from tests.faults.judge import judge, judge_controls
from tests.faults.register import read_register
from tests.faults.worlds import WORLDS

@pytest.mark.parametrize("fault", read_register(), ids=lambda fault: fault.id)
def test_fault(fault, replayed):
    verdict = judge(fault, replayed(fault.world))
    assert verdict.outcome in ("stopped","marked","mended"), verdict
@pytest.mark.parametrize("world", WORLDS)
def test_controls(world, replayed):
    assert judge_controls(replayed(world)) == []
