"""Verifying identifiers: what a source says that one is, and what a subject may be called there.

`identify` of each source, found by its name; a source without one confirms nothing. What is asked here is no
evidence, so nothing is archived.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from importlib import import_module
from importlib.util import find_spec
from typing import Protocol, cast

from flows.client.client import Client
from warehouse.config.subject import Called, Identifier, Subject
from warehouse.errors import Refused


class Verdict(StrEnum):
    """What became of an identifier; UNVERIFIABLE where the source cannot confirm it."""

    RIGHT = "ok"
    WRONG = "wrong"
    SHARED = "shared"
    UNASKED = "not asked"
    UNVERIFIABLE = "not verified"
    LEFT_OUT = "left out"


@dataclass(frozen=True)
class Told:
    """What a source says of an identifier, in words.

    `instead` is the name it goes by now, `means` what it stands for under whatever name, where that is told.
    """

    verdict: Verdict
    words: str
    instead: tuple[str, ...] = ()
    means: str | None = None


@dataclass(frozen=True)
class Finding:
    """What a source says of one identifier of a subject, in words for people."""

    source_id: str
    subject: str
    identifier: str | None
    verdict: Verdict
    words: str


@dataclass(frozen=True)
class Named:
    """An identifier at a source, and the subject or tool that goes by it."""

    subject: Called
    identifier: Identifier


class Identity(Protocol):
    """What `identify` of every source offers.

    IGNORES_CASE says whether a name in capitals is the same one. One may also have `remark(names)`: what is
    to be said of all names together, or None.
    """

    IGNORES_CASE: bool

    def confirm(self, client: Client, identifier: Identifier) -> Told:
        """Ask what an identifier is; raises Refused where the source knows nothing of it."""

    def search(self, client: Client, name: str) -> Sequence[str]:
        """Ask what there is for a subject of this name, best first; nothing where it cannot be asked."""

    def guess(self, client: Client, name: str) -> str:
        """Return what a subject of this name should be called, to be confirmed; raises Refused if unknown."""


def named(subjects: Sequence[Called], source_id: str) -> list[Named]:
    """Return what subjects or tools are called at a source, in configuration order."""
    return [Named(subject, each) for subject in subjects for each in subject.dated_identifiers(source_id)]


class Unconfirmed:
    """What holds of a source that cannot tell what a name stands for: any will do, none is looked for."""

    IGNORES_CASE = True

    def confirm(self, client: Client, identifier: Identifier) -> Told:
        """Say that a name cannot be verified."""
        return Told(
            Verdict.UNVERIFIABLE, "the source confirms no name: see whether it means other things too"
        )

    def search(self, client: Client, name: str) -> Sequence[str]:
        """Return nothing: there is nothing to choose from."""
        return ()

    def guess(self, client: Client, name: str) -> str:
        """Raise Refused: most names are words of other things too, and nobody would notice."""
        raise Refused("names mean other things too: give a term that does not")


def load_identity(source_id: str) -> Identity:
    """Return how a source verifies identifiers."""
    name = f"flows.sources.{source_id}.identify"
    return cast(Identity, import_module(name)) if find_spec(name) else Unconfirmed()


def remark(source_id: str, subjects: Sequence[Subject]) -> str | None:
    """Return what is to be said of all that the subjects are called at a source; of most there is nothing."""
    said = getattr(load_identity(source_id), "remark", None)
    return said([each.identifier.name for each in named(subjects, source_id)]) if said else None
