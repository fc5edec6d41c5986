"""What the models make of downloads, told by whole rows that a person can recount."""

from datetime import UTC, date, datetime, timedelta

import pytest

from tests.made import configuration

pytestmark = pytest.mark.usefixtures("without_checks")

TWO, ALONE, FAMILY = (
    configuration(one={"pypi": ["one"]}, two={"pypi": packages})
    for packages in (
        ["two", "two-gpu"],
        ["two"],
        [
            "two",
            {"package": "two-old", "until": date(2025, 1, 10)},
            {"package": "two-new", "since": date(2025, 1, 30)},
            {"package": "two-core", "within": "two"},
        ],
    )
)
MORNING = datetime(2025, 3, 10, 6, tzinfo=UTC)
EVENING = datetime(2025, 3, 10, 18, tzinfo=UTC)
LOGS, PYPISTATS = "download logs by installer", "pypistats, mirrors left out"


def overall(told, package, first, downloads, at=MORNING, category="without_mirrors", **extra):
    """Days as pypistats tells them; None is a day that is left out."""
    rows = [
        {"category": category, "date": str(first + timedelta(days=n)), "downloads": count, **extra}
        for n, count in enumerate(downloads)
        if count is not None
    ]
    body = {"data": rows, "package": package, "type": "overall_downloads"}
    return told("pypi", "overall", package, body, at)


def logs(told, package, first, days, at=MORNING, newest=({},), **extra):
    """Days of the logs; a number is downloads by pip, None a day that was not logged.

    After them comes a day of which nothing is loaded yet, unless another is the `newest` or none.
    """
    data = []
    for n, sent in enumerate([*days, *newest]):
        installers = sent if isinstance(sent, dict) else {"pip": sent} if sent else {}
        row = {"date": str(first + timedelta(days=n)), "installers": installers}
        if sent is not None:
            data.append(row | {"downloads": sum(installers.values())})
    body = {"data": data, "rows": len(data), **extra}
    return told("pypi", "log_days", f"{package} 2016-01-01", body, at)


def split(told, package, kind, rows, at=MORNING, **extra):
    data = [{"category": category, "date": day, "downloads": count} for category, day, count in rows]
    return told(
        "pypi", kind, package, {"data": data, "package": package, "type": f"{kind}_downloads"} | extra, at
    )


JANUARY, FEBRUARY = date(2025, 1, 1), date(2025, 2, 1)
MONTHS = (
    "select subject_id, month, downloads, downloads_state, downloads_missing "
    "from adoption_monthly order by subject_id, month"
)


def test_downloads_leave_mirrors_out_and_say_how_they_were_counted(warehouse, told):
    """The logs count as far as they go, after them pypistats; the change is an event, growth is unknown."""
    house = warehouse(TWO)
    each = {"pip": 7, "bandersnatch": 100, "requests": 2, "": 1, "never-heard-of": 3, "UV": 4}
    house.tell(
        logs(told, "one", JANUARY, [each] * 31 + [5] * 10),
        overall(told, "one", JANUARY, [16] * 31 + [4] * 28 + [1] * 9),
    )
    house.build()

    assert house.rows(
        "select month, downloads, downloads_low, downloads_with_mirrors, downloads_basis, downloads_yoy "
        "from adoption_monthly where subject_id = 'one' and month < '2025-03-01' order by month"
    ) == [
        (JANUARY, 31 * 17, 31 * 11, 31 * 117, LOGS, None),
        (FEBRUARY, 112, None, None, PYPISTATS, None),
    ]
    assert house.rows("select occurred_on, kind, subject_id from events where event_id like 'pypi-%'") == [
        (FEBRUARY, "series break", "one")
    ]


def test_a_day_is_told_by_installer_class_and_after_the_logs_undivided(warehouse, told):
    """Each class of a logged day, zero where none of it downloaded; then pypistats, which names none.

    A day that pypistats tells with mirrors alone is zero without them.
    """
    house = warehouse(TWO)
    house.tell(
        logs(told, "one", JANUARY, [{"pip": 7, "curl/8": 2, "devpi": 1}, {}]),
        overall(told, "one", JANUARY, [9, None, 5]),
        overall(told, "one", JANUARY, [10, None, 8, 4], EVENING, "with_mirrors"),
    )
    house.build()

    def of(day, basis, **classes):
        rows = [
            ("one", "one", date(2025, 1, day), name, count, True, basis, "ok", None)
            for name, count in classes.items()
        ]
        return sorted(rows)

    assert house.rows("from package_downloads_daily order by all") == [
        *of(1, LOGS, people=7, unknown=2, mirror=1, script=0),
        *of(2, LOGS, people=0, unknown=0, mirror=0, script=0),
        *of(3, "pypistats", undivided=5, mirror_or_unnamed=3),
        *of(4, "pypistats", undivided=0, mirror_or_unnamed=4),
    ]


