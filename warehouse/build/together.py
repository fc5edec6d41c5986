"""The checks of a build: dbt compiles them all in one node, and DuckDB is asked each, on all its threads.

For dbt a test costs twenty times what DuckDB takes for it, so of the tests of the project one node is made,
in the manifest of a build alone: in the project, and for `dbt test`, they stay what they are. What each found
is told as if dbt had run it by itself, where it would have: nothing is said of what hangs on a failure.
"""

import re
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, fields, replace
from typing import Any

import duckdb

TOGETHER = "test.barometer.checks"
ASKED = """-- check: {name}
{query}
-- asked
"""
QUERY = re.compile(r"^-- check: (\w+)\n(.*?)\n-- asked$", re.MULTILINE | re.DOTALL)
MOST = 4  # checks asked at once: nearly all take a hundredth of a second on one core
# How dbt hands its arguments to a generic test, and which of them it takes for an expression.
ARGUMENTS = "**_dbt_generic_test_kwargs"
EXPRESSION = re.compile(r"\s*(?:\{\{(?P<inner>.+)\}\}|(?P<call>(?:ref|source|var)\s*\(.+\)))\s*", re.DOTALL)
RELATION = re.compile(r"get_where_subquery\((.+)\)")


@dataclass(frozen=True)
class Found:
    """The result of a test as dbt tells it; its node has the SQL by which it was asked."""

    node: Any
    status: str
    failures: int
    message: str | None


def put_together(manifest: Any, tests: Sequence[Any]) -> None:
    """Put one node in the place of all tests of a manifest; it asks those given, in this order."""
    from dbt.contracts.graph.nodes import SingularTestNode

    for name in [name for name, node in manifest.nodes.items() if node.resource_type == "test"]:
        del manifest.nodes[name]
    if not tests:
        return
    known = {field.name: getattr(tests[0], field.name) for field in fields(SingularTestNode) if field.init}
    config = replace(tests[0].config, materialized="together", severity="ERROR", where=None, alias=None)
    depends_on = replace(
        tests[0].depends_on,
        nodes=_every(test.depends_on.nodes for test in tests),
        macros=_every(test.depends_on.macros for test in tests),
    )
    asked = "".join(ASKED.format(name=test.name, query=_query(test)) for test in tests)
    named = {"name": "checks", "alias": "checks", "unique_id": TOGETHER, "fqn": ["barometer", "checks"]}
    files = {"path": "checks.sql", "original_file_path": "tests/checks.sql"}
    told = {"config": config, "depends_on": depends_on, "raw_code": asked, "tags": []}
    manifest.nodes[TOGETHER] = SingularTestNode(**known | named | files | told)


def _every(several: Iterable[Sequence[str]]) -> list[str]:
    return list(dict.fromkeys(name for names in several for name in names))


def _query(test: Any) -> str:
    """Return a test as one that needs nothing from outside, for dbt to compile."""
    told = getattr(test, "test_metadata", None)
    if told is None:
        return str(test.raw_code)
    arguments = ", ".join(f"{name}={_literal(value)}" for name, value in told.kwargs.items())
    if test.config.where:
        arguments = RELATION.sub(rf"written(\1, {test.config.where!r})", arguments)
    return str(test.raw_code).replace(ARGUMENTS, arguments)


def _literal(value: Any) -> str:
    if isinstance(value, list):
        return f"[{', '.join(map(_literal, value))}]"
    found = EXPRESSION.fullmatch(value) if isinstance(value, str) else None
    return (found["inner"] or found["call"]).strip() if found else repr(value)


def asked_of(work: duckdb.DuckDBPyConnection, code: str, tests: Sequence[Any]) -> list[Found]:
    """Return what each test finds in a database, by the SQL that dbt compiled for all of them."""
    queries = dict(QUERY.findall(code))

    def asked(test: Any) -> Found:
        test.compiled_code = queries[test.name]
        with work.cursor() as cursor:
            cursor.execute("set TimeZone = 'UTC'")
            return _asked(test, cursor)

    ((threads,),) = work.execute("select current_setting('threads')").fetchall()
    pool = ThreadPoolExecutor(min(threads, MOST))
    try:
        return list(pool.map(asked, tests))
    finally:
        pool.shutdown(cancel_futures=True)


def _asked(test: Any, cursor: duckdb.DuckDBPyConnection) -> Found:
    try:
        ((rows,),) = cursor.execute(f"select count(*) from (\n{test.compiled_code}\n)").fetchall()
    except duckdb.Error as error:
        where = f"Runtime Error in test {test.name} ({test.original_file_path})"
        return Found(test, "error", 0, f"{where}\n  {error}")
    status = "pass" if not rows else "fail" if test.config.severity.lower() == "error" else "warn"
    return Found(test, status, rows, None)
