"""Data: every published table and column, where to get them, and how to ask them."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from reports.data.evidence import Evidence
from reports.data.records import Column
from reports.data.wording import day
from reports.pages.page import Page
from warehouse.config.terms import LICENCE, TERMS

QUESTION = "Where are the figures, and how may they be used?"
FORMATS = ("csv", "parquet")
EXAMPLES = (
    (
        "Who had the larger part of the downloads, month by month?",
        "select period_start as month, subject_id, round(share, 3) as share, state\n"
        "from share_of('pypi_downloads')\nwhere share is not null\norder by month desc, share desc;",
    ),
    (
        "What does each metric mean?",
        "select metric_id, unit, grain, definition, caveat\nfrom metrics\norder by metric_id;",
    ),
    (
        "How many stars did each have at the end of each year?",
        "select subject_id, year(period_start) as year, arg_max(value, period_start) as stars\n"
        "from observations\nwhere metric_id = 'github_stars_total' and state = 'ok'\n"
        "group by all\norder by year desc, stars desc;",
    ),
    (
        "Which figures rest on a source that is not fresh?",
        "select metrics.name, sources.state, sources.reason\n"
        "from metrics\ninner join sources_at(clock()) as sources using (source_id)\n"
        "where sources.state <> 'fresh'\norder by metrics.name;",
    ),
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
            "has_manifest": (folder / "data" / "manifest.json").exists(),
            "series": list(evidence.all_series()),
            "examples": EXAMPLES,
            "citation": citation(evidence),
            "licence": LICENCE,
            "terms": {source_id: TERMS[source_id] for source_id in evidence.sources if source_id in TERMS},
        },
    )


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
