"""Two subjects at the same age: months counted from the first release, gaps and all."""

from dataclasses import replace
from datetime import date
from types import SimpleNamespace

from reports.data.evidence import Evidence
from reports.findings.by_age import by_age
from reports.findings.findings import age_finding


def of_known_age(evidence: Evidence, *births: date | None) -> Evidence:
    """Return the evidence with first releases."""
    subjects = zip(evidence.subjects, births, strict=True)
    return replace(
        evidence, subjects=tuple(replace(subject, first_release_on=birth) for subject, birth in subjects)
    )


def test_months_count_from_each_first_release(make: SimpleNamespace) -> None:
    """What one had two years later stands beside what the other had then; months before are left out."""
    series = make.series(
        "pypi_downloads",
        *make.month_points("pytorch", "2017-01", [1, 2, None, 4]),
        *make.month_points("tensorflow", "2015-10", [7, 8, 9]),
    )
    evidence = of_known_age(make.evidence_of(series), date(2017, 1, 19), date(2015, 11, 9))

    aged, drawn = by_age(series, evidence)

    assert [(point.subject_id, point.first_day, point.value) for point in aged.points] == [
        ("pytorch", date(2000, 1, 1), 1),
        ("pytorch", date(2000, 2, 1), 2),
        ("pytorch", date(2000, 4, 1), 4),
        ("tensorflow", date(2000, 1, 1), 8),
        ("tensorflow", date(2000, 2, 1), 9),
    ]
    assert [[point.value for point in segment.points] for segment in drawn] == [[1, 2], [4], [8, 9]]
    assert age_finding(series, evidence, "downloads") == "At 1 month TensorFlow had 9 downloads, PyTorch 2"


def test_a_line_ends_where_it_ends_by_date(make: SimpleNamespace) -> None:
    """A break and a fault of the calendar cut the line by age too; a month in a fault is unusual."""
    series = make.series("pypi_downloads", *make.month_points("pytorch", "2017-01", [1, 2, 3, 4, 5]))
    events = (
        make.happening("series break", date(2017, 2, 1), metric_id="pypi_downloads"),
        make.happening("measuring fault", date(2017, 4, 3), metric_id="pypi_downloads"),
    )
    evidence = of_known_age(make.evidence_of(series, events=events), date(2017, 1, 1), None)

    aged, drawn = by_age(series, evidence)

    assert [[point.value for point in segment.points] for segment in drawn] == [[1], [2, 3], [5]]
    assert [point.state for point in aged.points] == ["ok", "ok", "ok", "suspect", "ok"]


def test_without_a_first_release_there_is_no_age(make: SimpleNamespace) -> None:
    """A subject whose beginning is not known has no line by age."""
    series = make.series("pypi_downloads", *make.month_points("pytorch", "2017-01", [1, 2]))

    aged, drawn = by_age(series, of_known_age(make.evidence_of(series), None, None))

    assert (aged.points, drawn) == ((), [])