@pytest.mark.usefixtures("without_dbt")
def test_the_newest_day_of_the_logs_is_partial_until_there_is_a_later_one(warehouse, told):
    """It may still be loading; of pypistats' figure for it nothing is partial."""
    house = warehouse(ALONE)
    house.tell(
        logs(told, "one", date(2025, 3, 8), [1], newest=[2]),
        logs(told, "two", date(2025, 3, 8), [3], newest=[4]),
        overall(told, "two", date(2025, 3, 9), [9]),
    )
    house.build()

    query = (
        "select package, day, downloads, state from package_downloads_daily "
        "where installer_class in ('people', 'undivided') order by all"
    )
    eighth, ninth = date(2025, 3, 8), date(2025, 3, 9)
    told_first = [("one", eighth, 1, "ok"), ("one", ninth, 2, "partial"), ("two", eighth, 3, "ok")]
    assert house.rows(query) == [*told_first, ("two", ninth, 9, "ok")]

    next_day = MORNING + timedelta(days=1)
    house.tell(logs(told, "one", date(2025, 3, 8), [1, 5], next_day, newest=[6]))
    house.build()
    assert house.rows(query)[:3] == [
        ("one", eighth, 1, "ok"),
        ("one", ninth, 5, "ok"),
        ("one", date(2025, 3, 10), 6, "partial"),
    ]


def test_a_mended_day_replaces_the_whole_day(warehouse, told):
    """An installer that the later answer does not name is gone; days that it does not tell stay."""
    house = warehouse(TWO)
    house.tell(logs(told, "one", JANUARY, [{"pip": 7, "uv": 7}, {"pip": 1, "requests": 90}]))
    house.build()
    house.tell(logs(told, "one", date(2025, 1, 2), [{"pip": 2}], EVENING))
    house.build()

    assert house.rows(
        "select day, installer_class, downloads from package_downloads_daily where downloads > 0 order by all"
    ) == [(JANUARY, "people", 14), (date(2025, 1, 2), "people", 2)]


def test_zero_is_a_figure_and_a_day_that_was_not_logged_is_none(warehouse, told):
    """Nobody downloaded one in January; of two a day of January was not logged."""
    house = warehouse(ALONE)
    house.tell(
        logs(told, "one", date(2024, 12, 31), [9] + [0] * 31),
        logs(told, "two", JANUARY, [1] * 9 + [None] + [1] * 21 + [1] * 28),
    )
    house.build()

    assert house.rows(MONTHS) == [
        ("one", date(2024, 12, 1), None, "partial", "one 1 of 31 days"),
        ("one", JANUARY, 0, "ok", None),
        ("two", JANUARY, None, "partial", "two 30 of 31 days"),
        ("two", FEBRUARY, 28, "ok", None),
    ]


def test_a_day_that_pypistats_never_told_leaves_its_month_without_a_figure(warehouse, told):
    """2024-10-25 and 2025-02-11 are missing there for every package; nothing is scaled up."""
    house = warehouse(ALONE)
    house.tell(overall(told, "one", JANUARY, [1] * 41 + [None] + [1] * 17))
    house.build()

    assert house.rows(MONTHS) == [
        ("one", JANUARY, 31, "ok", None),
        ("one", FEBRUARY, None, "partial", "one 27 of 28 days"),
    ]
    assert house.rows("select period_start from observations where metric_id = 'pypi_downloads'") == [
        (JANUARY,)
    ]


def test_a_month_without_a_member_of_the_family_has_no_figure(warehouse, told):
    """The second package was not answered for February; before its first upload it is zero, not unknown."""
    house = warehouse(TWO)
    house.tell(
        logs(told, "two", JANUARY, [1] * 59),
        logs(told, "two-gpu", JANUARY, [0] * 30 + [3]),
    )
    house.build()

    assert house.rows(MONTHS) == [
        ("two", JANUARY, 34, "ok", None),
        ("two", FEBRUARY, None, "partial", "two-gpu 0 of 28 days"),
    ]


def test_a_family_counts_its_packages_while_they_count(warehouse, told):
    """One ended, one began, one comes with another and is shown but never added."""
    house = warehouse(FAMILY)
    house.tell(*(logs(told, name, JANUARY, [1] * 31) for name in ("two", "two-old", "two-new", "two-core")))
    house.build()

    assert house.rows(MONTHS) == [("two", JANUARY, 31 + 10 + 2, "ok", None)]
    assert house.rows(
        "select package, count(*), min(day), max(day) from package_downloads_daily "
        "where installer_class = 'people' and is_counted and state = 'ok' group by all order by all"
    ) == [
        ("two", 31, JANUARY, date(2025, 1, 31)),
        ("two-new", 2, date(2025, 1, 30), date(2025, 1, 31)),
        ("two-old", 10, JANUARY, date(2025, 1, 10)),
    ]
    assert house.rows("select count(*) from package_downloads_daily where package = 'two-core'") == [(128,)]


def test_a_family_changes_its_way_of_counting_as_a_whole(warehouse, told):
    """The logs of one member end with January, so February is pypistats' for both."""
    house = warehouse(TWO)
    house.tell(
        logs(told, "two", JANUARY, [1] * 59),
        logs(told, "two-gpu", JANUARY, [1] * 31),
        overall(told, "two", JANUARY, [10] * 59),
        overall(told, "two-gpu", JANUARY, [10] * 59),
    )
    house.build()

    assert house.rows("select month, downloads, downloads_basis from adoption_monthly order by 1") == [
        (JANUARY, 62, LOGS),
        (FEBRUARY, 560, PYPISTATS),
    ]


