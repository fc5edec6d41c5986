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
# The one of a strategy, and that of a materialization, have their names put together.
PUT_TOGETHER = ("get_incremental_", "materialization_")


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
    for name, macro in manifest.macros.items():
        is_by_name = macro.name in CALLED or macro.name.startswith(PUT_TOGETHER)
        if macro.package_name == project or is_by_name:
            yield name
    for node in manifest.nodes.values():
        yield from (name for name in node.depends_on.macros if name in manifest.macros)
