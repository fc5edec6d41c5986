"""Nothing stands in: the figures are real, and the same in the demo."""

from flows.standin.clock import Clock, StandIn


def stand_ins(clock: Clock) -> list[StandIn]:
    """Return nothing."""
    return []
