"""Derived series are the published macros' own rows: their breaks, their doubts and their reasons."""

import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, TypeAlias

import pytest

from reports.build.api import series_record
from reports.data.declared import declared
from reports.data.evidence import Evidence, read_evidence
from reports.data.series import query_of
from warehouse.published.open import Published, open_published

Tables: TypeAlias = dict[str, list[dict[str, Any]]]

BREAK = date(2020, 5, 1)
SPIKE = date(2020, 7, 15)
NAMES = ("pytorch", "tensorflow")


@pytest.fixture
def published(make: SimpleNamespace, publish: Callable[[Tables], Path]) -> Any:
    """Two articles through the break of May 2020, one with a day of 20,000 in July, and some months."""
    tables = make.usual_tables()
    days = [date(2020, 3, 1) + timedelta(days=n) for n in range(184)]  # to 31 August
    rows = []
    for name in NAMES:
        points = make.day_points(
            name, {day: 20_000.0 if (name, day) == (NAMES[0], SPIKE) else 103 for day in days}
        )
        rows += make.observed("wikipedia_pageviews", points)
        interest = make.month_points(name, "2020-03", [50.0, 60, 70, 80], state="sample")
        rows += make.observed("google_trends_interest", interest)
        downloads = make.month_points(name, "2020-03", [1000.0, 1100, 1200, 1300])
        rows += make.observed("pypi_downloads", downloads)
    for row in rows:
        if (row["subject_id"], row["period_start"], row["value"]) == (NAMES[0], SPIKE, 20_000.0):
            row |= {"state": "suspect", "state_reason": "194.2 times what is usual around it"}
        if (row["subject_id"], row["metric_id"], row["value"]) == (NAMES[1], "pypi_downloads", 1200):
            row |= {"state": "suspect", "state_reason": "counted twice"}
    tables["observations"] = rows
    broken = make.event("series break", BREAK, "Machines told from readers", url="https://example.org/b")
    tables["events"] = [broken | {"metric_id": "wikipedia_pageviews"}]
    with open_published(publish(tables)) as found:
        yield found


def told(evidence: Evidence, key: str) -> dict[tuple[str, date], tuple[float, str, str | None]]:
    points = evidence.series(key).points
    return {(point.subject_id, point.last_day): (point.value, point.state, point.reason) for point in points}


def test_no_mean_crosses_a_break(published: Published):
    """Weeks of May whose days lie on either side have none, in series, interface and macro alike."""
    evidence = read_evidence(published)
    weeks = [date(2020, 5, 3) + timedelta(weeks=n) for n in range(5)]
    of_28, of_7 = told(evidence, "pageviews_28_days"), told(evidence, "pageviews_7_days")

    assert [(NAMES[0], week) in of_28 for week in weeks] == [False, False, False, False, True]
    assert [(NAMES[0], week) in of_7 for week in weeks] == [False, True, True, True, True]
    macro = (
        "select day from mean_of('wikipedia_pageviews', 28) where subject_id = 'pytorch' and mean is not null"
    )
    assert {row["day"] for row in published.rows(macro + " and isodow(day) = 7")} == {
        day for name, day in of_28 if name == NAMES[0]
    }
    record = json.loads(
        json.dumps(series_record(evidence.series("pageviews_28_days"), evidence), default=str)
    )
    assert str(weeks[0]) not in {point["last_day"] for point in record["points"]}


def test_a_month_carries_the_doubt_of_its_days(published: Published):
    """The month of a day of 20,000 among 103 is suspect, and so is everyone's share of it; others are not."""
    evidence = read_evidence(published)
    monthly, share = told(evidence, "pageviews_monthly"), told(evidence, "pageviews_share")
    july, june = date(2020, 7, 31), date(2020, 6, 30)

    reason = "2020-07-15: 194.2 times what is usual around it"
    assert monthly[NAMES[0], july] == (20_000.0 + 30 * 103, "suspect", reason)
    assert monthly[NAMES[1], july][1:] == monthly[NAMES[0], june][1:] == ("ok", None)
    assert [share[name, july][1:] for name in NAMES] == [("suspect", f"PyTorch: {reason}")] * 2
    assert told(evidence, "downloads_share")[NAMES[0], date(2020, 5, 31)][1:] == (
        "suspect",
        "TensorFlow: counted twice",
    )
    assert {state for _, state, _ in told(evidence, "search_share").values()} == {"sample"}


def test_every_derived_series_is_its_macro(published: Published):
    """What a chart shows are the rows that its one query gives; none is ok that holds a day which is not."""
    evidence = read_evidence(published)
    doubtful = published.rows(
        "select subject_id, metric_id, period_start, period_end from observations where state <> 'ok'"
    )
    views = {key: one for key, one in declared().items() if one.view and one.metric.id in evidence.metrics}
    assert len(views) > 6
    for key, one in views.items():
        points = evidence.series(key).points
        assert len(published.rows(query_of(key))) == len(points), key
        window = timedelta(days=21 if key == "pageviews_28_days" else 0)
        for point in points:
            holds = any(
                row["metric_id"] == one.metric.id
                and (row["subject_id"] == point.subject_id or key.endswith("_share"))
                and point.overlaps(row["period_start"], row["period_end"] + window)
                for row in doubtful
            )
            assert (point.state == "ok") != holds, (key, point)
