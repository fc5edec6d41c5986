"""What is told of a published table beside its files: rows, first and last day, sources, terms, caveats."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any

from warehouse.config.terms import LICENCE, TERMS
from warehouse.published.dictionary import Dictionary, Table
from warehouse.published.open import Published

# The first and the last day of a table's rows: the first of these whose columns, named first, it has.
PERIODS = (
    ({"period_start", "period_end"}, "period_start", "period_end"),
    ({"period_start"}, "period_start", "period_start"),
    ({"month"}, "month", "last_day(month)"),
    ({"week"}, "week", "week + 6"),
    ({"day"}, "day", "day"),
    ({"occurred_on"}, "occurred_on", "occurred_on"),
    ({"crossed_on"}, "crossed_on", "crossed_on"),
)


def describe(
    published: Published, table: Table, dictionary: Dictionary, build: Mapping[str, Any]
) -> dict[str, Any]:
    """Return what the manifest says of a table; its list of files is still empty."""
    sources = sorted(_sources(published, table, dictionary))
    counted = _counted(published, table)
    return {
        "table": table.name,
        **asdict(table.meaning),
        **counted,
        "sources": {source_id: TERMS.get(source_id) for source_id in sources},
        "caveats": list(_caveats(table, sources, dictionary)),
        "licence": LICENCE,
        "citation": _citation(table, sources, build),
        "columns": [
            {"name": column.name, "type": column.type} | asdict(column.meaning) for column in table.columns
        ],
        "files": [],
    }


def _counted(published: Published, table: Table) -> dict[str, Any]:
    """Return the number of rows, the first and last day, and whether there is sample data among them."""
    names = [column.name for column in table.columns]
    spans = (span for needed, *span in PERIODS if needed <= set(names))
    first, last = next(spans, ("null", "null"))
    states = [name for name in names if name == "state" or name.endswith("_state")]
    is_sample = " or ".join(f"{name} = 'sample'" for name in states) or "false"
    (row,) = published.rows(
        f"select count(*) as rows, min({first}) as first_period, max({last}) as last_period, "
        f'coalesce(bool_or({is_sample}), false) as sample from "{table.name}"'
    )
    return row | {"sample_told_by": states}


def _sources(published: Published, table: Table, dictionary: Dictionary) -> set[str]:
    """Return the sources that the columns name, or that the metrics of the rows come from."""
    named = {column.meaning.source for column in table.columns} & set(TERMS)
    if "metric_id" not in [column.name for column in table.columns]:
        return {source_id for source_id in named if source_id}
    rows = published.rows(f'select distinct metric_id from "{table.name}" where metric_id is not null')
    found = {row["metric_id"] for row in rows}
    return {str(metric["source_id"]) for metric in dictionary.metrics if metric["metric_id"] in found}


def _caveats(table: Table, sources: list[str], dictionary: Dictionary) -> Iterator[str]:
    if table.meaning.caveat:
        yield table.meaning.caveat
    for metric in dictionary.metrics:
        if metric["source_id"] in sources and metric["caveat"]:
            yield f"{metric['name']}: {metric['caveat']}"


def _citation(table: Table, sources: list[str], build: Mapping[str, Any]) -> str:
    as_of = build["as_of"] or build["built_at"]
    demo = " (demo)" if build["demo"] else ""
    told = f"Barometer {build['code_version']}{demo}, table {table.name}, as of {as_of:%Y-%m-%d}"
    return f"{told}, from figures of {', '.join(sources)}" if sources else told
