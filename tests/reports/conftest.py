"""Published files made by hand, and the values that reading one would give, with figures easy to check."""

import shutil
from calendar import monthrange
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, TypeAlias

import duckdb
import pytest
from playwright.sync_api import Browser, sync_playwright

from reports.build.engine.packages import require_packages
from reports.build.files import Press
from reports.build.site import build_site
from reports.charts.painting.cache import Cache
from reports.charts.painting.painters import Painters
from reports.data.evidence import Evidence, read_evidence
from reports.data.records import Build, Event, Metric, Point, SourceStatus, Subject
from reports.data.series import Series
from reports.findings.changes import changes
from reports.pages import everyone
from tests.conftest import alone, shared_folder
from tests.reports.chromium import ARGUMENTS, CHROMIUM
from warehouse.build.project import MACROS
from warehouse.build.publish import STORAGE_VERSION
from warehouse.errors import ConfigurationError
from warehouse.published.open import open_published

Row: TypeAlias = dict[str, Any]
Tables: TypeAlias = Mapping[str, Sequence[Row]]

BUILT_AT = datetime(2025, 8, 6, 6, tzinfo=UTC)
COLUMNS = {
    "subjects": "subject_id varchar, name varchar, color varchar, first_release_on date, position integer",
    "metrics": "metric_id varchar, name varchar, kind varchar, unit varchar, grain varchar, "
    "aggregation varchar, source_id varchar, definition varchar, caveat varchar, made_from varchar, "
    "counted_by varchar",
    "observations": "subject_id varchar, metric_id varchar, period_start date, period_end date, "
    "value double, low double, high double, state varchar, state_reason varchar, basis varchar, "
    "observed_at timestamptz, "
    "revision integer",
    "adoption_monthly": "subject_id varchar, month date, downloads bigint, downloads_low bigint, "
    "downloads_with_mirrors bigint, downloads_share double, downloads_yoy double, downloads_basis varchar, "
    "search_interest double, search_share double, pageviews bigint, pageviews_share double",
    "community_monthly": "subject_id varchar, month date, stars_total bigint, stars_gained bigint, "
    "forks_total bigint, open_issues bigint, questions bigint, questions_share_of_site double, "
    "questions_share_of_rivals double, questions_share_of_rivals_low double, "
    "questions_share_of_rivals_high double, questions_answered_share double, "
    "questions_answered_share_low double, questions_answered_share_high double",
    "source_status": "source_id varchar, last_attempt_at timestamptz, last_success_at timestamptz, "
    "last_period date, lag_days integer, expected_lag_days integer, late_from timestamptz, "
    "stale_from timestamptz, state varchar, reason varchar",
    "series_status": "subject_id varchar, metric_id varchar, last_period date, observed_at timestamptz, "
    "ended_on date, lag_days integer, expected_lag_days integer, late_from timestamptz, "
    "stale_from timestamptz, state varchar, reason varchar",
    "events": "event_id varchar, subject_id varchar, source_id varchar, metric_id varchar, "
    "occurred_on date, ended_on date, kind varchar, title varchar, url varchar",
    "identifiers": "subject_id varchar, source_id varchar, identifier varchar, valid_from date, "
    "valid_until date, within varchar, shared_by varchar, shared_from date, shared_until date",
    "claims": "claim_id varchar, sentence varchar, question varchar, verdict varchar, since date, "
    "true_until date, "
    "confidence varchar, evidence varchar, share_for double, share_against double, share_known double, "
    "state varchar, quote varchar, subject_id varchar, would_change varchar, cannot_tell varchar, "
    "made_in varchar, made_on varchar, url varchar, position integer",
    "claim_evidence": "claim_id varchar, metric_id varchar, measure varchar, subject_id varchar, "
    "period_start date, value double, state varchar, supports varchar, weight double, rival_id varchar, "
    "ratio double, ratio_low double, ratio_high double, compared_to date, basis varchar, "
    "observed_at timestamptz",
    "claim_history": "claim_id varchar, year bigint, as_of date, verdict varchar, share_for double, "
    "share_against double, share_known double",
    "build_info": "built_at timestamptz, as_of timestamptz, code_version varchar, archive_files integer, "
    "archive_answers integer, archive_sha256 varchar, demo boolean, question varchar",
}
# Tables that a published file may lack.
LATER_COLUMNS = {
    "crossovers": "metric_id varchar, leader_id varchar, trailer_id varchar, status varchar, "
    "crossed_on date, low_on date, high_on date, sustained_since date",
    "quality_checks": "check_id varchar, source_id varchar, severity varchar, passed boolean, "
    "failing_rows bigint, detail varchar, checked_at timestamptz",
    "revisions": "subject_id varchar, metric_id varchar, period_start date, old_value double, "
    "new_value double, changed_at timestamptz",
    "package_downloads_daily": "package varchar, subject_id varchar, day date, installer_class varchar, "
    "downloads bigint, is_counted boolean, basis varchar, state varchar, state_reason varchar",
    "package_downloads_split": "package varchar, subject_id varchar, day date, split varchar, "
    "category varchar, downloads bigint, state varchar, state_reason varchar",
    "tools": "tool_id varchar, name varchar, theme varchar, subject_id varchar, packages varchar, "
    "caveat varchar, position integer",
    "tool_observations": "tool_id varchar, metric_id varchar, period_start date, period_end date, "
    "value double, low double, high double, state varchar, state_reason varchar, basis varchar, "
    "observed_at timestamptz",
    "comparisons": "comparison_id varchar, question varchar, subjects varchar, measures varchar, "
    "position integer",
    "weightings": "kind varchar, subject_id varchar, measures integer, leads_share double, "
    "index_low double, index_median double, index_high double, state varchar",
    "weighting_ranks": "kind varchar, subject_id varchar, rank integer, share double",
    "weighting_without": "kind varchar, metric_id varchar, leader_id varchar, leads_share double",
    "weighting_measures": "kind varchar, metric_id varchar, subject_id varchar, period_start date, "
    "period_end date, value double, share double, state varchar, reason varchar",
}
METRICS = {
    "github_stars_total": ("Stars in total", "stars", "day", "stock", "github"),
    "github_stars_gained": ("Stars gained", "stars", "week", "flow", "github"),
    "github_stars_gained_monthly": ("Stars gained by month", "stars", "month", "flow", "github"),
    "github_forks_total": ("Forks in total", "forks", "day", "stock", "github"),
    "github_open_issues": ("Open issues", "issues", "day", "stock", "github"),
    "github_subscribers_total": ("Watchers in total", "accounts", "day", "stock", "github"),
    "pypi_downloads": ("Downloads", "downloads", "month", "flow", "pypi"),
    "pypi_downloads_with_mirrors": ("Downloads with mirrors", "downloads", "month", "flow", "pypi"),
    "stackoverflow_questions": ("Questions", "questions", "month", "flow", "stackoverflow"),
    "stackoverflow_questions_share_of_rivals": (
        "Share of questions",
        "share",
        "month",
        "flow",
        "stackoverflow",
    ),
    "stackoverflow_questions_share": (
        "Share of the site's questions",
        "share",
        "month",
        "flow",
        "stackoverflow",
    ),
    "stackoverflow_answered_share": ("Answered questions", "share", "month", "flow", "stackoverflow"),
    "google_trends_interest_daily": ("Search interest by day", "index", "day", "index", "google_trends"),
    "google_trends_interest": ("Search interest", "index", "month", "index", "google_trends"),
    "wikipedia_pageviews": ("Pageviews", "views", "day", "flow", "wikipedia"),
}
COUNTED_BY = {"github_stars_gained": "github_stars_total"}
# Metrics enough for a chart of every kind, where the names in it are the point.
WITH_NAMES = ("pypi_downloads", "google_trends_interest", "wikipedia_pageviews", "github_stars_total")
SPLITS = {
    "system": ("Windows", "Darwin", "Linux"),
    "python_minor": ("2.7", "3.6", "3.7", "3.8", "3.9", "3.10", "3.11", "3.12", "3.13"),
}
NEVER = (
    "google_trends_interest",
    "google_trends_interest_daily",
)  # what the source that was never collected would tell
# Markup, a template, what steers terminals, what must not be drawn, what ends a line of code, and no blank.
UNFIT = "\ufffe\x00\x1b[31m\u202e\U0010ffff\u2028\u2029"
HOSTILE = f"</script><img src=x onerror=alert(1)>&'\"{{{{7*7}}}}{UNFIT}" + 200 * "W"
PALETTE = ("#d55e00", "#0072b2", "#009e73", "#cc79a7", "#e69f00", "#56b4e9")


