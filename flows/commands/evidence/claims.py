"""The ledger of claims: what people say, what the figures say of it, and by which evidence."""

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Annotated, Any

import typer

from flows.console.say import print_lines
from flows.console.table import Grid, print_grid
from warehouse.archive.fetched import fetch_published
from warehouse.config.settings import Settings, read_settings
from warehouse.errors import ConfigurationError, NothingPublished
from warehouse.published.open import Published, open_published

NONE = "No claims are judged: `claims` in the configuration names them, see docs/claims.md"
LEDGER = """
select
    claim_id as claim,
    verdict || coalesce(' ' || true_until, '') as verdict,
    since,
    confidence,
    sentence
from claims
order by position
"""
EVIDENCE = """
select
    evidence.metric_id as metric,
    evidence.measure as asked,
    evidence.supports as says,
    evidence.subject_id as subject,
    evidence.period_start as period,
    evidence.value,
    evidence.state,
    evidence.ratio,
    evidence.ratio_low as low,
    evidence.ratio_high as high,
    evidence.weight
from claim_evidence as evidence
inner join subjects using (subject_id)
where evidence.claim_id = getvariable('claim')
order by evidence.weight desc, metric, asked, subjects.position
"""
HISTORY = """
select year, verdict, share_for as "for it", share_against as against, share_known as known
from claim_history
where claim_id = getvariable('claim')
order by year
"""


def claims(
    explain: Annotated[
        str | None, typer.Option(metavar="ID", help="Claim whose evidence is shown, figure by figure.")
    ] = None,
    as_of: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="Past day, made again with `barometer rebuild --as-of`."),
    ] = None,
) -> None:
    """Show what is claimed, and what the figures say of it: the verdict, since when, and how sure that is."""
    with _published(as_of, read_settings()) as published:
        if not published.rows("from claims limit 1"):
            print_lines([NONE])
        elif explain is None:
            _print(published, LEDGER)
        else:
            _explain(published, explain)


def _published(as_of: datetime | None, settings: Settings) -> AbstractContextManager[Published]:
    """Open the file of today, or of a past day; raises NothingPublished where that was not made again."""
    if as_of is None:
        fetch_published(settings)
        return open_published(settings.published_file)
    past = settings.of(as_of.date())
    if not past.published_file.exists():
        how = f"make them with `barometer rebuild --as-of {as_of:%Y-%m-%d}`"
        raise NothingPublished(f"{past.published_file}: found no figures of that day; {how}")
    return open_published(past.published_file)


def _explain(published: Published, claim_id: str) -> None:
    published.set_variables({"claim": claim_id})
    found = published.rows("from claims where claim_id = getvariable('claim')")
    if not found:
        known = ", ".join(str(row["claim_id"]) for row in published.rows("from claims order by position"))
        raise ConfigurationError(f"--explain: found {claim_id!r}, expected one of {known}")
    print_lines(_told(found[0]))
    for sql in (EVIDENCE, HISTORY):
        _print(published, sql)


def _told(claim: Mapping[str, Any]) -> Iterator[str]:
    """Yield, a line each, what is claimed and asked, what the figures say, and what they do not."""
    until = f" {claim['true_until']}" if claim["true_until"] else ""
    since = f", since {claim['since']}" if claim["since"] else ""
    sure = f", confidence {claim['confidence']}" if claim["confidence"] else ""
    yield f"{claim['sentence']} \u201c{claim['quote']}\u201d"
    yield str(claim["question"])
    yield f"{claim['verdict']}{until}{since}{sure}: {claim['evidence']}"
    if claim["would_change"]:
        yield f"What would change it: {claim['would_change']}"
    if claim["cannot_tell"]:
        yield f"What it cannot tell: {claim['cannot_tell']}"


def _print(published: Published, sql: str) -> None:
    names, rows = published.query(sql)
    if rows:
        print_grid(Grid(names, rows))
