"""The rules that keep the tree readable, held over every file."""

import ast
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from flows.sources import load_source, source_ids

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("flows", "reports", "warehouse")

# Which folder may import which of ours.
ALLOWED = {
    "warehouse": {"warehouse"},
    "reports": {"reports", "warehouse"},
    "flows": {"flows", "reports", "warehouse"},
}
# Where a library may be imported: the files whose path begins with one of these.
HOMES = {
    "prefect": (
        "flows/fan_out.py",
        "flows/pipeline.py",
        "flows/observed.py",
        "flows/deployments.py",
        "flows/runner.py",
        "flows/serve.py",
        "flows/checkup/schedule.py",
    ),
    "prefect_dask": ("flows/fan_out.py",),
    "apprise": ("flows/notify.py",),
    "duckdb": ("warehouse/",),
    "dbt": ("warehouse/build.py",),
    "numpy": ("warehouse/",),
    "altair": ("reports/",),
    "prometheus_client": ("reports/metrics.py",),
    "jinja2": ("reports/",),
    "vl_convert": ("reports/",),
    "markdown_it": ("reports/",),
    "requests": (
        "flows/http.py",
        "flows/session.py",
        "flows/bounds.py",
        "flows/moves.py",
        "flows/answers.py",
        "flows/sources/",
    ),
    "pytrends": ("flows/sources/",),
}
DEMO_ONLY = {"starlette", "uvicorn"}


def modules() -> list[Path]:
    return sorted(file for package in PACKAGES for file in (ROOT / package).rglob("*.py"))


def imports(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file}: relative import"
            yield (node.module or "").split(".")[0]


def test_the_rules_see_every_package():
    """The tests below look at real files of each package, not at an empty list."""
    assert {file.relative_to(ROOT).parts[0] for file in modules()} == set(PACKAGES)
    assert len(modules()) > 30


@pytest.mark.parametrize("file", modules(), ids=lambda file: str(file.relative_to(ROOT)))
def test_imports_go_one_way(file: Path):
    """flows may import reports and warehouse, reports warehouse, and nobody flows; libraries stay at home."""
    path = file.relative_to(ROOT).as_posix()
    found = set(imports(file))

    assert found & set(PACKAGES) <= ALLOWED[path.split("/")[0]]
    for library, homes in HOMES.items():
        assert library not in found or path.startswith(homes), f"{path} imports {library}"
    assert not found & DEMO_ONLY or path.startswith("flows/demo/")


def test_a_source_is_a_module_a_staging_model_and_a_line_of_configuration():
    """None of the three is without the others, and every module offers what a source must."""
    configured = set(tomllib.loads((ROOT / "ecosystem.toml").read_text())["sources"])
    staged = {
        file.name.removeprefix("stg_").split("__")[0]
        for file in (ROOT / "sql/models/staging").glob("stg_*__*.sql")
    }

    assert set(source_ids()) == configured == staged
    assert configured == {"github", "google_trends", "pypi", "stackoverflow", "wikipedia"}
    for source_id in source_ids():
        source = load_source(source_id)
        assert callable(source.questions) and callable(source.services)


# Who writes without `flows.say`: itself, what has no words from outside, and rows, which `flows.grid` cleans.
PRINTING = ("flows/say.py", "flows/grid.py", "flows/json_lines.py", "flows/__main__.py", "flows/demo/")


def test_what_is_said_goes_one_way():
    """Nobody prints but `flows.say`, which cleans what a terminal would obey and keeps secrets out."""
    printing = {
        file.relative_to(ROOT).as_posix()
        for file in modules()
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.Name) and node.id == "print"
    }
    assert "flows/say.py" in printing
    assert [path for path in sorted(printing) if not path.startswith(PRINTING)] == []


def test_every_module_says_what_lives_in_it():
    """Each module begins with a docstring."""
    silent = [str(file) for file in modules() if not ast.get_docstring(ast.parse(file.read_text()))]
    assert silent == []


def test_every_model_is_described_and_says_its_grain():
    """Each SQL model starts with its grain and stands in the yaml beside it."""
    models = sorted((ROOT / "sql/models").rglob("*.sql"))
    assert len(models) > 15
    for model in models:
        assert model.read_text().startswith("-- One row"), model
        described = "".join(file.read_text() for file in model.parent.glob("*.yml"))
        assert f"- name: {model.stem}\n" in described, model
