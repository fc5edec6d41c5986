"""How much sooner two workers of a Dask cluster build what is keyed by one name than one does.

Run: `python benchmarks/buckets_on_dask.py [PACKAGES]`, by default 600 of ten years, which needs 4 GB of disk
and a quarter of an hour with nothing else running. Each worker is a process of one thread, on this machine.
Told are the seconds of the whole bucket phase, from the first answer handed over to the last bucket that came
back, and those of the whole build; beside them a build by this machine alone. Required is 1.6 times as fast.
"""

import argparse
import json
import logging
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from time import perf_counter

from distributed import LocalCluster
from many_subjects import LAST_DAY, Scale, ecosystem_of, settings_on, write_archive

from flows.pipeline import steps
from warehouse.build.load import load, open_work

ROOT = Path(__file__).resolve().parents[1]
REQUIRED = 1.6
# The rest of the project has next to nothing to do.
REPOSITORIES = 6

Seconds = Mapping[str, float]


@dataclass(frozen=True)
class Packages(Scale):
    """Subjects with a package and an article each, few of which have a repository."""

    @property
    def with_repository(self) -> list[int]:
        """The subjects that have a repository."""
        return super().with_repository[:REPOSITORIES]


class Phase(logging.Handler):
    """Hears what a build says of its buckets: how many, and in how many seconds."""

    def __init__(self) -> None:
        super().__init__()
        self.said: Seconds = {"buckets": 0, "phase": 0.0}

    def emit(self, record: logging.LogRecord) -> None:
        """Take it down."""
        if str(record.msg).startswith("%d buckets of"):
            number, _, seconds, _ = record.args
            self.said = {"buckets": number, "phase": seconds}


def build_once(folder: Path, packages: int, scheduler: str | None) -> None:
    """Build in this process and print what it took, in seconds."""
    phase, settings = Phase(), replace(settings_on(folder, LAST_DAY), dask_scheduler=scheduler)
    logging.getLogger("barometer").addHandler(phase)
    logging.getLogger("barometer").setLevel(logging.INFO)
    started = perf_counter()
    steps.build(settings, ecosystem_of(Packages(packages, 10, packages)))
    print(json.dumps({**phase.said, "build": perf_counter() - started}))


def measure(loaded: Path, packages: int, workers: int) -> Seconds:
    """Build what was loaded, in a folder and a process of its own, on so many workers; 0 for none."""
    with tempfile.TemporaryDirectory(dir=loaded.parent) as folder:
        shutil.copytree(loaded, folder, dirs_exist_ok=True)
        command = [sys.executable, __file__, str(packages), "--build", folder]
        if not workers:
            return told(command, "this machine alone")
        local = {"threads_per_worker": 1, "memory_limit": 0, "dashboard_address": None}
        with LocalCluster(n_workers=workers, **local) as cluster:
            return told([*command, "--scheduler", cluster.scheduler_address], f"{workers} workers")


def told(command: list[str], name: str) -> Seconds:
    """Run a build, print what it took and return it."""
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, cwd=ROOT)
    took: Seconds = json.loads(done.stdout.splitlines()[-1])
    print(
        f"  {name}: {took['buckets']} buckets in {took['phase']:.1f} s, build {took['build']:.1f} s",
        flush=True,
    )
    return took


def main(packages: int) -> None:
    """Make the archive, load it, and build it by one worker, by two and without any."""
    scale = Packages(packages, 10, packages)
    with tempfile.TemporaryDirectory() as folder:
        loaded = Path(folder, "loaded")
        write_archive(scale, loaded / "archive")
        settings = settings_on(loaded, LAST_DAY)
        with open_work(settings) as connection:
            load(connection, settings, ecosystem_of(scale))
        shutil.rmtree(loaded / "archive")
        print(f"{packages} packages of ten years", flush=True)
        one, two, _ = (measure(loaded, packages, workers) for workers in (1, 2, 0))
    for name in ("phase", "build"):
        print(f"{name}: {one[name] / two[name]:.2f} times as fast on two workers as on one")
    if one["phase"] < REQUIRED * two["phase"]:
        raise SystemExit(f"expected {REQUIRED} times at least in the bucket phase")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("packages", type=int, nargs="?", default=600)
    parser.add_argument("--build", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--scheduler", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.build:
        build_once(arguments.build, arguments.packages, arguments.scheduler)
    else:
        main(arguments.packages)
