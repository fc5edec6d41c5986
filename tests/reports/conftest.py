"""A small published file, made by hand: two subjects, every kind of series, figures that are easy to check."""

from calendar import monthrange
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, TypeAlias

import duckdb
import pytest

from reports.evidence import Evidence, read_evidence
from warehouse.published import open_published

Row: TypeAlias = dict[str, Any]
Tables: TypeAlias = Mapping[str, Sequence[Row]]

BUILT_AT = datetime(2025, 8, 6, 6, tzinfo=UTC)
COLUMNS = {
    "subjects": "subject_id varchar, name varchar, color varchar, first_release_on date, position integer",
    "metrics": "metric_id varchar, name varchar, kind varchar, unit varchar, grain varchar, aggregation varchar, "
    "source_id varchar, definition varchar, caveat varchar",
    "observations": "subject_id varchar, metric_id varchar, period_start date, period_end date, value double, "
    "low double, high double, state varchar, basis varchar, observed_at timestamptz, revision integer",
    "adoption_monthly": "subject_id varchar, month date, downloads bigint, downloads_low bigint, "
    "downloads_with_mirrors bigint, downloads_share double, downloads_yoy double, downloads_basis varchar, "
    "search_interest double, search_share double",
    "community_monthly": "subject_id varchar, month date, stars_total bigint, stars_gained bigint, forks_total bigint, "
    "open_issues bigint, questions bigint, questions_share_of_site double, questions_share_of_rivals double, "
    "questions_answered_share double",
    "source_status": "source_id varchar, last_attempt_at timestamptz, last_success_at timestamptz, last_period date, "
    "lag_days integer, expected_lag_days integer, state varchar, reason varchar",
    "events": "event_id varchar, subject_id varchar, source_id varchar, metric_id varchar, occurred_on date, "
    "ended_on date, kind varchar, title varchar, url varchar",
    "build_info": "built_at timestamptz, as_of timestamptz, code_version varchar, archive_files integer, "
    "archive_answers integer, archive_sha256 varchar, demo boolean, question varchar",
}
METRICS = {
    "github_stars_total": ("Stars in total", "stars", "day", "stock", "github"),
    "github_stars_gained": ("Stars gained", "stars", "week", "flow", "github"),
    "github_forks_total": ("Forks in total", "forks", "day", "stock", "github"),
    "github_open_issues": ("Open issues", "issues", "day", "stock", "github"),
    "pypi_downloads": ("Downloads", "downloads", "month", "flow", "pypi"),
    "pypi_downloads_with_mirrors": ("Downloads with mirrors", "downloads", "month", "flow", "pypi"),
    "stackoverflow_questions": ("Questions", "questions", "month", "flow", "stackoverflow"),
    "stackoverflow_questions_share": ("Share of questions", "share", "month", "flow", "stackoverflow"),
    "google_trends_interest": ("Search interest", "index", "month", "index", "google_trends"),
}
PALETTE = ("#d55e00", "#0072b2", "#009e73", "#cc79a7", "#e69f00", "#56b4e9")


