"""Which measures are weighted, by which figures, and who leads then: archives that a person can recount."""

from datetime import UTC, date, datetime, timedelta
from zlib import crc32

import pytest

from tests.made import called, configuration

pytestmark = pytest.mark.usefixtures("without_checks")

NOW = datetime(2025, 3, 10, 6, tzinfo=UTC)
ASKED = ("github", "pypi", "stackoverflow")
WEIGHTED = "select metric_id, subject_id, share from weighting_measures where reason is null order by all"
LED = "select kind, subject_id, measures, leads_share, state from weightings order by all"


def of(*names, **others):
    """The configuration of these subjects, known to three sources unless told otherwise."""
    return configuration(
        dict.fromkeys(ASKED, 35), **{name: others.get(name, called(name, *ASKED)) for name in names}
    )


def months(first, number):
    """The first days of so many months."""
    found = [first]
    while len(found) < number:
        found.append((found[-1] + timedelta(days=31)).replace(day=1))
    return found


def questions(told, tag, totals, first=date(2024, 12, 1), **extra):
    """Questions by month, the last of them February 2025."""
    return [
        told("stackoverflow", "question_months", f"{tag} {month:%Y-%m}", {"total": total, **extra}, NOW)
        for month, total in zip(months(first, len(totals)), totals, strict=True)
    ]


def logs(told, package, downloads, first=date(2024, 12, 1)):
    """All of a month's downloads on its first day, none on its others; after them a day that is loading."""
    data = []
    for month, number in zip(months(first, len(downloads)), downloads, strict=True):
        after = (month + timedelta(days=31)).replace(day=1)
        for day in (month + timedelta(days=n) for n in range((after - month).days)):
            sent = {"pip": number} if day == month else {}
            data.append({"date": str(day), "installers": sent, "downloads": sum(sent.values())})
    data.append({"date": str(day + timedelta(days=1)), "installers": {}, "downloads": 0})
    return told("pypi", "log_days", f"{package} 2016-01-01", {"data": data, "rows": len(data)}, NOW)


def counters(told, name, stars, forks, at=NOW):
    body = {
        "id": crc32(name.encode()),
        "full_name": f"{name}/{name}",
        "stargazers_count": stars,
        "forks_count": forks,
        "open_issues_count": 1,
    }
    return told("github", "repository", f"{name}/{name}", body, at)


def star_weeks(told, name, a_week, number=14):
    """Weeks of stars, the newest that from 23 February 2025."""
    sundays = [datetime(2025, 2, 23, tzinfo=UTC) - timedelta(weeks=n) for n in range(number)]
    sent = [{"week": int(at.timestamp()), "total": 7 * a_week, "days": [a_week] * 7} for at in sundays]
    return told("github", "star_history", f"{name}/{name} 1", sent, NOW)


def test_a_measure_is_the_share_of_the_last_quarter(warehouse, told):
    """Three months, thirteen weeks, the last reading; no metric that is made from another."""
    house = warehouse(of("one", "two"))
    house.tell(
        *questions(told, "one", [999, 10, 20, 30], first=date(2024, 11, 1)),
        *questions(told, "two", [999, 20, 20, 100], first=date(2024, 11, 1)),
        logs(told, "one", [100, 200, 300]),
        logs(told, "two", [100, 50, 50]),
        counters(told, "one", 900, 50),
        counters(told, "two", 100, 150),
        star_weeks(told, "one", 1),
        star_weeks(told, "two", 3),
    )
    house.build()

    assert house.rows(WEIGHTED) == [
        ("github_forks_total", "one", 0.25),
        ("github_forks_total", "two", 0.75),
        ("github_stars_gained", "one", 0.25),
        ("github_stars_gained", "two", 0.75),
        ("github_stars_total", "one", 0.9),
        ("github_stars_total", "two", 0.1),
        ("pypi_downloads", "one", 0.75),
        ("pypi_downloads", "two", 0.25),
        ("stackoverflow_questions", "one", 0.3),
        ("stackoverflow_questions", "two", 0.7),
    ]
    assert house.rows(
        "select distinct metric_id, period_start, period_end, value, state from weighting_measures "
        "where subject_id = 'one' and share is not null and metric_id <> 'github_forks_total' order by 1"
    ) == [
        ("github_stars_gained", date(2024, 12, 1), date(2025, 3, 1), 91.0, "ok"),
        ("github_stars_total", date(2025, 3, 10), date(2025, 3, 10), 900.0, "ok"),
        ("pypi_downloads", date(2024, 12, 1), date(2025, 2, 28), 600.0, "ok"),
        ("stackoverflow_questions", date(2024, 12, 1), date(2025, 2, 28), 60.0, "ok"),
    ]


