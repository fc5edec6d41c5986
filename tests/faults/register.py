"""The register of faults: what happened, what must become of it here, and how it is replayed."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("register.toml")


@dataclass(frozen=True)
class Fault:
    """A documented fault; what each field means is said in the register itself."""

    id: str
    date: date | str
    source_id: str
    link: str
    happened: str
    does: str
    must: str
    world: str
    replay: Mapping[str, Any]

    @property
    def facts(self) -> dict[str, Any]:
        """Return how the source tells it, without the name of the way."""
        return {name: fact for name, fact in self.replay.items() if name != "how"}

    @property
    def subject_id(self) -> str:
        """Return what the subject is called that meets it alone."""
        return self.id.replace("-", "_")[:40]


def read_register() -> list[Fault]:
    """Return every fault, in the order of the register."""
    return [Fault(**fault) for fault in tomllib.loads(FILE.read_text(encoding="utf-8"))["fault"]]
