"""The project is an ordinary dbt project: who knows dbt can use its own commands on it, as written."""

import json
import os
import re
import subprocess
from pathlib import Path

import pytest

from warehouse.config.settings import PROJECT, Settings
from warehouse.published.saved_queries import ANALYSES, saved_query

WRITTEN = re.findall(r"^\.venv/bin/dbt .+$", (PROJECT / "docs/ad-hoc-sql.md").read_text(), re.MULTILINE)


@pytest.fixture(scope="module")
def target(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where dbt writes to: what one command has parsed is there for the next."""
    return tmp_path_factory.mktemp("target")


def dbt(built: Settings, folder: Path, written: str) -> Path:
    """Run a command of the page from the root, on a built folder, and return the folder it wrote to."""
    # What it compiles goes elsewhere: another test may be at it at the same time.
    elsewhere = {
        "BAROMETER_DATA": str(built.data),
        "DBT_TARGET_PATH": str(folder),
        "DBT_LOG_PATH": str(folder),
    }
    done = subprocess.run(
        written,
        shell=True,
        cwd=PROJECT,
        env=os.environ | elsewhere,
        text=True,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


def test_the_page_shows_commands():
    """Those of the tests below, and no other."""
    assert [re.split(r" --", command)[0].removeprefix(".venv/bin/") for command in WRITTEN] == [
        "dbt docs generate",
        "dbt compile",
        "dbt test",
    ]


def test_the_checks_pass(built: Settings, target: Path):
    """`dbt test` judges the last build again."""
    dbt(built, target, WRITTEN[2])


def test_the_saved_queries_are_analyses(built: Settings, target: Path):
    """`dbt compile` takes every one; its text comes out as it stands."""
    compiled = dbt(built, target, WRITTEN[1]) / "compiled" / "barometer" / "analyses"

    names = sorted(file.name for file in ANALYSES.glob("*.sql"))
    assert sorted(file.name for file in compiled.iterdir()) == names and len(names) >= 12
    assert (compiled / "gaps.sql").read_text().strip() == saved_query("gaps").sql.strip()


def test_the_documentation_is_made(built: Settings, target: Path):
    """`dbt docs generate` works without a network, and knows every published table with its columns."""
    catalog = json.loads((dbt(built, target, WRITTEN[0]) / "catalog.json").read_text())

    marts = {name.split(".")[-1]: node for name, node in catalog["nodes"].items()}
    assert "observations" in marts
    assert "period_start" in marts["observations"]["columns"]
