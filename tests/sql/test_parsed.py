"""A parsed project is kept for the next process, in the project's folder or in that of the data."""

import shutil
from pathlib import Path

import pytest

from warehouse.build import dbt, project
from warehouse.config.settings import Settings


def names(folder: Path) -> list[str]:
    return sorted(file.suffix for file in folder.glob("parsed-*"))


def test_a_parsed_project_is_kept_for_the_next_process(settings: Settings, tmp_path, monkeypatch):
    """It is parsed once; where its folder cannot be written, each data folder keeps its own."""
    changed = shutil.copytree(project.DBT_PROJECT, tmp_path / "sql", ignore=shutil.ignore_patterns("target"))
    monkeypatch.setattr(project, "DBT_PROJECT", changed)
    monkeypatch.setattr(dbt, "_parsed", {})
    parsed = dbt.parsed_project(settings)
    assert names(changed / "target") == [".msgpack"]

    def parse_anew(_: Settings) -> None:
        pytest.fail("it was parsed again")

    dbt._parsed.clear()
    with monkeypatch.context() as patched:
        patched.setattr(dbt, "_parse_anew", parse_anew)
        assert dbt.parsed_project(settings).nodes.keys() == parsed.nodes.keys()

    shutil.rmtree(changed / "target")
    (changed / "target").write_text("no folder")
    dbt._parsed.clear()
    monkeypatch.setattr(dbt, "_parse_anew", lambda _: parsed)
    dbt.parsed_project(settings)
    assert names(settings.folder / "dbt") == [".msgpack"]


def test_what_is_no_parsed_project_is_replaced(settings: Settings, tmp_path, monkeypatch):
    """Cut short, or made by something else: it is parsed anew, and kept whole."""
    parsed = dbt.parsed_project(settings)
    changed = shutil.copytree(project.DBT_PROJECT, tmp_path / "sql", ignore=shutil.ignore_patterns("target"))
    monkeypatch.setattr(project, "DBT_PROJECT", changed)
    monkeypatch.setattr(dbt, "_parsed", {})
    monkeypatch.setattr(dbt, "_parse_anew", lambda _: parsed)
    dbt.parsed_project(settings)
    (kept,) = (changed / "target").glob("parsed-*")
    whole = kept.stat().st_size
    kept.write_bytes(kept.read_bytes()[: whole // 2])

    dbt._parsed.clear()
    dbt.parsed_project(settings)
    assert kept.stat().st_size == whole


def test_no_view_hangs_on_what_was_new_when_it_was_made(settings):
    """A later build leaves views as they are, so what they say may not be made of the days of one build."""
    manifest = dbt.parsed_project(settings)
    views = {
        name: node.depends_on.macros
        for name, node in manifest.nodes.items()
        if node.resource_type == "model" and node.config.materialized == "view"
    }

    def called(macros, seen=frozenset()):
        new = {name for name in macros if name in manifest.macros} - seen
        below = [name for one in new for name in manifest.macros[one].depends_on.macros]
        return called(below, seen | new) if new else seen

    names = ("ask_renewed", "renewed_package_conditions", "last_built_page", "publish_macros")
    asking = {f"macro.barometer.{name}" for name in names}
    assert len(views) > 50
    assert asking & called(manifest.nodes["model.barometer.int_observations"].depends_on.macros)
    assert {name: asking & called(macros) for name, macros in views.items() if asking & called(macros)} == {}
