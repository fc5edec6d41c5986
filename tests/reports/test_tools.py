"""The page on tools: what it says of those that a subject installs, and that no other page knows of it."""

from dataclasses import replace
from datetime import date

import pytest

from reports.build.files import pages_of
from reports.build.site import build_site
from reports.data.tools import Tool
from reports.findings.changes import changes
from reports.pages.tools import tools

CAVEAT = "PyTorch installs board with itself, so its downloads are no vote for it"
KEY = "tools-pypi_downloads"
TOOLS = (
    Tool("board", "Board", "Looking", "pytorch", "board", CAVEAT, 0),
    Tool("mirror", "Mirror", "Looking", None, "mirror", None, 1),
    Tool("runs", "Runs", "Tracking", None, "runs, runs-core", None, 2),
    Tool("notes", "Notes", "Tracking", None, "notes", None, 3),
)


@pytest.fixture
def evidence(make):
    """Two years of two subjects, and a year of the tools, of which one went silent."""
    points = [
        *make.month_points("board", "2024-08", [9e6] * 12),
        *make.month_points("mirror", "2024-08", [4e5] * 12),
        *make.month_points("notes", "2024-08", [2e5] * 5),
        *make.month_points("notes", "2025-01", [3e5], state="stale"),
        *make.month_points("runs", "2024-08", [1e6 + n for n in range(12)]),
    ]
    rivals = [
        *make.month_points("pytorch", "2023-08", [5e7] * 24),
        *make.month_points("tensorflow", "2023-08", [3e7] * 24),
    ]
    return make.evidence_of(
        make.series("pypi_downloads", *rivals), tools=TOOLS, tool_points={KEY: tuple(points)}
    )


def test_each_theme_has_a_chart_of_its_tools_alone(evidence):
    """The figures of a tool that a subject installs rank nobody; a silent one is told, and shaded."""
    looking, tracking = tools(evidence).figures

    assert [figure.title for figure in (looking, tracking)] == [
        "Looking. Index downloads a month, not all of them chosen",
        "Tracking. Runs: 1.0 million index downloads in January 2025; Notes: 300,000",
    ]
    drawn = [{segment.subject_id for segment in figure.content.segments} for figure in (looking, tracking)]
    assert drawn == [{"board", "mirror"}, {"runs", "notes"}]
    assert [figure.series for figure in (looking, tracking)] == [KEY, KEY]
    assert "no figure of Notes since January 2025" in tracking.caption
    silent = [one for one in tracking.content.annotations if one.kind == "silence"]
    assert [one.first_day for one in silent] == [date(2025, 2, 1)]


def test_the_page_says_what_is_no_vote(evidence):
    """On top of it, and in the table, which has the newest figure of each."""
    content = tools(evidence).content

    assert content["answer"][0] == CAVEAT
    told = [(row.name, row.subject, row.packages, row.figures, row.caveat) for row in content["rows"]]
    assert told == [
        ("Board", "PyTorch", "board", [("9,000,000", "July 2025")], CAVEAT),
        ("Mirror", None, "mirror", [("400,000", "July 2025")], None),
        ("Runs", None, "runs, runs-core", [("1,000,011", "July 2025")], None),
        ("Notes", None, "notes", [("300,000", "January 2025, last answer")], None),
    ]


def test_a_tool_without_figures_has_a_chart_that_says_so(evidence, make):
    """The page is there as soon as a tool is configured."""
    empty = make.evidence_of(make.series("pypi_downloads"), tools=TOOLS[2:])

    (figure,) = tools(empty).figures
    assert figure.content is None and figure.absence.startswith("Nothing to show: no figure of downloads")


def with_tools(make):
    rows = make.observed("pypi_downloads", make.month_points("board", "2024-08", [9e6] * 12))
    return {
        "tools": [
            {
                "tool_id": "board",
                "name": "<b>Board</b>",
                "theme": "<i>Looking</i>",
                "packages": "<u>board</u>",
            }
            | {"caveat": "<s>no vote</s>", "position": 0}
        ],
        "tool_observations": [
            {"tool_id": "board"} | {name: row[name] for name in row if name not in ("subject_id", "revision")}
            for row in rows
        ],
    }


def test_tools_change_no_other_page(make, read, tmp_path):
    """But for the link to theirs; their names are escaped as all outside text is."""
    usual = make.usual_tables() | make.later_tables()
    without, beside = read(usual), read(usual | with_tools(make))

    pages = [
        {page.name: page for page in pages_of(one, changes(one, None), tmp_path)} for one in (without, beside)
    ]
    assert set(pages[1]) - set(pages[0]) == {"tools"}
    # Those list what tables and metrics there are.
    names = [name for name in pages[0] if name not in ("data", "methodology")]
    told, usually = ([_told(each[name]) for name in names] for each in pages)
    assert told == usually
    assert beside.metrics == without.metrics


def _told(page):
    """A page without the evidence that an overview is made of."""
    return replace(page, content={name: part for name, part in page.content.items() if name != "evidence"})


def test_the_page_stands_in_the_site(make, publish, tmp_path, drawing_cache):
    """With the series of all tools as CSV and JSON, told by the SQL that reads it."""
    build_site(publish(make.usual_tables() | with_tools(make)), tmp_path / "site", cache=drawing_cache)

    page = (tmp_path / "site/tools.html").read_text()
    assert "&lt;s&gt;no vote&lt;/s&gt;" in page and "<s>" not in page and "<u>" not in page
    assert "from tool_observations" in page
    rows = (tmp_path / f"site/api/series/{KEY}.csv").read_text().splitlines()
    assert (len(rows), rows[-1][:31]) == (13, "board,2025-07-01,2025-07-31,900")
    assert "tools.html" in (tmp_path / "site/index.html").read_text()
