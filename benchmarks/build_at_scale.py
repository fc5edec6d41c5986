"""How long many subjects and years take to load, build and publish, from scratch and for one more day.

Run: `python benchmarks/build_at_scale.py [--packages N] [SUBJECTS [YEARS...]]`, by default 1,000 subjects
of 1 and 10 years, none with a package, which needs 6 GB of disk and a quarter of an hour. Each step runs in
a process of its own, whose processor seconds and highest memory are told. The reference of the same run is
plain DuckDB: monthly sums, shares and year on year of the views that were published.
"""

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import astuple
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


def measure(step: str, folder: Path, scale: Scale, day: date) -> dict[str, float]:
    """Run a step in a process of its own, print and return what it took."""
    command = [sys.executable, __file__, "--step", step, str(folder), day.isoformat()]
    command += map(str, astuple(scale))
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    measured: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    told = measured.pop("told")
    print(
        f"{scale.years:2} years  {day}  {step:10} {measured['seconds']:7.1f} s "
        f"{measured['cpu']:7.1f} s cpu {measured['megabytes']:6.0f} MB  {told}",
        flush=True,
    )
    return measured


def measure_scale(scale: Scale, folder: Path) -> dict[str, float]:
    """Measure a scale from scratch and for more days; return a further day's best build."""
    started = time.perf_counter()
    write_archive(scale, folder / "archive")
    size = sum(file.stat().st_size for file in (folder / "archive").rglob("*.gz")) / 1e6
    print(f"{scale}: archive of {size:.0f} MB made in {time.perf_counter() - started:.0f} s", flush=True)
    scratch = [measure(step, folder, scale, LAST_DAY) for step in ("load", "build", "publish")]
    daily = []
    for day in (LAST_DAY + timedelta(days=n + 1) for n in range(MORE_DAYS)):
        write_one_more_day(scale, folder / "archive", day)
        measure("load", folder, scale, day)
        daily.append(measure("build", folder, scale, day))
        measure("publish", folder, scale, day)
    reference = measure("reference", folder, scale, day)
    best = min(daily, key=lambda measured: measured["cpu"])
    for name, measured in (("from scratch", scratch[1]), ("one more day", best)):
        print(f"  build {name}: {measured['cpu'] / reference['cpu']:.0f} x the reference", flush=True)
    return best


def main(packages: int, subjects: int = 1000, *years: int) -> None:
    """Measure each number of years, and how much longer a further day takes with the last than the first."""
    daily = []
    for number in years or (1, 10):
        with tempfile.TemporaryDirectory() as folder:
            daily.append(measure_scale(Scale(subjects, number, packages), Path(folder)))
    growth = {name: daily[-1][name] / daily[0][name] - 1 for name in ("seconds", "cpu")}
    print(f"one more day, last to first: {growth['seconds']:+.0%} of time, {growth['cpu']:+.0%} of cpu")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--step"]:
        step, folder, day, *numbers = sys.argv[2:]
        run_step(step, Path(folder), Scale(*map(int, numbers)), date.fromisoformat(day))
    elif sys.argv[1:2] == ["--packages"]:
        main(*map(int, sys.argv[2:]))
    else:
        main(0, *map(int, sys.argv[1:]))