def test_who_leads_is_told_with_what_it_hangs_on(warehouse, told):
    """Downloads are the one measure of adoption; community has three, and without stars two leads."""
    house = warehouse(of("one", "two"))
    house.tell(
        *questions(told, "one", [30, 30, 30]),
        *questions(told, "two", [70, 70, 70]),
        logs(told, "one", [100, 200, 300]),
        logs(told, "two", [100, 50, 50]),
        counters(told, "one", 960, 40),
        counters(told, "two", 40, 60),
    )
    house.build()

    (one, two), (here, there) = house.rows(LED)[:2], house.rows(LED)[2:]
    assert (one, two) == (("adoption", "one", 1, 1.0, "ok"), ("adoption", "two", 1, 0.0, "ok"))
    assert here[:3] == ("community", "one", 3) and there[:3] == ("community", "two", 3)
    assert 0.5 < here[3] < 0.95 and 0.02 < there[3] < 0.5 and here[3] + there[3] < 1
    assert house.rows("select metric_id, leader_id, leads_share = 1 from weighting_without order by all") == [
        ("github_forks_total", "one", False),
        ("github_stars_total", "two", True),
        ("pypi_downloads", None, None),
        ("stackoverflow_questions", "one", False),
    ]
    assert house.rows(
        "select kind, subject_id, sum(share), count(*), max(share) filter (where rank = 1) "
        "from weighting_ranks where kind = 'adoption' group by all order by all"
    ) == [("adoption", "one", 1.0, 2, 1.0), ("adoption", "two", 1.0, 2, 0.0)]
    ((low, median, high),) = house.rows(
        "select index_low, index_median, index_high from weightings "
        "where kind = 'community' and subject_id = 'one'"
    )
    assert 0.3 < low < median < high < 0.96


def test_one_unknown_subject_leaves_the_measure_out(warehouse, told):
    """It is in no weighting and says of whom there is no figure; the others are weighted without it."""
    house = warehouse(of("one", "two", "three"))
    house.tell(
        *(answer for tag in ("one", "two") for answer in questions(told, tag, [10, 10, 10])),
        *(counters(told, name, stars, 5) for name, stars in (("one", 60), ("two", 30), ("three", 10))),
    )
    house.build()

    assert house.rows(
        "select distinct metric_id, reason from weighting_measures "
        "where kind = 'community' and metric_id not like '%gained' order by 1"
    ) == [
        ("github_forks_total", None),
        ("github_stars_total", None),
        ("stackoverflow_questions", "no figure of the last year of Three"),
    ]
    assert house.rows("select distinct kind, measures from weightings order by 1") == [
        ("adoption", 0),
        ("community", 2),
    ]


def test_without_a_measure_nothing_is_weighed_and_that_is_said(warehouse, told):
    """Each subject has its row, without a figure; questions of a month alone are no quarter."""
    house = warehouse(of("one", "two"))
    house.tell(*(answer for tag in ("one", "two") for answer in questions(told, tag, [10, 10])))
    house.build()

    assert house.rows(LED) == [
        (kind, name, 0, None, None) for kind in ("adoption", "community") for name in ("one", "two")
    ]
    assert house.rows("from weighting_ranks") == house.rows("from weighting_without") == []
    assert house.rows(
        "select distinct reason, share, value from weighting_measures "
        "where metric_id = 'stackoverflow_questions'"
    ) == [("no whole quarter of the last year is known of all, counted in one way", None, None)]


@pytest.mark.parametrize(
    ("first", "weighted"), [(date(2023, 12, 1), 0), (date(2024, 1, 1), 1)], ids=["too old", "of a year"]
)
def test_figures_count_for_a_year(warehouse, told, first, weighted):
    """A quarter that ended on 29 February 2024 is 375 days old; one that ended in March is not a year."""
    house = warehouse(of("one", "two"))
    house.tell(
        *(answer for tag in ("one", "two") for answer in questions(told, tag, [10, 10, 20], first=first))
    )
    house.build()

    assert house.rows(
        "select count(*) filter (where share = 0.5) / 2 from weighting_measures "
        "where metric_id = 'stackoverflow_questions'"
    ) == [(weighted,)]


