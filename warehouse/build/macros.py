"""Which macros a build can call: dbt brings 500 along, and makes each ready anew for every node, twice."""

from collections.abc import Iterator
from typing import Any

# What dbt and its adapter call by name; all else is named by what calls it.
CALLED = frozenset(
    {
        *("list_schemas", "check_schema_exists", "create_schema", "drop_schema"),
        *("list_relations_without_caching", "list_function_relations_without_caching"),
        *("get_columns_in_relation", "rename_relation", "truncate_relation", "drop_relation"),
        *("alter_column_type", "validate_sql", "get_catalog", "py_script_postfix"),
    }
)
# The name of a strategy's is put together.
STRATEGY = "get_incremental_"
ADAPTERS = ("duckdb", "default")


def forget_uncalled(manifest: Any) -> None:
    """Take out of a manifest of dbt the macros that none of its nodes can come to."""
    called = dict.fromkeys(_roots(manifest))
    waiting = list(called)
    while waiting:
        found = [name for name in manifest.macros[waiting.pop()].depends_on.macros if name not in called]
        called |= dict.fromkeys(found)
        waiting += found
    manifest.macros = {name: macro for name, macro in manifest.macros.items() if name in called}


def _roots(manifest: Any) -> Iterator[str]:
    project = manifest.metadata.project_name
    by_name = {macro.name: name for name, macro in manifest.macros.items()}
    for name, macro in manifest.macros.items():
        if macro.package_name == project or macro.name in CALLED or macro.name.startswith(STRATEGY):
            yield name
    for kind in {node.config.materialized for node in manifest.nodes.values()}:
        made_by = (by_name.get(f"materialization_{kind}_{adapter}") for adapter in ADAPTERS)
        yield from filter(None, [next(filter(None, made_by), None)])
    for node in manifest.nodes.values():
        yield from (name for name in node.depends_on.macros if name in manifest.macros)
