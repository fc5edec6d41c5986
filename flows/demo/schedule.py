"""When faults happen: at the n-th request, for as many requests as they last."""

import random
import re
from argparse import ArgumentTypeError
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from flows.demo.faults import FAULTS


@dataclass(frozen=True)
class Planned:
    """A fault, by its name, from the n-th request on of those whose path begins with `prefix`."""

    name: str
    position: int
    lasts: int = 1
    prefix: str = "/"

    def meets(self, position: int) -> bool:
        """Tell whether the fault is there at a position, the first being 1."""
        return self.position <= position < self.position + self.lasts


class Schedule:
    """Counts requests, and tells which fault each of them meets."""

    def __init__(self, planned: Sequence[Planned] = ()) -> None:
        self._planned = planned
        self._seen: Counter[str] = Counter()

    def next_fault(self, path: str) -> str | None:
        """Count a request; return the name of the first planned fault that it meets."""
        self._seen.update({planned.prefix for planned in self._planned if path.startswith(planned.prefix)})
        met = (planned for planned in self._planned if path.startswith(planned.prefix))
        return next((planned.name for planned in met if planned.meets(self._seen[planned.prefix])), None)


def random_faults(
    seed: int, share: float, requests: int, names: Iterable[str] = tuple(FAULTS)
) -> list[Planned]:
    """Draw which of the first requests, by a share from 0 to 1, meet which fault.

    Equal seeds draw the same.
    """
    draw = random.Random(seed)
    choices = sorted(names)
    hit = [position for position in range(1, requests + 1) if draw.random() < share]
    return [Planned(draw.choice(choices), position) for position in hit]


def planned_fault(text: str) -> Planned:
    """Read `NAME@POSITION`, or `NAME@POSITIONxLASTS`; raises ArgumentTypeError for anything else."""
    found = re.fullmatch(r"(?P<name>[a-z0-9-]+)@(?P<position>[1-9]\d*)(x(?P<lasts>[1-9]\d*))?", text)
    if not found or found["name"] not in FAULTS:
        raise ArgumentTypeError(f"{text}: expected NAME@POSITION with one of {', '.join(FAULTS)}")
    return Planned(found["name"], int(found["position"]), int(found["lasts"] or 1))
