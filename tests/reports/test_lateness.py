"""A series is judged by its own subjects: what one lacks is said of that one, wherever it is shown."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from reports.build.badges import badges
from reports.charts.annotations import annotations
from reports.charts.figure import figure_of
from reports.data.evidence import Evidence
from reports.data.records import SeriesStatus
from reports.data.series import Series
from reports.findings.changes import changes
from reports.findings.findings import change_finding, share_finding
from reports.findings.lateness import late_series, overdue, silences, state
from reports.pages.quality import freshness, quality

TODAY = date(2025, 8, 6)
STALE_FROM = datetime(2025, 8, 30, tzinfo=UTC)
REASON = "last week 2025-06-28 is 39 days old, expected at most 9"


def status(metric_id: str, subject_id: str, last: date, expected: int, told: str) -> SeriesStatus:
    """Return the status of a series."""
    reason = None if told == "fresh" else REASON
    return SeriesStatus(subject_id, metric_id, last, (TODAY - last).days, expected, told, reason)


def stars(make: SimpleNamespace, ends: Mapping[str, tuple[date, str]]) -> tuple[Series, Evidence]:
    """Return the stars gained of subjects by the last day of the last of their weeks, with their state."""
    points = [
        point
        for subject_id, (last, _) in ends.items()
        for point in make.week_points(subject_id, last - timedelta(days=20 * 7 - 1), [70.0] * 20)
    ]
    told = [status("github_stars_gained", name, last, 9, state) for name, (last, state) in ends.items()]
    series = make.series("github_stars_gained", *points)
    names = [{"pytorch": "PyTorch", "tensorflow": "TensorFlow"}.get(name, name.upper()) for name in ends]
    return series, make.evidence_of(series, names=names, series_status=tuple(told))


@pytest.fixture
def one_is_stuck(make: SimpleNamespace) -> tuple[Series, Evidence]:
    """The star history of one of two stands still, in a source that goes on."""
    series, evidence = stars(
        make, {"pytorch": (date(2025, 6, 28), "stale"), "tensorflow": (date(2025, 8, 2), "fresh")}
    )
    late = replace(evidence.sources["github"], state="late", reason=f"stars gained of PyTorch: {REASON}")
    return series, replace(evidence, sources={"github": late})


def test_what_one_subject_lacks_is_said_of_that_one(one_is_stuck: tuple[Series, Evidence]) -> None:
    """The worst state is the whole's; shading and words begin where that subject's figures end."""
    series, evidence = one_is_stuck
    told = "no figure of PyTorch since 28 June 2025"

    assert (state(series, evidence), state(series, evidence, ["tensorflow"])) == ("stale", "fresh")
    assert [(found.after, found.told) for found in silences(series, evidence)] == [(date(2025, 6, 28), told)]
    (shaded,) = [mark for mark in annotations(series, evidence) if mark.kind == "silence"]
    assert (shaded.first_day, shaded.last_day, shaded.name) == (date(2025, 6, 29), TODAY, told)
    figure = figure_of(evidence, series.key, "Stars")
    assert figure.caption[:3] == ["Source: GitHub", "figures up to 2 August 2025", told]
    since = "were nearly level in stars in June 2025; GitHub has told nothing of PyTorch since"
    assert share_finding(series, evidence, "stars") == f"PyTorch and TensorFlow {since}"
    assert change_finding(series, evidence, "stars").endswith(since)


def test_a_badge_has_the_state_of_its_own_subject(
    make: SimpleNamespace, read: Any, one_is_stuck: tuple[Series, Evidence]
) -> None:
    """Stale and grey for the one, as ever for the other."""
    whole = read(make.usual_tables())
    evidence = replace(whole, series_status=one_is_stuck[1].series_status)
    stuck, other = (
        next(badge for badge in badges(evidence, subject) if badge.key == "github_stars_gained")
        for subject in evidence.subjects
    )

    assert (stuck.value, stuck.is_grey) == ("400, stale", True)
    assert (other.value, other.is_grey) == ("200", False)


def test_subjects_that_end_on_one_day_are_named_together(make: SimpleNamespace) -> None:
    """Not all: those. All: nobody. What is long ago is said by month; what is late only is not shaded."""
    ends = {"a": (date(2024, 3, 2), "stale"), "b": (date(2024, 3, 2), "stale"), "c": (TODAY, "fresh")}
    assert [one.told for one in silences(*stars(make, ends))] == ["no figure of A and B since March 2024"]
    all_ended = dict.fromkeys("abc", (date(2024, 3, 2), "stale"))
    assert [one.told for one in silences(*stars(make, all_ended))] == ["nothing told since March 2024"]
    late = {"a": (date(2025, 7, 26), "late"), "c": (TODAY, "fresh")}
    assert [one.told for one in silences(*stars(make, late))] == ["no figure of A since 26 July 2025"]
    assert [mark.kind for mark in annotations(*stars(make, late))] == []


def test_a_source_whose_series_have_all_ended_is_not_called_fresh(make: SimpleNamespace) -> None:
    """It is counted apart; one series that goes on makes it a source like others."""
    _, evidence = stars(make, dict.fromkeys(("pytorch", "tensorflow"), (date(2024, 3, 2), "fresh")))
    ended = [replace(one, ended_on=date(2024, 3, 3)) for one in evidence.series_status]

    over = replace(evidence, series_status=tuple(ended))
    assert over.ended_on("github") == date(2024, 3, 3)
    (clause,) = freshness(over)
    assert clause.text.endswith("all series of GitHub have ended.") and "GitHub is" not in clause.text

    going_on = replace(evidence, series_status=(ended[0], evidence.series_status[1]))
    assert (going_on.ended_on("github"), evidence.ended_on("github")) == (None, None)


def test_a_file_without_the_status_of_series_has_that_of_sources(make: SimpleNamespace) -> None:
    """One of before they were published."""
    series = make.series("stackoverflow_questions", *make.month_points("pytorch", "2023-04", [1, 2]))

    assert state(series, make.evidence_of(series)) == "fresh"
    assert state(series, make.evidence_of(series, stale=["stackoverflow"])) == "stale"
    assert state(make.series("stackoverflow_questions"), make.evidence_of(series)) == "never"


def test_from_when_on_is_told_of_the_first_of_the_subjects(one_is_stuck: tuple[Series, Evidence]) -> None:
    """Whoever reads the page later compares; a reading by month is not late before the next month is due."""
    series, evidence = one_is_stuck
    moments = [(datetime(2025, 7, 8, tzinfo=UTC), None), (datetime(2025, 8, 12, tzinfo=UTC), STALE_FROM)]
    told = [
        replace(one, late_from=late, stale_from=stale)
        for one, (late, stale) in zip(evidence.series_status, moments, strict=True)
    ]
    evidence = replace(evidence, series_status=tuple(told))
    assert overdue(series, evidence) == (datetime(2025, 7, 8, tzinfo=UTC), STALE_FROM)
    assert overdue(series, evidence, ["tensorflow"]) == (datetime(2025, 8, 12, tzinfo=UTC), STALE_FROM)


def test_a_reading_by_month_is_late_when_the_next_month_is_due(make: SimpleNamespace) -> None:
    """Its days may be late by then; never before, but where the source is stale as a whole."""
    month = make.month_points("pytorch", "2025-07", [5])
    reading = make.series("wikipedia_pageviews", *month, key="pageviews_monthly", grain="month")
    moments = {"late_from": datetime(2025, 8, 5, tzinfo=UTC), "stale_from": datetime(2025, 8, 13, tzinfo=UTC)}
    told = replace(status("wikipedia_pageviews", "pytorch", date(2025, 7, 31), 4, "fresh"), **moments)
    evidence = make.evidence_of(make.series("wikipedia_pageviews"), series_status=(told,))
    evidence = replace(evidence, points={reading.key: reading.points})

    due = datetime(2025, 9, 5, tzinfo=UTC)  # July, August, and the four days that are allowed
    assert overdue(reading, evidence) == (due, due)
    silent = replace(evidence.sources["wikipedia"], stale_from=datetime(2025, 8, 13, tzinfo=UTC))
    assert overdue(reading, replace(evidence, sources={"wikipedia": silent})) == (
        moments["stale_from"],
        moments["stale_from"],
    )


@pytest.mark.parametrize(
    ("last_month", "of_source", "expected"),
    [("2025-07", "late", "fresh"), ("2025-06", "late", "late"), ("2025-07", "stale", "stale")],
)
def test_a_month_is_as_new_as_can_be_until_the_next_is_due(
    make: SimpleNamespace, last_month: str, of_source: str, expected: str
) -> None:
    """Days that are late take nothing from a month that was known before: not until another should be."""
    reading = make.series(
        "wikipedia_pageviews",
        *make.month_points("pytorch", last_month, [5]),
        key="pageviews_monthly",
        grain="month",
    )
    days = make.series("wikipedia_pageviews")
    told = status("wikipedia_pageviews", "pytorch", date(2025, 7, 31), 4, of_source)
    evidence = replace(make.evidence_of(days, series_status=(told,)), points={reading.key: reading.points})
    wikipedia = replace(evidence.sources["wikipedia"], state=of_source)

    assert state(reading, replace(evidence, sources={"wikipedia": wikipedia})) == expected


def test_the_sentence_and_the_table_name_the_series(one_is_stuck: tuple[Series, Evidence]) -> None:
    """Where all of a source are late, its name says it; one that may end is in the table, with the reason."""
    _, evidence = one_is_stuck
    (sentence,) = freshness(evidence)
    told = "no source is fresh; GitHub is late (stars gained of PyTorch)."
    assert sentence.text == f"As of 6 August 2025, {told}"
    (row,) = quality(evidence, changes(evidence, None)).content["late"]
    assert (row.metric, row.subject, row.source, row.reason) == ("Stars gained", "PyTorch", "GitHub", REASON)

    stuck, other = evidence.series_status
    both = replace(evidence, series_status=(stuck, replace(other, state="late")))
    assert late_series(both, "github") == []
    metric = replace(evidence.metrics["github_stars_gained"], may_end="Nobody asks.")
    ended = replace(evidence, metrics={"github_stars_gained": metric})
    assert late_series(ended, "github") == []
    (row,) = quality(ended, changes(ended, None)).content["late"]
    assert row.reason == f"{REASON}; may end: Nobody asks."

    many = [status("github_stars_gained", f"s{n}", date(2025, 6, 28), 9, "stale") for n in range(6)]
    five = late_series(replace(evidence, series_status=(*many, other)), "github")
    assert five == [*(f"stars gained of s{n}" for n in range(3)), "3 more"]


def test_a_series_that_goes_silent_is_a_change(
    one_is_stuck: tuple[Series, Evidence], make: SimpleNamespace
) -> None:
    """Dated by the day on which it was due; of a source that is silent as a whole its own entry tells."""
    _, evidence = one_is_stuck
    others = [key for key in make.METRICS if key != "github_stars_gained"]
    whole = make.evidence_of(*(make.series(key) for key in (*others, "github_stars_gained")))
    evidence = replace(
        whole, sources=dict(whole.sources) | dict(evidence.sources), series_status=evidence.series_status
    )

    found = changes(evidence, None)
    assert [(entry.on, entry.title) for entry in found.entries] == [
        (date(2025, 7, 8), "Stars gained of PyTorch: stale, no figure after 28 June 2025")
    ]
