"""What every stand-in has: its paths, and the simulated clock that it reads."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:  # every command reads this, and only the demo serves
    from starlette.routing import Route


@dataclass
class Clock:
    """The moment of the demo, aware and UTC; whoever runs the demo sets it."""

    now: datetime

    @property
    def today(self) -> date:
        """The UTC day the clock stands in, which is not over."""
        return self.now.date()


class StandIn(Protocol):
    """What answers in the place of a service."""

    def routes(self) -> "list[Route]":
        """Return the paths that it serves."""
