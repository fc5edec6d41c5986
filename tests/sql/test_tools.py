"""Tools around the subjects: their figures stand by themselves, and no figure of a subject knows of them."""

from datetime import UTC, date, datetime, timedelta

import pytest
import tomlkit

from tests.made import called, configuration

pytestmark = pytest.mark.usefixtures("without_checks")

NOW = datetime(2026, 12, 5, 6, tzinfo=UTC)
FIRST, LAST = date(2025, 1, 1), date(2026, 12, 3)
LOGS = "download logs by installer"
RIVALS = {
    "one": called("one", "pypi", pypi=["one", {"package": "one-intel", "within": "one"}]),
    "two": called("two", "pypi"),
}
BOARD = {
    "id": "board",
    "name": "Board",
    "theme": "looking",
    "subject": "one",
    "pypi": [
        {"package": "board", "within": "one"},
        {"package": "board-data", "within": "board"},
        "board-web",
    ],
}
TRACKER = {"id": "tracker", "name": "Tracker", "theme": "tracking", "pypi": ["tracker"]}
RUNS = {"id": "runs", "name": "Runs", "theme": "tracking", "pypi": ["runs"]}


def with_tools(*tools):
    told = tomlkit.parse(configuration(**RIVALS))
    return tomlkit.dumps({**told.unwrap(), "tools": list(tools)})


def logged(told, package, downloads, at=NOW, last=LAST, **of_days):
    """Days of the logs, so many downloads on each, but for those told otherwise by their day."""
    days = [FIRST + timedelta(days=n) for n in range((last - FIRST).days + 1)]
    counts = [(day, of_days.get(f"on_{day:%Y_%m_%d}", downloads)) for day in days]
    data = [
        {"date": f"{day}", "installers": {"pip": count}, "downloads": count, "counted": count}
        for day, count in counts
    ]
    return told("pypi", "log_days", f"{package} 2016-01-01", {"data": data, "rows": len(data)}, at)


def overall(told, package, downloads):
    days = [NOW.date() - timedelta(days=n) for n in range(180, 0, -1)]
    data = [{"category": "without_mirrors", "date": f"{day}", "downloads": downloads} for day in days]
    return told("pypi", "overall", package, {"data": data, "package": package}, NOW)


def answers(told):
    """What is told of the rivals, which both rise in one month, and of the tools, which do not."""
    august, march = (
        [date(year, month, day) for day in range(1, 32)] for year, month in ((2025, 8), (2026, 3))
    )
    rise = {f"on_{day:%Y_%m_%d}": 2_500 for day in august}
    spike = {f"on_{day:%Y_%m_%d}": 9_000 for day in march}
    rivals = [
        logged(told, "one", 1_000, **rise),
        logged(told, "one-intel", 50),
        logged(told, "two", 900, **rise),
    ]
    tools = [
        logged(told, "board", 400, **spike),
        logged(told, "board-data", 300),
        logged(told, "board-web", 20, last=LAST + timedelta(days=1)),
        logged(told, "tracker", 60, last=date(2026, 6, 10)),
        logged(told, "runs", 80, last=date(2026, 7, 1)),
        overall(told, "runs", 80),
    ]
    return rivals, tools


def test_a_tool_is_the_sum_of_its_packages_those_that_a_subject_pulls_in_among_them(warehouse, told):
    """A package within a sibling is not added; one that is pulled in is, and the tool says by whom."""
    rivals, tools = answers(told)
    house = warehouse(with_tools(BOARD, TRACKER), now=NOW).tell(*rivals, *tools).build()

    assert house.rows("select * exclude (packages) from tools order by position") == [
        (
            "board",
            "Board",
            "looking",
            "one",
            "One installs board with itself, so its downloads are no vote for it",
            0,
        ),
        ("tracker", "Tracker", "tracking", None, None, 1),
    ]
    assert house.rows("select tool_id, packages from tools order by position") == [
        ("board", "board, board-data, board-web"),
        ("tracker", "tracker"),
    ]
    newest = (
        "select tool_id, metric_id, period_start, value, state, basis from tool_observations "
        "qualify row_number() over (partition by tool_id order by period_start desc) = 1 order by tool_id"
    )
    assert house.rows(newest) == [
        ("board", "pypi_downloads", date(2026, 11, 1), 30 * 420.0, "ok", LOGS),
        ("tracker", "pypi_downloads", date(2026, 5, 1), 31 * 60.0, "stale", LOGS),
    ]


def test_figures_of_tools_are_judged_as_those_of_subjects(warehouse, told):
    """A month far above its neighbours is suspect, with the reason."""
    rivals, tools = answers(told)
    house = warehouse(with_tools(BOARD, TRACKER), now=NOW).tell(*rivals, *tools).build()

    suspect = "select tool_id, period_start, state_reason from tool_observations where state = 'suspect'"
    assert house.rows(suspect) == [
        ("board", date(2026, 3, 1), "21.8 times what is usual around it"),
    ]


def everything(house):
    """Every published table but those of the tools, and what tells of the build itself."""
    tables = "select table_name from duckdb_tables() where not internal order by 1"
    names = [name for (name,) in house.rows(tables)]
    own = {"tools", "tool_observations", "build_info", "source_attempts", "source_status"}
    assert own < set(names)
    return {name: house.rows(f"select * from {name} order by all") for name in names if name not in own}


def test_a_tool_changes_no_figure_of_the_subjects(warehouse, told):
    """Of every other table, with tools that lie still while all rivals rise, and rise by themselves.

    One went silent, one is counted in two ways, and one has newer days than any rival.
    """
    rivals, tools = answers(told)
    without = everything(warehouse(configuration(**RIVALS), now=NOW).tell(*rivals).build())
    status = "select * exclude (last_attempt_at, last_success_at) from source_status"
    house = warehouse(with_tools(BOARD, TRACKER, RUNS), now=NOW)
    before = house.rows(status)
    house.settings.work_file.unlink()  # it is made anew from the archive
    house.tell(*tools).build()

    assert house.rows("select count(*) from tool_observations") == [(23 + 17 + 23,)]
    assert house.rows("select count(distinct basis) from tool_observations where tool_id = 'runs'") == [(2,)]
    assert everything(house) == without
    assert house.rows(status) == before
    assert house.rows("select distinct state_reason from observations where state = 'suspect'") == [
        ("2.5 times what is usual around it, as for all compared: rather a fault of the source",),
        ("2.8 times what is usual around it, as for all compared: rather a fault of the source",),
    ]
