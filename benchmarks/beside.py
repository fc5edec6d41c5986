"""Whole commands measured in turns: this checkout's beside those of another, in the same minutes."""

import os
import subprocess
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter

HERE = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Measured:
    """What a command and its children took: seconds on the clock and of the processor, and memory in MB."""

    wall: float
    processor: float
    memory: float

    def __str__(self) -> str:
        return f"{self.wall:.2f} s, {self.processor:.2f} s of processor, {self.memory:.0f} MB"


def measured(command: Sequence[str], checkout: Path, environment: Mapping[str, str]) -> Measured:
    """Run a command in a checkout; raises RuntimeError, with what it said, where it does not end well."""
    with tempfile.TemporaryFile() as said:
        started = perf_counter()
        process = subprocess.Popen(command, cwd=checkout, env=environment, stdout=said, stderr=said)
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        took = perf_counter() - started
        if process.returncode not in (0, 3):  # 3: published, but a source is degraded
            said.seek(0)
            raise RuntimeError(f"{' '.join(command)}: exit code {process.returncode}: {said.read().decode()}")
    return Measured(took, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def in_turns(measure: Callable[[Path], Measured], checkouts: Sequence[Path], times: int) -> list[Measured]:
    """Return the medians of each checkout, all measured `times`, one after the other."""
    rounds = [[measure(checkout) for checkout in checkouts] for _ in range(times)]
    return [
        Measured(*(median(getattr(one, name) for one in of_one) for name in ("wall", "processor", "memory")))
        for of_one in zip(*rounds, strict=True)
    ]


def told(name: str, found: Sequence[Measured]) -> str:
    """Return what was measured in a line a checkout, and what the first takes of the second."""
    here, *others = found
    lines = [f"{name}: {here}"]
    for other in others:
        time, processor = here.wall / other.wall, here.processor / other.processor
        lines.append(f"    beside {other}: {time:.2f} of its time, {processor:.2f} of its processor")
    return "\n".join(lines)
