"""The rows a chart is drawn from, the same at every size, by the name its layers know them by."""

from datetime import date
from typing import Any, TypeAlias

from reports.charts.content import Content
from reports.data.records import Point
from reports.data.wording import SAMPLE, UNKNOWN, figure, period

Rows: TypeAlias = list[dict[str, Any]]

# Days are numbers in charts: a date would be read in the time zone of whoever looks.
EPOCH = date(1970, 1, 1)


def day_number(day: date) -> int:
    """Return the days since 1970 began."""
    return (day - EPOCH).days


def place(point: Point) -> dict[str, Any]:
    """Return where a point is drawn."""
    return {"day": day_number(point.middle), "value": point.value}


def datasets(content: Content) -> dict[str, Rows]:
    """Return the rows of lines, of bands below them, of unusual figures, and of what a pointer brings up."""
    return {
        "lines": _lines(content),
        "bands": _bands(content),
        "unusual": [{"subject": point.subject_id, **place(point)} for point in content.unusual],
        "tooltips": _tooltips(content),
    }


def _lines(content: Content) -> Rows:
    return [
        {"subject": segment.subject_id, "segment": index, "dashed": segment.dashed, **place(point)}
        for index, segment in enumerate(content.shapes)
        for point in segment.points
    ]


def _bands(content: Content) -> Rows:
    """Return the rows of bands; where neither low nor high is known, a band ends as a line does."""
    rows: Rows = []
    for index, segment in enumerate(content.shapes):
        part = 0
        for point in segment.points:
            known = [edge for edge in (point.low, point.high) if edge is not None]
            part += not known
            if known:
                edges = {"low": min([*known, point.value]), "high": max([*known, point.value])}
                band = {"subject": segment.subject_id, "part": f"{index}.{part}"}
                rows.append(band | edges | {"day": day_number(point.middle)})
    return rows


def _tooltips(content: Content) -> Rows:
    """Return one row for each day with a point: its period, and each subject's figure as it is read out."""
    metric = content.series.metric
    keys = {subject.subject_id: f"s{subject.place}" for subject in content.subjects}
    found: dict[date, dict[str, Any]] = {}
    for point in [*content.points, *content.unusual]:
        row = found.setdefault(point.middle, dict.fromkeys(keys.values(), UNKNOWN))
        row |= {"day": day_number(point.middle), "title": period(point, metric.grain)}
        row[keys[point.subject_id]] = figure(point.value, metric) + _note(point)
    return [found[day] for day in sorted(found)]


def _note(point: Point) -> str:
    if point.state == "suspect":
        return f" (unusual: {point.reason})"
    notes = {"sample": f" ({SAMPLE})", "partial": " (not over yet)"}
    return notes.get(point.state, "")
