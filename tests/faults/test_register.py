"""The register of faults: enough of them, each with its record, its replay and its line in the page."""

import re
import subprocess
import sys
from collections import Counter
from datetime import date
from pathlib import Path

from tests.faults import test_faults, test_withheld
from tests.faults.register import read_register
from tests.faults.world import KINDS
from tests.faults.worlds import OF_A_RUN, WORLDS

ROOT = Path(__file__).resolve().parents[2]


def test_at_least_sixty_documented_faults_are_replayed():
    """Each has a record of its own, of 2018 to 2026, a world that is replayed, and a way to go wrong."""
    faults = read_register()
    assert len(faults) >= 60
    assert set(KINDS) == {fault.source_id for fault in faults}
    assert {fault.must for fault in faults} == {"stop", "mark", "mend"}
    for field in ("id", "link", "happened", "does"):
        told = Counter(getattr(fault, field) for fault in faults)
        assert max(told.values()) == 1 or field == "does", told.most_common(1)
    for fault in faults:
        assert 2018 <= (fault.date.year if isinstance(fault.date, date) else int(fault.date[:4])) <= 2026, (
            fault.id
        )
        assert re.fullmatch(r"https://[^ ]+", fault.link), fault.id
        how = fault.replay["how"]
        assert how in OF_A_RUN or hasattr(KINDS[fault.source_id], f"_{how}"), fault.id


def test_every_world_is_replayed():
    """Each world of the register is one that is made, and stands in one of the files that replay them."""
    worlds = {fault.world for fault in read_register()}
    assert worlds == set(WORLDS) == {*test_faults.WORLDS, *test_withheld.WORLDS}


def test_the_page_of_faults_is_made_from_the_register(tmp_path: Path):
    """Made anew it is the one in the repository; else `make faults`."""
    made = tmp_path / "faults.md"
    subprocess.run([sys.executable, ROOT / "docs" / "faults.py", made], check=True, cwd=ROOT)

    assert made.read_text(encoding="utf-8") == (ROOT / "docs" / "faults.md").read_text(encoding="utf-8")
