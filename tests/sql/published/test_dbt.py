"""The project is an ordinary dbt project: who knows dbt can use dbt's own commands on it."""

import json
import subprocess
import sys
from pathlib import Path

from warehouse.build import dbt_options
from warehouse.saved import ANALYSES, saved_query
from warehouse.settings import Settings


def dbt(built: Settings, *command: str) -> Path:
    """Run a command of dbt, in a process of its own, and return the folder it wrote to."""
    program = Path(sys.executable).with_name("dbt")
    done = subprocess.run(
        [program, *command, *dbt_options(built)], text=True, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return built.data / "dbt"


def test_the_saved_queries_are_analyses(built: Settings):
    """`dbt compile` takes every one; its text comes out as it stands."""
    compiled = dbt(built, "compile") / "compiled" / "barometer" / "analyses"

    names = sorted(file.name for file in ANALYSES.glob("*.sql"))
    assert sorted(file.name for file in compiled.iterdir()) == names and len(names) >= 12
    assert (compiled / "gaps.sql").read_text().strip() == saved_query("gaps").sql.strip()


def test_the_documentation_is_made(built: Settings):
    """`dbt docs generate` works without a network, and knows every published table with its columns."""
    catalog = json.loads((dbt(built, "docs", "generate") / "catalog.json").read_text())

    marts = {name.split(".")[-1]: node for name, node in catalog["nodes"].items()}
    assert "observations" in marts
    assert "period_start" in marts["observations"]["columns"]
