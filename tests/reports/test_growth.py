"""Growth over a year is told where two whole years can be compared, and with what has vanished since."""

from dataclasses import replace
from datetime import date, timedelta
from types import SimpleNamespace

import pytest

from reports.data.records import Point
from reports.findings.change.growth import growths, untold

TOLD = [("PyTorch", "+20\u202f%"), ("TensorFlow", "\u221250\u202f%")]


def downloads(make: SimpleNamespace, **rest: object):
    points = [
        *make.month_points("pytorch", "2023-08", [10] * 12 + [12] * 12, **rest),
        *make.month_points("tensorflow", "2023-08", [10] * 12 + [5] * 12, **rest),
    ]
    return make.series("pypi_downloads", *points)


def told(series, evidence) -> list[tuple[str, str]]:
    return [(one.subject.name, one.told) for one in growths(series, evidence)]


def test_twelve_months_are_compared_with_the_twelve_before(make: SimpleNamespace):
    """More and fewer, in per cent of the year before; a running month does not count."""
    series = downloads(make)
    running = replace(
        series.points[-1], first_day=date(2025, 8, 1), last_day=date(2025, 8, 31), state="partial"
    )
    series = replace(series, points=(*series.points, running))

    assert told(series, make.evidence_of(series)) == TOLD


def test_a_year_with_a_hole_or_a_break_is_not_compared(make: SimpleNamespace):
    """A month that is missing or doubted, two ways of counting, a break: nothing is told of that subject."""
    series = downloads(make)
    place = next(n for n, one in enumerate(series.points) if one.subject_id == "tensorflow") + 6
    one = series.points[place]
    missing = tuple(point for n, point in enumerate(series.points) if n != place)
    doubted = tuple(
        replace(one, state="suspect") if n == place else point for n, point in enumerate(series.points)
    )
    recounted = tuple(
        replace(one, basis="other") if n == place else point for n, point in enumerate(series.points)
    )

    for points in (missing, doubted, recounted):
        changed = replace(series, points=points)
        assert told(changed, make.evidence_of(changed)) == TOLD[:1]
    cut = make.happening("series break", date(2024, 3, 1), metric_id="pypi_downloads")
    assert told(series, make.evidence_of(series, events=(cut,))) == []
    reason = "not told: counted in another way since March 2024"
    assert untold(series, make.evidence_of(series, events=(cut,))) == reason
    short = replace(series, points=series.points[12:24])
    assert untold(short, make.evidence_of(short)) == "not told: of nobody are two whole years known"
    fault = make.happening("measuring fault", date(2024, 3, 1), metric_id="pypi_downloads")
    faulty = make.evidence_of(series, events=(fault,))
    assert told(series, faulty) == []
    assert untold(series, faulty) == "not told: the two years cannot be compared"
    before = make.happening("series break", date(2023, 8, 1), metric_id="pypi_downloads")
    assert told(series, make.evidence_of(series, events=(before,))) == TOLD


def test_a_counter_is_compared_with_itself_a_year_before(make: SimpleNamespace):
    """With the reading nearest to that day; where there is none near enough, nothing is told."""
    today = date(2025, 8, 6)
    points = [
        *make.day_points("pytorch", {today - timedelta(380): 100.0, today: 330.0}),
        *make.day_points("tensorflow", {today - timedelta(200): 100.0, today: 330.0}),
    ]
    series = make.series("github_stars_total", *points)

    assert told(series, make.evidence_of(series)) == [("PyTorch", "3.3 times")]


@pytest.mark.parametrize(
    ("counted", "expected"),
    [
        (1200.0, "\u221210\u202f%"),
        (1320.0, "\u221218\u202f% to \u221210\u202f%"),
        (None, "at most \u221210\u202f%"),
    ],
)
def test_what_has_vanished_since_widens_it(make: SimpleNamespace, counted: float | None, expected: str):
    """The year before may have had all that its counter said more than is left; or nobody knows."""
    first = date(2023, 7, 30)
    points = make.week_points("pytorch", first, [1200 / 52] * 52 + [1080 / 52] * 52)
    series = make.series("github_stars_gained", *points)
    evidence = make.evidence_of(series)
    if counted:
        end = first + timedelta(weeks=52)
        reading = [Point("pytorch", end, end, counted)]
        evidence = replace(evidence, points={**evidence.points, "github_stars_total": reading})

    assert told(series, evidence) == [("PyTorch", expected)]


def test_shares_do_not_grow(make: SimpleNamespace):
    """A share of a share says nothing to a reader."""
    points = make.month_points("pytorch", "2023-08", [0.1] * 12 + [0.2] * 12)
    series = make.series("stackoverflow_answered_share", *points)

    assert told(series, make.evidence_of(series)) == []
