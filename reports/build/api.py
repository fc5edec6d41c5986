"""The static interface for programs: every series as CSV and JSON of a stable shape, with its schema."""

import csv
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from decimal import Decimal
from operator import attrgetter
from pathlib import Path
from typing import Any

from reports.data.evidence import Evidence
from reports.data.records import Point
from reports.data.series import Series, figure_id_of, query_of
from reports.findings.lateness import state

FOLDER = Path("api")
COLUMNS = ("subject_id", "first_day", "last_day", "value", "low", "high", "state", "basis", "reason")
cells = attrgetter(*COLUMNS)
# As JSON more points, of two dozen subjects' days, are twenty megabytes; as CSV a quarter of it.
MOST_JSON_POINTS = 50_000
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what spreadsheets take for the beginning of one
SCHEMA = Path(__file__).parent / "static" / "schema.json"


def api_files(evidence: Evidence) -> Iterator[tuple[Path, str]]:
    """Yield the files of the interface, by their path in the site."""
    every = list(evidence.all_series())
    yield FOLDER / "index.json", _json(_index(evidence, every))
    yield FOLDER / "schema.json", SCHEMA.read_text(encoding="utf-8")
    for series in every:
        yield FOLDER / "series" / f"{series.key}.csv", series_csv(series)
        if has_json(series):
            yield FOLDER / "series" / f"{series.key}.json", _json(series_record(series, evidence))


def has_json(series: Series) -> bool:
    """Whether a series is a file of JSON, too: not one of more than 50,000 points."""
    return len(series.points) <= MOST_JSON_POINTS


def series_csv(series: Series) -> str:
    """Return a series as CSV, the same rows in the same order as its SQL gives."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(map(_safe, cells(point)) for point in series.points)
    return text.getvalue()


def series_record(series: Series, evidence: Evidence) -> dict[str, Any]:
    """Return a series with what is to be known about it, as the schema says."""
    status, metric = evidence.status(series), series.metric
    return {
        "series": series.key,
        **asdict(metric),
        "as_of": (evidence.build.as_of or evidence.build.built_at).isoformat(),
        "is_sample": series.is_sample,
        "source_state": status.state,
        "state": state(series, evidence),
        "sql": query_of(series.key),
        "points": [
            {"id": figure_id_of(series.key, point.subject_id, point.first_day)} | _row(point)
            for point in series.points
        ],
    }


def _index(evidence: Evidence, every: list[Series]) -> dict[str, Any]:
    return {
        "question": evidence.build.question,
        "built_at": evidence.build.built_at.isoformat(),
        "subjects": [asdict(subject) for subject in evidence.subjects],
        "sources": [asdict(status) for status in evidence.sources.values()],
        "series": [
            {"series": series.key, "name": series.metric.name, "csv": f"series/{series.key}.csv"}
            | ({"json": f"series/{series.key}.json"} if has_json(series) else {})
            for series in every
        ],
    }


def _row(point: Point) -> dict[str, Any]:
    return dict(zip(COLUMNS, cells(point), strict=True))


def _safe(cell: object) -> object:
    """Return a cell that no spreadsheet runs as a formula, and whose number has no exponent."""
    if isinstance(cell, float):
        text = repr(cell)
        return f"{Decimal(text):f}" if "e" in text or "n" in text else text
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell


def _json(found: Mapping[str, Any]) -> str:
    # Without indents: the encoder that writes them takes five times as long.
    return json.dumps(found, default=str, ensure_ascii=False, allow_nan=False)
