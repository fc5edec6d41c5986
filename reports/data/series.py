"""A series: one measure of the compared subjects over time, and the SQL that reads it.

Every metric is a series. A reading is a series made from one: monthly where the metric is daily, a share
where the metric is a count. What it is made by is a macro of the published file, so that whoever asks there
reads the same; a new reading is an entry in READINGS.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from reports.data.breakdowns import division_of, metric_of_parts
from reports.data.records import Metric, Point

# The main series, in the order of the scoreboard, and how each is called inside a sentence.
MEASURES = {
    "pypi_downloads": "downloads",
    "github_stars_gained": "stars gained",
    "github_stars_total": "stars in total",
    "github_forks_total": "forks in total",
    "stackoverflow_questions": "questions",
    "google_trends_interest": "search interest",
    "pageviews_monthly": "pageviews",
}
QUERIES = Path(__file__).parent / "queries"


@dataclass(frozen=True)
class Reading:
    """The metric that a series is made from, what makes it, and what is different of it.

    `rows` is what is read of the published file, `value` which of its columns is drawn.
    """

    metric_id: str
    rows: str
    value: str
    changes: Mapping[str, str] = field(default_factory=dict)
    first_day: str = "period_start"
    last_day: str = "period_end"


def _mean(days: int, name: str, definition: str) -> Reading:
    """Return the reading of the mean of so many days, told weekly on Sundays."""
    changes = {"name": name, "unit": "views a day", "grain": "week", "aggregation": "mean"}
    rows = f"mean_of('wikipedia_pageviews', {days}) where isodow(day) = 7"
    changes["definition"] = definition
    return Reading("wikipedia_pageviews", rows, "mean", changes, "(day - 6)::date", "day")


READINGS: Mapping[str, Reading] = {
    "downloads_share": Reading(
        "pypi_downloads",
        "share_of('pypi_downloads')",
        "share",
        {
            "name": "Share of downloads",
            "unit": "share",
            "definition": "Downloads of each as a share of those of all compared, in months known for all.",
        },
    ),
    "people_share": Reading(
        "pypi_downloads",
        "observations where metric_id = 'pypi_downloads' and low < value",
        "low / value",
        {
            "name": "Downloads by people's installers",
            "unit": "share",
            "definition": "The part of a month's downloads that pip, uv, conda and the like fetched, known "
            "mirrors left out, where the download logs tell installers apart.",
            "caveat": "Build machines run the same installers, so this is more than people's own part.",
        },
    ),
    "stars_gained_monthly": Reading(
        "github_stars_gained",
        "month_of('github_stars_gained_monthly')",
        "value",
        {
            "grain": "month",
            "definition": "Stars given in a complete month that still stand, as GitHub's star history says.",
        },
    ),
    "search_share": Reading(
        "google_trends_interest",
        "share_of('google_trends_interest')",
        "share",
        {
            "name": "Share of search interest",
            "unit": "share",
            "aggregation": "flow",
            "definition": "Search interest in each as a share of that in all compared.",
        },
    ),
    "pageviews_monthly": Reading(
        "wikipedia_pageviews",
        "month_of('wikipedia_pageviews')",
        "value",
        {"grain": "month", "definition": "Views of the article in a month of which every day is known."},
    ),
    "pageviews_share": Reading(
        "wikipedia_pageviews",
        "share_of('wikipedia_pageviews', monthly := true)",
        "share",
        {
            "name": "Share of pageviews",
            "unit": "share",
            "grain": "month",
            "definition": "Views of each article as a share of all compared, in months known for all.",
        },
    ),
    "pageviews_days": Reading(
        "wikipedia_pageviews",
        "observations where metric_id = 'wikipedia_pageviews' "
        "qualify period_start > max(period_start) over () - interval 365 days",
        "value",
        {"name": "Pageviews by day"},
    ),
    "pageviews_28_days": _mean(
        28,
        "Pageviews a day, mean of 28 days",
        "Views a day, the mean of the 28 days up to each Sunday, where all are known and counted alike.",
    ),
    "pageviews_7_days": _mean(
        7,
        "Pageviews a day, mean of 7 days",
        "Views a day, the mean of the seven days of each week, where all are known and counted alike.",
    ),
}

# Metrics that are told as a reading of another one, and by their own name would be told twice.
TOLD_AS_READINGS = ("github_stars_gained_monthly",)

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
    if reading := READINGS.get(key):
        return replace(metrics[reading.metric_id], **reading.changes)
    return metrics[key]


def query_of(key: str) -> str:
    """Return the SQL that reads a series from the published file; its columns are the fields of a point."""
    if division := division_of(key):
        told, subject_id = division
        fills = {name: _quoted(fill) for name, fill in told.fills.items()}
        return _query(told.query, subject=_quoted(subject_id), **fills)
    if reading := READINGS.get(key):
        return _query(
            "reading",
            rows=reading.rows,
            value=reading.value,
            first_day=reading.first_day,
            last_day=reading.last_day,
        )
    return _query("metric", metric=_quoted(key))


def _query(file: str, **fills: str) -> str:
    text = (QUERIES / f"{file}.sql").read_text(encoding="utf-8")
    for name, fill in fills.items():
        text = text.replace(f"${name}", fill)
    return text


def _quoted(text: str) -> str:
    return text.replace("'", "''")
