"""What the sources declare, as tables beside the archive: the models read it there."""

from collections.abc import Iterator, Mapping, Sequence

from warehouse.config.catalog import Catalog
from warehouse.config.claims import Claims
from warehouse.config.ecosystem import Ecosystem

# Tables of the work database, made anew with each load.
SCHEMA = """
create or replace table raw.metrics (
    metric_id varchar, name varchar, kind varchar, unit varchar, grain varchar, aggregation varchar,
    source_id varchar, definition varchar, caveat varchar, made_from varchar, made_how varchar,
    may_end varchar, asked_after_days integer, headline varchar,
    counted_by varchar, licence varchar
);
create or replace table raw.events (
    event_id varchar, subject_id varchar, source_id varchar, metric_id varchar, occurred_on date,
    ended_on date, kind varchar, title varchar, url varchar
);
create or replace table raw.bounds (source_id varchar, first_day date, count_below bigint, reason varchar);
create or replace table raw.services (source_id varchar, service varchar, name varchar);
create or replace table raw.claims (
    claim_id varchar, position integer, quote varchar, sentence varchar, question varchar, about_id varchar,
    not_measurable varchar, would_change varchar, cannot_tell varchar, made_in varchar, made_on varchar,
    url varchar
);
create or replace table raw.claim_rivals (claim_id varchar, rival_id varchar);
create or replace table raw.claim_measures (
    claim_id varchar, metric_id varchar, measure varchar, weight double
);
"""


def registers(catalog: Catalog) -> Mapping[str, Sequence[Sequence[object]]]:
    """Return the rows of each of these tables, in the catalogue's order."""
    return {
        "raw.metrics": list(_metrics(catalog)),
        "raw.events": sorted(_events(catalog), key=lambda row: str(row[4])),
        "raw.bounds": [
            (source.id, source.bounds.first_day, source.bounds.count_below, source.bounds.reason)
            for source in catalog.values()
        ],
        "raw.services": [
            (source.id, variable, host.name)
            for source in catalog.values()
            for variable, host in source.services.items()
        ],
    }


def claim_registers(claims: Claims | None, ecosystem: Ecosystem) -> Mapping[str, Sequence[Sequence[object]]]:
    """Return the rows that tell which claims are judged, beside whom, and by what."""
    every = claims.claims if claims else ()
    made = (claims.source, claims.published_on, claims.url) if claims else ()
    return {
        "raw.claims": [
            (
                *(one.id, position, one.quote, one.says, one.question, one.about),
                *(one.not_measurable, one.would_change, one.cannot_tell, *made),
            )
            for position, one in enumerate(every)
        ],
        "raw.claim_rivals": [(one.id, rival) for one in every for rival in one.rivals(ecosystem)],
        "raw.claim_measures": [
            (one.id, told.metric, told.measure, told.weight) for one in every for told in one.evidence
        ],
    }


def _metrics(catalog: Catalog) -> Iterator[Sequence[object]]:
    for source in catalog.values():
        for one in source.metrics:
            yield (
                *(one.id, one.name, one.kind, one.unit, one.grain, one.aggregation, source.id),
                *(one.definition, one.caveat, one.made_from, one.made_how, one.may_end),
                *(one.asked_after_days, one.headline, one.counted_by, source.terms),
            )


def _events(catalog: Catalog) -> Iterator[Sequence[object]]:
    every = [(source.id, event) for source in catalog.values() for event in source.events]
    for source_id, one in [*every, *((None, event) for event in catalog.events)]:
        yield (
            *(one.id, one.subject, source_id, one.metric, one.occurred_on),
            *(one.ended_on, one.kind, one.title, one.url),
        )
