"""A source that is only declared stands wherever the reports list sources, metrics or series."""

import json
import os
import re
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pytest

from warehouse.config.catalog import read_catalog
from warehouse.config.settings import PROJECT
from warehouse.errors import ConfigurationError

LETTERS = """
name = "Letters to the Editor"
order = 60
terms = "letters are public."
expected_lag_days = 35
[bounds]
first_day = 2007-01-01
count_below = 1_000_000
reason = "Nobody writes more."
[services.LETTERS_URL]
url = "https://letters.example"
[identifier]
kind = "words"
help = "Word."
example = "pytorch"
[[metrics]]
id = "letters_printed"
name = "Letters"
kind = "community"
unit = "letters"
grain = "month"
aggregation = "flow"
definition = "Letters that name the subject."
caveat = "Most are not printed."
headline = "letters"
compare = "Who is written about more?"
means = "a letter is one printed"
[[metrics.views]]
id = "letters_so_far"
view = "cumulative"
[[metrics.views]]
id = "letters_share"
view = "share"
[[metrics.views]]
id = "letters_before"
view = "last_year"
[[metrics]]
id = "letters_replied"
name = "Replies"
kind = "community"
unit = "replies"
grain = "month"
aggregation = "flow"
definition = "Replies of the editor."
caveat = "Few."
"""
BUILD = """
import sys
from pathlib import Path
import reports
assert Path(reports.__file__).parent.parent == Path.cwd(), reports.__file__
from reports.build.site import build_site
published, site, cache = map(Path, sys.argv[1:])
build_site(published, site, cache=cache)
"""


@pytest.fixture(scope="module")
def lettered(tmp_path_factory: pytest.TempPathFactory, make: SimpleNamespace, drawing_cache: Path) -> Path:
    """The site that a copy of the code makes, to which nothing was added but a declaration."""
    folder = tmp_path_factory.mktemp("lettered")
    tree = folder / "tree"
    for part, own in (("reports", "site"), ("warehouse", "data"), ("docs", ""), ("flows/sources", "")):
        shutil.copytree(
            PROJECT / part, tree / part, ignore=shutil.ignore_patterns("__pycache__", *filter(None, [own]))
        )
    (tree / "flows/sources/letters").mkdir()
    (tree / "flows/sources/letters/source.toml").write_text(LETTERS)
    published = make.write_published(folder / "barometer.duckdb", _tables(make))
    subprocess.run(
        [sys.executable, "-c", BUILD, published, folder / "site", drawing_cache],
        cwd=tree,
        env=os.environ | {"PYTHONPATH": str(tree)},
        check=True,
    )
    return folder / "site"


def _tables(make: SimpleNamespace) -> dict[str, list[dict[str, object]]]:
    """Two metrics of letters beside the usual ones, a year of each; of all others the downloads alone."""
    tables: dict[str, list[dict[str, object]]] = make.usual_tables()
    keep = [row for row in tables["observations"] if row["metric_id"] == "pypi_downloads"]
    for metric_id, name in (("letters_printed", "Letters"), ("letters_replied", "Replies")):
        told = {"kind": "community", "unit": name.lower(), "grain": "month", "aggregation": "flow"}
        told |= {"source_id": "letters", "definition": f"{name}.", "caveat": "Few."}
        tables["metrics"].append({"metric_id": metric_id, "name": name} | told)
        for subject, value in (("pytorch", 30.0), ("tensorflow", 10.0)):
            points = make.month_points(subject, "2023-08", [value] * 24)
            keep += make.observed(metric_id, points)
    tables["source_status"].append(make.status("letters", date(2025, 7, 31)))
    return tables | {"observations": keep}


def page(site: Path, name: str) -> str:
    """Return a page of the site."""
    return (site / f"{name}.html").read_text()


def sentence(text: str, key: str) -> str:
    """Return the sentence above a chart of a page."""
    return re.findall(r"<h[23]>(.*?)</h[23]>", text[text.index(f'id="{key}"') :])[0]


