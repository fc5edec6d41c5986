"""Which answers alone are to blame where a model cannot read them, or reads what cannot be."""

from collections.abc import Collection, Mapping
from typing import Any

import duckdb

from warehouse.archive.quarantine import Place
from warehouse.build.columns import fill

# What these tests ask of each row follows from the answer that told it alone.
OF_ONE_ANSWER = frozenset({"possible", "holds", "holds_now"})
PAGES = '"work"."raw"."pages"'

QUESTIONED = """
create or replace temp view questioned as
select * from raw.pages where page_id between {first} and {last}
"""
# Those since the last whole build, which read all others.
NEW_PAGES = """
select page_id from raw.pages
where
    source = $source and problem is null
    and page_id > (select coalesce(max(built.page_id), 0) from raw.built as built)
order by page_id
"""
PLACED = "select page_id from raw.pages inner join placed using (file, line)"
NAMED = """
select
    pages.file, pages.line,
    count(*) over (partition by endpoint) as blamed,
    (
        select count(*) from raw.pages as alike
        where alike.source = pages.source and alike.endpoint = pages.endpoint and alike.problem is null
    ) as of_all
from raw.pages as pages
where page_id in (select unnest($pages))
order by page_id
"""


def answers_to_blame(
    node: Any, nodes: Mapping[str, Any], work: duckdb.DuckDBPyConnection
) -> tuple[tuple[Place, ...], bool]:
    """Return the answers without which a failed model could be built, or a test of single rows would pass.

    And whether these are more than half of an endpoint's. None of a model that reads no answers itself.
    """
    is_test = node.resource_type == "test"
    if is_test and getattr(getattr(node, "test_metadata", None), "name", None) not in OF_ONE_ANSWER:
        return (), False
    models = [nodes[name] for name in node.depends_on.nodes if name in nodes and name.startswith("model.")]
    model = models[0] if is_test and models else node
    if not model.name.startswith("stg_") or not model.compiled_code or PAGES not in model.compiled_code:
        return (), False
    try:
        return _Reading(model, node.compiled_code if is_test else None, work).unfit()
    except duckdb.OperationalError:  # of the machine, and not of what it reads: nothing is known then
        return (), False


def found_elsewhere(
    answers: Collection[Place], work: duckdb.DuckDBPyConnection
) -> tuple[tuple[Place, ...], bool]:
    """Return the same of answers that were found to blame in parts of the database."""
    work.execute("create or replace temp table placed (file varchar, line bigint)")
    fill(work, "placed", [(one.file, one.line) for one in answers])
    return _named([page for (page,) in work.execute(PLACED).fetchall()], work)


def _named(pages: Collection[int], work: duckdb.DuckDBPyConnection) -> tuple[tuple[Place, ...], bool]:
    named = work.execute(NAMED, {"pages": list(pages)}).fetchall()
    are_most = any(2 * blamed > of_all for _, _, blamed, of_all in named)
    return tuple(Place(file, line) for file, line, *_ in named), are_most


class _Reading:
    """A staging model's query, put to a few answers at a time, in place of the table that it fills."""

    def __init__(self, model: Any, test: str | None, work: duckdb.DuckDBPyConnection) -> None:
        self._work = work
        self._source = model.name.removeprefix("stg_").partition("__")[0]
        self._test = test.replace(model.relation_name, "tried") if test else None
        self._query = model.compiled_code.replace(PAGES, "questioned").replace(model.relation_name, "untold")
        if model.relation_name in model.compiled_code:
            work.execute(f"create or replace temp table untold as from {model.relation_name} limit 0")

    def unfit(self) -> tuple[tuple[Place, ...], bool]:
        pages = [page for (page,) in self._work.execute(NEW_PAGES, {"source": self._source}).fetchall()]
        try:
            return _named(self._unfit(pages), self._work)
        finally:
            self._work.execute("drop view if exists questioned")
            self._work.execute("drop table if exists tried")
            self._work.execute("drop table if exists untold")

    def _unfit(self, pages: list[int]) -> list[int]:
        if not pages or self._reads(pages[0], pages[-1]):
            return []
        half = len(pages) // 2
        return self._unfit(pages[:half]) + self._unfit(pages[half:]) if half else pages

    def _reads(self, first: int, last: int) -> bool:
        self._work.execute(QUESTIONED.format(first=first, last=last))
        try:
            self._work.execute(f"create or replace temp table tried as {self._query}")
            return not self._test or not self._work.execute(f"{self._test} limit 1").fetchall()
        except duckdb.OperationalError:
            raise
        except duckdb.Error:
            return False