# --- Values, as reading a published file gives them.


def subjects(*names: str) -> tuple[Subject, ...]:
    """Return compared subjects of those names."""
    return tuple(Subject(name.lower(), name, PALETTE[n % len(PALETTE)], n) for n, name in enumerate(names))


def series(metric_id: str, *points: Point, key: str | None = None, **changes: str) -> Series:
    """Return a series of a metric."""
    fields = dict(zip(("name", "unit", "grain", "aggregation", "source_id"), METRICS[metric_id], strict=True))
    metric = Metric(metric_id=metric_id, definition="As counted.", caveat="Not use.", **(fields | changes))
    return Series(key or metric_id, metric, points)


def month_points(subject_id: str, first: str, values: Sequence[float | None], **rest: Any) -> list[Point]:
    """Return a point for each month whose value is known."""
    spans = zip(month_spans(first, len(values)), values, strict=True)
    return [Point(subject_id, *span, value, **rest) for span, value in spans if value is not None]


def day_points(subject_id: str, values: Mapping[date, float], **rest: Any) -> list[Point]:
    """Return a point for each day."""
    return [Point(subject_id, day, day, value, **rest) for day, value in values.items()]


def week_points(subject_id: str, first: date, values: Sequence[float], **rest: Any) -> list[Point]:
    """Return a point for each week."""
    return [
        Point(subject_id, *span, value, **rest)
        for span, value in zip(week_spans(first, len(values)), values, strict=True)
    ]


