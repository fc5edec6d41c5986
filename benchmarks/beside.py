"""Two commands measured beside each other: in turns, so that a busy machine is busy for both."""

import os
import subprocess
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median


@dataclass(frozen=True)
class Command:
    """What to run, where, with which variables beside those of this process, and how it may end."""

    words: Sequence[str]
    folder: Path
    variables: Mapping[str, str] = field(default_factory=dict)
    exit_codes: Collection[int] = (0,)


@dataclass(frozen=True)
class Taken:
    """What a command took, processes that it started included: seconds, and MB of the largest of them."""

    wall: float
    processor: float
    memory: float


def run_in_turns(
    first: Command, second: Command, times: int, before: Callable[[Command], object] | None = None
) -> tuple[Taken, Taken]:
    """Run two commands in turns and return the medians of each.

    What is done `before` every run is not measured. Raises CalledProcessError where a command ends otherwise.
    """
    taken: tuple[list[Taken], list[Taken]] = ([], [])
    for turn in range(times):
        for one in (0, 1) if turn % 2 == 0 else (1, 0):
            command = (first, second)[one]
            if before:
                before(command)
            taken[one].append(_run(command))
    return _medians(taken[0]), _medians(taken[1])


def _run(command: Command) -> Taken:
    start = time.perf_counter()
    process = subprocess.Popen(
        command.words,
        cwd=command.folder,
        env=os.environ | command.variables,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in command.exit_codes:
        raise subprocess.CalledProcessError(process.returncode, command.words)
    return Taken(time.perf_counter() - start, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def _medians(taken: Sequence[Taken]) -> Taken:
    return Taken(
        median(one.wall for one in taken),
        median(one.processor for one in taken),
        median(one.memory for one in taken),
    )
