"""Which part of the dbt project a build needs: what nobody asks, or nothing new came in of, costs nothing."""

import re
from collections.abc import Collection, Iterator, Sequence
from typing import Any

import duckdb

from warehouse.build.built import kept_checks, sources_with_news
from warehouse.build.checks import Check, withholds
from warehouse.config.catalog import catalog

# The tag of what a build leaves out.
LEFT_OUT = "left_out"
# Of which source a file of the project is, and which models a query names as they are.
OF_SOURCE = re.compile(r"(?:^|/)sources/(?P<source_id>[a-z][a-z0-9_]*)/")
NAMED = re.compile(r"""\bref\(\s*['"]([a-z0-9_]+)['"]""")
# Tables of `raw` that are not the same in two builds of one configuration.
CHANGING = frozenset({"attempts", "build", "built", "checks", "pages", "quarantined", "withheld"})

THERE = """
select 'table', schema_name, table_name from duckdb_tables()
union all
select 'view', schema_name, view_name from duckdb_views()
"""


def unasked_sources(work: duckdb.DuckDBPyConnection) -> frozenset[str]:
    """Return the declared sources that the loaded configuration does not ask."""
    asked = {source_id for (source_id,) in work.execute("select source_id from raw.sources").fetchall()}
    return frozenset(catalog()) - asked


def leave_out(manifest: Any, unasked: Collection[str], unchecked: Collection[str]) -> None:
    """Tag the nodes of dbt's manifest that a build leaves out.

    They are those of `unasked` sources but what published tables are made from, and the tests that could
    withhold an `unchecked` one.
    """
    for node in manifest.nodes.values():
        if withholds(node, unchecked) or source_of_file(node) in unasked:
            node.tags.append(LEFT_OUT)
    for name in _published_anyway(manifest, unasked):
        manifest.nodes[name].tags.remove(LEFT_OUT)


def leave_out_tests(manifest: Any) -> None:
    """Tag all tests of a manifest."""
    for node in manifest.nodes.values():
        if node.resource_type == "test":
            node.tags.append(LEFT_OUT)


def leave_out_settled(manifest: Any, work: duckdb.DuckDBPyConnection) -> list[Check]:
    """Tag the nodes whose rows are as the last whole build left them; return the results that stand of then.

    They are seeds, views, and what is made of sources that have told nothing since. A check that would
    withhold something is asked again, whatever it is of.
    """
    with_news = sources_with_news(work)
    if with_news is None:
        return []
    there = set(work.execute(THERE).fetchall())
    settled = _Settled(manifest, with_news)
    for name, node in manifest.nodes.items():
        kind = "view" if node.config.materialized == "view" else "table"
        is_there = (kind, node.schema, node.alias) in there
        if node.resource_type != "test" and is_there and (kind == "view" or settled.is_so(name)):
            node.tags.append(LEFT_OUT)
    tests = [node for node in manifest.nodes.values() if node.resource_type == "test"]
    of_settled = {one.name: one for one in tests if all(map(settled.is_so, one.depends_on.nodes))}
    kept = [check for check in kept_checks(work) if check.check_id in of_settled and not check.blocks]
    for check in kept:
        of_settled[check.check_id].tags.append(LEFT_OUT)
    return kept


class _Settled:
    """Tells which nodes of a manifest no answer of the sources with news, and no new day, can change."""

    def __init__(self, manifest: Any, with_news: Collection[str]) -> None:
        self._nodes = manifest.nodes
        self._with_news = with_news
        self._known: dict[str, bool] = {}

    def is_so(self, name: str) -> bool:
        """Return it of a model, a seed or a table of `raw`, by dbt's name."""
        if name not in self._known:
            self._known[name] = self._is_so(name)
        return self._known[name]

    def _is_so(self, name: str) -> bool:
        node = self._nodes.get(name)
        if node is None:
            return name.rpartition(".")[2] not in CHANGING
        if node.resource_type == "seed":
            return True
        # A source's models read its own answers, and of what is made of all sources its own rows.
        source_id = source_of_file(node)
        return source_id not in self._with_news if source_id else all(map(self.is_so, node.depends_on.nodes))


def source_of_file(node: Any) -> str | None:
    """Return the source in whose folder a node stands; None for one of all sources."""
    found = OF_SOURCE.search(node.original_file_path)
    return found["source_id"] if found else None


def _published_anyway(manifest: Any, unasked: Collection[str]) -> Iterator[str]:
    """Yield the models of unasked sources from which a table is made that is there whatever is asked.

    It is the source's own, or names the source's models.
    """
    made = {name: node for name, node in manifest.nodes.items() if node.resource_type in ("model", "seed")}
    theirs = {name: node for name, node in made.items() if source_of_file(node) in unasked}
    shared = (node for node in made.values() if source_of_file(node) is None)
    named = {told for node in shared for told in NAMED.findall(node.raw_code)}
    needed = [name for name, node in theirs.items() if node.schema == "marts" or node.name in named]
    for name in needed:  # it grows by what they are made from, to the beginning
        needed += [one for one in _made_from(theirs[name]) if one in theirs and one not in needed]
        yield name


def _made_from(node: Any) -> Sequence[str]:
    return node.depends_on.nodes if node.resource_type == "model" else ()
