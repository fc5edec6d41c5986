"""What docs/ad-hoc-sql.md shows works: its commands, its SQL and its Python, on the small published file."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from warehouse.config.settings import Settings
from warehouse.published.open import open_published

ROOT = Path(__file__).resolve().parents[3]
DOC = (ROOT / "docs" / "ad-hoc-sql.md").read_text()


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", DOC, re.MULTILINE | re.DOTALL)


COMMANDS = [line for block in blocks("bash") for line in block.splitlines()]


def test_the_page_shows_some_of_each():
    """The tests below see them."""
    assert (len(COMMANDS), len(blocks("sql")), len(blocks("python"))) == (7, 4, 1)


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_works(command: str, built: Settings, tmp_path: Path):
    """Run as written, but for where the program stands."""
    if "--with-sql" in command and not shutil.which("npm"):
        pytest.skip("no npm, which fetches the engine")
    done = subprocess.run(
        re.sub(r"^barometer|(?<=\| )barometer", f"{sys.executable} -m flows", command),
        shell=True,
        cwd=tmp_path,
        env=os.environ
        | {
            "BAROMETER_DATA": str(built.data),
            "BAROMETER_SITE": str(tmp_path / "site"),
            "BAROMETER_NOW": built.clock().isoformat(),
            "PYTHONPATH": str(ROOT),
        },
        text=True,
        capture_output=True,
        check=False,
    )

    if "report" in command:  # which tells how far it is, and that search interest was never told
        assert done.returncode == 3, done.stderr
        assert (tmp_path / "site/ask.html").exists()
        return
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout or (tmp_path / "adoption.parquet").exists()


@pytest.mark.parametrize("block", blocks("sql"))
def test_the_sql_works(block: str, published_file: Path):
    """Every statement of a block."""
    statements = [statement for statement in block.split(";") if statement.strip()]
    assert len(statements) > 1
    with open_published(published_file) as published:
        for statement in statements:
            published.query(statement)


def test_the_python_works(published_file: Path):
    """The frame has a column for each subject and their shares in the last months."""
    (block,) = blocks("python")
    path = "warehouse/data/barometer.duckdb"
    assert path in block
    names: dict[str, object] = {}
    *lines, last = block.replace(path, str(published_file)).strip().splitlines()
    exec("\n".join(lines), names)

    shares = eval(last, names)
    assert list(shares.columns) == ["one", "two"]
    assert shares.iloc[-1].tolist() == pytest.approx([26 / 36, 10 / 36])


def test_what_the_page_names_exists():
    """Links and paths within the project lead somewhere."""
    for link in re.findall(r"\]\(([^)#:]+)\)", DOC):
        assert (ROOT / "docs" / link).exists(), link
    for path in re.findall(r"sql/analyses/\w+\.sql", DOC):
        assert (ROOT / path).exists(), path
