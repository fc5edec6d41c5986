"""One bucket: its database fetched, the keyed models built and checked in it, their rows put in the place."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock
from time import perf_counter
from typing import Any

import duckdb

from warehouse.archive.quarantine import Place
from warehouse.build.blame import answers_to_blame
from warehouse.build.buckets.keyed import reads_answers
from warehouse.build.buckets.place import SharedPlace
from warehouse.build.checks import FAILED
from warehouse.build.dbt import BUT_LEFT_OUT, dbt_options, parsed_project, project_digest, unsteered
from warehouse.build.invoke import Dbt
from warehouse.build.selection import LEFT_OUT, unasked_sources
from warehouse.config.settings import Settings, memory_of
from warehouse.errors import ConfigurationError
from warehouse.text import quoted

# A process has one dbt, however many threads a worker has.
ALONE = Lock()

# Of an answer about several names a bucket keeps what is told of its own.
OF_ITS_NAMES = """
select told.* from (
{query}
) as told
anti join raw.others as others on told.{column} = others.name
"""


@dataclass(frozen=True)
class Bucket:
    """What a worker is told: which database to fetch from which place, and what of the project to build.

    `columns` has the keyed models with the column of the name, `nodes` all that is built and asked; both by
    dbt's names, of the project that has this digest.
    """

    source_id: str
    number: int
    place: SharedPlace
    project: str
    columns: Mapping[str, str]
    nodes: frozenset[str]

    @property
    def file(self) -> str:
        """The name of its database in the place."""
        return f"{self.source_id}-{self.number}.duckdb"

    def rows_of(self, table: str) -> str:
        """Return the name in the place of the rows that a table has of this bucket's names."""
        return f"{table}-{self.number}.parquet"


@dataclass(frozen=True)
class Told:
    """How a model or a check went in a bucket, as dbt tells it, and the answers that are to blame for it."""

    node: str
    status: str
    message: str | None
    answers: tuple[Place, ...]


@dataclass(frozen=True)
class Built:
    """What a bucket tells of its models and checks, as far as dbt had come; its rows are in the place."""

    bucket: Bucket
    told: Sequence[Told]
    seconds: float


def build_bucket(bucket: Bucket) -> Built:
    """Build a bucket in a folder of this machine's own, with one thread; it can be done again anywhere.

    Raises ConfigurationError for another version of the project than the bucket is of, and for a place that
    is not seen from here.
    """
    started = perf_counter()
    if project_digest() != bucket.project:
        raise ConfigurationError(
            "BAROMETER_DASK_SCHEDULER: found a worker of another version, expected the same one everywhere"
        )
    with ALONE, TemporaryDirectory(prefix="barometer-") as folder, unsteered():
        settings = _settings_in(Path(folder))
        bucket.place.get(bucket.file, settings.work_file)
        with duckdb.connect(settings.work_file) as work:
            work.execute("set TimeZone = 'UTC'")
            work.execute("set threads = 1")
            manifest = _manifest(bucket, settings)
            options = [*dbt_options(settings, unasked_sources(work)), *BUT_LEFT_OUT]
            results = Dbt(manifest, options, work).build()
            nodes = {one.node.unique_id: one.node for one in results}
            told = [_told(one, nodes, work) for one in results]
            for node in _made(bucket, manifest, work):
                _put(node, bucket, work)
    return Built(bucket, told, perf_counter() - started)


def _settings_in(folder: Path) -> Settings:
    """Return settings of a folder, and of this machine's memory: nothing that is secret is needed."""
    return Settings(folder, folder, folder, lambda: datetime.now(UTC), {}, memory=memory_of(os.environ))


def _manifest(bucket: Bucket, settings: Settings) -> Any:
    """Return the project as this bucket builds it."""
    manifest = parsed_project(settings)
    for name, node in manifest.nodes.items():
        if name not in bucket.nodes:
            node.tags.append(LEFT_OUT)
        elif name in bucket.columns and reads_answers(node):
            node.raw_code = OF_ITS_NAMES.format(query=node.raw_code, column=bucket.columns[name])
    return manifest


def _told(result: Any, nodes: Mapping[str, Any], work: duckdb.DuckDBPyConnection) -> Told:
    node, is_wrong = result.node, result.status in FAILED
    answers = answers_to_blame(node, nodes, work)[0] if is_wrong else ()
    return Told(node.unique_id, str(result.status), result.message if is_wrong else None, answers)


def _made(bucket: Bucket, manifest: Any, work: duckdb.DuckDBPyConnection) -> list[Any]:
    """Return the keyed tables that are there: all but of models that failed, and of what hangs on these."""
    there = set(work.execute("select schema_name, table_name from duckdb_tables()").fetchall())
    nodes = [manifest.nodes[name] for name in bucket.columns]
    return [node for node in nodes if (node.schema, node.alias) in there]


def _put(node: Any, bucket: Bucket, work: duckdb.DuckDBPyConnection) -> None:
    """Put the rows of a table where all see them."""
    with bucket.place.putting(bucket.rows_of(node.name)) as file:
        work.execute(f"copy {node.relation_name} to {quoted(str(file))} (format parquet, compression zstd)")
