"""First builds without dbt's own time: dbt compiles the project once, and DuckDB runs the SQL it wrote.

What dbt spends on a node is twenty times what DuckDB takes for its few rows. A first build is fixed SQL: no
model finds rows of an earlier one, and no check is of what an earlier one left. The comments on what is
published, every further build of a database and one that fails are dbt's own (`warehouse.build.dbt`);
`tests/sql/test_straight.py` holds both ways equal.
"""

import asyncio
import json
from collections.abc import Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import duckdb
import pytest

from flows.pipeline import gated_build
from flows.pipeline.steps import ecosystem_of, load_archive
from warehouse.build.built import record_checks
from warehouse.build.checks import Check, check_of, is_checked
from warehouse.build.dbt import BuildElsewhere, build_models, dbt_options, parsed_project, unsteered
from warehouse.build.invoke import Order, run_dbt
from warehouse.build.load import open_work
from warehouse.build.project import MACROS
from warehouse.build.selection import LEFT_OUT, leave_out, source_of_file, unasked_sources
from warehouse.build.together import asked_of, put_together
from warehouse.config.settings import Settings, read_settings
from warehouse.proof.compiled import DATABASE, compiled_by_dbt, copy_seeds, up_to

# What the models' hooks do in a first build; nothing is there yet that an incremental model could forget.
HOOKS = {
    "publish_macros": "set schema = 'marts'; {macros}",
    "forget_macros": "set schema = 'main'",
    "forget_renewed": "",
    "forget_renewed_days": "",
    "forget_renewed_packages": "",
}


@dataclass(frozen=True)
class Model:
    """A model as dbt compiled it for an empty database; `before` and `after` are its hooks' SQL."""

    name: str
    source_id: str | None
    relation: str
    reads: tuple[str, ...]
    code: str
    is_python: bool
    before: str
    after: str


@dataclass(frozen=True)
class Straight:
    """The project's models in their order, a database that holds its seeds, and what makes tables empty.

    `checks` is the SQL of all checks, as dbt asks them together.
    """

    models: tuple[Model, ...]
    seeds: Path
    empty: dict[str, str]
    checks: str

    @contextmanager
    def in_place_of_dbt(self) -> Iterator[None]:
        """Let the gate build this way, where a build is the first one and no model fails."""
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(gated_build, "build_models", self.build_models)
            yield

    def build(self, settings: Settings) -> None:
        """Build what `barometer build` would, without checks, in a work database that was only loaded."""
        with open_work(settings) as work:
            self.run(work)
            record_checks(work, settings, ())

    def build_models(
        self,
        settings: Settings,
        unchecked: Collection[str] = (),
        *,
        with_tests: bool = True,
        build_elsewhere: BuildElsewhere | None = None,
    ) -> list[Check]:
        """Build the models and ask the checks, as `warehouse.build.dbt.build_models` does."""
        with open_work(settings) as work:
            if is_empty(work) and self._can_run(work):
                return self._checked(settings, unchecked, work) if with_tests else []
        return build_models(settings, unchecked, with_tests=with_tests, build_elsewhere=build_elsewhere)

    def _can_run(self, work: duckdb.DuckDBPyConnection) -> bool:
        try:
            self.run(work)
        except duckdb.Error:
            work.execute("rollback")
            return False
        return True

    def _checked(
        self, settings: Settings, unchecked: Collection[str], work: duckdb.DuckDBPyConnection
    ) -> list[Check]:
        manifest = parsed_project(settings)
        leave_out(manifest, unasked_sources(work), unchecked)
        order, nodes = Order(manifest), manifest.nodes
        for model in self.models:
            nodes[f"model.barometer.{model.name}"].compiled_code = model.code
        tests = [node for node in nodes.values() if node.resource_type == "test"]
        asked = order.sorted(test for test in tests if LEFT_OUT not in test.tags)
        found = asked_of(work, self.checks, asked)
        return [check_of(one, nodes, work) for one in order.judged(found) if is_checked(one)]

    def up_to(self, name: str) -> "Straight":
        """Return the same with a model and those alone that it is made from."""
        return replace(self, models=tuple(up_to(self.models, name)))

    def run(self, work: duckdb.DuckDBPyConnection) -> None:
        """Make the tables of an open work database, all or none; a view becomes a table, too.

        Planned again for each model that reads it, a view would take twice the time. Of a source that is not
        asked there are no answers, so what is made of them is empty.
        """
        unasked = unasked_sources(work)
        work.execute("set threads = 1")
        work.execute("begin")
        copy_seeds(self.seeds, work, DATABASE)
        for model in self.models:
            if model.source_id in unasked and model.relation in self.empty:
                work.execute(self.empty[model.relation])
            else:
                _run(model, work)
        work.execute("commit")