def months(first: str, count: int) -> list[date]:
    """Return the first days of so many months."""
    year, month = (int(part) for part in first.split("-"))
    return [date(year + (month - 1 + n) // 12, (month - 1 + n) % 12 + 1, 1) for n in range(count)]


def subject(position: int, subject_id: str, name: str) -> Row:
    """Return a row of `subjects`."""
    return {"subject_id": subject_id, "name": name, "color": PALETTE[position], "position": position}


def monthly(
    metric_id: str, subject_id: str, first: str, values: Sequence[float | None], **rest: Any
) -> list[Row]:
    """Return rows of `observations`, one a month; None is a row whose value is not known."""
    spans = [
        (month, month.replace(day=monthrange(month.year, month.month)[1]))
        for month in months(first, len(values))
    ]
    return [
        _observation(metric_id, subject_id, span, value, rest)
        for span, value in zip(spans, values, strict=True)
    ]


def weekly(metric_id: str, subject_id: str, first: date, values: Sequence[float], **rest: Any) -> list[Row]:
    """Return rows of `observations`, one a week."""
    spans = [(first + timedelta(weeks=n), first + timedelta(weeks=n, days=6)) for n in range(len(values))]
    return [
        _observation(metric_id, subject_id, span, value, rest)
        for span, value in zip(spans, values, strict=True)
    ]


def daily(metric_id: str, subject_id: str, values: Mapping[date, float], **rest: Any) -> list[Row]:
    """Return rows of `observations`, one a day that was read."""
    return [_observation(metric_id, subject_id, (day, day), value, rest) for day, value in values.items()]


def _observation(
    metric_id: str, subject_id: str, span: tuple[date, date], value: float | None, rest: Row
) -> Row:
    row = {"metric_id": metric_id, "subject_id": subject_id, "period_start": span[0], "period_end": span[1]}
    return row | {"value": value, "state": "ok", "basis": "counted", "revision": 0} | rest


def status(
    source_id: str, state: str = "fresh", last_period: date | None = None, reason: str | None = None
) -> Row:
    """Return a row of `source_status`."""
    lag_days = (BUILT_AT.date() - last_period).days if last_period else None
    row = {"source_id": source_id, "last_period": last_period, "lag_days": lag_days, "expected_lag_days": 7}
    return row | {"state": state, "reason": reason, "last_attempt_at": BUILT_AT, "last_success_at": BUILT_AT}


def event(kind: str, occurred_on: date, title: str, **rest: Any) -> Row:
    """Return a row of `events`."""
    return {"event_id": title, "kind": kind, "occurred_on": occurred_on, "title": title} | rest


def build_info(**rest: Any) -> Row:
    """Return the row of `build_info`."""
    row = {
        "built_at": BUILT_AT,
        "as_of": BUILT_AT,
        "code_version": "0.1.0",
        "archive_answers": 412,
        "demo": False,
    }
    return row | {"question": "PyTorch or TensorFlow?"} | rest


def usual_tables(names: Sequence[str] = ("PyTorch", "TensorFlow")) -> dict[str, list[Row]]:
    """Return tables with every kind of series for the subjects of that name, the first with the highest figures."""
    subjects = [subject(position, name.lower(), name) for position, name in enumerate(names)]
    tables: dict[str, list[Row]] = {"subjects": subjects, "observations": [], "community_monthly": []}
    for rank, row in zip(range(len(names), 0, -1), subjects, strict=True):
        tables["observations"] += _usual_observations(row["subject_id"], rank)
        tables["community_monthly"] += [
            {"subject_id": row["subject_id"], "month": month, "stars_gained": 900 * rank + n}
            for n, month in enumerate(months("2023-01", 31))
        ]
    tables["source_status"] = [
        status("github", last_period=date(2025, 8, 6)),
        status("google_trends", last_period=date(2025, 7, 31)),
        status("pypi", last_period=date(2025, 7, 31)),
        status("stackoverflow", "stale", date(2023, 5, 31), "last period 2023-05-31 is 798 days old"),
    ]
    tables["events"] = [
        event("outside event", date(2023, 11, 30), "ChatGPT released", url="https://example.org/chatgpt"),
        event(
            "measuring fault",
            date(2023, 6, 10),
            "Logs ran dry",
            ended_on=date(2023, 7, 5),
            metric_id="pypi_downloads",
            source_id="pypi",
        ),
    ]
    return tables


def _usual_observations(subject_id: str, rank: int) -> list[Row]:
    downloads = [1_000_000.0 * rank + 40_000 * n for n in range(31)]
    rows = monthly("pypi_downloads", subject_id, "2023-01", downloads)
    for row in rows[5:7]:
        row["state"] = "suspect"
    rows += monthly("google_trends_interest", subject_id, "2023-01", [20.0 * rank] * 31, state="sample")
    rows += monthly("stackoverflow_questions", subject_id, "2022-01", [500.0 * rank] * 17)
    rows += monthly("stackoverflow_questions_share", subject_id, "2022-01", [0.5] * 17)
    rows += weekly("github_stars_gained", subject_id, date(2025, 1, 5), [200.0 * rank] * 30)
    first_days = {day: 50_000.0 * rank + n * 900 for n, day in enumerate(months("2023-01", 32))}
    rows += daily("github_stars_total", subject_id, first_days)
    rows += daily("github_forks_total", subject_id, {day: stars / 4 for day, stars in first_days.items()})
    return rows


def _shares(observations: Sequence[Row], subjects: int) -> list[Row]:
    """Return the rows of `adoption_monthly` that follow from the downloads."""
    known = [row for row in observations if row["metric_id"] == "pypi_downloads" and row["value"] is not None]
    totals = {
        row["period_start"]: [
            other["value"] for other in known if other["period_start"] == row["period_start"]
        ]
        for row in known
    }
    return [
        {
            "subject_id": row["subject_id"],
            "month": row["period_start"],
            "downloads": row["value"],
            "downloads_basis": row["basis"],
            "downloads_share": row["value"] / sum(totals[row["period_start"]])
            if len(totals[row["period_start"]]) == subjects and sum(totals[row["period_start"]])
            else None,
        }
        for row in known
    ]


def write_published(path: Path, tables: Tables) -> Path:
    """Write a published file; a table that is not given gets what any build has, or stays empty."""
    metrics = [
        dict(
            zip(("metric_id", "name", "unit", "grain", "aggregation", "source_id"), (key, *rest), strict=True)
        )
        | {"kind": "community", "definition": f"{rest[0]} as counted.", "caveat": "Not use."}
        for key, rest in METRICS.items()
    ]
    shares = _shares(tables.get("observations", ()), len(tables.get("subjects", ())))
    usual: Tables = {"metrics": metrics, "build_info": [build_info()], "adoption_monthly": shares}
    with duckdb.connect(path) as connection:
        connection.execute("set TimeZone = 'UTC'")
        for table, columns in COLUMNS.items():
            connection.execute(f"create table {table} ({columns})")
            for row in tables.get(table, usual.get(table, ())):
                names, marks = ", ".join(row), ", ".join("?" * len(row))
                connection.execute(f"insert into {table} ({names}) values ({marks})", list(row.values()))
    return path


@pytest.fixture(scope="session")
def usual() -> Callable[..., dict[str, list[Row]]]:
    """The tables of a usual build, of the subjects of those names."""
    return usual_tables


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
