"""How long many subjects and years take to load, build and publish, from scratch and for one more day.

Run: `python benchmarks/build_at_scale.py [--packages N] [--against PATH] [SUBJECTS [YEARS...]]`, by default
1,000 subjects of 1 and 10 years, none with a package, which needs 6 GB of disk and a quarter of an hour. Each
step runs in a process of its own, whose processor seconds and highest memory are told. The reference of the
same run is plain DuckDB: monthly sums, shares and year on year of the views that were published.
`--against` names another checkout with a `.venv` of its own, whose steps run on the same answers in turns
with these; told is how much of its processor time they take.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import astuple, dataclass
from datetime import date, timedelta
from pathlib import Path

import duckdb
from many_subjects import LAST_DAY, Scale, ecosystem_of, settings_on, write_archive, write_one_more_day

from flows.pipeline import steps
from warehouse.build.dbt import SECONDS
from warehouse.build.load import load, open_work
from warehouse.config.settings import Settings

REFERENCE = """
with months as (
    select subject_id, date_trunc('month', period_start) as month, sum(value) as views
    from observations where metric_id = 'wikipedia_pageviews' group by all
)
select
    months.*, views / sum(views) over (partition by month) as share,
    views / lag(views, 12) over (partition by subject_id order by month) - 1 as yoy
from months
"""
MORE_DAYS = 3
ROOT = Path(__file__).resolve().parents[1]


def load_it(settings: Settings, scale: Scale) -> str:
    """Load what is new in the archive."""
    with open_work(settings) as connection:
        return f"{load(connection, settings, ecosystem_of(scale))} files"


def build_it(settings: Settings, scale: Scale) -> str:
    """Run `dbt build`, all tests included."""
    steps.build(settings, ecosystem_of(scale))
    with duckdb.connect(settings.work_file, read_only=True) as work:
        failed = work.execute("select check_id from raw.checks where not passed and severity = 'error'")
        if names := [name for (name,) in failed.fetchall()]:
            raise SystemExit(f"not built: {', '.join(names)}")
    return slowest_nodes(settings)


def publish_it(settings: Settings, scale: Scale) -> str:
    """Publish the marts."""
    steps.publish_marts(settings)
    return f"{settings.published_file.stat().st_size / 1e6:.0f} MB"


def ask_reference(settings: Settings, scale: Scale) -> str:
    """Answer the reference from the published file."""
    with duckdb.connect(settings.published_file, read_only=True) as connection:
        rows = connection.execute(REFERENCE).fetchall()
        (observations,) = connection.execute("select count(*) from observations").fetchall()[0]
    return f"{len(rows):,} rows from {observations:,} observations"


STEPS: Mapping[str, Callable[[Settings, Scale], str]] = {
    "load": load_it,
    "build": build_it,
    "publish": publish_it,
    "reference": ask_reference,
}


def slowest_nodes(settings: Settings) -> str:
    """Return the nodes of the last build that took longest, in seconds."""
    seconds: dict[str, float] = json.loads((settings.folder / "dbt" / SECONDS).read_text())
    slowest = sorted(seconds, key=lambda name: -seconds[name])[:8]
    told = [f"{name.split('.')[2]} {seconds[name]:.1f}" for name in slowest]
    return f"{len(seconds)} nodes, {sum(seconds.values()):.1f} s in them: " + ", ".join(told)


def run_step(step: str, folder: Path, scale: Scale, day: date) -> None:
    """Run a step in this process and print what it took."""
    started = time.perf_counter()
    told = STEPS[step](settings_on(folder, day), scale)
    used = resource.getrusage(resource.RUSAGE_SELF)
    measured = {
        "seconds": time.perf_counter() - started,
        "cpu": used.ru_utime + used.ru_stime,
        "megabytes": used.ru_maxrss / 1024,
    }
    print(json.dumps(measured | {"told": told}))


@dataclass(frozen=True)
class Side:
    """A checkout, and the data folder that it alone works in; `python` is its interpreter."""

    name: str
    python: str
    checkout: Path
    folder: Path


Measured = dict[str, float]


def measure(step: str, side: Side, scale: Scale, day: date) -> Measured:
    """Run a step in a process of its own, print and return what it took."""
    command = [side.python, "benchmarks/build_at_scale.py", "--step", step, str(side.folder), day.isoformat()]
    command += map(str, astuple(scale))
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, cwd=side.checkout)
    measured: Measured = json.loads(done.stdout.splitlines()[-1])
    told = measured.pop("told")
    print(
        f"{scale.years:2} years  {day}  {side.name:7} {step:10} {measured['seconds']:7.1f} s "
        f"{measured['cpu']:7.1f} s cpu {measured['megabytes']:6.0f} MB  {told}",
        flush=True,
    )
    return measured


def measure_steps(sides: Sequence[Side], scale: Scale, day: date, turn: int) -> list[dict[str, Measured]]:
    """Measure load, build and publication on each side, by step; who begins changes with the turn."""
    measured = [dict[str, Measured]() for _ in sides]
    for number, step in enumerate(("load", "build", "publish"), start=turn):
        beginning = range(len(sides)) if number % 2 else reversed(range(len(sides)))
        for side in beginning:
            measured[side][step] = measure(step, sides[side], scale, day)
    return measured


def measure_scale(scale: Scale, sides: Sequence[Side]) -> dict[str, Measured]:
    """Measure a scale from scratch and for more days; return the best of a further day's steps here."""
    archives = [side.folder / "archive" for side in sides]
    started = time.perf_counter()
    for archive in archives:
        write_archive(scale, archive)
    size = sum(file.stat().st_size for file in archives[0].rglob("*.gz")) / 1e6
    print(f"{scale}: archive of {size:.0f} MB made in {time.perf_counter() - started:.0f} s", flush=True)
    scratch, daily = measure_steps(sides, scale, LAST_DAY, 0), []
    for number in range(1, MORE_DAYS + 1):
        day = LAST_DAY + timedelta(days=number)
        for archive in archives:
            write_one_more_day(scale, archive, day)
        daily.append(measure_steps(sides, scale, day, number))
    reference = measure("reference", sides[0], scale, day)
    best = [best_of([one[side] for one in daily]) for side in range(len(sides))]
    for name, measured in (("from scratch", scratch), ("one more day", best)):
        times = measured[0]["build"]["cpu"] / reference["cpu"]
        print(f"  build {name}: {times:.0f} x the reference", flush=True)
        for step in measured[0] if len(sides) > 1 else ():
            ratio = measured[0][step]["cpu"] / measured[1][step]["cpu"]
            print(f"  {step} {name}: {ratio:.2f} of {sides[1].checkout}", flush=True)
    return best[0]


