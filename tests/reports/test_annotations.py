"""What breaks, shades or explains a line is marked in its chart and named."""

from datetime import date, timedelta
from types import SimpleNamespace

from reports.charts.annotations import MOST_RELEASES, Annotation, annotations, great


def test_a_fault_is_shaded_over_whole_periods(make: SimpleNamespace) -> None:
    """The stretch covers the months that the fault touches, so that no undrawn month is left bare."""
    series = make.series("pypi_downloads", *make.month_points("pytorch", "2024-01", [1, 2, 3, 4]))
    dry = make.happening(
        "measuring fault",
        date(2024, 2, 20),
        "Logs ran dry: all of them",
        ended_on=date(2024, 3, 4),
        metric_id="pypi_downloads",
        url="https://example.org/1",
    )

    assert annotations(series, make.evidence_of(series, events=(dry,))) == [
        Annotation(
            "fault",
            date(2024, 2, 1),
            date(2024, 3, 31),
            "Logs ran dry",
            "Logs ran dry: all of them",
            "https://example.org/1",
        )
    ]


def test_suspect_periods_without_an_event_are_one_stretch(make: SimpleNamespace) -> None:
    """Neighbouring suspect months are shaded together as unusual, never as fake."""
    points = [
        *make.month_points("pytorch", "2024-01", [1]),
        *make.month_points("pytorch", "2024-02", [2, 3], state="suspect"),
    ]
    series = make.series("pypi_downloads", *points)

    (found,) = annotations(series, make.evidence_of(series))

    assert (found.name, found.first_day, found.last_day) == (
        "unusual figures",
        date(2024, 2, 1),
        date(2024, 3, 31),
    )


def test_a_stale_source_is_shaded_until_today(make: SimpleNamespace) -> None:
    """From the last answer to the day of the build the chart says that there was no answer."""
    series = make.series("stackoverflow_questions", *make.month_points("pytorch", "2023-04", [1, 2]))

    (found,) = annotations(series, make.evidence_of(series, stale=["stackoverflow"]))

    assert (found.kind, found.name) == ("silence", "nothing told since May 2023")
    assert (found.first_day, found.last_day) == (date(2023, 6, 1), date(2025, 8, 6))


def test_a_change_of_basis_is_marked_without_an_event(make: SimpleNamespace) -> None:
    """Where figures are counted in another way the chart says so, and whose figures if not everyone's."""
    points = [
        *make.month_points("pytorch", "2024-01", [1], basis="logs"),
        *make.month_points("pytorch", "2024-02", [2], basis="pypistats"),
        *make.month_points("tensorflow", "2024-01", [1, 2], basis="logs"),
    ]
    series = make.series("pypi_downloads", *points)

    (found,) = annotations(series, make.evidence_of(series))

    assert (found.kind, found.first_day, found.name) == (
        "break",
        date(2024, 2, 1),
        "counted in another way from here",
    )
    assert found.detail == "PyTorch: From here: pypistats. Before: logs"


def test_a_break_told_of_every_subject_is_marked_once(make: SimpleNamespace) -> None:
    """The same event for two subjects, and the change of basis it tells of, are one annotation."""
    points = [
        point
        for name in ("pytorch", "tensorflow")
        for point in (
            *make.month_points(name, "2024-01", [1], basis="logs"),
            *make.month_points(name, "2024-02", [2], basis="pypistats"),
        )
    ]
    series = make.series("pypi_downloads", *points)
    told = [
        make.happening(
            "series break",
            date(2024, 2, 1),
            "From here: pypistats. Before: logs",
            metric_id="pypi_downloads",
            subject_id=name,
        )
        for name in ("pytorch", "tensorflow")
    ]

    found = annotations(series, make.evidence_of(series, events=tuple(told)))

    assert [annotation.detail for annotation in found] == ["From here: pypistats. Before: logs"]


def test_outside_events_stay_within_the_figures(make: SimpleNamespace) -> None:
    """An event before or after the figures, or of another source, is not marked; releases are not either."""
    series = make.series("pypi_downloads", *make.month_points("pytorch", "2024-01", [1, 2]))
    events = (
        make.happening("outside event", date(2023, 1, 1), "too early"),
        make.happening("outside event", date(2024, 2, 1), "in time"),
        make.happening("outside event", date(2024, 2, 2), "of another", source_id="github"),
        make.happening("release", date(2024, 2, 3), "a release"),
        make.happening("outside event", date(2026, 7, 1), "too late"),
    )

    assert [
        annotation.name for annotation in annotations(series, make.evidence_of(series, events=events))
    ] == ["in time"]


def test_nothing_is_marked_without_figures(make: SimpleNamespace) -> None:
    """A series without points has nothing to mark, however stale its source."""
    series = make.series("pypi_downloads")

    assert annotations(series, make.evidence_of(series, stale=["pypi"])) == []


def test_every_major_release_is_marked_and_the_newest_others(make: SimpleNamespace) -> None:
    """Of more releases than find room the majors and the newest stay, in order of time."""
    titles = ["1.0", *(f"1.{n}" for n in range(1, 21)), "2.0.0", "2.1"]
    releases = [
        make.happening("release", date(2020, 1, 1) + timedelta(days=40 * n), title)
        for n, title in enumerate(titles)
    ]

    found = [event.title for event in great(releases)]

    assert len(found) == MOST_RELEASES
    assert found == ["1.0", *(f"1.{n}" for n in range(18, 21)), "2.0.0", "2.1"]
    assert great(releases[:3]) == releases[:3]
