"""How many published figures the archive makes again, and how long one takes.

Run: `python benchmarks/prove.py [FIGURES] [SINGLE]`, with the environment of a data folder that was
published. It draws so many figures (1,000) of all that are published and proves them together, which reads
the answers of each source once; then as many of them (20) by the command, each in a process of its own with
nothing at hand but the compiled models. Required: all equal, 3 s for one.
"""

import random
import resource
import statistics
import subprocess
import sys
import time

from warehouse.config.ecosystem import read_ecosystem
from warehouse.config.settings import Settings, read_settings
from warehouse.proof.compiled import compiled_models
from warehouse.proof.prove import prove
from warehouse.published.figure_id import FigureId
from warehouse.published.open import open_published

SEED = 2026
EVERY = """
select subject_id, metric_id, period_start from observations
union all
select tool_id, metric_id, period_start from tool_observations
order by all
"""


def main(figures: int, single: int) -> None:
    """Prove them, and print how many were equal and what it took."""
    settings = read_settings()
    with open_published(settings.published_file) as published:
        every = [FigureId(*row) for row in published.query(EVERY)[1]]
    chosen = random.Random(SEED).sample(every, min(figures, len(every)))
    began = time.perf_counter()
    compiled = compiled_models(settings)
    print(f"{len(compiled.models)} models at hand after {time.perf_counter() - began:.1f} s")
    _together(chosen, settings)
    _alone(chosen[:single])


def _together(chosen: list[FigureId], settings: Settings) -> None:
    began = time.perf_counter()
    proofs = prove(chosen, settings, read_ecosystem(settings.config), with_answers=False)
    took = time.perf_counter() - began
    for one in proofs:
        if not one.is_equal:
            print(one.figure, [(told.what, told.published, told.again) for told in one.differences])
    metrics = {one.figure.metric_id for one in proofs}
    equal = sum(one.is_equal for one in proofs)
    print(f"{equal} of {len(proofs)} figures of {len(metrics)} metrics equal, together in {took:.1f} s")


def _alone(chosen: list[FigureId]) -> None:
    seconds, processor = [], []
    for figure in chosen:
        began, before = time.perf_counter(), _processor()
        subprocess.run([sys.executable, "-m", "flows", "prove", str(figure)], check=True, stdout=-1)
        seconds.append(time.perf_counter() - began)
        processor.append(_processor() - before)
    if seconds:
        told = (statistics.median(seconds), max(seconds), statistics.median(processor), max(processor))
        print(
            "{} alone: median {:.1f} s, longest {:.1f} s; of processor {:.1f} s and {:.1f} s".format(
                len(seconds), *told
            )
        )


def _processor() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    counts = [int(text) for text in sys.argv[1:]]
    main(*(counts + [1_000, 20][len(counts) :]))
