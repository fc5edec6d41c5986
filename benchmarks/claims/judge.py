"""Judges dated claims as of their own day, from what was known then, and again as of today.

Run: `PYTHONPATH=. python benchmarks/claims/judge.py`. The archive is the demo's: its server stands in for the
services, the real collectors ask it, and dbt's own SQL makes the verdicts. Figures that the demo makes up are
taken out before anything is judged, so that a claim that only they could judge stays without a verdict.
"""

import os
import tempfile
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
REAL = "select distinct metric_id from intermediate.int_rivals"
MADE_UP_OUT = "delete from intermediate.int_rivals where is_sample"
AGREEMENTS = {
    "supported": "supported: the page and the figures agree",
    "contradicted": "contradicted: they disagree",
    "mixed": "mixed: the figures do not agree",
}
VERDICTS_GIVEN = tuple(AGREEMENTS)
# The last month end before the day on which a claim was made, and the last day of all.
VERDICTS = """
select claim_id, arg_max(verdict, as_of) filter (where as_of < made_on), arg_max(verdict, as_of)
from intermediate.int_claim_verdicts
inner join raw.made using (claim_id)
group by claim_id
"""


@dataclass(frozen=True)
class Judged:
    """A claim, with the verdict that was possible on its day, and that of today.

    `is_counted` tells whether any of its metrics has figures here that are real.
    """

    claim: Dated
    then: str
    today: str
    is_counted: bool = True


def judged(claims: Sequence[Dated], settings: Settings, straight: Straight) -> list[Judged]:
    """Return each claim's two verdicts, from a loaded archive in whose work database no model was built."""
    asked = [claim for one in claims if (claim := one.claim(catalog().metrics))]
    with open_work(settings) as work:
        tell(asked, claims, work, settings)
        without_made_up(straight.up_to("int_claim_verdicts")).run(work)
        verdicts = {name: told for name, *told in work.execute(VERDICTS).fetchall()}
        real = {metric for (metric,) in work.execute(REAL).fetchall()}
    found = []
    for one in claims:
        none = UNMEASURABLE if one.not_measurable else UNKNOWN
        then, today = verdicts.get(one.id, (none, none))
        is_counted = any(told.metric in real for told in one.evidence)
        found.append(Judged(one, then or WITHHELD, today, is_counted))
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
    withheld = [row for row in rows if row.then == WITHHELD]
    given = [row for row in rows if row.then in VERDICTS_GIVEN]
    today = [row for row in given if row.today != WITHHELD]
    yield "claims", len(rows)
    yield "no verdict: no figures can tell", sum(row.then == UNMEASURABLE for row in rows)
    yield "no verdict: no source of its metrics here", sum(row.then == UNKNOWN for row in rows)
    yield "withheld on their day", len(withheld)
    yield "    no real figures of its metrics here", sum(not row.is_counted for row in withheld)
    yield "    too little known by then", sum(row.is_counted for row in withheld)
    yield "judged on their day", len(given)
    for verdict in VERDICTS_GIVEN:
        yield f"    {AGREEMENTS[verdict]}", sum(row.then == verdict for row in given)
    yield "judged on their day, and today", len(today)
    yield "    verdict of then holds", sum(row.then == row.today for row in today)
    yield "    another verdict today", sum(row.then != row.today for row in today)
    yield "judged on their day, withheld today: no figures of the last year", len(given) - len(today)
    yield "withheld on their day, judged today", sum(row.today != WITHHELD for row in withheld)


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
