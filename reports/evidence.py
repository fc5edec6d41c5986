"""What the pages show: the published tables as values. It reads; it judges and words nothing."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from pathlib import Path
from typing import TypeVar

from reports.rows import Build, Event, Metric, Point, SourceStatus, Subject
from warehouse.published import Published

POINTS = Path(__file__).parent / "queries" / "points.sql"

# Monthly readings of a metric that are not one of their own: the metric, and what is different.
READINGS = {
    "downloads_share": (
        "pypi_downloads",
        {
            "name": "Share of downloads",
            "unit": "share",
            "definition": "Downloads of each as a share of those of all compared, in months known for all.",
        },
    ),
    "stars_gained_monthly": (
        "github_stars_gained",
        {
            "grain": "month",
            "definition": "Stars given in a complete month that still stand, as GitHub's star history says.",
        },
    ),
    "pageviews_monthly": (
        "wikipedia_pageviews",
        {"grain": "month", "definition": "Views of the article in a month of which every day is known."},
    ),
}


@dataclass(frozen=True)
class Series:
    """One measure of the compared subjects over time, in order of time for each subject."""

    key: str
    metric: Metric
    points: tuple[Point, ...]

    @property
    def is_sample(self) -> bool:
        """Whether any figure in it is sample data."""
        return any(point.state == "sample" for point in self.points)

    @property
    def last_day(self) -> date:
        """The last day of its last period that is over; a series without points has none."""
        over = [point.last_day for point in self.points if point.state != "partial"]
        return max(over or [point.last_day for point in self.points])

    def by_subject(self) -> Mapping[str, Sequence[Point]]:
        """Return the points of each subject that has any."""
        found: dict[str, list[Point]] = defaultdict(list)
        for point in self.points:
            found[point.subject_id].append(point)
        return found


@dataclass(frozen=True)
class Evidence:
    """Everything the pages are made of."""

    build: Build
    subjects: tuple[Subject, ...]
    metrics: Mapping[str, Metric]
    sources: Mapping[str, SourceStatus]
    events: tuple[Event, ...]
    points: Mapping[str, Sequence[Point]]

    @property
    def today(self) -> date:
        """The day the figures' ages are counted from."""
        return self.build.built_at.date()

    def place(self, subject: Subject) -> int:
        """Return a subject's place, from one: its colour goes by it."""
        return self.subjects.index(subject) + 1

    def series(self, key: str) -> Series:
        """Return a series by its name in `queries/points.sql`; without points where nothing is known."""
        metric_id, difference = READINGS.get(key, (key, {}))
        metric = replace(self.metrics[metric_id], **difference)
        return Series(key, metric, tuple(self.points.get(key, ())))

    def status(self, series: Series) -> SourceStatus:
        """Return the state of the series' source; one that is not configured was never asked."""
        source_id = series.metric.source_id
        unknown = SourceStatus(source_id, None, None, None, None, "never", "the source is not configured")
        return self.sources.get(source_id, unknown)


Row = TypeVar("Row", Subject, Metric, SourceStatus, Event, Build)


def read_evidence(published: Published) -> Evidence:
    """Return what the published file holds; figures of subjects that are not compared are left out."""
    subjects = _read(published, Subject, "subjects", "position")
    (build,) = _read(published, Build, "build_info", "built_at")
    known = {subject.subject_id for subject in subjects}
    points: dict[str, list[Point]] = defaultdict(list)
    for row in published.rows(POINTS.read_text(encoding="utf-8")):
        series = row.pop("series")
        if row["subject_id"] in known:
            points[series].append(Point(**row))
    return Evidence(
        build=build,
        subjects=subjects,
        metrics={metric.metric_id: metric for metric in _read(published, Metric, "metrics", "metric_id")},
        sources={row.source_id: row for row in _read(published, SourceStatus, "source_status", "source_id")},
        events=_read(published, Event, "events", "occurred_on, title, subject_id"),
        points=points,
    )


def _read(published: Published, kind: type[Row], table: str, order: str) -> tuple[Row, ...]:
    """Return a table's rows; the fields of the value name its columns."""
    columns = ", ".join(field.name for field in fields(kind))
    return tuple(kind(**row) for row in published.rows(f"select {columns} from {table} order by {order}"))
