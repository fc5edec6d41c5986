"""One build by dbt in this process: the models of a manifest, and all checks of them in one node."""

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import duckdb

from warehouse.build.checks import FAILED
from warehouse.build.selection import LEFT_OUT
from warehouse.build.together import TOGETHER, asked_of, put_together
from warehouse.errors import GateClosed


class Order:
    """What is made from what in a manifest, and what dbt stops at: all that hangs on a failure."""

    def __init__(self, manifest: Any) -> None:
        """Read it from a manifest with all its tests."""
        self._parents: Mapping[str, Sequence[str]] = {
            name: node.depends_on.nodes
            for name, node in manifest.nodes.items()
            if node.resource_type != "seed"
        }
        self._above: dict[str, frozenset[str]] = {}

    def above(self, name: str) -> frozenset[str]:
        """Return all that a node is made from, to the beginning."""
        if name not in self._above:
            parents = self._parents.get(name, ())
            self._above[name] = frozenset(parents).union(*map(self.above, parents))
        return self._above[name]

    def sorted(self, nodes: Iterable[Any]) -> list[Any]:
        """Return nodes in an order in which dbt could run them."""
        return sorted(nodes, key=lambda node: (len(self.above(node.unique_id)), node.unique_id))

    def judged(self, results: Sequence[Any]) -> Iterator[Any]:
        """Yield the results of what dbt had come to, where it stops at each failure.

        A model waits for each test of what it is made from, and a test for the models that it reads.
        """
        hiding: list[frozenset[str]] = []
        place = {node.unique_id: at for at, node in enumerate(self.sorted(one.node for one in results))}
        for one in sorted(results, key=lambda result: place[result.node.unique_id]):
            name = one.node.unique_id
            models = self._parents.get(name, ()) if one.node.resource_type == "test" else [name]
            if any(failed <= self.above(model) for failed in hiding for model in models):
                continue
            if one.status in FAILED and models:
                hiding.append(frozenset(models))
            yield one


class Dbt:
    """dbt with a manifest of its own; `work` is the database that it builds in."""

    def __init__(self, manifest: Any, options: Sequence[str], work: duckdb.DuckDBPyConnection) -> None:
        """Take a manifest, which is changed, and the options of each command."""
        self.seconds: dict[str, float] = {}
        self._manifest = manifest
        self._options = options
        self._work = work
        self._order = Order(manifest)

    def build(self, elsewhere: Sequence[Any] = ()) -> list[Any]:
        """Build the models, ask the checks, and return the results of both, as far as dbt had come.

        The results of what is left out here, because it was done `elsewhere`, are among them.
        """
        nodes = self._manifest.nodes.values()
        tests = [node for node in nodes if node.resource_type == "test" and LEFT_OUT not in node.tags]
        asked = self._order.sorted(tests)
        built, found = self._invoke("build", asked)
        if asked and not found:  # dbt asks nothing where a model is missing
            missing = {one.node.unique_id for one in built if one.status != "success"}
            asked = [test for test in asked if missing.isdisjoint(test.depends_on.nodes)]
            _, found = self._invoke("test", asked)
        return list(self._order.judged([*elsewhere, *built, *found]))

    def _invoke(self, command: str, tests: Sequence[Any]) -> tuple[list[Any], list[Any]]:
        """Return the results of what dbt has built, and of the tests where it could ask them."""
        put_together(self._manifest, tests)
        result = run_dbt([command, *self._options], self._manifest)
        results: Sequence[Any] = result.result.results
        self.seconds |= {one.node.unique_id: one.execution_time for one in results}
        built = [one for one in results if one.node.unique_id != TOGETHER]
        checks = [one for one in results if one.node.unique_id == TOGETHER and one.status != "skipped"]
        if not checks or not checks[0].node.compiled_code:  # none to be asked, or a mistake in the project
            return built, checks
        began = time.monotonic()
        found = asked_of(self._work, checks[0].node.compiled_code, tests)
        self.seconds[TOGETHER] += time.monotonic() - began
        return built, found


def run_dbt(command: Sequence[str], manifest: Any = None) -> Any:
    """Run a command of dbt in this process, on a manifest or all of the project; return how it went.

    Raises GateClosed for what kept dbt from its work, and what stops the whole process as it is. Afterwards
    the work database is closed: before the next command its file may be replaced.
    """
    # Importing dbt takes a second, which no other command should pay for.
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.cli.main import dbtRunner

    try:
        result = dbtRunner(manifest).invoke([*command])
    finally:
        DuckDBConnectionManager.close_all_connections()  # type: ignore[no-untyped-call]
    if isinstance(result.exception, Exception):
        raise GateClosed(f"dbt {command[0]}: {result.exception}") from result.exception
    if result.exception is not None:  # dbt keeps what stops the whole process, too
        raise result.exception
    return result
