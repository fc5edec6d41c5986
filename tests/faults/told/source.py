"""What the stand-ins of all sources share: the world's moment, a truth to compare with, ways to go wrong."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tests.faults.register import Fault
from tests.faults.truth import Period, Truth

# Answers a request in place of the source, or leaves it to it.
Intercept = Callable[[Request], Response | None]


@dataclass
class Moment:
    """When the world is: `present` is the day of its last build, `phase` counts the stretches of a replay.

    In phase 0 all is well but for what was never well, in phase 1 faults are met, in phase 2 they are over.
    """

    now: datetime
    present: date
    phase: int = 0
    intercepts: list[Intercept] = field(default_factory=list)

    @property
    def today(self) -> date:
        """The UTC day, which is not over."""
        return self.now.date()

    def ago(self, days: int) -> date:
        """Return a day counted back from the present."""
        return self.present - timedelta(days=days)


@dataclass
class Met:
    """What a fault concerns: which subjects, which days, and what must be marked although it was told so."""

    subjects: tuple[str, ...]
    first: date = date.min
    last: date = date.max
    doubtful: set[Period] = field(default_factory=set)
    event: str | None = None
    partial: str | None = None
    revised: bool = False


class Source(ABC):
    """A stand-in: subjects are added, faults are met, requests are answered, and the truth is kept."""

    def __init__(self, moment: Moment) -> None:
        self.moment = moment

    @abstractmethod
    def add(self, subject_id: str, place: int) -> dict[str, object]:
        """Add a subject of which all is told as it is; return what the configuration calls it."""

    @abstractmethod
    def routes(self) -> list[Route]:
        """Return the paths served."""

    @abstractmethod
    def truth(self) -> Truth:
        """Return what a reader should see: every figure that can be known at the world's end."""

    def formerly(self) -> Truth:
        """Return what was true of an earlier window, and may stand there as long as no later one is known."""
        return {}

    def meet(self, fault: Fault, subject_id: str) -> Met:
        """Let a fault of the register happen to a subject, or to all of the source."""
        met: Met = getattr(self, f"_{fault.replay['how']}")(subject_id, **fault.facts)
        return met

    def _nothing(self, subject_id: str, event: str | None = None, partial: str | None = None) -> Met:
        return Met((subject_id,), event=event, partial=partial)


def within(keys: Iterable[date], first: date, last: date) -> list[date]:
    """Return the days of a stretch."""
    return [day for day in keys if first <= day <= last]
