"""Which figures are marked as unusual, and which are not: built-up series, and real ones."""

import csv
import os
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest

from flows.standin.facts import load_facts
from tests.made import called, configuration

pytestmark = pytest.mark.usefixtures("without_checks")

ROOT = Path(__file__).resolve().parents[2]
HISTORY = Path(os.environ.get("BAROMETER_SHARED") or ROOT.parent / "shared") / "history"
OLD = "2015-01-01"
NOW = datetime(2025, 11, 10, 6, tzinfo=UTC)
UNUSUAL = """
select subject_id, period_start, value, state_reason from observations inner join metrics using (metric_id)
where state = 'suspect' and made_from is null
"""
ASKED = ("github", "pypi", "stackoverflow", "wikipedia")
MADE = (
    "select subject_id, period_start, state_reason from observations where state = 'suspect' and metric_id = "
)


def of(**subjects):
    """Subjects by the day of their first release; each is called the same at every source."""
    return configuration(
        dict.fromkeys(ASKED, 35),
        **{
            name: {"name": name, "first_release_on": date.fromisoformat(day), **called(name, *ASKED)}
            for name, day in subjects.items()
        },
    )


def months(first, number):
    """The first days of so many months."""
    found = [first]
    while len(found) < number:
        found.append((found[-1] + timedelta(days=31)).replace(day=1))
    return found


def questions(told, tag, totals, first=date(2022, 1, 1)):
    return [
        told("stackoverflow", "question_months", f"{tag} {month:%Y-%m}", {"total": round(total)}, NOW)
        for month, total in zip(months(first, len(totals)), totals, strict=True)
    ]


def test_a_spike_and_a_drop_are_marked_and_kept(warehouse, told):
    """A month of 450 among hundreds, one of 30 and the newest of 500; the figures stay as they are."""
    totals = [100, 104, 98, 101, 97, 103] * 4
    totals[9], totals[16], totals[23] = 450, 30, 500
    house = warehouse(of(one=OLD), now=NOW)
    house.tell(*questions(told, "one", totals))
    house.build()

    # The nearer of the medians of four months before and after: 101 and 98.5; 100.5 and 99; 99.5.
    assert house.rows(UNUSUAL + "order by 2") == [
        ("one", date(2022, 10, 1), 450.0, "4.4 times what is usual around it"),
        ("one", date(2023, 5, 1), 30.0, "0.3 times what is usual around it"),
        ("one", date(2023, 12, 1), 500.0, "5.0 times what is usual around it"),
    ]
    assert house.rows("select count(*) from community_monthly where questions is not null") == [(24,)]
    assert house.rows(MADE + "'stackoverflow_questions_share_of_rivals' order by 2") == [
        ("one", date(2022, 10, 1), "one: 4.4 times what is usual around it"),
        ("one", date(2023, 5, 1), "one: 0.3 times what is usual around it"),
        ("one", date(2023, 12, 1), "one: 5.0 times what is usual around it"),
    ]


USUAL = {
    "growth": [40 * 1.3**n for n in range(24)],
    "level": [100] * 12 + [400] * 12,
    "newest": [100] * 23 + [190],
    "small": [4, 2, 3, 11] * 6,
    "december": ([100] * 11 + [60]) * 2,
    "few": [100, 300],
}


def test_what_is_not_unusual(warehouse, told):
    """Growth, a new level, small counts that scatter and dips of a season are no reason to doubt."""
    house = warehouse(of(**dict.fromkeys(USUAL, OLD)), now=NOW)
    house.tell(*(answer for tag, totals in USUAL.items() for answer in questions(told, tag, totals)))
    house.build()

    assert house.rows(UNUSUAL) == []
    assert house.rows("select count(distinct subject_id) from observations") == [(len(USUAL),)]


def test_a_launch_is_no_fault(warehouse, told):
    """In the half year after the first release nothing is judged."""
    house = warehouse(of(one="2022-03-10"), now=NOW)
    house.tell(*questions(told, "one", [10] * 3 + [900] + [100] * 6 + [900] + [100] * 6))
    house.build()

    assert house.rows(UNUSUAL) == [
        ("one", date(2022, 11, 1), 900.0, "9.0 times what is usual around it"),
    ]