def happening(kind: str, occurred_on: date, title: str = "Something", **rest: Any) -> Event:
    """Return an event of all subjects and of no source, unless told otherwise."""
    usual = dict.fromkeys(("subject_id", "source_id", "metric_id", "ended_on", "url"))
    return Event(kind=kind, occurred_on=occurred_on, title=title, **(usual | rest))


def evidence_of(
    *many: Series, names: Sequence[str] = ("PyTorch", "TensorFlow"), stale: Sequence[str] = (), **rest: Any
) -> Evidence:
    """Return evidence that holds those series, from sources that are fresh unless named."""
    sources = {one.metric.source_id for one in many}
    usual = {
        "build": Build(BUILT_AT, BUILT_AT, "0.1.0", 412, False, "PyTorch or TensorFlow?"),
        "subjects": subjects(*names),
        "metrics": {one.metric.metric_id: one.metric for one in many},
        "sources": {source: _source(source, "stale" if source in stale else "fresh") for source in sources},
        "events": (),
        "points": {one.key: one.points for one in many},
    }
    return Evidence(**(usual | rest))


def _source(source_id: str, state: str) -> SourceStatus:
    return SourceStatus(source_id, BUILT_AT, BUILT_AT.date(), 0, 7, state, None)


# --- Rows of a published file.


