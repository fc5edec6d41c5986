"""What a release changed is told beside what the same months do without one."""

import re
from dataclasses import replace
from datetime import date
from types import SimpleNamespace

import pytest

from reports.findings.change.releases import releases

MAY = date(2024, 5, 14)


def told(make: SimpleNamespace, values: list[float], *events, on: date = MAY):
    """The effect of a release on downloads from January 2022 on, of which nothing else is told."""
    series = make.series("pypi_downloads", *make.month_points("pytorch", "2022-01", values))
    release = make.happening("release", on, "3.0", subject_id="pytorch")
    evidence = make.evidence_of(series, names=("PyTorch",), events=(release, *events))
    names, (found,) = releases(evidence, evidence.subjects[0])
    return names, [effect.told if effect else None for effect in found.effects]


QUIET = [100.0, 104.0, 98.0, 102.0] * 10  # to April 2025


@pytest.mark.parametrize(
    ("factor", "expected"),
    [
        (1, "as usual"),
        (2, r"\+\d+\u202f%, more than usual \(.+ to .+\)$"),
        (0.5, r"\u2212\d+\u202f%, less than usual \("),
    ],
)
def test_a_change_is_told_beside_what_is_usual(make: SimpleNamespace, factor: float, expected: str):
    """Three months after against three before; the month of the release belongs to neither."""
    # A year after it all is as before, so that few months lie astride of a step.
    values = [value * (factor if 29 <= month < 32 else 1) for month, value in enumerate(QUIET)]
    names, (effect,) = told(make, values)

    assert names == ["downloads"]
    assert re.search(expected, effect or ""), effect


def test_what_cannot_be_compared_has_no_effect(make: SimpleNamespace):
    """A release of the last months, or with a break or a fault near it."""
    assert told(make, QUIET, on=date(2025, 3, 3)) == (["downloads"], [None])
    cut = make.happening("series break", date(2024, 7, 1), metric_id="pypi_downloads")
    assert told(make, QUIET, cut) == (["downloads"], [None])
    assert told(make, QUIET, replace(cut, occurred_on=date(2023, 1, 1)))[1] != [None]


def test_of_too_few_months_nothing_is_usual(make: SimpleNamespace):
    """Then no measure is shown, and the release stands by itself."""
    assert told(make, QUIET[:20], on=date(2022, 9, 1)) == ([], [])