def test_what_all_do_at_once_is_rather_the_sources_fault(warehouse, told):
    """A third fewer of both in one month is marked, a third fewer of one alone is not.

    A share of all carries whatever is told of any figure in it, the others' shares too.
    """
    one, two = [300.0] * 24, [500.0] * 24
    one[8] = one[15] = 200
    two[8] = 330
    two[18] = 3000
    house = warehouse(of(one=OLD, two=OLD), now=NOW)
    house.tell(*questions(told, "one", one), *questions(told, "two", two))
    house.build()

    reason = "0.7 times what is usual around it, as for all compared: rather a fault of the source"
    assert house.rows(UNUSUAL + "order by 1, 2") == [
        ("one", date(2022, 9, 1), 200.0, reason),
        ("two", date(2022, 9, 1), 330.0, reason),
        ("two", date(2023, 7, 1), 3000.0, "6.0 times what is usual around it"),
    ]
    shares = [
        (date(2022, 9, 1), f"one: {reason}; two: {reason}"),
        (date(2023, 7, 1), "two: 6.0 times what is usual around it"),
    ]
    assert house.rows(MADE + "'stackoverflow_questions_share_of_rivals' order by 1, 2") == [
        (name, *share) for name in ("one", "two") for share in shares
    ]
    assert house.rows(
        "select count(*) from observations as told inner join share_of('stackoverflow_questions') as made "
        "using (subject_id, period_start) where told.metric_id = 'stackoverflow_questions_share_of_rivals' "
        "and (told.value, told.state) is not distinct from (made.share, made.state)"
    ) == [(48,)]
    assert house.rows(
        "select quarter, state, questions_share_of_rivals_state from community_quarterly "
        "where subject_id = 'one' and quarter in ('2022-07-01', '2023-04-01', '2023-07-01') order by 1"
    ) == [
        (date(2022, 7, 1), "suspect", "suspect"),
        (date(2023, 4, 1), "ok", "ok"),
        (date(2023, 7, 1), "ok", "suspect"),
    ]


def test_a_day_is_compared_with_its_weekday(warehouse, told):
    """Quiet weekends and holidays are usual; a Saturday as busy as a Monday is not, nor is a day of news."""
    first = date(2023, 10, 2)
    views = [400, 410, 405, 395, 400, 100, 110] * 20
    christmas, saturday, news = date(2023, 12, 25), date(2024, 1, 6), date(2024, 1, 17)
    for day, count in ((christmas, 180), (saturday, 400), (news, 2400)):
        views[(day - first).days] = count
    items = [
        {"article": "One", "timestamp": f"{first + timedelta(days=n):%Y%m%d}00", "views": count}
        for n, count in enumerate(views)
    ]
    house = warehouse(of(one=OLD), now=NOW)
    house.tell(told("wikipedia", "pageview_days", f"One {first}", {"items": items}, NOW))
    house.build()

    assert house.rows(UNUSUAL + "order by 2") == [
        ("one", saturday, 400.0, "4.0 times what is usual around it"),
        ("one", news, 2400.0, "5.9 times what is usual around it"),
    ]


def test_the_real_weeks_of_stars_are_nearly_all_usual(warehouse, told):
    """Of 976 weeks two are unusual, 437 stars where 117 were usual and 557 where 178; and their months."""
    names = {"pytorch": "pytorch/pytorch", "tensorflow": "tensorflow/tensorflow"}
    released = {"pytorch": "2017-01-19", "tensorflow": "2015-11-09"}
    house = warehouse(of(**released), now=datetime(2025, 8, 6, 6, tzinfo=UTC))
    for number, repository in enumerate(names.values()):
        counters = dict.fromkeys(("stargazers_count", "forks_count", "open_issues_count"), 50_000)
        named = {"id": number, "full_name": repository}
        house.tell(told("github", "repository", repository, named | counters, house.settings.clock()))
        sent = [
            {
                "week": int(datetime.combine(week.week, time(), UTC).timestamp()),
                "total": sum(week.days),
                "days": week.days,
            }
            for week in load_facts().weeks[repository]
        ]
        house.tell(told("github", "star_history", f"{repository} 1", sent, house.settings.clock()))
    house.build()

    assert [row[:3] for row in house.rows(UNUSUAL + "order by 2")] == [
        ("pytorch", date(2017, 8, 6), 437.0),
        ("pytorch", date(2020, 9, 20), 557.0),
    ]
    assert [row[:2] for row in house.rows(MADE + "'github_stars_gained_monthly' order by 2")] == [
        ("pytorch", date(2017, 8, 1)),
        ("pytorch", date(2020, 9, 1)),
    ]
    assert house.rows(
        "select leader_id, status, crossed_on from crossovers where metric_id = 'github_stars_gained'"
    ) == [("pytorch", "crossed", date(2023, 3, 18))]


