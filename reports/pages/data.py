"""Data: every published table and column, where to get them, and how to ask them."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from reports.data.declared import main_metrics
from reports.data.evidence import Evidence
from reports.data.records import Column
from reports.data.wording import day
from reports.pages.page import Page
from warehouse.config.metric import Metric
from warehouse.config.terms import LICENCE, TERMS

QUESTION = "Where are the figures, and how may they be used?"
FORMATS = ("csv", "parquet")


def examples() -> list[tuple[str, str]]:
    """Return questions with the SQL that answers them, of the main metrics."""
    flow = next((metric for metric in main_metrics() if metric.aggregation == "flow"), None)
    stock = next((metric for metric in main_metrics() if metric.aggregation == "stock"), None)
    return [
        *([_share_by_month(flow)] if flow else []),
        (
            "What does each metric mean?",
            "select metric_id, unit, grain, definition, caveat\nfrom metrics\norder by metric_id;",
        ),
        *([_end_of_each_year(stock)] if stock else []),
        (
            "Which figures rest on a source that is not fresh?",
            "select metrics.name, sources.state, sources.reason\n"
            "from metrics\ninner join sources_at(clock()) as sources using (source_id)\n"
            "where sources.state <> 'fresh'\norder by metrics.name;",
        ),
    ]


def _share_by_month(metric: Metric) -> tuple[str, str]:
    return (
        f"Who had the larger part of the {metric.unit}, month by month?",
        "select period_start as month, subject_id, round(share, 3) as share, state\n"
        f"from share_of('{metric.id}')\nwhere share is not null\norder by month desc, share desc;",
    )


def _end_of_each_year(metric: Metric) -> tuple[str, str]:
    return (
        f"How many {metric.unit} did each have at the end of each year?",
        f"select subject_id, year(period_start) as year, arg_max(value, period_start) as value\n"
        f"from observations\nwhere metric_id = '{metric.id}' and state = 'ok'\n"
        f"group by all\norder by year desc, value desc;",
    )


@dataclass(frozen=True)
class Table:
    """A published table with its columns and the files it can be had in."""

    name: str
    comment: str | None
    columns: Sequence[Column]
    files: Sequence[tuple[str, str]]


def dictionary(evidence: Evidence, folder: Path) -> Page:
    """Return the page on the data; exported files are linked where the site's folder has them."""
    return Page(
        name="data",
        template="data.html.j2",
        label="Data",
        title=QUESTION,
        description="Every published table and column, downloads, SQL examples, citation and licence.",
        content={
            "tables": _tables(evidence.columns, folder),
            "file": _file(folder, "data/barometer.duckdb"),
            "has_manifest": (folder / "data" / "manifest.json").exists(),
            "series": list(evidence.all_series()),
            "examples": examples(),
            "citation": citation(evidence),
            "licence": LICENCE,
            "terms": {source_id: TERMS[source_id] for source_id in evidence.sources if source_id in TERMS},
        },
    )


def _file(folder: Path, path: str) -> dict[str, object] | None:
    """Return where the published file is, and how large, in a site that has it."""
    found = folder / path
    return {"path": path, "bytes": found.stat().st_size} if found.exists() else None


def citation(evidence: Evidence) -> str:
    """Return how to cite the figures: what, of when, made by what."""
    as_of = day((evidence.build.as_of or evidence.build.built_at).date())
    version = evidence.build.code_version
    return f"Barometer {version}: {evidence.build.question} Figures as of {as_of}."


def _tables(columns: Sequence[Column], folder: Path) -> list[Table]:
    found = []
    for name, same in groupby(columns, key=lambda column: column.table_name):
        known = list(same)
        paths = [(suffix, f"data/{name}.{suffix}") for suffix in FORMATS]
        files = [(suffix, path) for suffix, path in paths if (folder / path).exists()]
        found.append(Table(name, known[0].table_comment, known, files))
    return found
