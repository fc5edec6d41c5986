"""The page on adding a source, followed word for word: its files make a source that is asked and archived."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = (ROOT / "docs/adding-a-source.md").read_text()
# In a copy of the code to which only the page's files were added.
ASKED = """
import json, sys
from dataclasses import replace
from pathlib import Path
from flows.demo.server import DemoServer
from flows.pipeline.collect import collect, due_questions
from flows.pipeline.steps import ecosystem_of
from flows.sources import services_of
from warehouse.archive.write import archived_files
from warehouse.config.settings import read_settings

data, config = sys.argv[1:]
with DemoServer() as server:
    settings = read_settings(
        {"BAROMETER_DATA": data, "BAROMETER_CONFIG": config, "LETTERS_URL": server.url,
         "BAROMETER_NOW": server.now.isoformat()}
    )
    settings = replace(settings, demo=True)
    ecosystem = ecosystem_of(settings)
    (service,) = services_of(["letters"], settings)
    questions = due_questions(service, ecosystem.subjects, settings, {})
    attempt = collect(service, questions[:3], settings, {})
files = [file.parent.name for file in archived_files(settings.archive)]
lag = ecosystem.sources["letters"].expected_lag_days
print(json.dumps([sorted(ecosystem.sources), lag, len(questions), attempt.answers, attempt.problem, files]))
"""


def files_of_the_page() -> dict[str, str]:
    """What the page says to write, by the path in the first line of each block."""
    blocks = re.findall(r"```\w+\n(?:#|--) ((?:flows|sql)/\S+)\n(.*?)```", PAGE, re.DOTALL)
    return dict(blocks)


def test_the_page_makes_a_source(tmp_path: Path):
    """Its declaration fits, its collector asks its stand-in, and what is answered is archived."""
    tree = tmp_path / "tree"
    for package in ("flows", "warehouse"):
        ignored = shutil.ignore_patterns("__pycache__", *(["data"] if package == "warehouse" else []))
        shutil.copytree(ROOT / package, tree / package, ignore=ignored)
    told = files_of_the_page()
    for path, text in told.items():
        (tree / path).parent.mkdir(parents=True, exist_ok=True)
        (tree / path).write_text(text)
    config = tmp_path / "ecosystem.toml"
    config.write_text('question = "?"\n[[subjects]]\nid = "one"\nname = "One"\nletters = "one"\n')

    command = [sys.executable, "-c", ASKED, str(tmp_path / "data"), str(config)]
    environment = os.environ | {"PYTHONPATH": str(tree)}
    done = subprocess.run(command, cwd=tree, env=environment, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr
    months = (2025 - 2007) * 12 + 8
    assert json.loads(done.stdout) == [["letters"], 35, months, 3, None, ["letters"]]


def test_the_models_of_the_page_are_made_of_macros_that_there_are():
    """Each model says its grain, and calls what stands among the shapes."""
    shapes = "".join(file.read_text() for file in (ROOT / "sql/macros/shapes").glob("*.sql"))
    models = {path: text for path, text in files_of_the_page().items() if path.endswith(".sql")}

    assert len(models) == 3
    for path, text in models.items():
        assert text.startswith("-- One row"), path
        (macro,) = re.findall(r"\{\{ (\w+)\(", text)
        assert f"macro {macro}(" in shapes
