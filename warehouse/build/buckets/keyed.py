"""Which part of the dbt project is keyed by one name, as its models say, and what a bucket of it builds."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from warehouse.build.selection import LEFT_OUT, source_of_file

# In a model's `meta`: the column that tells the name by which it is keyed.
KEYED_BY = "keyed_by"
# The tables of `raw` that tell of answers and of how builds went; what the others hold every bucket has.
OF_ANSWERS = frozenset({"attempts", "checks", "pages"})
PAGES = "pages"


@dataclass(frozen=True)
class Layer:
    """The keyed models of a source, each with the column that tells its name, in the manifest of a build."""

    source_id: str
    columns: Mapping[str, str]
    manifest: Any

    @cached_property
    def tables(self) -> list[str]:
        """What of it has rows to be sent back; a view is made of these anywhere."""
        nodes = self.manifest.nodes
        return [name for name in self.columns if nodes[name].config.materialized != "view"]

    @cached_property
    def tests(self) -> frozenset[str]:
        """The checks that a bucket can ask of its own names: of this layer and the configuration."""
        return frozenset(
            name
            for name, node in self.manifest.nodes.items()
            if node.resource_type == "test"
            and LEFT_OUT not in node.tags
            and any(parent in self.columns for parent in node.depends_on.nodes)
            and all(map(self._is_at_hand, node.depends_on.nodes))
        )

    @cached_property
    def nodes(self) -> frozenset[str]:
        """All that a bucket builds and asks: the layer, its checks, and what either reads beside it."""
        needed: set[str] = set()
        asked = [*self.columns, *self.tests]
        while asked:
            name = asked.pop()
            if name in self.manifest.nodes and name not in needed:
                needed.add(name)
                asked += _parents(self.manifest.nodes[name])
        return frozenset(needed)

    def _is_at_hand(self, name: str) -> bool:
        """Whether a bucket has all of it that its names need."""
        return name in self.columns or self.is_of_configuration(name)

    def is_of_configuration(self, name: str) -> bool:
        """Whether a node, or a table of `raw`, tells the same whatever was answered."""
        node = self.manifest.nodes.get(name)
        if node is None:
            return name.rpartition(".")[2] not in OF_ANSWERS
        return name not in self.columns and all(map(self.is_of_configuration, _parents(node)))


def layers(manifest: Any) -> list[Layer]:
    """Return of each source that has keyed models those, where this build makes any of their tables."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for name, node in manifest.nodes.items():
        source_id = source_of_file(node)
        if source_id and KEYED_BY in node.config.meta:
            found[source_id][name] = node.config.meta[KEYED_BY]
    every = [Layer(source_id, columns, manifest) for source_id, columns in sorted(found.items())]
    return [
        layer for layer in every if any(LEFT_OUT not in manifest.nodes[name].tags for name in layer.tables)
    ]


def reads_answers(node: Any) -> bool:
    """Whether a model reads the archived answers themselves."""
    return any(name.startswith("source.") and name.endswith(f".{PAGES}") for name in node.depends_on.nodes)


def _parents(node: Any) -> list[str]:
    return list(node.depends_on.nodes) if node.resource_type != "seed" else []
