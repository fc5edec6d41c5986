"""Judges dated claims as of their own day, from what was known then, and again as of today.

Run: `PYTHONPATH=. python benchmarks/claims/judge.py`. The archive is the demo's: its server stands in for the
services, the real collectors ask it, and dbt's own SQL makes the verdicts. Figures that the demo makes up are
taken out before anything is judged, so that a claim that only they could judge stays without a verdict.
"""

import os
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb

from benchmarks.claims.dated import ECOSYSTEM, Dated, read_dated
from flows.console.table import Grid, print_grid
from flows.demo.run import run_demo
from flows.pipeline import steps
from flows.sources import services_of
from tests.straight import Straight, compile_straight
from warehouse.build.load import open_work
from warehouse.build.registers import claim_registers
from warehouse.config.catalog import catalog
from warehouse.config.claims import Claim, Claims
from warehouse.config.ecosystem import read_ecosystem
from warehouse.config.settings import Settings, read_settings

WITHHELD = "not measurable here"
UNMEASURABLE = "none: no figures can tell"
UNKNOWN = "none: no source of its metrics here"
MADE_UP_OUT = "delete from intermediate.int_rivals where is_sample"
# The last month end before the day on which a claim was made, and the last day of all.
VERDICTS = """
select claim_id, arg_max(verdict, as_of) filter (where as_of < made_on), arg_max(verdict, as_of)
from intermediate.int_claim_verdicts
inner join raw.made using (claim_id)
group by claim_id
"""


@dataclass(frozen=True)
class Judged:
    """A claim, with the verdict that was possible on its day, and that of today."""

    claim: Dated
    then: str
    today: str


def judged(claims: Sequence[Dated], settings: Settings, straight: Straight) -> list[Judged]:
    """Return each claim's two verdicts, from a loaded archive in whose work database no model was built."""
    asked = [claim for one in claims if (claim := one.claim(catalog().metrics))]
    with open_work(settings) as work:
        tell(asked, claims, work, settings)
        without_made_up(straight.up_to("int_claim_verdicts")).run(work)
        verdicts = {name: told for name, *told in work.execute(VERDICTS).fetchall()}
    found = []
    for one in claims:
        none = UNMEASURABLE if one.not_measurable else UNKNOWN
        then, today = verdicts.get(one.id, (none, none))
        found.append(Judged(one, then or WITHHELD, today))
    return found


def tell(
    asked: Sequence[Claim], claims: Iterable[Dated], work: duckdb.DuckDBPyConnection, settings: Settings
) -> None:
    """Put the claims into the registers that the models read, and beside them the days they were made on."""
    told = Claims(source="Dated claims", claims=tuple(asked))
    for table, rows in claim_registers(told, read_ecosystem(settings.config)).items():
        work.execute(f"delete from {table}")
        if rows:
            work.executemany(f"insert into {table} values ({', '.join('?' * len(rows[0]))})", rows)
    work.execute("create or replace table raw.made (claim_id varchar, made_on date)")
    work.executemany("insert into raw.made values (?, ?)", [(one.id, one.made_on) for one in claims])


def without_made_up(straight: Straight) -> Straight:
    """Return the same models, the figures that a stand-in made up taken out of what claims are judged by."""
    models = (
        replace(model, after=f"{model.after}; {MADE_UP_OUT}") if model.name == "int_rivals" else model
        for model in straight.models
    )
    return Straight(tuple(models), straight.seeds)


def numbers(rows: Sequence[Judged]) -> Iterator[tuple[str, int]]:
    """Yield what is reported, each with its count."""
    given = [row for row in rows if not row.then.startswith("none") and row.then != WITHHELD]
    firm = [row for row in given if row.then != "mixed"]
    still = [row for row in given if row.today != WITHHELD]
    yield "claims", len(rows)
    yield "that no figures can judge: no verdict", sum(row.then == UNMEASURABLE for row in rows)
    yield "whose metrics no source here has: no verdict", sum(row.then == UNKNOWN for row in rows)
    yield "withheld on their day: nothing known yet, or too little", sum(row.then == WITHHELD for row in rows)
    yield "judged on their day", len(given)
    for verdict, count in sorted(Counter(row.then for row in given).items()):
        yield f"    {verdict}", count
    yield "of those supported or contradicted, agreeing with the page", sum(
        row.then == "supported" for row in firm
    )
    yield "of those judged, holding today", sum(row.then == row.today for row in still)
    yield "of those judged, another verdict today", sum(row.then != row.today for row in still)
    yield "of those judged, withheld today: the figures have ended", len(given) - len(still)
    yield "withheld on their day, judged today", sum(
        row.then == WITHHELD and row.today != WITHHELD for row in rows
    )


def collect_and_load() -> Settings:
    """Collect the demo's present and load the whole of its archive, as a run of the flow does."""
    settings = read_settings()
    ecosystem = steps.ecosystem_of(settings)
    known = steps.load_archive(settings, ecosystem)
    for service in services_of(ecosystem.sources, settings):
        steps.collect_service(service, settings, ecosystem, known[service.source_id])
    steps.load_archive(settings, ecosystem)
    return settings


def main() -> None:
    """Make the archive, judge, and print claims and counts."""
    claims = read_dated()
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"BAROMETER_DATA": f"{folder}/data", "BAROMETER_CONFIG": str(ECOSYSTEM)}
        loaded: list[Settings] = []
        run_demo(read_settings(), lambda: loaded.append(collect_and_load()))
        rows = judged(claims, loaded[0], compile_straight(Path(folder) / "straight"))
    told = [(one.claim.made_on, one.claim.id, one.then, one.today) for one in rows]
    print_grid(Grid(("made on", "claim", "verdict then", "verdict today"), sorted(told)))
    print_grid(Grid(("", "claims"), list(numbers(rows))))
    lacking = sorted({name for one in claims for name in one.unknown(catalog().metrics)})
    print(f"metrics that no source here has: {', '.join(lacking) or 'none'}")


if __name__ == "__main__":
    main()