def best_of(days: Sequence[Mapping[str, Measured]]) -> dict[str, Measured]:
    """Return of each step the day that took the least processor time."""
    return {step: min((day[step] for day in days), key=lambda measured: measured["cpu"]) for step in days[0]}


def main(packages: int, against: Path | None, subjects: int = 1000, *years: int) -> None:
    """Measure each number of years, and how much longer a further day takes with the last than the first."""
    daily = []
    for number in years or (1, 10):
        with tempfile.TemporaryDirectory() as folder:
            sides = [Side("here", sys.executable, ROOT, Path(folder, "here"))]
            if against:
                python = str(against / ".venv/bin/python")
                sides.append(Side("there", python, against, Path(folder, "there")))
            daily.append(measure_scale(Scale(subjects, number, packages), sides))
    for step in daily[0]:
        growth = {name: daily[-1][step][name] / daily[0][step][name] - 1 for name in ("seconds", "cpu")}
        told = f"{growth['seconds']:+.0%} of time, {growth['cpu']:+.0%} of cpu"
        print(f"{step} of one more day, last to first: {told}")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--step"]:
        step, folder, day, *numbers = sys.argv[2:]
        run_step(step, Path(folder), Scale(*map(int, numbers)), date.fromisoformat(day))
    else:
        parser = argparse.ArgumentParser(description=__doc__)
        parser.add_argument("--packages", type=int, default=0)
        parser.add_argument("--against", type=lambda text: Path(text).resolve())
        parser.add_argument("numbers", type=int, nargs="*", metavar="SUBJECTS YEARS")
        asked = parser.parse_args()
        main(asked.packages, asked.against, *asked.numbers)
