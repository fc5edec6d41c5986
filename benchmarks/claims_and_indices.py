"""How long the ledger of claims and the weightings take of a build, on the demo and at a larger scale.

Run: `python benchmarks/claims_and_indices.py [SUBJECTS YEARS]`, by default ten subjects of ten years with a
package, a repository and an article each, and two claims about each beside all others, judged by
every metric that is there. With `--demo` the demo is run first, by whatever BAROMETER_CONFIG names. Told is
the time of the models, and what part that is of the same build, all nodes and checks together.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb
import tomlkit
from many_subjects import LAST_DAY, Scale, ecosystem_of, settings_on, write_archive

from flows.pipeline import steps
from warehouse.build.dbt import SECONDS
from warehouse.config.catalog import catalog
from warehouse.config.ecosystem import Ecosystem

# What each is made of: the models whose names begin so.
PARTS: Mapping[str, tuple[str, ...]] = {
    "ledger": ("int_claim_", "claim"),
    "weightings": ("int_weight", "weighting"),
}
CLAIMS = "claims.toml"


@dataclass(frozen=True)
class Spent:
    """Seconds of a build's models: of each part, and of all with the checks."""

    parts: Mapping[str, float]
    whole: float

    def __str__(self) -> str:
        told = [f"{name} {seconds:.2f} s" for name, seconds in self.parts.items()]
        both = sum(self.parts.values())
        return f"{', '.join(told)}; both {both:.2f} s, {both / self.whole:.1%} of {self.whole:.1f} s"


def spent(dbt: Path) -> Spent:
    """Return what the last build spent, as it wrote it down."""
    seconds: dict[str, float] = json.loads((dbt / SECONDS).read_text())
    parts = {
        name: sum(took for node, took in seconds.items() if node.split(".")[2].startswith(begins))
        for name, begins in PARTS.items()
    }
    return Spent(parts, sum(seconds.values()))


def claims_of_each(ecosystem: Ecosystem) -> str:
    """Return a file of two claims about each subject: that it leads in every metric, and that it grows."""
    metrics = [
        metric.id
        for source_id in ecosystem.sources
        for metric in catalog()[source_id].metrics
        if metric.made_from is None
    ]
    claims = [
        {
            "id": f"{subject.id}_{measure}",
            "quote": measure,
            "says": f"{subject.name} {measure}.",
            "question": f"Is it {subject.name} that {measure}?",
            "about": subject.id,
            "evidence": [{"metric": metric, "measure": measure} for metric in metrics],
            "would_change": "Other figures.",
            "cannot_tell": "Anything: the figures are made up.",
        }
        for subject in ecosystem.subjects
        for measure in ("leads", "grows")
    ]
    return tomlkit.dumps({"source": "A benchmark", "claims": claims})


def measure_scale(scale: Scale, folder: Path) -> Spent:
    """Build an archive of a scale from scratch and return what was spent."""
    settings = settings_on(folder, LAST_DAY)
    every = ecosystem_of(scale)
    # One without a repository would leave its measures out of every weighting.
    subjects = tuple(one for one in every.subjects if one.github)
    ecosystem = every.model_copy(update={"claims": CLAIMS, "subjects": subjects})
    settings.config.with_name(CLAIMS).write_text(claims_of_each(ecosystem))
    write_archive(scale, folder / "archive")
    steps.load_archive(settings, ecosystem)
    started = time.perf_counter()
    steps.build(settings, ecosystem)
    print(f"build: {time.perf_counter() - started:.1f} s", flush=True)
    with duckdb.connect(settings.work_file, read_only=True) as work:
        counts = "select (select count(*) from marts.claims), count(*) from intermediate.int_claim_standings"
        ((claims, standings),) = work.execute(counts).fetchall()
        weighed = work.execute("select kind, max(measures) from marts.weightings group by all order by 1")
        print(f"{claims} claims by {standings:,} standings; measures weighed: {weighed.fetchall()}")
    return spent(settings.folder / "dbt")


def measure_demo(folder: Path) -> Spent:
    """Run the demo and return what its build spent."""
    environment = os.environ | {
        "BAROMETER_DATA": str(folder / "data"),
        "BAROMETER_SITE": str(folder / "site"),
    }
    subprocess.run([sys.executable, "-m", "flows", "demo"], env=environment, check=True)
    return spent(folder / "data" / "dbt")


def main(subjects: int = 10, years: int = 10) -> None:
    """Measure a scale, or the demo."""
    with tempfile.TemporaryDirectory() as folder:
        if sys.argv[1:] == ["--demo"]:
            print(f"demo: {measure_demo(Path(folder))}")
        else:
            made_up = subjects + (subjects - 1) // 3  # of four made-up ones three have a repository
            found = measure_scale(Scale(made_up, years, made_up), Path(folder))
            print(f"{subjects} subjects of {years} years: {found}")


if __name__ == "__main__":
    main(*map(int, filter(str.isdigit, sys.argv[1:])))
