"""Sending the buckets of a build out, and putting what comes back in the place of what dbt would build."""

import logging
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

import duckdb

from warehouse.build.buckets.bucket import Bucket, Built, Told, build_bucket
from warehouse.build.buckets.keyed import Layer, layers
from warehouse.build.buckets.parts import number_of_buckets, parted
from warehouse.build.buckets.place import SharedPlace, shared_place
from warehouse.build.checks import FAILED, UNRUN
from warehouse.build.columns import fill
from warehouse.build.dbt import Elsewhere, project_digest
from warehouse.build.invoke import Order
from warehouse.build.load import SCHEMA
from warehouse.build.selection import LEFT_OUT
from warehouse.build.together import Found
from warehouse.config.settings import Settings
from warehouse.text import quoted

logger = logging.getLogger("barometer")

# An answer's key begins with the names that it is about, parted by semicolons. Those that are asked about
# together come together here, as the last answers told them.
NAMED = """
create or replace temp table named as
select page_id, body_bytes / len(names) as bytes, unnest(names) as name
from (
    select page_id, body_bytes, string_split(split_part(key, ' ', 1), ';') as names
    from raw.pages
    where source = $source and problem is null and page_id is not null
)
"""
SIZES = """
select name, ceil(sum(bytes))::bigint from named
group by name
order by max(page_id), name
"""
PLACED = "create or replace temp table placed (name varchar, bucket integer)"
# With room beside long answers, as the load leaves it.
ITS_ANSWERS = """
insert into handed.raw.pages
select
    * exclude (place) replace (
        case when place = 0 then page_id end as page_id,
        case when place = 0 then source end as source,
        case when place = 0 then body end as body
    )
from (
    select *, unnest(range(1 + case when body_bytes > 16384 then body_bytes // 8192 else 0 end)) as place
    from raw.pages
    where page_id in (select page_id from named inner join placed using (name) where bucket = $bucket)
)
"""
OTHERS = """
create table handed.raw.others as
select distinct name from named inner join placed using (name)
where bucket <> $bucket and page_id in (select page_id from handed.raw.pages)
"""
TABLES = """
select table_name from duckdb_tables()
where database_name = 'handed' and schema_name = 'raw' and table_name not in ('attempts', 'pages')
"""


@dataclass(frozen=True)
class Workers:
    """Who builds buckets: how many at once, and how; each comes back as it is done, in whatever order."""

    count: int
    build: Callable[[Sequence[Bucket]], Iterator[Built]]


def one_after_the_other(count: int) -> Workers:
    """Return this process as workers of its own: as many buckets, built one after the other."""
    return Workers(count, lambda buckets: map(build_bucket, buckets))


@contextmanager
def built_by(
    workers: Workers, settings: Settings, manifest: Any, work: duckdb.DuckDBPyConnection
) -> Iterator[Elsewhere]:
    """Have what is keyed built by workers, and change the manifest so that dbt takes it from there.

    Yields what was found elsewhere. What the tables are made of is there until the block ends.
    """
    elsewhere = Elsewhere()
    with shared_place(settings) as (place, here):
        for layer in layers(manifest):
            started = perf_counter()
            buckets = _handed(layer, workers.count, place, work)
            if buckets:
                built = sorted(workers.build(buckets), key=lambda one: one.bucket.number)
                _tell(layer, built, perf_counter() - started)
                _taken(layer, built, here, elsewhere)
        yield elsewhere


def _handed(layer: Layer, workers: int, place: SharedPlace, work: duckdb.DuckDBPyConnection) -> list[Bucket]:
    """Put a database for each bucket of a layer into the place."""
    work.execute(NAMED, {"source": layer.source_id})
    sizes = work.execute(SIZES).fetchall()
    parts = parted(sizes, number_of_buckets(sum(size for _, size in sizes), workers))
    work.execute(PLACED)
    fill(work, "placed", [(name, number) for number, part in enumerate(parts) for name in part])
    digest = project_digest()
    buckets = [
        Bucket(layer.source_id, number, place, digest, dict(layer.columns), layer.nodes)
        for number in range(len(parts))
    ]
    for bucket in buckets:
        with place.putting(bucket.file) as file:
            _write(bucket.number, str(file), work)
    return buckets


def _write(number: int, file: str, work: duckdb.DuckDBPyConnection) -> None:
    """Write a bucket's database: the configuration as it is here, and the answers about its names."""
    work.execute("attach $file as handed", {"file": file})
    try:
        work.execute("use handed")
        work.execute(SCHEMA)
        work.execute("use work")
        for (table,) in work.execute(TABLES).fetchall():
            work.execute(f"insert into handed.raw.{table} from work.raw.{table}")
        work.execute(ITS_ANSWERS, {"bucket": number})
        work.execute(OTHERS, {"bucket": number})
    finally:
        work.execute("use work")
        work.execute("detach handed")


def _tell(layer: Layer, built: Sequence[Built], seconds: float) -> None:
    of_workers = sum(one.seconds for one in built)
    told = "%d buckets of %s in %.1f s, %.1f s of all workers together"
    logger.info(told, len(built), layer.source_id, seconds, of_workers)


def _taken(layer: Layer, built: Sequence[Built], here: Path, elsewhere: Elsewhere) -> None:
    """Leave out of a manifest what stands, and have dbt read the rows of the rest from files here.

    A model that could not be built in a bucket is not built at all, nor is what is made of it. A check that a
    bucket did not pass, or did not come to, is asked here of the whole.
    """
    nodes, every = layer.manifest.nodes, [one for bucket in built for one in bucket.told]
    failed = {one.node: one for one in every if one.status in UNRUN and one.node not in layer.tests}
    missing = _hanging_on(failed, layer)
    passed = {name for name in layer.tests if _is_passed(name, every, len(built))}
    for name in missing | passed:
        nodes[name].tags.append(LEFT_OUT)
    for name in set(layer.tables) - missing:
        _read_rows(nodes[name], built, here)
    told = [Found(nodes[name], one.status, 0, one.message) for name, one in failed.items()]
    elsewhere.results.extend([*told, *(Found(nodes[name], "pass", 0, None) for name in passed)])
    for one in every:
        if one.status in FAILED:
            found = elsewhere.answers.setdefault(nodes[one.node].name, set())
            found.update(one.answers)


def _is_passed(test: str, every: Sequence[Told], buckets: int) -> bool:
    return [one.status for one in every if one.node == test] == ["pass"] * buckets


def _hanging_on(failed: Collection[str], layer: Layer) -> set[str]:
    """Return what has failed, and all nodes that dbt would not come to after that."""
    order, nodes = Order(layer.manifest), layer.manifest.nodes
    return {name for name in nodes if name in failed or not order.above(name).isdisjoint(failed)}


def _read_rows(node: Any, built: Sequence[Built], here: Path) -> None:
    """Have dbt make a table of the rows that each bucket has put into the place."""
    files = [one.bucket.place.here(one.bucket.rows_of(node.name), here) for one in built]
    node.raw_code = f"from read_parquet([{', '.join(map(quoted, map(str, files)))}])"
    node.config.materialized = "table"
    node.config.pre_hook = []
