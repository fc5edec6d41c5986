"""The models as dbt compiles them for an empty database, which DuckDB runs without dbt.

A first build is fixed SQL: no model finds rows of an earlier one. Compiled once for a version of the project,
they are kept where its parsed manifest is.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Protocol, TypeVar

import duckdb

from warehouse.build import project
from warehouse.build.dbt import dbt_options, keep, parsed_project, project_digest, unsteered
from warehouse.build.invoke import run_dbt
from warehouse.build.load import SCHEMA
from warehouse.build.selection import source_of_file
from warehouse.config.settings import Settings
from warehouse.errors import GateClosed

# The observations of all sources with what is said of each: published as two tables.
JUDGED = "int_judged"
SCHEMAS = ("seeds", "staging", "intermediate", "marts")
KEPT = """
create table models (
    name varchar, source_id varchar, relation varchar, reads varchar[], code varchar, empty varchar
)
"""
# The database that dbt compiles for, as it stands in the SQL.
DATABASE = "work"


@dataclass(frozen=True)
class Model:
    """A model as dbt compiled it; `empty` makes its table as it is without any answer."""

    name: str
    source_id: str | None
    relation: str
    reads: Sequence[str]
    code: str
    empty: str = ""


@dataclass(frozen=True)
class Compiled:
    """The models of which the observations are made, in their order, and the file that holds the seeds."""

    models: Sequence[Model]
    file: Path

    def up_to(self, name: str) -> list[Model]:
        """Return a model and those alone that it is made from."""
        return up_to(self.models, name)

    def copy_seeds(self, work: duckdb.DuckDBPyConnection, database: str) -> None:
        """Make the schemas of an empty database that is attached, with the seeds in it."""
        copy_seeds(self.file, work, database)


class Made(Protocol):
    """What a model is called, and what it reads."""

    @property
    def name(self) -> str: ...
    @property
    def reads(self) -> Sequence[str]: ...


AnyModel = TypeVar("AnyModel", bound=Made)


def up_to(models: Sequence[AnyModel], name: str) -> list[AnyModel]:
    """Return of models in their order one, and those alone that it is made from."""
    needed = {name}
    for model in reversed(models):
        if model.name in needed:
            needed.update(model.reads)
    return [model for model in models if model.name in needed]


def copy_seeds(file: Path, work: duckdb.DuckDBPyConnection, database: str) -> None:
    """Make the schemas of a database that is attached, with the seeds of a file in it."""
    for schema in SCHEMAS:
        work.execute(f"create schema if not exists {database}.{schema}")
    work.execute("attach if not exists ? as compiled (read_only)", [str(file)])
    for (name,) in work.execute(
        "select table_name from duckdb_tables() where database_name = 'compiled' and schema_name = 'seeds'"
    ).fetchall():
        work.execute(f"create table {database}.seeds.{name} as from compiled.seeds.{name}")


def compiled_models(settings: Settings) -> Compiled:
    """Return the compiled models of this version; compiling them, which happens once, takes half a minute.

    Raises GateClosed where dbt cannot work, and OSError where they can be kept nowhere.
    """
    places = [
        folder / f"compiled-{project_digest()}.duckdb"
        for folder in (project.DBT_PROJECT / "target", settings.data / "dbt")
    ]
    kept = next((place for place in places if place.is_file()), None)
    return _read(kept or keep(_compile(settings), places))


def _read(file: Path) -> Compiled:
    with duckdb.connect(file, read_only=True) as kept:
        rows = kept.execute("from models").fetchall()
    return Compiled([Model(*row) for row in rows], file)


def _compile(settings: Settings) -> bytes:
    """Let dbt compile the project for an empty database, and return a file with the models and the seeds."""
    with TemporaryDirectory(prefix="barometer-") as folder:
        alone = replace(settings, data=Path(folder), as_of=None)
        kept = Path(folder, "compiled.duckdb")
        with duckdb.connect(alone.work_file) as work:  # or each of dbt's nodes would open it anew
            nodes = compiled_by_dbt(alone)
            work.execute("attach ? as kept", [str(kept)])
            work.execute("create schema kept.seeds")
            seeds = "select table_name from duckdb_tables() where schema_name = 'seeds' and database_name = ?"
            for (name,) in work.execute(seeds, [DATABASE]).fetchall():
                work.execute(f"create table kept.seeds.{name} as from {DATABASE}.seeds.{name}")
            work.execute("detach kept")
        models = Compiled([_model_of(node) for node in nodes if node.language == "sql"], kept)
        needed = models.up_to(JUDGED)
        _write(kept, needed, _empty_tables(replace(models, models=needed)))
        return kept.read_bytes()


def compiled_by_dbt(settings: Settings) -> list[Any]:
    """Return the nodes of all models, in an order in which they can be built; the seeds are made beside."""
    models = ("--select", "resource_type:model", "--exclude", "resource_type:test")
    with unsteered():
        manifest = parsed_project(settings)
        for command in (["seed"], ["compile", *models]):
            result = run_dbt([*command, *dbt_options(settings)], manifest)
            if not result.success:
                raise GateClosed(f"dbt {command[0]}: {result.result}")
    return [one.node for one in result.result.results]


def _model_of(node: Any) -> Model:
    reads = [name.rpartition(".")[2] for name in node.depends_on.nodes if name.startswith("model.")]
    return Model(node.name, source_of_file(node), node.relation_name, reads, node.compiled_code)


def _empty_tables(compiled: Compiled) -> dict[str, str]:
    """Return, by model, how its table is made as it is without any answer."""
    with duckdb.connect() as memory:
        memory.execute(f"attach ':memory:' as {DATABASE}; use {DATABASE}")
        memory.execute(SCHEMA)
        compiled.copy_seeds(memory, DATABASE)
        for model in compiled.models:
            memory.execute(f"create table {model.relation} as {model.code}")
        found = memory.execute("select table_name, sql from duckdb_tables() where not internal").fetchall()
    return dict(found)


def _write(file: Path, models: Sequence[Model], empty: dict[str, str]) -> None:
    with duckdb.connect(file) as kept:
        kept.execute(KEPT)
        rows = [
            (one.name, one.source_id, one.relation, list(one.reads), one.code, empty[one.name])
            for one in models
        ]
        kept.executemany("insert into models values (?, ?, ?, ?, ?, ?)", rows)
