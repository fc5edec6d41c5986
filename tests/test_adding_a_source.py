"""The page on adding a source, followed word for word: its files make a source, and its own test passes."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = (ROOT / "docs/adding-a-source.md").read_text()
# What a copy of the code is made of.
CODE = ("flows", "reports", "warehouse", "sql", "ecosystem.toml", "pyproject.toml", "prefect.yaml")
SHARED = ("conftest.py", "house.py", "made.py", "straight.py")
NOT_CODE = shutil.ignore_patterns("__pycache__", "target", "logs", "*.duckdb*", "site")


def files_of_the_page() -> dict[str, str]:
    """What the page says to write, by the path in the first line of each block."""
    blocks = re.findall(r"```\w+\n(?:#|--) ((?:flows|sql|tests)/\S+)\n(.*?)```", PAGE, re.DOTALL)
    return dict(blocks)


def copy_of_the_code(tree: Path) -> None:
    """Make a copy of the code, without data and without the tests that are not shared."""
    tree.mkdir()
    for name in CODE:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, tree / name, ignore=NOT_CODE)
        else:
            shutil.copy(ROOT / name, tree / name)
    (tree / "tests").mkdir()
    for name in SHARED:
        shutil.copy(ROOT / "tests" / name, tree / "tests" / name)


def test_the_page_makes_a_source(tmp_path: Path):
    """In a copy to which only the page's files were added: asked, archived, built and published."""
    tree = tmp_path / "tree"
    copy_of_the_code(tree)
    told = files_of_the_page()
    for path, text in told.items():
        (tree / path).parent.mkdir(parents=True, exist_ok=True)
        (tree / path).write_text(text)
    (tree / "flows/sources/letters/notes.md").write_text("# Letters to the Editor\n")

    command = [sys.executable, "-m", "pytest", "-n0", "-p", "no:cacheprovider", "tests/sources"]
    environment = os.environ | {"PYTHONPATH": str(tree)}
    environment.pop("PYTEST_XDIST_WORKER", None)
    done = subprocess.run(command, cwd=tree, env=environment, capture_output=True, text=True, check=False)

    assert len(told) == 8
    assert done.returncode == 0, done.stdout
