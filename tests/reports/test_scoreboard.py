"""Every measure has its row, and a row says how far it can be trusted."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from types import SimpleNamespace

from reports.data.evidence import Evidence
from reports.data.wording import NO_BREAK
from reports.pages.scoreboard import Agreement, agreement, left_out, up_to_date

Read = Callable[[dict[str, list[dict[str, object]]]], Evidence]


def rows_of(evidence: Evidence) -> dict[str, Agreement]:
    """Return the rows by measure."""
    return {row.measure: row for row in agreement(evidence)}


def test_a_measure_that_is_up_to_date(make: SimpleNamespace, read: Read) -> None:
    """Window, shares in the order of the configuration, leader, lead and age come from the figures."""
    row = rows_of(read(make.usual_tables()))["Downloads"]

    assert row.window == "Python package index, July 2025"
    assert row.shares == f"PyTorch{NO_BREAK}59\u202f%, TensorFlow{NO_BREAK}41\u202f%"
    assert [(part.subject.name, part.start, part.width) for part in row.parts] == [
        ("PyTorch", 0, 59.26),
        ("TensorFlow", 59.26, 40.74),
    ]
    assert (row.verdict, row.lead) == ("PyTorch", "leads by 1.0 million downloads")
    assert (row.told, row.last_day, row.state, row.is_grey) == (
        "31 July 2025",
        date(2025, 7, 31),
        "fresh",
        False,
    )
    assert (row.late_from, row.stale_from) == (
        datetime(2025, 8, 8, tzinfo=UTC),
        datetime(2025, 8, 22, tzinfo=UTC),
    )


def test_stars_gained_are_those_of_thirteen_weeks(make: SimpleNamespace, read: Read) -> None:
    """The window of weeks is named by its last day."""
    row = rows_of(read(make.usual_tables()))["Stars gained"]

    assert (row.window, row.lead) == ("GitHub, 13 weeks to 2 August 2025", "leads by 2,600 stars")


def test_pageviews_are_those_of_a_complete_month(make: SimpleNamespace, read: Read) -> None:
    """The last month that is known whole, in views; measured figures name who leads."""
    tables = make.usual_tables()
    for row in tables["observations"]:
        row["state"] = "ok"
    row = rows_of(read(tables))["Pageviews"]

    assert (row.window, row.verdict, row.lead) == ("Wikipedia, July 2025", "PyTorch", "leads by 3,100 views")


def test_old_and_sample_figures_are_grey(make: SimpleNamespace, read: Read) -> None:
    """A stale source greys its row; sample data names no leader and says what it is."""
    rows = rows_of(read(make.usual_tables()))

    assert rows["Questions"].is_grey
    assert rows["Questions"].told == "31 May 2023"
    assert rows["Questions"].untold == "not told: the figures are too old"
    sample = rows["Search interest"]
    assert (sample.is_grey, sample.leader, sample.verdict, sample.lead) == (
        True,
        None,
        "no finding",
        "sample data",
    )
    assert sample.shares.endswith("sample data")


def test_a_measure_without_figures_says_why(make: SimpleNamespace, read: Read) -> None:
    """The row of a source that never answered is grey and carries the reason."""
    tables = make.usual_tables()
    tables["observations"] = [
        row for row in tables["observations"] if not row["metric_id"].startswith("stackoverflow")
    ]
    tables["source_status"][3] = make.status(
        "stackoverflow", None, "never", "no figure has been collected yet"
    )

    row = rows_of(read(tables))["Questions"]

    assert (row.verdict, row.lead, row.parts, row.is_grey) == (
        "no figures",
        "no figure has been collected yet",
        [],
        True,
    )


def test_more_than_two_name_the_second(make: SimpleNamespace, read: Read) -> None:
    """With four subjects the bar has four parts, and the lead is over the second."""
    row = rows_of(read(make.usual_tables("PyTorch", "TensorFlow", "JAX", "Keras")))["Stars in total"]

    assert len(row.parts) == 4
    assert row.lead == "leads by 50,000 stars over TensorFlow"


def test_who_has_no_figure_is_named(make: SimpleNamespace, read: Read) -> None:
    """A subject that a source does not know is not silently left out of the shares."""
    tables = make.usual_tables("PyTorch", "TensorFlow", "JAX")
    tables["observations"] = [
        row
        for row in tables["observations"]
        if (row["subject_id"], row["metric_id"]) != ("jax", "pypi_downloads")
    ]

    assert rows_of(read(tables))["Downloads"].shares.endswith("; no figure of JAX")


def test_only_fresh_measured_figures_are_an_answer(make: SimpleNamespace, read: Read) -> None:
    """Stale and sample measures are left out of the answer, by name."""
    evidence = read(make.usual_tables())

    assert list(up_to_date(evidence)) == ["downloads", "stars gained", "stars in total", "forks in total"]
    assert left_out(evidence) == [
        "questions (nothing told since May 2023)",
        "search interest (sample data)",
        "pageviews (sample data)",
    ]