def test_an_unknown_month_ends_the_quarter_and_the_one_before_it_counts(warehouse, told):
    """January lacks a tag: the last three months in a row are those to December."""
    house = warehouse(of("one", "two"))
    whole = questions(told, "one", [10, 10, 10, 99, 99], first=date(2024, 10, 1))
    house.tell(*whole[:3], whole[4], *questions(told, "two", [30, 30, 30, 99, 99], first=date(2024, 10, 1)))
    house.build()

    assert house.rows(
        "select subject_id, period_start, period_end, share from weighting_measures "
        "where metric_id = 'stackoverflow_questions' order by 1"
    ) == [
        ("one", date(2024, 10, 1), date(2024, 12, 31), 0.25),
        ("two", date(2024, 10, 1), date(2024, 12, 31), 0.75),
    ]


def test_what_counts_in_two_subjects_has_no_share(warehouse, told):
    """One tag for both: the measure is left out and says why."""
    house = warehouse(of("one", "two", two=called("two", *ASKED) | {"stackoverflow": "one"}))
    house.tell(*questions(told, "one", [10, 10, 10]))
    house.build()

    assert house.rows(
        "select distinct reason from weighting_measures where metric_id = 'stackoverflow_questions'"
    ) == [("one counts in One and Two",)]


def test_zeros_of_all_have_no_share_and_a_zero_of_one_has(warehouse, told):
    """Nothing is divided by nothing."""
    house = warehouse(of("one", "two"))
    house.tell(
        *(answer for tag in ("one", "two") for answer in questions(told, tag, [0, 0, 0])),
        counters(told, "one", 9, 0),
        counters(told, "two", 0, 0),
    )
    house.build()

    assert house.rows(WEIGHTED) == [("github_stars_total", "one", 1.0), ("github_stars_total", "two", 0.0)]
    assert house.rows(
        "select distinct metric_id from weighting_measures where reason = 'each figure is zero' order by 1"
    ) == [("github_forks_total",), ("stackoverflow_questions",)]


def test_sample_figures_make_the_whole_sample(warehouse, told):
    """One made-up month of one subject is enough; the other kind stays measured."""
    house = warehouse(of("one", "two"))
    house.tell(
        *questions(told, "one", [10, 10, 10]),
        *questions(told, "two", [10, 10]),
        *questions(told, "two", [10], first=date(2025, 2, 1), sample="a formula"),
        logs(told, "one", [100, 200, 300]),
        logs(told, "two", [100, 50, 50]),
    )
    house.build()

    assert house.rows("select distinct kind, state from weightings order by 1") == [
        ("adoption", "ok"),
        ("community", "sample"),
    ]


@pytest.mark.parametrize("number", [3, 5])
def test_of_many_each_has_every_rank_it_can_have(warehouse, told, number):
    """Stars grow with the place and forks fall: the first and the last swap, and ranks add up to one."""
    names = ["one", "two", "three", "four", "five"][:number]
    house = warehouse(of(*names))
    house.tell(
        *(counters(told, name, 2 ** (at + 3), 2 ** (number - at + 3)) for at, name in enumerate(names))
    )
    house.build()

    ranks = house.rows(
        "select subject_id, sum(share), count(*), max(share) filter (where rank = 1), "
        f"max(share) filter (where rank = {number}) from weighting_ranks group by all order by all"
    )
    assert [(name, total, count) for name, total, count, _, _ in ranks] == [
        (name, pytest.approx(1), number) for name in sorted(names)
    ]
    first_of = {name: first for name, _, _, first, _ in ranks}
    assert first_of[names[0]] == pytest.approx(0.5, abs=0.02) == first_of[names[-1]]
    assert {first_of[name] for name in names[1:-1]} == {0}


def test_one_subject_alone_is_compared_with_nobody(warehouse, told):
    """There are no rows to read a lead from."""
    house = warehouse(of("one"))
    house.tell(*questions(told, "one", [10, 10, 10]))
    house.build()

    tables = ("weightings", "weighting_ranks", "weighting_without", "weighting_measures")
    assert [house.rows(f"from {table}") for table in tables] == [[], [], [], []]
