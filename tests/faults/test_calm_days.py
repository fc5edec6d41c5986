"""Ninety days without a fault raise at most one false alarm."""

from datetime import date

import pytest

from tests.faults.calm import FIRST, LAST, LOOKS, calm_days
from tests.straight import Straight


@pytest.fixture(scope="module")
def alarms(tmp_path_factory: pytest.TempPathFactory, straight: Straight) -> dict[date, set[str]]:
    with straight.in_place_of_dbt():
        return calm_days(tmp_path_factory.mktemp("calm"))


def test_ninety_days_without_a_fault_raise_at_most_one_alarm(alarms: dict[date, set[str]]):
    """No figure is suspect, nothing is withheld, late or stale, and no check fails, but once at the most."""
    assert (LAST - FIRST).days + 1 == 90 and list(alarms) == list(LOOKS)
    assert len(set().union(*alarms.values())) <= 1, alarms
