"""What the models make of downloads by minor version and country, told by rows that a person can recount."""

from datetime import UTC, date, datetime, timedelta

import pytest

from tests.made import configuration

pytestmark = pytest.mark.usefixtures("without_checks")

ALONE = configuration(one={"pypi": ["one"]})
FAMILY = configuration(
    one={"pypi": ["one"]},
    two={
        "pypi": [
            "two",
            "two-cpu",
            {"package": "two-old", "until": date(2025, 1, 15)},
            {"package": "two-core", "within": "two"},
        ]
    },
)
MORNING = datetime(2025, 3, 10, 6, tzinfo=UTC)
LATER = MORNING + timedelta(days=7)
MONDAY = date(2025, 1, 6)
SHARES = (
    "select subject_id, period_start, value, state from observations "
    "where metric_id = 'pypi_newest_minor_share' order by all"
)
DAYS = (
    "select subject_id, period_start, value from observations "
    "where metric_id = 'pypi_newest_minor_days' order by all"
)


def splits(told, first, days, at=MORNING, countries=None, **extra):
    """Days of the logs by package and version; after them comes a day that may still be loading."""
    data = []
    for n, packages in enumerate([*days, {"pip": {}}]):
        for package, versions in packages.items():
            located = countries or {}
            data.append(
                {
                    "date": str(first + timedelta(days=n)),
                    "package": package,
                    "versions": versions,
                    "countries": located if versions else {},
                    "downloads": sum(versions.values()),
                    "located": sum(located.values()),
                }
            )
    return told("pypi", "log_splits", f"one;two {first}", {"data": data, "rows": len(data), **extra}, at)


def logs(told, first, days, at=MORNING):
    data = [
        {"date": str(first + timedelta(days=n)), "installers": one, "downloads": sum(one.values())}
        for n, one in enumerate([*days, {}])
    ]
    return told("pypi", "log_days", "one 2016-01-01", {"data": data, "rows": len(data)}, at)


def test_splits_of_the_logs_are_told_by_day_and_category(warehouse, told):
    """As told last, the newest day left out; a country that the logs do not know is unknown."""
    house = warehouse(ALONE)
    house.tell(
        splits(
            told,
            MONDAY,
            [{"one": {"2.9": 7, "pre-release": 2}, "pip": {}}],
            countries={"DE": 5, "": 4},
        )
    )
    house.build()

    rows = [
        ("one", "one", MONDAY, "country", "DE", 5, "ok", None),
        ("one", "one", MONDAY, "country", "unknown", 4, "ok", None),
        ("one", "one", MONDAY, "minor_version", "2.9", 7, "ok", None),
        ("one", "one", MONDAY, "minor_version", "pre-release", 2, "ok", None),
    ]
    assert house.rows("from package_downloads_split order by all") == rows

    # Told again without countries, whose day is too long ago, and with one version that was mended away.
    house.tell(splits(told, MONDAY, [{"one": {"2.9": 9}}], LATER))
    house.build()
    assert house.rows("from package_downloads_split order by all") == [
        *rows[:2],
        ("one", "one", MONDAY, "minor_version", "2.9", 9, "ok", None),
    ]


def test_a_split_that_does_not_add_up_is_suspect(warehouse, told):
    """Beside the day by installer, mirrors left out; where that was not told, countries beside versions."""
    house = warehouse(ALONE)
    day = {"one": {"2.9": 9}}
    house.tell(
        splits(told, MONDAY, [day] * 2, countries={"DE": 9}),
        splits(told, date(2025, 2, 3), [day], countries={"DE": 5}),
        logs(told, MONDAY, [{"pip": 9, "bandersnatch": 90}, {"pip": 8, "Nexus": 1}]),
    )
    house.build()

    tuesday, february = MONDAY + timedelta(days=1), date(2025, 2, 3)
    reason = "9 downloads of all categories, 8 of the day"
    assert house.rows("select day, split, state, state_reason from package_downloads_split order by all") == [
        (MONDAY, "country", "ok", None),
        (MONDAY, "minor_version", "ok", None),
        (tuesday, "country", "suspect", reason),
        (tuesday, "minor_version", "suspect", reason),
        (february, "country", "suspect", "5 downloads of all categories, 9 of the day"),
        (february, "minor_version", "ok", None),
    ]


