"""A series: one measure of the compared subjects over time, and the SQL that reads it.

Every metric is a series. A reading is a series made from one: monthly where the metric is daily, a share
where the metric is a count. A new reading is a query `queries/<key>.sql` and an entry in READINGS.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from reports.rows import Metric, Point

QUERIES = Path(__file__).parent / "queries"

# The metric a reading is made from, and what is different.
READINGS: Mapping[str, tuple[str, Mapping[str, str]]] = {
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
    "search_share": (
        "google_trends_interest",
        {
            "name": "Share of search interest",
            "unit": "share",
            "aggregation": "flow",
            "definition": "Search interest in each as a share of that in all compared.",
        },
    ),
    "pageviews_monthly": (
        "wikipedia_pageviews",
        {"grain": "month", "definition": "Views of the article in a month of which every day is known."},
    ),
    "pageviews_share": (
        "wikipedia_pageviews",
        {
            "name": "Share of pageviews",
            "unit": "share",
            "grain": "month",
            "definition": "Views of each article as a share of all compared, in months known for all.",
        },
    ),
    "pageviews_28_days": (
        "wikipedia_pageviews",
        {
            "name": "Pageviews a day, mean of 28 days",
            "unit": "views a day",
            "grain": "week",
            "aggregation": "mean",
            "definition": "Views a day, the mean of the 28 days up to each Sunday, where all are known.",
        },
    ),
    "pageviews_7_days": (
        "wikipedia_pageviews",
        {
            "name": "Pageviews a day, mean of 7 days",
            "unit": "views a day",
            "grain": "week",
            "aggregation": "mean",
            "definition": "Views a day, the mean of the seven days of each week, where all are known.",
        },
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


def metric_of(key: str, metrics: Mapping[str, Metric]) -> Metric:
    """Return what a series measures: its metric, with what is different where it is a reading of one."""
    metric_id, difference = READINGS.get(key, (key, {}))
    return replace(metrics[metric_id], **difference)


def query_of(key: str) -> str:
    """Return the SQL that reads a series from the published file; its columns are the fields of a point."""
    file, _, subject_id = key.partition("-")
    if file == "packages":
        return _query("package_months").replace("$subject", _quoted(subject_id))
    return _query(key) if key in READINGS else _query("metric").replace("$metric", _quoted(key))


def _query(file: str) -> str:
    return (QUERIES / f"{file}.sql").read_text(encoding="utf-8")


def _quoted(text: str) -> str:
    return text.replace("'", "''")
