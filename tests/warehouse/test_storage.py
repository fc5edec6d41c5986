"""A disk that is full: told in one line, nothing is lost, and the next run goes on."""

import subprocess
import sys

from warehouse.archive.recovery import recover_interrupted
from warehouse.archive.write import archived_files
from warehouse.config.settings import Settings

# The kernel refuses to let any file grow beyond the limit, as a full disk does.
LIMITED = """
import resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
import os
from pathlib import Path
from datetime import UTC, datetime
from warehouse.archive.write import Page, record_attempt
from warehouse.errors import StorageFailed

NOON = datetime(2025, 8, 6, 12, tzinfo=UTC)

def fetch(add):
    for number in range(100):
        add(Page("overall", f"torch {number}", "", 200, NOON, os.urandom(500).hex().encode()))

try:
    record_attempt(Path(sys.argv[1]), "pypi", lambda: NOON, fetch)
except StorageFailed as error:
    print(error)
"""


def test_answers_up_to_a_full_disk_are_kept(settings: Settings):
    """The message names the folder; what was on the disk comes into the archive with the next run."""
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, str(settings.archive)], text=True, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert f"{settings.archive / 'pypi'}: File too large, expected room to write" in done.stdout
    assert archived_files(settings.archive) == []

    assert recover_interrupted(settings.archive) == 1
    (file,) = archived_files(settings.archive)
    assert file.stat().st_size > 15_000
