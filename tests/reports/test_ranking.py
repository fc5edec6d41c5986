"""Who leads is said of a period that is known for all, and of figures that are measured."""

from datetime import date, timedelta
from types import SimpleNamespace

from reports.data.records import OPEN, Crossover
from reports.findings.findings import share_finding
from reports.findings.ranking import ranking

MONDAY_WEEK = date(2025, 1, 5)


def test_the_last_shared_month_counts(make: SimpleNamespace) -> None:
    """A month that one subject lacks yet, a partial one and a suspect one are passed over."""
    points = [
        *make.month_points("pytorch", "2025-05", [30, 40, 50]),
        *make.month_points("tensorflow", "2025-05", [10, 20]),
        *make.month_points("tensorflow", "2025-07", [99], state="partial"),
    ]
    series = make.series("pypi_downloads", *points)

    found = ranking(series, make.evidence_of(series))

    assert found is not None
    assert [(subject.name, value) for subject, value in found.figures] == [
        ("PyTorch", 40),
        ("TensorFlow", 20),
    ]
    assert (found.first_day, found.last_day) == (date(2025, 6, 1), date(2025, 6, 30))
    assert (found.lead, found.is_level) == (20, False)


def test_thirteen_whole_weeks_are_added_up(make: SimpleNamespace) -> None:
    """The window is the thirteen weeks up to the last complete one."""
    points = [
        *make.week_points("pytorch", MONDAY_WEEK, [1] + [10] * 13),
        *make.week_points("tensorflow", MONDAY_WEEK, [1] + [5] * 13),
        *make.week_points("pytorch", MONDAY_WEEK + timedelta(weeks=14), [1000], state="partial"),
    ]
    series = make.series("github_stars_gained", *points)

    found = ranking(series, make.evidence_of(series))

    assert found is not None
    assert [value for _, value in found.figures] == [130, 65]


def test_a_missing_week_leaves_no_sum(make: SimpleNamespace) -> None:
    """Twelve weeks are not passed off as thirteen."""
    points = [
        *make.week_points("pytorch", MONDAY_WEEK, [10] * 13),
        *make.week_points("tensorflow", MONDAY_WEEK, [10] * 5),
        *make.week_points("tensorflow", MONDAY_WEEK + timedelta(weeks=6), [10] * 7),
    ]
    series = make.series("github_stars_gained", *points)

    assert ranking(series, make.evidence_of(series)) is None


def test_counters_count_by_their_last_recent_reading(make: SimpleNamespace) -> None:
    """Counters read some days apart are compared; one that was last read long ago is left out."""
    points = [
        *make.day_points("pytorch", {date(2025, 8, 6): 100}),
        *make.day_points("tensorflow", {date(2025, 8, 1): 200}),
        *make.day_points("jax", {date(2025, 1, 1): 300}),
    ]
    series = make.series("github_stars_total", *points)

    found = ranking(series, make.evidence_of(series, names=("PyTorch", "TensorFlow", "JAX")))

    assert found is not None
    assert [subject.name for subject, _ in found.figures] == ["TensorFlow", "PyTorch"]
    assert [subject.name for subject in found.in_order] == ["PyTorch", "TensorFlow"]


def test_two_points_of_share_are_no_lead(make: SimpleNamespace) -> None:
    """A lead no larger than what two ways of counting differ by is called level."""
    series = make.series(
        "stackoverflow_questions",
        *make.month_points("pytorch", "2023-05", [49]),
        *make.month_points("tensorflow", "2023-05", [51]),
    )

    found = ranking(series, make.evidence_of(series))

    assert found is not None
    assert found.is_level


def test_nothing_known_has_no_standing(make: SimpleNamespace) -> None:
    """No figures, no shared month, nobody leads."""
    apart = [*make.month_points("pytorch", "2025-01", [1]), *make.month_points("tensorflow", "2025-02", [1])]

    for series in (make.series("pypi_downloads"), make.series("pypi_downloads", *apart)):
        assert ranking(series, make.evidence_of(series)) is None


def test_nothing_but_zeros_is_level(make: SimpleNamespace) -> None:
    """Two subjects without a single question share nothing, and nobody leads."""
    points = [*make.month_points("pytorch", "2025-01", [0]), *make.month_points("tensorflow", "2025-01", [0])]
    series = make.series("stackoverflow_questions", *points)

    found = ranking(series, make.evidence_of(series))

    assert found is not None
    assert found.is_level
    assert found.share(found.leader) == 0


def test_what_chance_decides_has_no_leader(make: SimpleNamespace) -> None:
    """Where it is published that the first two are too close to call, neither leads, however far apart."""
    points = [
        *make.month_points("pytorch", "2025-07", [70]),
        *make.month_points("tensorflow", "2025-07", [30]),
    ]
    series = make.series("pypi_downloads", *points)
    nothing = dict.fromkeys(("crossed_on", "low_on", "high_on", "sustained_since"))
    crossover = Crossover("pypi_downloads", "tensorflow", "pytorch", OPEN, **nothing)

    settled = ranking(series, make.evidence_of(series))
    unsettled = ranking(series, make.evidence_of(series, crossovers=(crossover,)))

    assert settled is not None and unsettled is not None
    assert (settled.is_level, unsettled.is_level, unsettled.is_open) == (False, True, True)
    assert share_finding(series, make.evidence_of(series, crossovers=(crossover,)), "downloads") == (
        "PyTorch and TensorFlow are too close to call in downloads"
    )
