"""The log of corrections tells what is said otherwise than before, once and with its day."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

from reports.data.records import Revision
from reports.findings.changes import changes
from reports.findings.corrections import corrections


def test_what_becomes_known_later_is_a_correction(make: SimpleNamespace) -> None:
    """A break that was always known is none; one that is noticed later is, on the day of that report."""
    series = make.series("pypi_downloads", *make.month_points("pytorch", "2024-01", [1, 2, 3]))
    always = make.happening("series break", date(2023, 1, 1), "Counted anew", metric_id="pypi_downloads")
    later = make.happening("measuring fault", date(2024, 2, 1), "Logs ran dry", metric_id="pypi_downloads")
    first = make.evidence_of(series, events=(always,))
    before = changes(first, None)
    assert corrections(first, before) == []

    next_day = replace(first.build, built_at=first.build.built_at + timedelta(days=1))
    second = replace(first, build=next_day, events=(always, later))
    found = corrections(second, changes(second, json.loads(before.text())))

    assert [(one.on, one.told, one.page) for one in found] == [
        (next_day.built_at.date(), "Logs ran dry", "quality")
    ]


def test_figures_changed_on_one_day_are_one_correction(make: SimpleNamespace) -> None:
    """Of each series by itself, the latest first."""
    series = make.series("pypi_downloads", *make.month_points("pytorch", "2024-01", [1, 2, 3]))
    at = datetime(2025, 3, 1, 6, tzinfo=UTC)
    revisions = [
        Revision("pytorch", "pypi_downloads", date(2024, month, 1), 1.0, 2.0, at + timedelta(days=days))
        for month, days in ((1, 0), (2, 0), (3, 9))
    ]
    evidence = make.evidence_of(series, revisions=tuple(revisions))

    assert [(one.on, one.told) for one in corrections(evidence, changes(evidence, None))] == [
        (date(2025, 3, 10), "1 past figure of downloads of PyTorch changed by Python package index"),
        (date(2025, 3, 1), "2 past figures of downloads of PyTorch changed by Python package index"),
    ]
