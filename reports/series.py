"""A series: one measure of the compared subjects over time, and the SQL that reads it.

Every metric is a series. A reading is a series made from one: monthly where the metric is daily, a share
where the metric is a count. A new reading is a query `queries/<key>.sql` and an entry in READINGS.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from reports.divisions import division_of, metric_of_parts
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
    "people_share": (
        "pypi_downloads",
        {
            "name": "Downloads by people's installers",
            "unit": "share",
            "definition": "The part of a month's downloads that pip, uv, conda and the like fetched, known "
            "mirrors left out, where the download logs tell installers apart.",
            "caveat": "Build machines run the same installers, so this is more than people's own part.",
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
    "pageviews_days": ("wikipedia_pageviews", {"name": "Pageviews by day"}),
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

# Metrics whose range stands in another table: the column of `community_monthly` that it is told with.
RANGED: Mapping[str, str] = {
    "stackoverflow_answered_share": "questions_answered_share",
    "stackoverflow_questions_share_of_rivals": "questions_share_of_rivals",
}
# Shares of all compared: they add up to one, and what changes one changes all.
OF_ONE_WHOLE = (
    "downloads_share",
    "search_share",
    "pageviews_share",
    "stackoverflow_questions_share_of_rivals",
)


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
    def is_of_one_whole(self) -> bool:
        """Whether its values are the parts of one whole."""
        return self.key in OF_ONE_WHOLE

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
    if division := division_of(key):
        return metric_of_parts(division[0], metrics["pypi_downloads"])
    metric_id, difference = READINGS.get(key, (key, {}))
    return replace(metrics[metric_id], **difference)


def query_of(key: str) -> str:
    """Return the SQL that reads a series from the published file; its columns are the fields of a point."""
    if division := division_of(key):
        told, subject_id = division
        return _query(told.query, subject=subject_id, **told.fills)
    if key in RANGED:
        return _query("ranged", metric=key, share=RANGED[key])
    return _query(key) if key in READINGS else _query("metric", metric=key)


def _query(file: str, **fills: str) -> str:
    text = (QUERIES / f"{file}.sql").read_text(encoding="utf-8")
    for name, fill in fills.items():
        text = text.replace(f"${name}", _quoted(fill))
    return text


def _quoted(text: str) -> str:
    return text.replace("'", "''")
