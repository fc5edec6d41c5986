"""Which part of the dbt project a build needs: a source that nobody asks costs nothing."""

import re
from collections.abc import Collection, Iterator, Sequence
from typing import Any

import duckdb

from warehouse.build.checks import withholds
from warehouse.config.catalog import catalog

# The tag of what a build leaves out.
LEFT_OUT = "left_out"
# Of which source a file of the project is, and which models a query names as they are.
OF_SOURCE = re.compile(r"(?:^|/)sources/(?P<source_id>[a-z][a-z0-9_]*)/")
NAMED = re.compile(r"""\bref\(\s*['"]([a-z0-9_]+)['"]""")


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
