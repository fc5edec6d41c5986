"""What dbt stops at: it builds and tests nothing of what hangs on a failure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from warehouse.build.checks import FAILED


class Order:
    """What is made from what in a manifest of dbt."""

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