def test_days_in_a_known_fault_are_suspect(warehouse, told):
    """As they are by installer."""
    house = warehouse(ALONE)
    house.tell(splits(told, date(2021, 4, 5), [{"one": {"1.8": 1}}] * 3))
    house.build()

    fault = "Download logs ran dry"
    assert house.rows("select day, state, state_reason from package_downloads_split order by all") == [
        (date(2021, 4, 5), "suspect", fault),
        (date(2021, 4, 6), "suspect", fault),
        (date(2021, 4, 7), "ok", None),
    ]


def test_the_newest_minor_version_has_a_share_of_each_whole_week(warehouse, told):
    """Of final releases: 2.10 comes after 2.9, and what was withdrawn at once is not waited for."""
    house = warehouse(ALONE)
    before = {"one": {"2.8": 30, "2.9": 70, "pre-release": 900, "other": 50}}
    after = {"one": {"2.9": 75, "2.10": 25, "pre-release": 900}}
    mistaken = {"one": {"2.9": 5000, "2.10": 5000, "99.0": 1}}
    days = [*[before] * 9, *[after] * 5, *[mistaken] * 7, *[after] * 3]
    house.tell(splits(told, MONDAY, days))
    house.build()

    weeks = [MONDAY + timedelta(weeks=n) for n in range(3)]
    assert house.rows(SHARES) == [
        ("one", weeks[0], pytest.approx(0.7), "ok"),
        # Two days of 2.8 and 2.9 alone, five of which 2.10 made a quarter.
        ("one", weeks[1], pytest.approx(125 / 700), "ok"),
        ("one", weeks[2], pytest.approx(35000 / 70007), "stale"),
    ]
    # 2.9 was there before the logs; 2.10 came on the Wednesday of the second week.
    assert house.rows(DAYS) == [("one", weeks[1], 4.0), ("one", weeks[2], 11.0)]


def test_a_release_after_a_gap_has_no_day(warehouse, told):
    """It may have come at any time within the gap, and a week that lacks a day has no share."""
    house = warehouse(ALONE)
    house.tell(
        splits(told, MONDAY, [{"one": {"2.9": 7}}] * 10),
        splits(told, MONDAY + timedelta(days=28), [{"one": {"2.9": 1, "2.10": 1}}] * 7),
    )
    house.build()

    assert house.rows(SHARES) == [
        ("one", MONDAY, 1.0, "ok"),
        ("one", MONDAY + timedelta(days=28), 0.5, "stale"),
    ]
    assert house.rows(DAYS) == []


def test_a_family_has_the_share_of_each_packages_own_newest(warehouse, told):
    """Those that count all week; one that is pulled in, or only has pre-releases, is not among them.

    The age is that of the package which is fetched most. A formula's figures are sample.
    """
    house = warehouse(FAMILY)
    day = {"two": {"2.1": 60}, "two-cpu": {"2.0": 30}, "two-core": {"9.0": 500}, "two-old": {"1.0": 10}}
    newer = {**day, "two": {"2.1": 30, "2.2": 30}, "two-cpu": {"2.0": 20, "2.1": 20}}
    house.tell(splits(told, MONDAY, [*[day] * 7, *[newer] * 7, *[day] * 3], sample="a formula"))
    house.build()

    # All of it in the first week; of the second two-old is out, which counts until its Wednesday.
    assert house.rows(SHARES) == [
        ("two", MONDAY, 1.0, "sample"),
        ("two", MONDAY + timedelta(days=7), pytest.approx(50 / 100), "sample"),
    ]
    assert house.rows(DAYS) == [("two", MONDAY + timedelta(days=7), 6.0)]


def test_a_week_whose_versions_do_not_add_up_is_suspect(warehouse, told):
    """It is published with the reason."""
    house = warehouse(ALONE)
    house.tell(
        splits(told, MONDAY, [{"one": {"2.9": 9}}] * 7),
        logs(told, MONDAY, [{"pip": 9}] * 5 + [{"pip": 7}] * 2),
    )
    house.build()

    reason = "one on 2 days: 18 downloads of all versions, 14 of these days"
    sql = "select metric_id, value, state, state_reason from observations where metric_id like 'pypi_newest%'"
    assert house.rows(sql) == [("pypi_newest_minor_share", 1.0, "suspect", reason)]
