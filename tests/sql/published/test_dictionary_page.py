"""The page of definitions in the documentation is what the published file says."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


def test_the_page_is_up_to_date(published_file: Path, tmp_path: Path):
    """Made anew from a file of these models it is the one in the repository; else `make dictionary`."""
    (tmp_path / "data_dictionary.py").write_bytes((ROOT / "docs" / "data_dictionary.py").read_bytes())
    subprocess.run([sys.executable, tmp_path / "data_dictionary.py", published_file], check=True, cwd=ROOT)

    made = (tmp_path / "data-dictionary.md").read_text()
    assert made == (ROOT / "docs" / "data-dictionary.md").read_text()
    assert made.count("\n### ") >= 8 and "| `latest(metric)` |" in made
