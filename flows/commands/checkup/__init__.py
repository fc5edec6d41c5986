"""What `barometer doctor` looks at: what each check found, and what to do about it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from flows.console.say import told
from warehouse.config.settings import Settings
from warehouse.errors import BarometerError


class Verdict(StrEnum):
    """How well something is."""

    OK = "ok"
    WARNING = "warning"
    PROBLEM = "problem"


@dataclass(frozen=True)
class Finding:
    """One line: what was looked at, how well it is, and what was found."""

    check: str
    verdict: Verdict
    found: str


Look: TypeAlias = Callable[[Settings], Iterator[Finding]]


def look_at(settings: Settings, looks: Mapping[str, Look]) -> Iterator[Finding]:
    """Yield what is found by each; one that cannot look says why in its place, and the others go on."""
    for check, look in looks.items():
        try:
            yield from look(settings)
        except (BarometerError, OSError) as error:
            yield Finding(check, Verdict.PROBLEM, told(error))