def test_its_series_stand_on_the_page_of_their_kind(lettered: Path) -> None:
    """Each with its sentence, those of one metric together; and what a figure means is said there."""
    community = page(lettered, "community")

    assert "etter is one printed." in community
    assert sentence(community, "letters_printed").startswith("PyTorch: 30 letters in July 2025")
    assert sentence(community, "letters_share").startswith("PyTorch is 75\u202f% of the letters of the two")
    assert sentence(community, "letters_so_far").startswith("PyTorch: 720 letters in July 2025")
    assert sentence(community, "letters_before").startswith("PyTorch: 30 letters in July 2025")
    assert sentence(community, "letters_replied").startswith("PyTorch: 30 replies in July 2025")
    kin = re.findall(r'<div class="kin".*?</div>', community, flags=re.DOTALL)
    labels = [re.findall(r">([^<]+)</a>", one) for one in kin]
    assert ["Letters", "Added up", "Share", "A year before"] in labels
    assert "Source: Letters to the Editor" in community


def test_it_stands_in_every_list(lettered: Path) -> None:
    """Scoreboard, latest figures, the subject's own page, comparison, data page, badges and interface."""
    overview, subject = page(lettered, "index"), page(lettered, "subject-pytorch")

    assert "Letters to the Editor, July 2025" in overview and "leads by 20 letters" in overview
    scoreboard, _, latest = overview.partition('<h2 id="changes">')
    assert "Replies" not in scoreboard and '<th scope="row">Replies' in latest
    assert 'id="letters_printed"' in subject and 'id="letters_replied"' in subject
    assert 'id="letters_share"' not in subject
    assert sentence(page(lettered, "compare"), "letters_printed") == "Who is written about more?"
    assert "letters are public." in page(lettered, "data")
    listed = json.loads((lettered / "api/index.json").read_text())["series"]
    assert {"letters_printed", "letters_replied", "letters_so_far"} <= {one["series"] for one in listed}
    assert (lettered / "badges/pytorch-letters_printed.svg").is_file()
    assert not (lettered / "badges/pytorch-letters_replied.svg").exists()


def test_a_derived_series_is_its_macro_in_one_line(lettered: Path) -> None:
    """What a reader pastes is the macro's own; name and unit follow from the metric."""
    record = json.loads((lettered / "api/series/letters_so_far.json").read_text())

    assert "from (from cumulative_of('letters_printed'))" in record["sql"]
    assert (record["name"], record["unit"], record["grain"]) == ("Letters, added up", "letters", "month")
    assert [point["value"] for point in record["points"][:3]] == [30.0, 60.0, 90.0]


@pytest.mark.parametrize(
    ("was", "now", "line", "message"),
    [
        (
            'view = "share"',
            'view = "mean_7"',
            15,
            "found the view mean_7 of a metric by month, expected one by day",
        ),
        (
            'aggregation = "flow"\ndefinition = "Letters',
            'aggregation = "stock"\ndefinition = "Letters',
            15,
            "found the view cumulative of a metric that is a stock, expected a flow",
        ),
        ('view = "share"', 'view = "halves"', 32, "metrics.1.views.2.view: found 'halves'"),
        ('view = "share"', 'view = "share"\ncolour = "red"', 33, "unknown key, expected one of noun, label"),
        (
            'caveat = "Few."',
            'caveat = "Few."\nbeside = "pypi_downloads"',
            5,
            "configuration: found pypi_downloads named by a metric, expected metrics of this source",
        ),
        ('id = "letters_share"', 'id = "letters_printed"', 0, "found letters_printed in two declarations"),
    ],
)
def test_a_declaration_that_does_not_fit_is_an_error(
    tmp_path: Path, was: str, now: str, line: int, message: str
) -> None:
    """With its line, what was found and what was expected."""
    (tmp_path / "letters").mkdir()
    assert was in LETTERS
    (tmp_path / "letters/source.toml").write_text(LETTERS.replace(was, now, 1).lstrip("\n"))
    (tmp_path / "events.toml").write_text("")

    with pytest.raises(ConfigurationError) as told:
        read_catalog(tmp_path)

    assert message in str(told.value)
    assert line == 0 or f"source.toml:{line}:" in str(told.value)
