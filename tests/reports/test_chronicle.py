"""What changed is told once, with the day it fell on, and making a report again tells nothing new."""

import json
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from reports.chronicle import REPORT, Chronicle, chronicle, read_last, told_since
from reports.evidence import Evidence
from reports.rows import Crossover


def a_day_later(evidence: Evidence, **changes: Any) -> Evidence:
    """Return the evidence of the next day's report."""
    build = replace(evidence.build, built_at=evidence.build.built_at + timedelta(days=1))
    return replace(evidence, build=build, **changes)


def left_behind(found: Chronicle) -> Any:
    """Return what the next report reads of one."""
    return json.loads(found.text())


def downloads(make: SimpleNamespace, first: list[float], second: list[float]) -> Evidence:
    """Return evidence of two subjects' downloads."""
    points = make.month_points("pytorch", "2025-01", first) + make.month_points(
        "tensorflow", "2025-01", second
    )
    every = [make.series("pypi_downloads", *points)]
    every += [make.series(key) for key in ("github_stars_gained", "github_stars_total", "github_forks_total")]
    every += [make.series(key) for key in ("stackoverflow_questions", "google_trends_interest")]
    return make.evidence_of(*every, make.series("wikipedia_pageviews"))


def titles(found: Chronicle) -> list[str]:
    """Return what a report tells as new."""
    return [entry.title for entry in found.new]


def test_a_first_report_tells_the_dated_facts(make: SimpleNamespace) -> None:
    """Breaks, releases, events and crossovers of the tables stand with their own day, the newest first."""
    events = (
        make.happening("series break", date(2024, 2, 21), "Forks recounted"),
        make.happening("release", date(2025, 1, 29), "2.6.0", subject_id="pytorch"),
        make.happening("outside event", date(2030, 1, 1), "Not yet"),
    )
    crossed = Crossover(
        "pypi_downloads", "pytorch", "tensorflow", "crossed", date(2024, 4, 1), None, None, None
    )
    evidence = replace(downloads(make, [9, 9], [1, 1]), events=events, crossovers=(crossed,))

    found = chronicle(evidence, None)

    assert [(entry.on, entry.kind, entry.title) for entry in found.entries] == [
        (date(2025, 1, 29), "release", "2.6.0"),
        (date(2024, 4, 1), "crossover", "PyTorch passed TensorFlow in downloads"),
        (date(2024, 2, 21), "break", "Forks recounted"),
    ]
    assert told_since(found) == "This is the first report here, so these are the latest dated facts."


def test_a_later_report_tells_what_is_otherwise(make: SimpleNamespace) -> None:
    """A change of lead, a source's change of state and new figures are told, and old facts are not."""
    event = make.happening("series break", date(2024, 2, 21), "Forks recounted")
    before = replace(downloads(make, [9], [1]), events=(event,))
    after = a_day_later(downloads(make, [9, 1], [1, 9]), events=(event,))
    late = {"pypi": replace(after.sources["pypi"], state="late")}

    found = chronicle(
        replace(after, sources=dict(after.sources) | late), left_behind(chronicle(before, None))
    )

    assert sorted(titles(found)) == [
        "New figures of downloads",
        "Python package index is late, it was fresh",
        "TensorFlow now leads in downloads, before it was PyTorch",
    ]
    assert len(found.entries) == 4
    assert told_since(found) == "3 changes since the report of 6 August 2025."


def test_making_a_report_again_changes_nothing(make: SimpleNamespace) -> None:
    """The same file, made again, compares itself with the report before it, not with itself."""
    first = chronicle(downloads(make, [9], [1]), None)
    later = a_day_later(downloads(make, [9, 1], [1, 9]))
    second = chronicle(later, left_behind(first))

    again = chronicle(later, left_behind(second))

    assert again == second
    assert len(again.new) == 2


def test_a_report_that_cannot_be_read_is_none(tmp_path: Path) -> None:
    """Where the last report left nothing, or something broken, the next is a first one."""
    (tmp_path / "api").mkdir()

    assert read_last(tmp_path) is None
    for text in ("", "[]", '{"this": {}}', '{"entries": [{"on": "soon"}]}'):
        (tmp_path / REPORT).write_text(text)
        assert read_last(tmp_path) is None
