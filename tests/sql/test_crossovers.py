"""Which periods of two subjects are compared, told by archives that a person can recount."""

from datetime import UTC, date, datetime, timedelta

import pytest

from tests.made import called, configuration
from warehouse.config.catalog import catalog

pytestmark = pytest.mark.usefixtures("without_checks")

NAMES = ("one", "two", "three")
ASKED = ("pypi", "stackoverflow", "wikipedia")
THREE = configuration(
    dict.fromkeys(ASKED, 35),
    **{name: {"name": name, **called(name, *ASKED)} for name in NAMES},
)
NOW = datetime(2025, 3, 10, 6, tzinfo=UTC)


def months(first, number):
    """The first days of so many months."""
    found = [first]
    while len(found) < number:
        found.append((found[-1] + timedelta(days=31)).replace(day=1))
    return found


def questions(told, tag, first, totals):
    return [
        told("stackoverflow", "question_months", f"{tag} {month:%Y-%m}", {"total": total}, NOW)
        for month, total in zip(months(first, len(totals)), totals, strict=True)
    ]


def logs(told, package, first, downloads):
    """All of a month's downloads on its first day, none on its others; after them a day that is loading."""
    data = []
    for month, number in zip(months(first, len(downloads)), downloads, strict=True):
        for day in (month + timedelta(days=n) for n in range(last_day(month).day)):
            sent = {"pip": number} if day == month else {}
            data.append({"date": str(day), "installers": sent, "downloads": sum(sent.values())})
    data.append({"date": str(day + timedelta(days=1)), "installers": {}, "downloads": 0})
    return told("pypi", "log_days", f"{package} 2016-01-01", {"data": data, "rows": len(data)}, NOW)


def last_day(month):
    return (month + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def pageviews(told, article, first, views):
    """Days of an article's views; None is a day that is left out."""
    items = [
        {"article": article, "timestamp": f"{first + timedelta(days=n):%Y%m%d}00", "views": count}
        for n, count in enumerate(views)
        if count is not None
    ]
    return told("wikipedia", "pageview_days", f"{article} {first}", {"items": items}, NOW)


COMPARED = "select status, crossed_on, sustained_since, compared_from, compared_to, periods from crossovers "


def test_who_overtook_whom_is_told_once_for_each_metric_and_pair(warehouse, told):
    """Two overtakes one in January 2024; its quarter to the end of February is the first that it leads.

    ln 0.5, ln 2, ln 2 sum to more than zero. A zero is compared; of three too little is known.
    """
    house = warehouse(THREE)
    house.tell(
        *questions(told, "one", date(2023, 1, 1), [100] * 24),
        *questions(told, "two", date(2023, 1, 1), [0] + [50] * 11 + [200] * 12),
        *questions(told, "three", date(2024, 8, 1), [100] * 5),
    )
    house.build()

    shorter = [one for one in catalog().metrics.values() if one.grain != "year"]
    compared = len(shorter) - 1  # a share of all compared is of no pair
    assert house.rows("select count(*), count(distinct metric_id) from crossovers") == [
        (3 * compared, compared)
    ]
    assert house.rows(
        "select leader_id, trailer_id, status, crossed_on, sustained_since, ratio, state from crossovers "
        "where metric_id = 'stackoverflow_questions' order by all"
    ) == [
        ("one", "three", "no data", None, None, None, "ok"),
        ("two", "one", "crossed", date(2024, 2, 29), date(2024, 1, 31), pytest.approx(2), "ok"),
        ("two", "three", "no data", None, None, None, "ok"),
    ]
    ((low, high, first, last, number),) = house.rows(
        "select low_on, high_on, compared_from, compared_to, periods from crossovers "
        "where metric_id = 'stackoverflow_questions' and status = 'crossed'"
    )
    assert (first, last, number) == (date(2023, 1, 1), date(2024, 12, 31), 24)
    assert date(2023, 11, 1) <= low <= date(2024, 2, 29) <= high <= date(2024, 4, 30)
    assert house.rows(
        "select distinct status, periods, state from crossovers where metric_id = 'pypi_downloads'"
    ) == [("no data", 0, None)]


def test_only_like_is_compared_with_like(warehouse, told):
    """Faulty months, months counted in two ways, weeks that lack a day or have a break are left out."""
    house = warehouse(THREE.replace('pypi = ["three"]\n', ""))
    days = [None if n == 15 else 10 for n in range(34 * 7)]
    pypistats = [
        {"category": "without_mirrors", "date": str(date(2022, 1, 1) + timedelta(days=n)), "downloads": 9}
        for n in range(31)
    ]
    house.tell(
        logs(told, "one", date(2020, 7, 1), [100] * 19),
        logs(told, "two", date(2020, 7, 1), [300] * 18),
        told("pypi", "overall", "two", {"data": pypistats, "type": "overall_downloads"}, NOW),
        pageviews(told, "One", date(2020, 3, 2), days),
        pageviews(told, "Two", date(2020, 3, 2), [5] * 34 * 7),
    )
    house.build()

    # From July 2020 to December 2021, without January to April and November and December 2021.
    assert house.rows(COMPARED + "where metric_id = 'pypi_downloads' and periods > 0") == [
        ("not crossed", None, date(2020, 7, 31), date(2020, 7, 1), date(2021, 10, 31), 12)
    ]
    # 34 weeks from 2 March 2020, without that of 16 March, a day of which is unknown, and that of 27 April.
    assert house.rows(COMPARED + "where metric_id = 'wikipedia_pageviews' and trailer_id = 'two'") == [
        ("not crossed", None, date(2020, 4, 5), date(2020, 3, 2), date(2020, 10, 25), 32)
    ]