def downloads(told, package, source):
    """The last 30 days' downloads at each month's end, told as questions: of those no fault is registered."""
    newest = {}
    with (HISTORY / "pypi_downloads.csv").open(newline="") as file:
        for row in csv.DictReader(file):
            if row["package"] == package and row["source"] == source:
                newest[row["period_end"][:7]] = int(row["downloads"])
    return [
        told("stackoverflow", "question_months", f"{package} {month}", {"total": count}, NOW)
        for month, count in newest.items()
    ]


def days_of(month):
    end = (month + timedelta(days=31)).replace(day=1)
    return [month + timedelta(days=n) for n in range((end - month).days)]


def by_installer(told, package, each):
    """Downloads of a day in each of so many months from January 2024 on, by installer; every day is alike.

    After them comes a day that is still loading.
    """
    days = [
        {"date": str(day), "installers": installers, "downloads": sum(installers.values())}
        for month, installers in zip(months(date(2024, 1, 1), len(each)), each, strict=True)
        for day in days_of(month)
    ]
    loading = date.fromisoformat(days[-1]["date"]) + timedelta(days=1)
    days.append({"date": str(loading), "installers": {}, "downloads": 0})
    return told("pypi", "log_days", f"{package} 2024-01-01", {"data": days, "rows": len(days)}, NOW)


def by_version(told, package, each):
    """The same by Python version, and of all."""
    rows = [
        {"category": version, "date": str(day), "downloads": downloads}
        for month, versions in zip(months(date(2024, 1, 1), len(each)), each, strict=True)
        for day in days_of(month)
        for version, downloads in versions.items()
    ]
    return told(
        "pypi",
        "python_minor",
        package,
        {"data": rows, "package": package, "type": "python_minor_downloads"},
        NOW,
    )


def test_a_month_made_by_one_installer_or_version_is_marked(warehouse, told):
    """As many downloads as ever, but most of them by one program, or on one version of Python.

    Not where mirrors fetched it, and not where one installer takes over and stays.
    """
    usual, scripted = {"pip": 60, "requests": 20, "uv": 20}, {"pip": 25, "requests": 60, "uv": 15}
    mirrored, taken_over = {**usual, "bandersnatch": 900}, {"pip": 15, "requests": 20, "uv": 65}
    old, new = {"3.7": 20, "3.12": 80}, {"3.7": 90, "3.12": 10}
    house = warehouse(of(one=OLD, two=OLD), now=NOW)
    house.tell(
        by_installer(told, "one", [usual] * 4 + [scripted, usual, mirrored, usual, *[taken_over] * 4]),
        by_installer(told, "two", [{"pip": 100}] * 10),
        by_version(told, "two", [old] * 5 + [new] + [old] * 4),
    )
    house.build()

    assert house.rows(UNUSUAL + "and metric_id = 'pypi_downloads' order by 1") == [
        ("one", date(2024, 5, 1), 3100.0, "60 percent of it by one installer, requests, usually 20"),
        ("two", date(2024, 6, 1), 3000.0, "90 percent of it by one Python version, 3.7, usually 20"),
    ]


@pytest.mark.skipif(
    not HISTORY.is_dir(), reason=f"{HISTORY} does not exist: the history is no part of the repository"
)
@pytest.mark.parametrize(
    ("packages", "source", "unusual"),
    [
        (("torch", "tensorflow"), "top_pypi_30d", {f"2021-{month:02}" for month in (1, 2, 3)}),
        (("torch", "tensorflow"), "bestof_ml", {f"2021-{month:02}" for month in (1, 2, 3)}),
        (("jax",), "bestof_ml", {"2021-11", "2023-11"}),
    ],
)
def test_the_real_faults_of_downloads_are_found(warehouse, told, packages, source, unusual):
    """The months in which the logs ran dry, of both; JAX's 5.3 million of November 2021 and 11.8 of 2023.

    No other month is unusual, of September 2018 to October 2024 or, in the second list, of November 2020 to
    October 2025. What the register of events knows of would not be judged.
    """
    house = warehouse(of(**dict.fromkeys(packages, OLD)), now=NOW)
    house.tell(*(answer for package in packages for answer in downloads(told, package, source)))
    house.build()

    found = house.rows(UNUSUAL + "and period_start > '2018-08-01'")
    assert {(subject, f"{month:%Y-%m}") for subject, month, *_ in found} == {
        (package, month) for package in packages for month in unusual
    }
    assert all(("as for all compared" in reason) == (len(packages) > 1) for *_, reason in found)
