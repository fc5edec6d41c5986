"""What changed is told once, with the day it fell on, and making a report again tells nothing new."""

import json
from dataclasses import fields, replace
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from reports.build.feeds import address
from reports.data.claims import Claim
from reports.data.evidence import Evidence
from reports.data.records import Crossover
from reports.findings.changes import REPORT, Changes, changes, read_last, told_since


def a_day_later(evidence: Evidence, **changes: Any) -> Evidence:
    """Return the evidence of the next day's report."""
    build = replace(evidence.build, built_at=evidence.build.built_at + timedelta(days=1))
    return replace(evidence, build=build, **changes)


def left_behind(found: Changes) -> Any:
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


def titles(found: Changes) -> list[str]:
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

    found = changes(evidence, None)

    assert [(entry.on, entry.kind, entry.title) for entry in found.entries] == [
        (date(2025, 1, 29), "release", "2.6.0"),
        (date(2024, 4, 1), "crossover", "PyTorch passed TensorFlow in downloads"),
        (date(2024, 2, 21), "break", "Forks recounted"),
    ]
    assert told_since(found) == "This is the first report here: what changed is told from the next one on."


def test_a_later_report_tells_what_is_otherwise(make: SimpleNamespace) -> None:
    """A change of lead, a source's change of state and new figures are told, and old facts are not."""
    event = make.happening("series break", date(2024, 2, 21), "Forks recounted")
    before = replace(downloads(make, [9], [1]), events=(event,))
    after = a_day_later(downloads(make, [9, 1], [1, 9]), events=(event,))
    late = {"pypi": replace(after.sources["pypi"], state="late")}

    found = changes(replace(after, sources=dict(after.sources) | late), left_behind(changes(before, None)))

    assert sorted(titles(found)) == [
        "New figures of downloads",
        "Python package index is late, it was fresh",
        "TensorFlow now leads in downloads, before it was PyTorch",
    ]
    assert len(found.entries) == 4
    assert told_since(found) == "3 changes since the report of 6 August 2025."


def test_making_a_report_again_changes_nothing(make: SimpleNamespace) -> None:
    """The same file, made again, compares itself with the report before it, not with itself."""
    first = changes(downloads(make, [9], [1]), None)
    later = a_day_later(downloads(make, [9, 1], [1, 9]))
    second = changes(later, left_behind(first))

    again = changes(later, left_behind(second))

    assert again == second
    assert len(again.new) == 2


def test_a_report_that_cannot_be_read_is_none(tmp_path: Path) -> None:
    """Where the last report left nothing, or something broken, the next is a first one."""
    (tmp_path / "api").mkdir()

    assert read_last(tmp_path) is None
    for text in ("", "[]", '{"this": {}}', '{"entries": [{"on": "soon"}]}'):
        (tmp_path / REPORT).write_text(text)
        assert read_last(tmp_path) is None


def crossed(make: SimpleNamespace, leader: str, trailer: str, on: date) -> Evidence:
    """Return evidence in which one passed the other."""
    passed = Crossover("pypi_downloads", leader, trailer, "crossed", on, None, None, None)
    return replace(downloads(make, [9, 9], [1, 1]), crossovers=(passed,))


def test_a_crossing_is_told_once_wherever_its_estimate_moves(make: SimpleNamespace) -> None:
    """Data that come later move its day; only the way back, and the next one after it, are news."""
    first = changes(crossed(make, "pytorch", "tensorflow", date(2024, 4, 1)), None)
    moved = crossed(make, "pytorch", "tensorflow", date(2024, 5, 1))
    second = changes(a_day_later(moved), left_behind(first))
    back = crossed(make, "tensorflow", "pytorch", date(2025, 2, 1))
    third = changes(a_day_later(a_day_later(back)), left_behind(second))
    again = crossed(make, "pytorch", "tensorflow", date(2025, 4, 1))
    fourth = changes(a_day_later(a_day_later(a_day_later(again))), left_behind(third))

    assert titles(second) == []
    assert [entry.entry_id for entry in second.entries] == [entry.entry_id for entry in first.entries]
    assert titles(third) == ["TensorFlow passed PyTorch in downloads"]
    assert titles(fourth) == ["PyTorch passed TensorFlow in downloads"]