def is_empty(work: duckdb.DuckDBPyConnection) -> bool:
    """Return whether there are no models in a work database."""
    built = work.execute("select count(*) from duckdb_tables() where schema_name = 'staging'")
    return built.fetchall() == [(0,)]


def compile_straight(folder: Path) -> Straight:
    """Let dbt compile the project and make its seeds in a folder, where that is not done yet."""
    written = folder / "models.json"
    settings = read_settings({"BAROMETER_DATA": str(folder / "data"), "BAROMETER_SITE": str(folder / "site")})
    if not written.exists():
        settings.folder.mkdir(parents=True)
        models = [_model_of(node) for node in compiled_by_dbt(settings)]
        empty = _empty_tables(settings, models)
        checks = _compile_checks(settings)
        written.write_text(json.dumps([[asdict(model) for model in models], empty, checks]))
    models, empty, checks = json.loads(written.read_text())
    return Straight(tuple(Model(**model) for model in models), settings.work_file, empty, checks)


def _empty_tables(settings: Settings, models: list[Model]) -> dict[str, str]:
    """Return how the table of a source's model is made empty: as it is without any answer."""
    without = replace(settings, data=settings.data / "without")
    load_archive(without, ecosystem_of(without))
    with open_work(without) as work:
        Straight(tuple(models), settings.work_file, {}, "").run(work)
        made = "select schema_name || '.' || table_name, sql from duckdb_tables()"
        tables = dict(work.execute(made).fetchall())
    return {model.relation: tables[_table(model)] for model in models if model.source_id}


def _table(model: Model) -> str:
    return model.relation.replace('"', "").partition(".")[2]


def _compile_checks(settings: Settings) -> str:
    """Return the SQL of all checks as dbt compiles them together, with no build before."""
    with unsteered():
        manifest = parsed_project(settings)
        tests = [node for node in manifest.nodes.values() if node.resource_type == "test"]
        put_together(manifest, Order(manifest).sorted(tests))
        result = run_dbt(["compile", "--select", "checks", *dbt_options(settings)], manifest)
    assert result.success, f"dbt compile: {result.exception or result.result}"
    (one,) = result.result.results
    return str(one.node.compiled_code)


def _model_of(node: Any) -> Model:
    before, after = (
        "; ".join(_hook(hook.sql) for hook in hooks)
        for hooks in (node.config.pre_hook, node.config.post_hook)
    )
    # A table that is loaded may be called as a model is; it is none.
    models = (name for name in node.depends_on.nodes if name.startswith("model."))
    reads = tuple(name.rpartition(".")[2] for name in models)
    is_python = node.language == "python"
    source_id = source_of_file(node)
    return Model(
        node.name, source_id, node.relation_name, reads, node.compiled_code, is_python, before, after
    )


def _hook(call: str) -> str:
    name = call.removeprefix("{{").strip().partition("(")[0]
    return HOOKS[name].format(macros=MACROS.read_text(encoding="utf-8"))


def _run(model: Model, work: duckdb.DuckDBPyConnection) -> None:
    work.execute(model.before)
    if model.is_python:
        with ThreadPoolExecutor(1, initializer=_begin_thread) as thread:
            frame = thread.submit(_run_python, model, work).result()  # noqa: F841 (the SQL reads it)
        work.execute(f"create table {model.relation} as from frame")
    else:
        work.execute(f"create table {model.relation} as {model.code}")
    work.execute(model.after)


def _begin_thread() -> None:
    """Open an event loop, as dbt-duckdb does in the thread of a Python model."""
    asyncio.set_event_loop(asyncio.new_event_loop())


def _run_python(model: Model, work: duckdb.DuckDBPyConnection) -> Any:
    written: dict[str, Any] = {}
    exec(model.code, written)
    return written["model"](written["dbtObj"](work.table), work)
