"""Make the demo's tables from the project's compiled history: `python -m flows.demo.make_facts [history]`.

It selects and reshapes; it computes, smooths and fills nothing. The same history gives the same bytes.
"""

import argparse
import csv
from calendar import monthrange
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import TypeAlias

from flows.standin.facts import CLOCK_DAY, FOLDER
from flows.standin.records import FORMER_NAMES, PYTORCH, REPOSITORIES, TENSORFLOW

Row: TypeAlias = Mapping[str, str]
Line: TypeAlias = tuple[object, ...]

# JAX has too few days in the first list; the second counts TensorFlow's stars differently (README.md).
TOTALS_FROM = dict.fromkeys(REPOSITORIES, "ghranking") | {"jax-ml/jax": "bestof_ml"}

FIRST_DOWNLOADS, LAST_DOWNLOADS = date(2018, 2, 1), date(2025, 7, 1)
TENSORFLOW_BUILDS = ("tensorflow-cpu", "tensorflow-gpu", "tensorflow-intel", "tensorflow-macos", "tf-nightly")
PACKAGES = ("jax", "keras", "tensorflow", "torch", *TENSORFLOW_BUILDS)
# So a window of 30 days shares at least 20 with the month it stands for, and none stands for two.
REACH = timedelta(days=10)

# Before it, the tag of TensorFlow sits on a stray question or two, years older than TensorFlow.
FIRST_QUESTIONS = "2015-04"
TAGS = ("keras", "pytorch", "tensorflow")


def make_facts(history: Path, folder: Path) -> None:
    """Write the demo's four tables that come of the history into a folder."""
    events = _rows(history / "github_new_events_daily.csv")
    printed = _rows(history / "github_repo_daily.csv")
    downloads = _rows(history / "pypi_downloads.csv")
    questions = _rows(history / "stackoverflow_monthly.csv")
    _write(folder / "star_weeks.csv", "week repository sun mon tue wed thu fri sat", star_weeks(events))
    header = "observed_on repository stars forks open_issues source"
    _write(folder / "repository_totals.csv", header, repository_totals(printed))
    header = "month package period_end window_days downloads counted source"
    _write(folder / "download_months.csv", header, download_months(downloads))
    _write(folder / "question_months.csv", "month tag questions", question_months(questions))


def star_weeks(events: Iterable[Row]) -> Iterator[Line]:
    """Yield every week of a repository since its creation, days without an event as zero."""
    stars = {(row["repo"], date.fromisoformat(row["day"])): row["new_stars"] for row in events}
    for repository in sorted({repository for repository, _ in stars}):
        created_on = REPOSITORIES[repository].created_at.date()
        week = created_on - timedelta(days=created_on.isoweekday() % 7)
        while week < CLOCK_DAY:
            days = (week + timedelta(days=n) for n in range(7))
            yield week, repository, *(stars.get((repository, day), 0) for day in days)
            week += timedelta(days=7)


def repository_totals(printed: Iterable[Row]) -> Iterator[Line]:
    """Yield one day a month of each repository, PyTorch and TensorFlow on the same, and the clock's day."""
    rows: dict[str, dict[date, Row]] = defaultdict(dict)
    for row in printed:
        name, day = FORMER_NAMES.get(row["repo"], row["repo"]), date.fromisoformat(row["observed_on"])
        if day <= CLOCK_DAY and row["source"] == TOTALS_FROM.get(name):
            rows[name][day] = row
    shared = _first_days(rows[TENSORFLOW].keys() & rows[PYTORCH].keys())
    for name in sorted(rows):
        own = {} if name in (PYTORCH, TENSORFLOW) else _first_days(rows[name])
        months = own | {month: day for month, day in shared.items() if day in rows[name]}
        for day in sorted({*months.values(), *({CLOCK_DAY} & rows[name].keys())}):
            yield day, name, *_counters(rows[name][day])


def _first_days(days: Iterable[date]) -> dict[date, date]:
    return {day.replace(day=1): day for day in sorted(days, reverse=True)}


def _counters(row: Row) -> Line:
    # The second source's forks and issues come from two counters by turns.
    trusted = row["source"] == "ghranking"
    forks, open_issues = (row["forks"], row["open_issues"]) if trusted else ("", "")
    return row["stars"], forks, open_issues, row["source"]


def download_months(downloads: Iterable[Row]) -> Iterator[Line]:
    """Yield for each month the window that ends nearest to the month's last day, one per way of counting."""
    windows: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in downloads:
        counted = _counted(row)
        if counted and row["package"] in PACKAGES:
            windows[row["package"], counted].append(row)
    for (package, counted), candidates in sorted(windows.items()):
        for month_end in _month_ends(FIRST_DOWNLOADS, LAST_DOWNLOADS):
            # Of two equally near the earlier.
            nearest = min(candidates, key=lambda row: (_distance(row, month_end), row["period_end"]))
            if _distance(nearest, month_end) <= REACH:
                figures = (nearest[column] for column in ("period_end", "window_days", "downloads"))
                yield f"{month_end:%Y-%m}", package, *figures, counted, nearest["source"]


def _counted(row: Row) -> str | None:
    if row["source"] == "top_pypi_30d":
        return "pip" if row["with_mirrors"] == "false" else "unknown"
    return {"top_pypi_all": "all", "top_pypi_month": "all", "bestof_ml": "without_mirrors"}.get(row["source"])


def _month_ends(first: date, last: date) -> Iterator[date]:
    month = first
    while month <= last:
        month_end = month.replace(day=monthrange(month.year, month.month)[1])
        yield month_end
        month = month_end + timedelta(days=1)


def _distance(row: Row, month_end: date) -> timedelta:
    return abs(date.fromisoformat(row["period_end"]) - month_end)


def question_months(questions: Iterable[Row]) -> Iterator[Line]:
    """Yield the months the source could read from its drawing; the others stay missing."""
    for row in questions:
        if row["tag"] in TAGS and row["month"] >= FIRST_QUESTIONS:
            yield row["month"], row["tag"], row["questions"]


def _rows(path: Path) -> Iterator[Row]:
    with path.open(newline="") as file:
        yield from csv.DictReader(file)


def _write(path: Path, header: str, lines: Iterable[Line]) -> None:
    ordered = sorted(lines, key=lambda line: [str(value) for value in line[:2]])
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header.split(), *ordered])


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("history", nargs="?", type=Path, default=Path("../shared/history"))
    make_facts(parser.parse_args().history, FOLDER)