def test_that_a_source_has_gone_stale_is_told_once(make: SimpleNamespace) -> None:
    """By the fact; that its state is another than in the last report says the same."""
    before = downloads(make, [1, 2], [2, 4])
    first = changes(before, None)
    stale = replace(before.sources["pypi"], state="stale")
    second = changes(a_day_later(before, sources=dict(before.sources) | {"pypi": stale}), left_behind(first))

    assert titles(second) == ["Python package index is stale: no figure after August 2025"]


def test_a_report_that_is_lost_and_made_again_has_the_ids_of_before(make: SimpleNamespace) -> None:
    """Made two days later from what the killed one would have told, and from a report that is put back."""
    first = changes(downloads(make, [5, 5], [1, 1]), None)
    newer = downloads(make, [5, 5, 1], [1, 1, 5])
    lost = changes(a_day_later(newer), left_behind(first))
    made = changes(a_day_later(a_day_later(newer)), left_behind(first))

    assert [entry.entry_id for entry in made.new] == [entry.entry_id for entry in lost.new]
    assert {entry.kind for entry in made.new} == {"rank", "figures"}


def test_a_report_of_a_file_of_before_tells_nothing_backwards(make: SimpleNamespace) -> None:
    """What a later report has told of is not undone by one of an earlier clock."""
    later = changes(a_day_later(downloads(make, [5, 5, 1], [1, 1, 5])), None)

    assert titles(changes(downloads(make, [5, 5], [1, 1]), left_behind(later))) == []


def judged(make: SimpleNamespace, verdict: str, **rest: Any) -> Evidence:
    """Return evidence in which the figures say that of a claim."""
    told = (
        make.claim_tables("pytorch", "tensorflow")["claims"][0] | {"verdict": verdict, "state": "ok"} | rest
    )
    names = {field.name for field in fields(Claim)}
    claim = Claim(**{"made_on": None, "url": None} | {name: told[name] for name in told if name in names})
    return replace(downloads(make, [9], [1]), claims=(claim,))


def test_a_verdict_that_changes_is_told_with_the_one_before(make: SimpleNamespace) -> None:
    """By the claim's own part of the page, once; that the day moves until when it was true is no news."""
    first = changes(judged(make, "supported", true_until=None), None)
    turned = judged(make, "was true until")
    second = changes(a_day_later(turned), left_behind(first))
    moved = judged(make, "was true until", true_until=date(2024, 2, 29))
    third = changes(a_day_later(a_day_later(moved)), left_behind(second))

    assert titles(first) == titles(third) == []
    (entry,) = second.new
    assert entry.title == (
        "\u201cThe second is used more.\u201d was true until January 2024; before, the verdict was: supported"
    )
    assert (entry.kind, address(entry)) == ("claim", "claims.html#more_used")
    assert entry in third.entries


def test_a_claim_that_is_new_or_left_by_an_older_report_is_no_change(make: SimpleNamespace) -> None:
    """Nor is one that is judged no more."""
    old = left_behind(changes(downloads(make, [9], [1]), None))
    del old["this"]["verdicts"]
    found = changes(a_day_later(judged(make, "supported")), old)
    assert titles(found) == []
    assert titles(changes(a_day_later(a_day_later(downloads(make, [9], [1]))), left_behind(found))) == []


def test_a_verdict_of_sample_data_says_so(make: SimpleNamespace) -> None:
    """In the feed, too."""
    first = changes(judged(make, "supported", true_until=None), None)
    second = changes(a_day_later(judged(make, "mixed", true_until=None, state="sample")), left_behind(first))
    assert titles(second)[0].endswith("is now mixed, by sample data; before, the verdict was: supported")