def month_spans(first: str, count: int) -> list[tuple[date, date]]:
    """Return the first and last days of so many months."""
    year, month = (int(part) for part in first.split("-"))
    starts = [date(year + (month - 1 + n) // 12, (month - 1 + n) % 12 + 1, 1) for n in range(count)]
    return [(start, start.replace(day=monthrange(start.year, start.month)[1])) for start in starts]


def week_spans(first: date, count: int) -> list[tuple[date, date]]:
    """Return the first and last days of so many weeks."""
    return [(first + timedelta(weeks=n), first + timedelta(weeks=n, days=6)) for n in range(count)]


def observed(metric_id: str, points: Sequence[Point]) -> list[Row]:
    """Return rows of `observations`."""
    return [
        {
            "metric_id": metric_id,
            "subject_id": point.subject_id,
            "period_start": point.first_day,
            "period_end": point.last_day,
            "value": point.value,
            "low": point.low,
            "high": point.high,
            "state": point.state,
            "state_reason": point.reason,
            "basis": point.basis,
            "revision": 0,
        }
        for point in points
    ]


def event(kind: str, occurred_on: date, title: str, **rest: Any) -> Row:
    """Return a row of `events`."""
    return {"event_id": title, "kind": kind, "occurred_on": occurred_on, "title": title} | rest


def status(source_id: str, last_period: date | None, state: str = "fresh", reason: str | None = None) -> Row:
    """Return a row of `source_status`."""
    lag_days = (BUILT_AT.date() - last_period).days if last_period else None
    row = {"source_id": source_id, "last_period": last_period, "lag_days": lag_days, "expected_lag_days": 7}
    row |= {"late_from": _overdue(last_period, 7), "stale_from": _overdue(last_period, 21)}
    return row | {"state": state, "reason": reason, "last_attempt_at": BUILT_AT, "last_success_at": BUILT_AT}


def _overdue(last_period: date | None, days: int) -> datetime | None:
    """Return the moment from which a period is older than so many days."""
    return last_period and datetime.combine(last_period + timedelta(days + 1), time(), UTC)


def build_info(**rest: Any) -> Row:
    """Return the row of `build_info`."""
    row = {"built_at": BUILT_AT, "as_of": BUILT_AT, "code_version": "0.1.0", "archive_answers": 412}
    return row | {"demo": False, "question": "PyTorch or TensorFlow?"} | rest


def usual_tables(*names: str) -> dict[str, list[Row]]:
    """Return tables with every kind of series; of two subjects of known names, unless told otherwise."""
    compared = [
        replace(subject, first_release_on=date(2016 + n, 1, 19))
        for n, subject in enumerate(subjects(*(names or ("PyTorch", "TensorFlow"))))
    ]
    ranked = [(subject.subject_id, len(compared) - n) for n, subject in enumerate(compared)]
    return {
        "subjects": [vars(subject) for subject in compared],
        "metrics": _metrics(),
        "observations": [row for name, rank in ranked for row in _usual_observations(name, rank)],
        "source_status": [
            status("github", date(2025, 8, 6)),
            status("google_trends", date(2025, 7, 31)),
            status("pypi", date(2025, 7, 31)),
            status("stackoverflow", date(2023, 5, 31), "stale", "last period 2023-05-31 is 798 days old"),
            status("wikipedia", date(2025, 8, 5)),
        ],
        "events": [
            event("release", date(2024, 1, 30), "2.2.0", subject_id=compared[0].subject_id),
            event("outside event", date(2023, 11, 30), "ChatGPT released", url="https://example.org/chatgpt"),
            event(
                "measuring fault",
                date(2023, 6, 10),
                "Logs ran dry",
                ended_on=date(2023, 7, 5),
                metric_id="pypi_downloads",
            ),
        ],
        "build_info": [build_info()],
        **(claim_tables(*(subject.subject_id for subject in compared[:2])) if len(compared) > 1 else {}),
    }


def claim_tables(first: str, second: str) -> dict[str, list[Row]]:
    """Return the ledger of two claims: one that was true, with evidence and years, one without."""
    words = {"would_change": "More of the other.", "cannot_tell": "Who asks.", "made_in": "A talk"}
    usual = words | {"subject_id": second, "state": "ok"}
    measured = {
        "claim_id": "more_used",
        "sentence": "The second is used more.",
        "question": "Which is downloaded more?",
        "quote": "most used",
        "verdict": "was true until",
        "since": date(2024, 4, 30),
        "true_until": date(2024, 1, 31),
        "confidence": "low",
        "evidence": "against it: downloads (2.5 times)",
        "share_known": 1.0,
        "state": "sample",
        "position": 0,
    }
    untold = {
        "claim_id": "easier",
        "sentence": "The second is easier.",
        "question": "Which is learnt sooner?",
        "quote": "easier",
        "verdict": "not measurable here",
        "evidence": "No count tells ease.",
        "position": 1,
    }
    compared = {"claim_id": "more_used", "metric_id": "pypi_downloads", "measure": "leads", "weight": 1.0}
    compared |= {"supports": "contradicts", "rival_id": first, "compared_to": date(2025, 7, 31)}
    compared |= {"ratio": 0.4, "ratio_low": 0.32, "ratio_high": 0.5, "period_start": date(2025, 7, 1)}
    compared |= {"basis": "download logs", "observed_at": BUILT_AT}
    years = {"claim_id": "more_used", "share_known": 1.0}
    return {
        "claims": [usual | measured, usual | untold],
        "claim_evidence": [
            compared | {"subject_id": first, "value": 1000.0, "state": "ok"},
            compared | {"subject_id": second, "value": 400.0, "state": "sample"},
        ],
        "claim_history": [
            years | {"year": 2023, "verdict": "supported", "share_for": 1.0, "share_against": 0.0},
            years | {"year": 2024, "verdict": "contradicted", "share_for": 0.0, "share_against": 1.0},
        ],
    }


def later_tables(*names: str) -> dict[str, list[Row]]:
    """Return the tables that a file may lack, with a few rows about the first two subjects."""
    first, second = (subject.subject_id for subject in subjects(*(names or ("PyTorch", "TensorFlow")))[:2])
    checked = {"source_id": "pypi", "severity": "warn", "checked_at": BUILT_AT}
    return {
        "crossovers": [
            {
                "metric_id": "pypi_downloads",
                "leader_id": first,
                "trailer_id": second,
                "status": "crossed",
                "crossed_on": date(2024, 4, 1),
                "low_on": date(2024, 3, 1),
                "high_on": date(2024, 4, 30),
                "sustained_since": date(2024, 4, 1),
            },
            {
                "metric_id": "google_trends_interest",
                "leader_id": first,
                "trailer_id": second,
                "status": "no data",
            },
        ],
        "quality_checks": [
            checked | {"check_id": "no_day_is_missing", "passed": True, "failing_rows": 0},
            checked | {"check_id": "no_jump", "passed": False, "failing_rows": 3, "detail": "torch jumped"},
        ],
        "revisions": [
            {
                "subject_id": first,
                "metric_id": "pypi_downloads",
                "period_start": date(2025, 6, 1),
                "old_value": 1000.0,
                "new_value": 1250.0,
                "changed_at": BUILT_AT,
            }
        ],
        "package_downloads_daily": [
            {
                "package": package,
                "subject_id": first,
                "day": date(2025, 5, 1) + timedelta(days=n),
                "installer_class": kind,
                "downloads": downloads,
                "is_counted": package != "torchgen",
                "basis": "download logs by installer",
                "state": "ok",
            }
            for package, downloads in (("torch", 70), ("torchvision", 30), ("torchgen", 1))
            for kind in ("people", "machines", "mirror")
            for n in range(75)
        ],
        "package_downloads_split": [
            {
                "package": package,
                "subject_id": first,
                "day": date(2025, 5, 1) + timedelta(days=n),
                "split": split,
                "category": category,
                "downloads": 10 + rank,
                "state": "ok",
            }
            for package in ("torch", "torchvision", "torchgen")
            for split, categories in SPLITS.items()
            for rank, category in enumerate(categories)
            for n in range(40)
        ],
        **weighted_tables({first: 0.7, second: 0.2}),
    }


def weighted_tables(led: Mapping[str, float]) -> dict[str, list[Row]]:
    """Return the tables of weightings: of adoption nothing, and who leads in community under how many."""
    first = next(iter(led))
    indices = {"index_low": 0.2, "index_median": 0.5, "index_high": 0.8, "state": "ok"}
    none = {"kind": "adoption", "measures": 0}
    measures = ("github_stars_total", "github_forks_total")
    return {
        "weightings": [none | {"subject_id": name} for name in led]
        + [
            {"kind": "community", "measures": 2, "subject_id": name, "leads_share": share} | indices
            for name, share in led.items()
        ],
        "weighting_ranks": [
            {"kind": "community", "subject_id": name, "rank": rank + 1, "share": 1 / len(led)}
            for name in led
            for rank in range(len(led))
        ],
        "weighting_without": [
            {"kind": "community", "metric_id": metric_id, "leader_id": first, "leads_share": 1.0}
            for metric_id in measures
        ],
        "weighting_measures": [
            {
                "kind": "community",
                "metric_id": metric_id,
                "subject_id": name,
                "share": 1 / len(led),
                "state": "ok",
            }
            for metric_id in measures
            for name in led
        ],
    }


def _metrics() -> list[Row]:
    names = ("name", "unit", "grain", "aggregation", "source_id")
    words = {"kind": "community", "definition": "As counted.", "caveat": "Not use."}
    return [
        {"metric_id": key, "counted_by": COUNTED_BY.get(key)} | dict(zip(names, fields, strict=True)) | words
        for key, fields in METRICS.items()
    ]


def _usual_observations(name: str, rank: int) -> list[Row]:
    """Return two years and a half of every metric; June and July 2023 of the downloads are suspect."""
    downloads = [
        replace(point, low=0.4 * point.value)
        for point in month_points(name, "2023-01", [1_000_000.0 * rank + 40_000 * n for n in range(31)])
    ]
    downloads[5:7] = [replace(point, state="suspect", reason="Logs ran dry") for point in downloads[5:7]]
    mirrored = [Point(name, *span, 1_500_000.0 * rank) for span in month_spans("2024-01", 12)]
    stars = {span[0]: 50_000.0 * rank + n * 900 for n, span in enumerate(month_spans("2023-01", 32))}
    forks = {day: value / 4 for day, value in stars.items()}
    issues = {day: 900.0 + 10 * n for n, day in enumerate(stars)}
    gained = [900.0 * rank + n for n in range(31)]
    views = dict.fromkeys(_days(date(2023, 1, 1), 943), 100.0 * rank)
    shares = {"stackoverflow_questions_share": 0.004, "stackoverflow_answered_share": 0.4}
    return [
        *(
            row
            for metric_id, share in shares.items()
            for row in observed(metric_id, month_points(name, "2022-01", [share * rank / 2] * 17))
        ),
        *observed("github_subscribers_total", day_points(name, dict.fromkeys(stars, 40.0 * rank))),
        *observed(
            "google_trends_interest_daily",
            day_points(name, dict.fromkeys(_days(date(2025, 5, 1), 92), 20.0 * rank), state="sample"),
        ),
        *observed("pypi_downloads", downloads),
        *observed("pypi_downloads_with_mirrors", mirrored),
        *observed("github_open_issues", day_points(name, issues)),
        *observed(
            "google_trends_interest", month_points(name, "2023-01", [20.0 * rank] * 31, state="sample")
        ),
        *observed("stackoverflow_questions", month_points(name, "2022-01", [500.0 * rank] * 17)),
        *observed("stackoverflow_questions_share_of_rivals", month_points(name, "2022-01", [0.5] * 17)),
        *observed("github_stars_gained", week_points(name, date(2025, 1, 5), [200.0 * rank] * 30)),
        *observed("github_stars_gained_monthly", month_points(name, "2023-01", gained)),
        *observed("github_stars_total", day_points(name, stars)),
        *observed("github_forks_total", day_points(name, forks)),
        *observed("wikipedia_pageviews", day_points(name, views, state="sample")),
    ]


def _identifiers(tables: Tables) -> list[Row]:
    """Return the rows that say that every source is asked about every subject."""
    sources = sorted({row["source_id"] for row in tables["metrics"]})
    return [
        {"subject_id": subject["subject_id"], "source_id": source_id, "identifier": subject["subject_id"]}
        for subject in tables["subjects"]
        for source_id in sources
    ]


def _days(first: date, count: int) -> list[date]:
    return [first + timedelta(days=n) for n in range(count)]


def write_published(path: Path, tables: Tables) -> Path:
    """Write a published file with its macros; a table that is not given stays empty, but for the identifiers.

    Tables that a file may lack are there if they are given.
    """
    path.unlink(missing_ok=True)
    later = {table: columns for table, columns in LATER_COLUMNS.items() if table in tables}
    with duckdb.connect(path) as connection:
        connection.execute("set TimeZone = 'UTC'")
        for table, columns in (COLUMNS | later).items():
            connection.execute(f"create table {table} ({columns})")
            rows = tables.get(table, _identifiers(tables) if table == "identifiers" else ())
            names = dict.fromkeys(name for row in rows for name in row)
            told = [{name: row.get(name) for name in names} for row in rows]
            if told:
                every = f"insert into {table} by name select unnest($rows, recursive := true)"
                connection.execute(every, {"rows": told})
        connection.execute(MACROS.read_text(encoding="utf-8"))
    return path


@pytest.fixture(scope="session")
def make() -> SimpleNamespace:
    """What the tests of reports make their subjects, series, events and tables with."""
    makers = (subjects, series, month_points, day_points, week_points, happening, evidence_of)
    rows = (observed, event, status, build_info, usual_tables, claim_tables, later_tables)
    rows += (crowded_tables, weighted_tables, write_published)
    return SimpleNamespace(**{maker.__name__: maker for maker in (*makers, *rows)}, METRICS=METRICS)


@pytest.fixture(scope="session")
def drawing_cache(drawings: Path, usual_site: Path) -> Path:
    """The same, with all that the usual site has."""
    return drawings


Draw: TypeAlias = Callable[[str, Callable[[Path], object]], Path]


@pytest.fixture(scope="session")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Draw:
    """Draw a site by its name in a folder, once for all processes."""
    shared = shared_folder(tmp_path_factory) / "sites"
    shared.mkdir(exist_ok=True)

    def draw(name: str, write: Callable[[Path], object]) -> Path:
        folder = shared / name
        with alone(shared / f"{name}.lock"):
            if not (folder / "site").exists():
                folder.mkdir(exist_ok=True)
                write(folder)
        return folder / "site"

    return draw


@pytest.fixture(scope="session")
def usual_site(drawn: Draw, drawings: Path) -> Path:
    """The site of the usual tables and of those a file may lack, of a demo; to be looked at only."""
    tables = usual_tables() | later_tables() | {"build_info": [build_info(demo=True)]}

    def write(folder: Path) -> None:
        published = write_published(folder / "barometer.duckdb", tables)
        url = "https://example.org/b/"
        build_site(published, folder / "site", url=url, single_file=True, cache=drawings)

    return drawn("usual", write)


@pytest.fixture(scope="session")
def troubled_site(drawn: Draw, drawings: Path) -> Path:
    """The site of four subjects with one source stale, one failed and one never collected."""
    tables = usual_tables("PyTorch", "TensorFlow", "JAX", "Keras")
    tables["observations"] = [row for row in tables["observations"] if row["metric_id"] not in NEVER]
    tables["source_status"][1:3] = [
        status("google_trends", None, "never", "HTTP 503, expected 200"),
        status("pypi", date(2025, 7, 31), "failed", "HTTP 500, expected 200"),
    ]
    return drawn("troubled", lambda folder: _write(tables, folder, drawings))


def _write(tables: Tables, folder: Path, drawings: Path) -> None:
    build_site(write_published(folder / "barometer.duckdb", tables), folder / "site", cache=drawings)


def crowded_tables(count: int) -> dict[str, Sequence[Row]]:
    """Return the tables of so many subjects with a year of downloads, the later ones with more."""
    rivals = [f"rival_{number}" for number in range(count)]
    return {
        **{table: usual_tables()[table] for table in ("metrics", "build_info", "source_status")},
        "subjects": [
            {"subject_id": rival, "name": f"Rival {n}", "color": PALETTE[n % len(PALETTE)], "position": n}
            for n, rival in enumerate(rivals)
        ],
        "observations": [
            row
            for n, rival in enumerate(rivals)
            for row in observed("pypi_downloads", month_points(rival, "2024-08", [1000.0 * (n + 1)] * 12))
        ],
    }


@pytest.fixture(scope="session")
def crowded_site(drawn: Draw, drawings: Path) -> Path:
    """The site of thirty subjects as far as the page on downloads, with the table of all of them."""
    return drawn("crowded", lambda folder: _write_crowded(folder, drawings))


def _write_crowded(folder: Path, drawings: Path) -> None:
    with open_published(write_published(folder / "barometer.duckdb", crowded_tables(30))) as published:
        evidence = read_evidence(published)
    site = folder / "site"
    with Painters() as painters, pytest.MonkeyPatch.context() as patched:
        patched.setattr(everyone, "FIRST_ROWS", 25)
        press = Press(evidence, changes(evidence, None), site, "", Cache(drawings), painters)
        for path, content in press.files(False):
            (site / path).parent.mkdir(parents=True, exist_ok=True)
            (site / path).write_bytes(content if isinstance(content, bytes) else content.encode())
            if path == Path("adoption.html"):
                break


@pytest.fixture(scope="session")
def hostile_site(drawn: Draw, drawings: Path) -> Path:
    """The site of a file in which every text from outside holds markup."""
    tables = usual_tables(HOSTILE, "TensorFlow")
    for table in ("subjects", "observations"):
        for row in tables[table]:
            row["subject_id"] = "first" if row["subject_id"] == HOSTILE.lower() else row["subject_id"]
    tables["observations"] = [row for row in tables["observations"] if row["metric_id"] in WITH_NAMES]
    tables["source_status"][3]["reason"] = HOSTILE
    tables["events"][0]["title"] = HOSTILE
    tables["metrics"][0]["caveat"] = HOSTILE
    told = ("sentence", "question", "quote", "evidence", "would_change", "cannot_tell", "made_in", "made_on")
    for claim in tables["claims"]:
        claim |= dict.fromkeys(told, HOSTILE) | {"subject_id": "tensorflow", "url": "javascript:alert(1)"}
    for row in tables["claim_evidence"]:
        row |= {"rival_id": "first", "basis": HOSTILE}
    tables["observations"][0] |= {"state": "suspect", "state_reason": HOSTILE}
    tables["build_info"] = [build_info(question=HOSTILE, code_version=HOSTILE)]
    return drawn("hostile", lambda folder: _write(tables, folder, drawings))


@pytest.fixture(scope="session")
def empty_site(drawn: Draw, drawings: Path) -> Path:
    """The site of a published file without figures."""
    tables = {name: usual_tables()[name] for name in ("subjects", "metrics", "build_info")}
    return drawn("empty", lambda folder: _write(tables, folder, drawings))


@pytest.fixture
def publish(tmp_path: Path) -> Callable[[Tables], Path]:
    """Make a published file of the tables given."""
    return lambda tables: write_published(tmp_path / "barometer.duckdb", tables)


@pytest.fixture
def read(publish: Callable[[Tables], Path]) -> Callable[[Tables], Evidence]:
    """Read what a published file of the tables given holds."""

    def read_published(tables: Tables) -> Evidence:
        with open_published(publish(tables)) as published:
            return read_evidence(published)

    return read_published


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A browser with an empty profile."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The npm packages by which a site answers SQL, fetched once for all processes."""
    if shutil.which("npm") is None:
        pytest.skip("no npm on the path, which fetches the engine of the page that answers SQL")
    folder = shared_folder(tmp_path_factory) / "packages"
    with alone(folder.with_suffix(".lock")):
        try:
            require_packages(folder)
        except ConfigurationError as error:
            pytest.skip(f"the engine of the page that answers SQL cannot be had: {error}")
    return folder


def as_published(written: Path) -> Path:
    """Store a file as the pipeline's are stored, so that older engines read it."""
    file = written.with_name("published.duckdb")
    with duckdb.connect() as connection:
        connection.execute(f"attach '{written}' as written (read_only)")
        connection.execute(f"attach '{file}' as published (storage_version '{STORAGE_VERSION}')")
        connection.execute("copy from database written to published")
    return file


@pytest.fixture(scope="session")
def asking_site(drawn: Draw, packages: Path, drawing_cache: Path) -> Path:
    """The site with the page that answers SQL, of a file in which a reason and a name hold markup."""
    tables = usual_tables("PyTorch", "TensorFlow", "Keras") | later_tables()
    tables["subjects"][2]["name"] = tables["source_status"][3]["reason"] = HOSTILE

    def write(folder: Path) -> None:
        file = as_published(write_published(folder / "barometer.duckdb", tables))
        build_site(file, folder / "site", single_file=True, cache=drawing_cache, packages=packages)

    return drawn("asking", write)


@pytest.fixture(scope="session")
def asking_file(asking_site: Path) -> Path:
    """The published file of that site."""
    return asking_site.with_name("published.duckdb")
