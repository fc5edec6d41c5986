"""How long people wait: for the demo, a run in which nothing or little is new, and short commands.

Run: `python benchmarks/whole_runs.py [--against PATH] [--times N] [NAME...]`. `--against` names another
checkout with a `.venv` of its own, whose commands run in turns with these; medians are told. Every run asks
the demo's server of its own checkout.
"""

import argparse
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from beside import HERE, Measured, in_turns, measured, told

NEXT_DAY = "2025-08-07T06:00:00+00:00"
ONE_SOURCE = "wikipedia"
PYTHON = ".venv/bin/python"


class Checkout:
    """A checkout, with a finished demo of its own that each measuring begins with."""

    def __init__(self, root: Path, folder: Path) -> None:
        self.root, self.folder = root, folder
        self.made = folder / "made"
        self.environment = {
            name: value for name, value in os.environ.items() if not name.startswith(("BAROMETER", "PREFECT"))
        }

    def demo(self, folder: Path) -> Measured:
        """Run the demo in a folder."""
        shutil.rmtree(folder, ignore_errors=True)
        return measured([PYTHON, "-m", "flows", "demo"], self.root, self._in(folder))

    def prepare(self) -> None:
        """Make the demo, and run once more, as what is asked for the first time each day is asked then."""
        if not self.made.exists():
            self.demo(self.made)
            with self._asked() as server:
                self._run(self.made, server, "run")

    def nothing_new(self) -> Measured:
        """Run again on the same day."""
        self.prepare()
        with self._asked() as server:
            return self._run(self._copied(), server, "run")

    def next_day(self) -> Measured:
        """Run on the day after, on which every source may have something new."""
        self.prepare()
        with self._asked() as server:
            return self._run(self._copied(), {**server, "BAROMETER_NOW": NEXT_DAY}, "run")

    def one_new_day(self) -> Measured:
        """Collect a day of one source, build, publish and report."""
        self.prepare()
        commands = (f"collect {ONE_SOURCE}", "build", "report")
        script = " && ".join(f"{{ {PYTHON} -m flows {one} || test $? = 3; }}" for one in commands)
        with self._asked() as server:
            here = self._in(self._copied()) | server | {"BAROMETER_NOW": NEXT_DAY}
            return measured(["sh", "-c", script], self.root, here)

    def short(self, *command: str) -> Measured:
        """Run a command that only reads."""
        self.prepare()
        return measured([PYTHON, "-m", "flows", *command], self.root, self._in(self.made))

    def _run(self, folder: Path, server: Mapping[str, str], *command: str) -> Measured:
        return measured([PYTHON, "-m", "flows", *command], self.root, self._in(folder) | server)

    def _copied(self) -> Path:
        shutil.rmtree(copied := self.folder / "copied", ignore_errors=True)
        return Path(shutil.copytree(self.made, copied, symlinks=True))

    def _in(self, folder: Path) -> dict[str, str]:
        places = {"BAROMETER_DATA": "data", "BAROMETER_SITE": "site", "PREFECT_HOME": "prefect"}
        return self.environment | {name: str(folder / place) for name, place in places.items()}

    @contextmanager
    def _asked(self) -> Iterator[dict[str, str]]:
        """Let the demo's server run, and yield what points a command at it."""
        command = [PYTHON, "-m", "flows.demo.server"]
        process = subprocess.Popen(
            command, cwd=self.root, env=self.environment, stdout=subprocess.PIPE, text=True
        )
        assert process.stdout
        exported = {}
        for line in process.stdout:
            if "mktemp" in line:
                break
            if line.startswith("export "):
                name, _, value = line.removeprefix("export ").strip().partition("=")
                exported[name] = value
        keys = dict.fromkeys(("GITHUB_TOKEN", "STACKEXCHANGE_KEY", "OPENALEX_API_KEY"), "demo")
        try:
            yield exported | keys | {"BAROMETER_CONTACT": "https://demo.example"}
        finally:
            process.terminate()
            process.wait()


RUNS: Mapping[str, Callable[[Checkout], Measured]] = {
    "demo": lambda checkout: checkout.demo(checkout.folder / "demo"),
    "nothing-new": Checkout.nothing_new,
    "next-day": Checkout.next_day,
    "one-new-day": Checkout.one_new_day,
    "help": lambda checkout: checkout.short("--help"),
    "version": lambda checkout: checkout.short("--version"),
    "status": lambda checkout: checkout.short("status"),
    "sql": lambda checkout: checkout.short("sql", "select 1"),
    "import-duckdb": lambda checkout: measured(
        [PYTHON, "-c", "import duckdb"], checkout.root, checkout.environment
    ),
}


def main(names: Sequence[str], against: Path | None, times: int) -> None:
    """Measure what is named, or everything."""
    with TemporaryDirectory() as folder:
        roots = [HERE, *([against.resolve()] if against else [])]
        made = {root: Checkout(root, Path(folder, str(n))) for n, root in enumerate(roots)}
        for name in names or RUNS:
            found = in_turns(lambda root, name=name: RUNS[name](made[root]), roots, times)
            print(told(name, found), flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--against", type=Path, help="another checkout, to run beside this one")
    parser.add_argument("--times", type=int, default=5)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"some of {', '.join(RUNS)}")
    asked = parser.parse_args()
    main(asked.names, asked.against, asked.times)
