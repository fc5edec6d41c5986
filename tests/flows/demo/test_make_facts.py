"""The committed tables are what the script makes of the compiled history."""

import csv
from pathlib import Path

import pytest

from flows.demo.make_facts import make_facts
from flows.standin.facts import FOLDER

TABLES = ["download_months.csv", "question_months.csv", "repository_totals.csv", "star_weeks.csv"]
# Copied from a page and not made by the script.
COPIED = ["releases.csv"]

HISTORY = Path(__file__).parents[4] / "shared" / "history"


@pytest.mark.skipif(not HISTORY.is_dir(), reason="the compiled history is not beside this checkout")
def test_the_script_makes_the_committed_tables(tmp_path):
    """Made again from the history, every table is the committed one, byte for byte."""
    make_facts(HISTORY, tmp_path)

    made = {file.name: file.read_bytes() for file in tmp_path.iterdir()}
    assert made == {name: (FOLDER / name).read_bytes() for name in TABLES}


def test_the_tables_are_small():
    """Five tables, well under a megabyte: they live in the repository."""
    sizes = {file.name: file.stat().st_size for file in FOLDER.iterdir()}

    assert sorted(sizes) == sorted(TABLES + COPIED)
    assert sum(sizes.values()) < 200_000


def test_tensorflow_and_pytorch_are_compared_on_the_same_days():
    """Their totals come from one list, printed on the same days."""
    days = {}
    for row in rows("repository_totals.csv"):
        days.setdefault(row["repository"], []).append((row["observed_on"], row["source"]))

    assert days["pytorch/pytorch"] == days["tensorflow/tensorflow"]
    assert {source for _, source in days["pytorch/pytorch"]} == {"ghranking"}
    assert {source for _, source in days["jax-ml/jax"]} == {"bestof_ml"}


def test_no_window_stands_for_two_months():
    """Nor does a month have two windows of one way of counting."""
    windows = [(row["package"], row["counted"], row["period_end"]) for row in rows("download_months.csv")]
    months = [(row["package"], row["counted"], row["month"]) for row in rows("download_months.csv")]

    assert len(windows) == len(set(windows)) == len(set(months)) == 796


def rows(table):
    with (FOLDER / table).open(newline="") as file:
        return list(csv.DictReader(file))
