"""Where the figures come from: one module per source, found by its name.

A module asks and archives; it does not interpret. It holds PACE and the two functions of `Source`.
What an answer must be to be believed stands in `flows.shapes`.
"""

import pkgutil
from collections.abc import Sequence
from importlib import import_module
from typing import Protocol, cast

from flows.http import Client
from flows.session import Pace
from warehouse.archive import LastAnswers
from warehouse.ecosystem import Subject


class Source(Protocol):
    """What every module of this package offers."""

    PACE: Pace

    def fetch_current(self, client: Client, subjects: Sequence[Subject]) -> None:
        """Ask for what only the present can tell: counters, totals, the last days."""

    def fetch_history(self, client: Client, subjects: Sequence[Subject], known: LastAnswers) -> None:
        """Ask for what the source still tells of the past, as far as `known` does not hold it."""


def source_ids() -> tuple[str, ...]:
    """Return the name of every source there is."""
    return tuple(module.name for module in pkgutil.iter_modules(__path__))


def load_source(source_id: str) -> Source:
    """Return a source's module."""
    return cast(Source, import_module(f"{__name__}.{source_id}"))
