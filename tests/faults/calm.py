"""Ninety days without a fault, on real figures with their real noise: what would alarm a reader?

All sources are collected each day. What a reader sees is looked at on some of the days, in one archive that
grows as it does in use: every figure's state depends on the days before it and after it, so each look judges
all days up to its own, the newest among them.
"""

import csv
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from statistics import median
from typing import cast

from flows.sources.stackoverflow.demo_formula import site_questions
from flows.sources.wikipedia.demo_formula import ARTICLES
from flows.standin.facts import load_facts
from tests.faults.told.github import GitHub, Repository
from tests.faults.told.pypi import PyPI, parted
from tests.faults.told.stackoverflow import StackOverflow
from tests.faults.told.wikipedia import Wikipedia
from tests.faults.truth import Days, days, month_of, next_month
from tests.faults.world import KINDS, Published, World

FACTS = Path(__file__).with_name("facts")
FIRST, LAST = date(2023, 3, 1), date(2023, 5, 29)
# Four weekdays, among them the first and one of the last days of a month.
LOOKS = (date(2023, 3, 8), date(2023, 4, 1), date(2023, 4, 28), LAST)
PROJECTS = {
    "pytorch": ("pytorch/pytorch", "torch", "PyTorch", date(2016, 8, 13)),
    "tensorflow": ("tensorflow/tensorflow", "tensorflow", "TensorFlow", date(2015, 11, 7)),
}


def calm_days(folder: Path) -> dict[date, set[str]]:
    """Return the alarms that stand on each of the days that are looked at."""
    world = World(folder / "calm", LAST)
    # Of June 2022 no figure of tensorflow's questions is known.
    questions = cast(StackOverflow, world.sources["stackoverflow"])
    questions.began, questions.first_release = date(2022, 7, 1), date(2022, 10, 1)
    for name in PROJECTS:
        for source_id in KINDS:
            world.add(source_id, f"{name}_{source_id}")
    _take_real_figures(world)
    alarms = {}
    with world:
        for day in days(FIRST, LAST):
            # Read each day, the archive would take half of the time.
            world.collect_on(day, is_known=day.toordinal() % 5 != 0 and day > FIRST)
            if day in LOOKS:
                alarms[day] = alarms_of(world.build())
    return alarms


def alarms_of(published: Published) -> set[str]:
    """Return what a reader would take for a warning: marks of these days, late series, failed checks."""
    marked = {
        f"{row['subject_id']} {row['metric_id']} {row['period_start']}: {row['state']}, {row['state_reason']}"
        for row in published.rows("observations")
        if row["state"] in ("suspect", "stale") and row["period_end"] >= FIRST
    }
    marked |= {
        f"{row['package']} {row['day']} {row['installer_class']}: {row['state']}"
        for row in published.rows("package_downloads_daily")
        if row["state"] == "suspect" and row["day"] >= FIRST
    }
    late = {
        f"{table}: {row.get('subject_id', row.get('source_id'))} {row.get('metric_id', '')} "
        f"{row['state']}, {row['reason']}"
        for table in ("source_status", "series_status")
        for row in published.rows(table)
        if row["state"] not in ("fresh", "never")
    }
    failed = {
        f"{row['check_id']}: {row['detail']}" for row in published.rows("quality_checks") if not row["passed"]
    }
    return marked | late | failed


# ---------------------------------------------------------------------------------------------- real figures


def _take_real_figures(world: World) -> None:
    facts = load_facts()
    github, pypi, tags, wikipedia = (
        cast(GitHub, world.sources["github"]),
        cast(PyPI, world.sources["pypi"]),
        cast(StackOverflow, world.sources["stackoverflow"]),
        cast(Wikipedia, world.sources["wikipedia"]),
    )
    tags.site = _even({month: site_questions(month) for month in _months(tags.began)})
    for name, (repository, package, article, created) in PROJECTS.items():
        stars = {
            week.week + timedelta(days=n): count
            for week in facts.weeks[repository]
            for n, count in enumerate(week.days)
        }
        told = github.of(f"{name}_github")
        told.stars, told.created = stars, created
        told.true_counters = _counters(told, repository)  # type: ignore[method-assign]
        fetched = _downloads(facts.windows[package, "pip"])
        pypi.of(f"{name}_pypi").log = {day: parted(n) for day, n in fetched.items()}
        questions = facts.question_months[name]
        tags.of(f"{name}_stackoverflow").questions = _even({m: questions[m] for m in _months(tags.began)})
        scatter = _scatter(stars)
        wikipedia.of(f"{name}_wikipedia").views = {
            day: round(ARTICLES[article].views(day) * scatter[day]) for day in days(date(2022, 2, 1), LAST)
        }


def _counters(told: Repository, repository: str) -> Callable[[date], dict[str, int]]:
    with (FACTS / "counters.csv").open(newline="") as file:
        printed = {
            date.fromisoformat(row["observed_on"]): row
            for row in csv.DictReader(file)
            if row["repository"] == repository
        }

    def counters(day: date) -> dict[str, int]:
        before = max(known for known in printed if known <= day)
        after = min(known for known in printed if known >= day)
        way = (day - before).days / max((after - before).days, 1)
        columns = {"stars": "stars", "forks": "forks", "issues": "open_issues"}
        told_before, told_after = (
            {n: int(printed[on][c]) for n, c in columns.items()} for on in (before, after)
        )
        told = {name: round(n + (told_after[name] - n) * way) for name, n in told_before.items()}
        return told | {"subscribers": told["stars"] // 20}

    return counters


def _downloads(windows: object) -> Days:
    """Return a package's days: the mean day of each month's window, with the scatter of another's days."""
    with (FACTS / "downloads.csv").open(newline="") as file:
        told = {date.fromisoformat(row["day"]): int(row["downloads"]) for row in csv.DictReader(file)}
    by_weekday = [median(n for day, n in told.items() if day.weekday() == weekday) for weekday in range(7)]
    week = sum(by_weekday) / 7
    scatter = list(_scatter(told).values())
    # Both begin on a Wednesday, and after 25 weeks the scatter is told again.
    assert next(iter(told)).weekday() == FIRST.weekday()
    fetched = {}
    for day in days(date(2022, 1, 1), LAST):
        window = windows[month_of(day)]  # type: ignore[index]
        usual = window.downloads / window.window_days * by_weekday[day.weekday()] / week
        fetched[day] = round(usual * scatter[(day - FIRST).days % 175])
    return fetched


def _scatter(told: Days) -> dict[date, float]:
    """Return each day beside the median of the same weekday of three weeks on either side."""
    return {
        day: count
        / (median(told[d] for n in (-3, -2, -1, 1, 2, 3) if (d := day + timedelta(weeks=n)) in told) or 1)
        for day, count in told.items()
        if any(day + timedelta(weeks=n) in told for n in (-1, 1))
    }


def _months(first: date) -> list[date]:
    months = [first]
    while months[-1] < month_of(LAST):
        months.append(next_month(months[-1]))
    return months


def _even(months: dict[date, int]) -> Days:
    """Return months of questions by day, as even as whole numbers are."""
    return {
        day: total * day.day // length - total * (day.day - 1) // length
        for month, total in months.items()
        for length in [(next_month(month) - month).days]
        for day in days(month, next_month(month) - timedelta(days=1))
    }
