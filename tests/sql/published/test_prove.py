"""A published figure is made again from the archived answers; what differs is said, and what is damaged."""

import gzip
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import duckdb
import pytest

from reports.build.site import build_site
from warehouse.archive.write import archived_files
from warehouse.config.ecosystem import Ecosystem, read_ecosystem
from warehouse.config.settings import Settings
from warehouse.errors import ArchiveDamaged, ConfigurationError
from warehouse.proof.prove import Proof, prove
from warehouse.published.figure_id import FigureId, parse_figure_id
from warehouse.published.open import open_published

VIEWS = FigureId("one", "wikipedia_pageviews", date(2024, 12, 1))


@pytest.fixture
def ecosystem(built: Settings) -> Ecosystem:
    """The configuration that was published."""
    return read_ecosystem(built.config)


@pytest.fixture
def copied(built: Settings, tmp_path: Path) -> Settings:
    """The same archive and published file, to be changed."""
    shutil.copytree(built.archive, tmp_path / "archive")
    shutil.copy(built.published_file, tmp_path)
    return replace(built, data=tmp_path)


def proved(figure: FigureId, settings: Settings, ecosystem: Ecosystem) -> Proof:
    (proof,) = prove([figure], settings, ecosystem, with_answers=True)
    return proof


def test_every_published_figure_is_made_again(built: Settings, ecosystem: Ecosystem) -> None:
    """Value, bounds, state and its reason, way of counting, time and revision; without the work database."""
    with open_published(built.published_file) as published:
        rows = published.query("select subject_id, metric_id, period_start from observations")[1]
    alone = replace(built, data=built.data)

    proofs = prove([FigureId(*row) for row in rows], alone, ecosystem, with_answers=False)

    assert len(proofs) == len(rows) > 250 and len({one.published["source_id"] for one in proofs}) > 3
    assert {one.published["state"] for one in proofs} >= {"ok", "sample", "suspect"}
    assert [(one.figure, one.differences) for one in proofs if not one.is_equal] == []


def test_the_answers_that_make_it_are_named_as_they_lie(built: Settings, ecosystem: Ecosystem) -> None:
    """By file, line and digest: who reads that line of the file finds the body of that digest."""
    proof = proved(VIEWS, built, ecosystem)

    assert proof.is_equal and proof.published["value"] == 100
    assert proof.answers and len(proof.answers) < proof.read
    for answer in proof.answers:
        lines = gzip.decompress((built.archive / answer.file).read_bytes()).splitlines()
        told = json.loads(lines[answer.line - 1])
        assert hashlib.sha256(told["body"].encode()).hexdigest() == told["sha256"] == answer.sha256
        assert answer.question == f"{told['endpoint']} {told['key']}"
    assert '"views": 100' in told["body"] and "One" in told["key"]


def test_a_figure_is_proved_as_it_stood_on_a_past_day(built: Settings, ecosystem: Ecosystem) -> None:
    """Before its source changed it, it was another; only what had been answered by then is read."""
    now = proved(VIEWS, built, ecosystem)
    then = proved(replace(VIEWS, as_of=date(2025, 3, 8)), built, ecosystem)

    assert [(one["old_value"], one["new_value"]) for one in now.revisions] == [(130, 100)]
    assert then.is_equal and then.published["value"] == 130
    assert then.read < now.read


def test_a_published_value_that_the_archive_does_not_make_is_told(
    copied: Settings, ecosystem: Ecosystem
) -> None:
    """With what is published, and what was made again; all else is equal."""
    with duckdb.connect(copied.published_file) as file:
        where = "subject_id = 'one' and metric_id = 'wikipedia_pageviews' and period_start = '2024-12-01'"
        file.execute(f"update observations set value = 130 where {where}")

    (difference,) = proved(VIEWS, copied, ecosystem).differences

    assert (difference.what, difference.published, difference.again) == ("value", 130, 100)


def other_body(text: bytes) -> bytes:
    assert text.count(b'\\"views\\": 1000') > 0
    return text.replace(b'\\"views\\": 1000', b'\\"views\\": 1001')


def without_its_end(text: bytes) -> bytes:
    return text[:-9]


@pytest.mark.parametrize("change", [other_body, without_its_end])
def test_an_archive_that_is_not_as_it_was_written_proves_nothing(
    copied: Settings, ecosystem: Ecosystem, change: Callable[[bytes], bytes]
) -> None:
    """The file is named, whatever the figure would have been."""
    files = [file for file in archived_files(copied.archive) if file.parent.name == "wikipedia"]
    file = next(file for file in files if b'\\"views\\": 1000' in gzip.decompress(file.read_bytes()))
    file.write_bytes(gzip.compress(change(gzip.decompress(file.read_bytes()))))

    with pytest.raises(ArchiveDamaged, match=file.name):
        proved(VIEWS, copied, ecosystem)


