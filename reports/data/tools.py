"""The tools around the subjects, as the published file has them; no subject is compared with them."""

from collections.abc import Sequence
from dataclasses import dataclass

# What the keys of their series begin with, in front of a metric's.
OF_TOOLS = "tools-"


@dataclass(frozen=True)
class Tool:
    """A tool, in the order of the configuration; the subject is the one that it belongs to."""

    tool_id: str
    name: str
    theme: str
    subject_id: str | None
    packages: str | None
    caveat: str | None
    position: int


def themes(tools: Sequence[Tool]) -> dict[str, list[Tool]]:
    """Return the tools by theme, both in the order of the configuration."""
    found: dict[str, list[Tool]] = {}
    for tool in tools:
        found.setdefault(tool.theme, []).append(tool)
    return found


def metric_of_tools(key: str) -> str | None:
    """Return the metric that a series of tools is of; None for the key of any other series."""
    return key.removeprefix(OF_TOOLS) if key.startswith(OF_TOOLS) else None