def test_a_share_is_told_only_where_all_are_counted_in_one_way(warehouse, told):
    """January is of the logs for both; in February one of them has only pypistats' figure."""
    house = warehouse(ALONE)
    house.tell(
        logs(told, "one", JANUARY, [1] * 31 + [3] * 28),
        logs(told, "two", JANUARY, [1] * 31),
        overall(told, "two", FEBRUARY, [5] * 28),
    )
    house.build()

    assert house.rows(
        "select subject_id, month, downloads, downloads_share from adoption_monthly order by month, 1"
    ) == [
        ("one", JANUARY, 31, 0.5),
        ("two", JANUARY, 31, 0.5),
        ("one", FEBRUARY, 84, None),
        ("two", FEBRUARY, 140, None),
    ]


def test_growth_over_a_year_is_told_only_between_like_and_like(warehouse, told):
    """The same month a year before, both whole, counted the same way, with no break between."""
    house = warehouse(ALONE)
    a_year, with_a_gap = [8] * 365, [8] * 65 + [None] + [8] * 300
    house.tell(logs(told, "one", date(2017, 8, 1), [4] * 365 + a_year + with_a_gap + [10] * 92))
    house.build()

    rewritten = "Download logs rewritten: figures of every package triple within a month"
    assert house.rows(
        "select month, downloads, downloads_yoy, downloads_yoy_reason from adoption_monthly where month in "
        "('2018-07-01', '2018-08-01', '2019-07-01', '2019-08-01', '2019-10-01', '2020-08-01', '2020-10-01') "
        "order by 1"
    ) == [
        (date(2018, 7, 1), 4 * 31, None, "no figure a year before"),
        (date(2018, 8, 1), 8 * 31, None, rewritten),
        (date(2019, 7, 1), 8 * 31, None, rewritten),
        (date(2019, 8, 1), 8 * 31, 0.0, None),
        (date(2019, 10, 1), None, None, None),
        (date(2020, 8, 1), 10 * 31, pytest.approx(0.25), None),
        (date(2020, 10, 1), 10 * 31, None, "no figure a year before"),
    ]


def test_a_measuring_fault_makes_its_months_and_days_suspect(warehouse, told):
    """Those that overlap a known fault are published, and marked with its name."""
    house = warehouse(ALONE)
    house.tell(logs(told, "one", date(2021, 3, 1), [1] * 92))
    house.build()

    assert house.rows("select period_start, state from observations order by 1") == [
        (date(2021, 3, 1), "suspect"),
        (date(2021, 4, 1), "suspect"),
        (date(2021, 5, 1), "stale"),
    ]
    assert house.rows(
        "select state, state_reason, min(day), max(day) from package_downloads_daily group by all order by 3"
    ) == [
        ("suspect", "Download logs ran dry", date(2021, 3, 1), date(2021, 4, 6)),
        ("ok", None, date(2021, 4, 7), date(2021, 5, 31)),
        ("partial", None, date(2021, 6, 1), date(2021, 6, 1)),
    ]


def test_a_spread_month_is_a_figure_and_its_days_are_sample(warehouse, told):
    """The demo's days are shares of a measured month; what a formula made is sample in the month too."""
    house = warehouse(ALONE)
    house.tell(
        logs(told, "one", JANUARY, [1] * 59, spread="evenly"),
        overall(told, "two", JANUARY, [1] * 31, sample="a formula"),
    )
    house.build()

    assert house.rows("select subject_id, period_start, state from observations order by 1, 2") == [
        ("one", JANUARY, "ok"),
        ("one", FEBRUARY, "ok"),
        ("two", JANUARY, "sample"),
    ]
    assert house.rows("select distinct state from package_downloads_daily where day < '2025-03-01'") == [
        ("sample",)
    ]


@pytest.mark.usefixtures("without_dbt")
def test_splits_are_told_by_day_and_category(warehouse, told):
    """As told last; clients that did not say are unknown, a formula's figures are sample."""
    house = warehouse(ALONE)
    house.tell(
        split(told, "one", "system", [("Linux", "2025-03-01", 7), ("null", "2025-03-01", 2)]),
        split(told, "one", "python_minor", [("3.12", "2025-03-01", 9)]),
        split(told, "two", "system", [("Darwin", "2025-03-01", 1)], sample="a formula"),
    )
    house.build()
    house.tell(split(told, "one", "system", [("Linux", "2025-03-01", 8)], EVENING))
    house.build()

    day = date(2025, 3, 1)
    assert house.rows("from package_downloads_split order by all") == [
        ("one", "one", day, "python_minor", "3.12", 9, "ok", None),
        ("one", "one", day, "system", "Linux", 8, "ok", None),
        ("one", "one", day, "system", "unknown", 2, "ok", None),
        ("two", "two", day, "system", "Darwin", 1, "sample", None),
    ]
