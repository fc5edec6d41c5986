"""Verifying identifiers: what a source says that one is, and what a subject may be called there.

One module per source, found by its name. What is asked here is no evidence, so nothing is archived.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from importlib import import_module
from typing import Protocol, cast

from flows.http import Client


class Verdict(StrEnum):
    """What became of an identifier; UNVERIFIABLE at a source that confirms none."""

    RIGHT = "ok"
    WRONG = "wrong"
    UNASKED = "not asked"
    UNVERIFIABLE = "not verified"
    LEFT_OUT = "left out"


@dataclass(frozen=True)
class Told:
    """What a source says of an identifier, in words; `instead` is the name it goes by now."""

    verdict: Verdict
    words: str
    instead: tuple[str, ...] = ()


class Identity(Protocol):
    """What every module of this package offers."""

    def confirm(self, client: Client, identifier: str) -> Told:
        """Ask what an identifier is; raises Refused where the source knows nothing of it."""

    def search(self, client: Client, name: str) -> Sequence[str]:
        """Ask what there is for a subject of this name, best first; nothing where it cannot be asked."""

    def guess(self, client: Client, name: str) -> str:
        """Return what a subject of this name should be called, to be confirmed; raises Refused if unknown."""


def load_identity(source_id: str) -> Identity:
    """Return a source's module."""
    return cast(Identity, import_module(f"{__name__}.{source_id}"))