@pytest.mark.parametrize(
    ("figure", "why"),
    [
        ("one.no_metric.2025-01-01", "expected a metric of the table"),
        ("one.wikipedia_pageviews.1999-01-01", "expected a subject or a tool"),
        ("one.pageviews_share.2025-01-01", "cannot be proved alone.*one.wikipedia_pageviews.2025-01-01"),
    ],
)
def test_what_is_not_published_is_refused(
    built: Settings, ecosystem: Ecosystem, figure: str, why: str
) -> None:
    """With what to do instead; a share of published figures is made by SQL of these."""
    with pytest.raises(ConfigurationError, match=why):
        proved(parse_figure_id(figure), built, ecosystem)


@pytest.mark.parametrize(
    ("ids", "code", "said"),
    [
        (["one.wikipedia_pageviews.2024-12-01"], 0, "proof    equal"),
        (["one.pypi_downloads.2024-02", "two.github_stars_total.2025-03-10"], 0, "equal"),
        (["one.pypi_downloads"], 2, "expected SUBJECT.METRIC.FIRST-DAY"),
    ],
)
def test_the_command_says_what_it_found(built: Settings, ids: list[str], code: int, said: str) -> None:
    """One figure is explained, several are told a line each; the exit code says the same."""
    done = subprocess.run(
        [sys.executable, "-m", "flows", "prove", *ids],
        env=os.environ | {"BAROMETER_DATA": str(built.data), "BAROMETER_CONFIG": str(built.config)},
        text=True,
        capture_output=True,
        check=False,
    )

    assert done.returncode == code, done.stderr
    assert said in done.stdout + done.stderr
    if code == 0 and len(ids) == 1:
        assert "revised  2025-03-10 06:00, from 130 to 100" in done.stdout
        assert "wikipedia/2025" in done.stdout


def test_an_id_is_the_key_of_a_figure_in_any_client(published_file: Path) -> None:
    """The macro makes what the program reads; a month's and a year's may be shorter."""
    with open_published(published_file) as published:
        rows = published.query(
            "select figure_id(subject_id, metric_id, period_start), subject_id, metric_id, period_start "
            "from observations"
        )[1]

    assert len({figure for figure, *_ in rows}) == len(rows)
    for text, *key in rows:
        assert (parse_figure_id(text), str(parse_figure_id(text))) == (FigureId(*key), text)
    assert parse_figure_id("a.b.2025-07") == FigureId("a", "b", date(2025, 7, 1))
    assert parse_figure_id("a.b.2025") == FigureId("a", "b", date(2025, 1, 1))
    assert str(parse_figure_id("a.b.2025.2025-08-31")) == "a.b.2025-01-01.2025-08-31"


@pytest.mark.parametrize(
    "text", ["a.b", "a.b.2025-13", "a.b.2025-02-30", "A.b.2025", "a.b.2025-1", "a.b.c", ""]
)
def test_what_is_no_id_is_refused(text: str) -> None:
    """With what an id looks like."""
    with pytest.raises(ConfigurationError, match="expected SUBJECT"):
        parse_figure_id(text)


def test_the_pages_and_files_of_the_site_name_figures_that_can_be_proved(
    built: Settings, ecosystem: Ecosystem, tmp_path: Path
) -> None:
    """Each entry of the overview has its id, and the archive file of its newest answer; so has JSON."""
    build_site(built.published_file, tmp_path / "site")
    page = (tmp_path / "site" / "index.html").read_text()
    entries = dict(re.findall(r'<div class="origin" id="([^"]+)">(.*?)</div>', page, re.DOTALL))
    proofs = prove([*map(parse_figure_id, entries)], built, ecosystem, with_answers=True)

    assert len(proofs) > 10 and all(one.is_equal for one in proofs)
    for one in proofs:
        files = re.findall(r"<code>(\w+/\w+-\w+\.jsonl\.gz)</code>", entries[str(one.figure)])
        assert files and {answer.file for answer in one.answers or ()} & set(files), one.figure
        assert f"barometer prove {one.figure}" in entries[str(one.figure)]

    series = json.loads((tmp_path / "site" / "api" / "series" / "wikipedia_pageviews.json").read_text())
    assert str(VIEWS) in [point["id"] for point in series["points"]]
    parts = json.loads((tmp_path / "site" / "api" / "series" / "packages-one.json").read_text())
    assert {point["id"] for point in parts["points"]} == {None}
