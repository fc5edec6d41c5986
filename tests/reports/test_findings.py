"""Titles say what the figures say, and no more."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from types import SimpleNamespace

import pytest

from reports.charts.captions import caption
from reports.charts.content import Content
from reports.data.evidence import Evidence
from reports.data.records import Point, SeriesStatus
from reports.data.series import Series
from reports.findings.findings import (
    ahead_finding,
    amounts_finding,
    change_finding,
    parts_finding,
    ratio_finding,
    share_finding,
)
from reports.findings.segments import segments

NAMES = ("PyTorch", "TensorFlow", "JAX")


def downloads(make: SimpleNamespace, *values: float, **rest: str) -> Series:
    """Return the downloads of one month, a value for each subject."""
    points = [
        point
        for name, value in zip(NAMES, values, strict=False)
        for point in make.month_points(name.lower(), "2025-07", [value], **rest)
    ]
    series: Series = make.series("pypi_downloads", *points)
    return series


def told(
    make: SimpleNamespace, series: Series, subjects: int = 2, **rest: object
) -> tuple[Series, Evidence, str]:
    """Return what a finding of index downloads is composed from."""
    return series, make.evidence_of(series, names=NAMES[:subjects], **rest), "index downloads"


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ((71, 29), "PyTorch is 71\u202f% of the index downloads of the two"),
        ((29, 71), "TensorFlow is 71\u202f% of the index downloads of the two"),
        ((50, 50.5), "TensorFlow and PyTorch are nearly level in index downloads"),
        ((1, 0), "PyTorch is 100\u202f% of the index downloads of the two"),
        ((9999, 1), "PyTorch is over 99\u202f% of the index downloads of the two"),
    ],
)
def test_the_share_of_two(make: SimpleNamespace, values: tuple[float, ...], expected: str) -> None:
    """The leader and its share are named, or that there is none."""
    assert share_finding(*told(make, downloads(make, *values))) == expected


def test_the_share_of_three(make: SimpleNamespace) -> None:
    """Of more than two the largest is named; who has no figure is not counted among them."""
    assert share_finding(*told(make, downloads(make, 60, 30, 10), 3)) == (
        "PyTorch is 60\u202f% of the index downloads of the three"
    )
    assert share_finding(*told(make, downloads(make, 60, 40), 3)) == (
        "PyTorch is 60\u202f% of the index downloads of PyTorch and TensorFlow"
    )


def test_a_stale_source_speaks_of_the_past(make: SimpleNamespace) -> None:
    """What was found long ago is said of its month, with the silence since."""
    assert share_finding(*told(make, downloads(make, 71, 29), stale=["pypi"])) == (
        "PyTorch was 71\u202f% of the index downloads of the two in July 2025; "
        "Python package index has told nothing since"
    )


def test_a_year_is_told_as_one(make: SimpleNamespace) -> None:
    """Not as the month that it ends in; and what is known of a year that is over is past."""
    points = [
        Point(name.lower(), date(2024, 1, 1), date(2024, 12, 31), value)
        for name, value in zip(NAMES, (71, 29), strict=False)
    ]
    series = make.series("pypi_downloads", *points, grain="year")

    assert share_finding(*told(make, series)) == (
        "PyTorch was 71\u202f% of the index downloads of the two in 2024"
    )
    assert amounts_finding(*told(make, series)) == ("PyTorch: 71 index downloads in 2024; TensorFlow: 29")
    assert ahead_finding(*told(make, series)) == (
        "PyTorch was ahead in index downloads in 1 of the last 1 years"
    )


def test_what_has_ended_is_past(make: SimpleNamespace) -> None:
    """Though nothing of it is late."""
    series, evidence, noun = told(make, downloads(make, 71, 29))
    on = date(2025, 7, 31)
    ended = [
        SeriesStatus(name, "pypi_downloads", on, 0, 7, "fresh", None, ended_on=on)
        for name in ("pytorch", "tensorflow")
    ]
    evidence = replace(evidence, series_status=tuple(ended))

    assert share_finding(series, evidence, noun) == (
        "PyTorch was 71\u202f% of the index downloads of the two in July 2025"
    )
    content = Content(series, evidence.subjects, segments(series, ()), ())
    assert "ended on 31 July 2025" in caption(series, content, evidence)


def test_sample_data_is_no_finding(make: SimpleNamespace) -> None:
    """No sentence draws a conclusion from sample data, and each says that it is that."""
    series = downloads(make, 71, 29, state="sample")

    for finding in (share_finding, amounts_finding, ratio_finding, change_finding):
        assert finding(*told(make, series)) == "Index downloads, in sample data"


def test_missing_figures_are_said_to_be_missing(make: SimpleNamespace) -> None:
    """Without figures every title says so."""
    for finding in (share_finding, amounts_finding, ratio_finding, change_finding):
        assert finding(*told(make, downloads(make))) == "Index downloads: no figures to compare"
        assert finding(*told(make, downloads(make), 1)) == "Index downloads: no figures yet"


def test_one_subject_is_told_its_own_figure(make: SimpleNamespace) -> None:
    """A single subject is compared with nobody."""
    for finding in (share_finding, amounts_finding, ratio_finding):
        assert finding(*told(make, downloads(make, 71_234_567), 1)) == (
            "PyTorch: 71.2 million index downloads in July 2025"
        )


def test_amounts_name_the_first_two(make: SimpleNamespace) -> None:
    """Of three subjects the second is named as such."""
    assert amounts_finding(*told(make, downloads(make, 3_000_000, 950_000))) == (
        "PyTorch: 3.0 million index downloads in July 2025; TensorFlow: 950,000"
    )
    assert amounts_finding(*told(make, downloads(make, 3, 2, 1), 3)) == (
        "PyTorch: 3 index downloads in July 2025; TensorFlow, the second: 2"
    )


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ((210, 100), "PyTorch has 2.1 times the index downloads of TensorFlow"),
        ((100, 200), "TensorFlow has twice the index downloads of PyTorch"),
        ((100, 100), "PyTorch and TensorFlow are nearly level in index downloads"),
        ((5, 0), "PyTorch is 100\u202f% of the index downloads of the two"),
    ],
)
def test_ratios(make: SimpleNamespace, values: tuple[float, ...], expected: str) -> None:
    """A ratio is told where there is one to tell."""
    assert ratio_finding(*told(make, downloads(make, *values))) == expected


def stars(make: SimpleNamespace, then: tuple[float, float], now: tuple[float, float]) -> Series:
    """Return stars gained in each month of 2019 and 2020, and of the year up to July 2025."""
    points = [
        point
        for name, early, late in zip(("pytorch", "tensorflow"), then, now, strict=True)
        for point in (
            *make.month_points(name, "2019-01", [early] * 24, basis=None),
            *make.month_points(name, "2024-08", [late] * 12, basis=None),
        )
    ]
    series: Series = make.series("github_stars_gained", *points, grain="month")
    return series


def with_counters(make: SimpleNamespace, series: Series, lost: Mapping[str, float]) -> Evidence:
    """Return the evidence of stars gained, with what the counters of 2019 said more than is left of it."""
    left = {
        name: sum(point.value for point in points if point.first_day.year == 2019)
        for name, points in series.by_subject().items()
    }
    end = date(2019, 12, 20)
    readings = [Point(name, end, end, left[name] + more) for name, more in lost.items()]
    evidence: Evidence = make.evidence_of(series)
    return replace(evidence, points={**evidence.points, "github_stars_total": readings})


@pytest.mark.parametrize(
    ("then", "now", "lost", "expected"),
    [
        ((9, 9), (5, 5), {}, "Both gain fewer stars a year than in 2019"),
        ((5, 5), (9, 9), {"pytorch": 0, "tensorflow": 40}, "Both gain more stars a year than in 2019"),
        (
            (5, 9),
            (9, 5),
            {"pytorch": 0, "tensorflow": 0},
            "TensorFlow gains fewer stars a year than in 2019, PyTorch more",
        ),
        # What was taken back since may have been as many as that.
        (
            (5, 9),
            (6, 5),
            {"pytorch": 12, "tensorflow": 0},
            "TensorFlow gains fewer stars a year than in 2019; what changed for PyTorch is within the doubt",
        ),
        # Nobody knows how many were taken back.
        (
            (5, 9),
            (9, 5),
            {"tensorflow": 0},
            "TensorFlow gains fewer stars a year than in 2019; what changed for PyTorch is within the doubt",
        ),
        ((5, 3), (9, 5), {}, "PyTorch is 64\u202f% of the stars gained of the two"),
    ],
)
def test_then_and_now(
    make: SimpleNamespace,
    then: tuple[float, float],
    now: tuple[float, float],
    lost: Mapping[str, float],
    expected: str,
) -> None:
    """The last twelve months are compared with the first year known for all, and with what it has lost."""
    series = stars(make, then, now)

    assert change_finding(series, with_counters(make, series, lost), "stars gained") == expected


def test_no_comparison_across_a_break(make: SimpleNamespace) -> None:
    """Years that were counted in different ways, or with a month missing, are not compared."""
    series = stars(make, (9, 9), (5, 5))
    recount = make.happening("series break", date(2021, 1, 1), metric_id="github_stars_gained")
    shorter = make.series("github_stars_gained", *series.points[:-1], grain="month")

    broken = change_finding(series, make.evidence_of(series, events=(recount,)), "stars")
    missing = change_finding(shorter, make.evidence_of(shorter), "stars")

    assert broken == missing == "PyTorch and TensorFlow are nearly level in stars"


def test_shares_of_their_own_are_told_as_they_are(make: SimpleNamespace) -> None:
    """A part of each one's own is not added up; small parts keep two digits; sample data says of what."""
    points = [
        *make.month_points("pytorch", "2023-05", [0.61234]),
        *make.month_points("tensorflow", "2023-05", [0.00312]),
    ]
    series = make.series("stackoverflow_answered_share", *points)
    sample = make.series(
        "stackoverflow_answered_share", *make.month_points("pytorch", "2023-05", [0.6], state="sample")
    )

    told = amounts_finding(series, make.evidence_of(series), "of its questions answered")

    assert told == "PyTorch: 61.2\u202f% of its questions answered in May 2023; TensorFlow: 0.31\u202f%"
    assert amounts_finding(sample, make.evidence_of(sample), "of its questions answered") == (
        "Answered questions, in sample data"
    )


