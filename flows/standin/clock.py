"""The simulated clock that every service reads."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass
class Clock:
    """The moment of the demo, aware and UTC; whoever runs the demo sets it."""

    now: datetime

    @property
    def today(self) -> date:
        """The UTC day the clock stands in, which is not over."""
        return self.now.date()