def test_who_was_ahead_how_often(make: SimpleNamespace) -> None:
    """Days known for all are counted, the last 91; level days count for nobody."""
    days = [date(2025, 1, 1) + timedelta(days=n) for n in range(100)]
    first = make.day_points("pytorch", dict.fromkeys(days, 5.0))
    second = make.day_points(
        "tensorflow", {day: 7.0 if n < 20 else 5.0 if n == 30 else 1.0 for n, day in enumerate(days)}
    )
    series = make.series("google_trends_interest_daily", *first, *second)

    told = ahead_finding(series, make.evidence_of(series), "search interest")

    assert told == "PyTorch was ahead in search interest in 79 of the last 91 days"


def test_the_largest_parts_are_told(make: SimpleNamespace) -> None:
    """The first two parts of the last period; without a period that is fit, none."""
    points = [
        *make.month_points("Linux", "2025-06", [80, 90]),
        *make.month_points("macOS", "2025-06", [15, 4]),
        *make.month_points("Windows", "2025-06", [3, 2]),
        *make.month_points("unknown", "2025-06", [2, 4]),
    ]

    assert parts_finding(make.series("pypi_downloads", *points), "Downloads by system") == (
        "Downloads by system: Linux has\u00a090\u202f%, macOS has\u00a04\u202f%"
    )
    nothing = parts_finding(make.series("pypi_downloads"), "Downloads by system")
    assert nothing == "Downloads by system: no figures yet"
