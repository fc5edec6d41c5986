"""What the models make of draws of search interest, told by whole rows that a person can recount."""

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import pytest

CONFIGURATION = """
question = "Which?"
[[subjects]]
id = "one"
name = "One"
google_trends = "One"
[[subjects]]
id = "two"
name = "Two"
google_trends = "two"
[sources]
google_trends = { expected_lag_days = 35 }
"""
NOW = datetime(2025, 4, 2, 18, tzinfo=UTC)
TODAY = NOW.date()
MONTHS = [date(2025, 1, 1), date(2025, 2, 1), date(2025, 3, 1), date(2025, 4, 1)]
DAYS = (30, 27, 30)  # from the first day of each finished month to its last
ROWS = (
    "select subject_id, period_start, period_end, value, low, high, state from observations "
    "where metric_id = '{}' order by 1, 2"
)
BASES = "select metric_id, min(basis), max(basis), max(observed_at) from observations group by all order by 1"


@pytest.fixture
def pull(told):
    """An answer of the interface: values of one and two by period, the last of which is partial."""

    def make(
        values: Sequence[tuple[int | None, ...]],
        at: datetime,
        starts: Sequence[date] = MONTHS,
        resolution: str = "MONTH",
        first_day: date = date(2004, 1, 1),
        terms: Sequence[str] = ("One", "two"),
        **extra: str,
    ):
        items = [{"geo": {}, "complexKeywordsRestriction": {"keyword": [{"value": t}]}} for t in terms]
        window = {"time": f"{first_day} {at.date()}", "resolution": resolution}
        points = [
            {
                "time": str(int(datetime.combine(start, datetime.min.time(), UTC).timestamp())),
                "formattedTime": f"{start:%b %Y}",
                "value": [value or 0 for value in both],
                "hasData": [value is not None for value in both],
            }
            for start, both in zip(starts, values, strict=True)
        ]
        points[-1]["isPartial"] = True
        body = ")]}',\n" + json.dumps({"default": {"timelineData": points}, **extra})
        asked = json.dumps(window | {"comparisonItem": items}).replace(" ", "+")
        url = f"https://t.example/multiline?req={asked}"
        return told("google_trends", "interest_over_time", "all One,two", body, at, url=url)

    return make


def export(told, header: str, rows: Sequence[str], day: date, region: str = "Worldwide"):
    """An import of the website's export."""
    body = "\n".join(["Category: All categories", "", header, *rows])
    at = datetime.combine(day, datetime.min.time(), UTC)
    return told("google_trends", "export", f"{region}: one,two 0123456789ab", body, at, url="file:///x.csv")


def days_ago(days: int, hour: int = 6) -> datetime:
    return (NOW - timedelta(days=days)).replace(hour=hour)


def test_the_value_is_the_median_of_the_draws_and_the_band_their_extremes(warehouse, pull):
    """Three days' draws on one scale; of two draws of a day the later counts, and one of 28 days ago no more.

    Zero is anything below one. February of two is untold in one draw; April is not over.
    """
    house = warehouse(CONFIGURATION, now=NOW)
    house.tell(
        pull([(100, 90), (90, 90), (90, 90), (90, 90)], days_ago(28, hour=18)),
        pull([(100, 0), (50, 10), (60, 22), (1, 1)], days_ago(27, hour=19)),
        pull([(100, 99), (99, 99), (99, 99), (99, 99)], days_ago(1, hour=5)),
        pull([(100, 0), (52, None), (66, 20), (1, 1)], days_ago(1)),
        pull([(100, 2), (57, 13), (63, 24), (1, 1)], days_ago(0)),
    )
    house.build()

    january, february, march = ((m, m + timedelta(n)) for m, n in zip(MONTHS[:3], DAYS, strict=True))
    assert house.rows(ROWS.format("google_trends_interest")) == [
        ("one", *january, 100.0, 100.0, 100.0, "ok"),
        ("one", *february, 52.0, 50.0, 57.0, "ok"),
        ("one", *march, 63.0, 60.0, 66.0, "ok"),
        ("two", *january, 0.0, 0.0, 2.0, "ok"),
        ("two", *february, 11.5, 10.0, 13.0, "ok"),
        ("two", *march, 22.0, 20.0, 24.0, "ok"),
    ]
    basis = "web search, worldwide, 2004-01-01 to 2025-04-02"
    assert house.rows(BASES) == [("google_trends_interest", basis, basis, days_ago(0))]
    assert house.rows(
        "select month, search_interest, search_interest_low, search_interest_high, search_share "
        "from adoption_monthly where subject_id = 'two' order by 1"
    ) == [
        (date(2025, 1, 1), 0.0, 0.0, 2.0, 0.0),
        (date(2025, 2, 1), 11.5, 10.0, 13.0, 11.5 / 63.5),
        (date(2025, 3, 1), 22.0, 20.0, 24.0, 22 / 85),
    ]


def test_one_draw_alone_has_no_band_but_below_one(warehouse, pull):
    """A single draw does not say how much draws vary; what is below one lies between 0 and 1."""
    house = warehouse(CONFIGURATION, now=NOW)
    house.tell(pull([(100, 0), (50, None), (60, 22), (1, 1)], days_ago(0)))
    house.build()

    assert house.rows("select subject_id, value, low, high from observations order by 1, period_start") == [
        ("one", 100.0, None, None),
        ("one", 50.0, None, None),
        ("one", 60.0, None, None),
        ("two", 0.0, 0.0, 1.0),
        ("two", 22.0, None, None),
    ]


def test_draws_on_another_scale_are_left_out(warehouse, pull):
    """Those with another term in it, with their 100 elsewhere or unfinished, and sample values."""
    house = warehouse(CONFIGURATION, now=NOW)
    house.tell(
        pull([(100, 1, 1)] * 4, days_ago(6), terms=("One", "two", "three")),
        pull([(90, 10), (100, 10), (10, 10), (1, 1)], days_ago(5)),
        pull([(90, 100), (10, 10), (10, 10), (1, 1)], days_ago(4)),
        pull([(100, 10), (10, 10), (10, 10), (1, 1)], days_ago(3), sample="a formula"),
        # Two months at 100, one of them the newest draw's.
        pull([(100, 10), (100, 20), (30, 30), (1, 1)], days_ago(2)),
        pull([(97, 10), (10, 10), (10, 10), (100, 1)], days_ago(1)),
        pull([(100, 20), (98, 40), (50, 50), (100, 1)], days_ago(0)),
    )
    house.build()

    assert house.rows("select subject_id, value, low, high from observations order by 1, period_start") == [
        ("one", 100.0, 100.0, 100.0),
        ("one", 99.0, 98.0, 100.0),
        ("one", 40.0, 30.0, 50.0),
        ("two", 15.0, 10.0, 20.0),
        ("two", 30.0, 20.0, 40.0),
        ("two", 40.0, 30.0, 50.0),
    ]


def test_days_are_a_metric_of_their_own_scale(warehouse, pull):
    """The days beside the months, each with its scale's window; one that moves on may keep its peak."""
    first, starts = date(2025, 1, 2), [date(2025, 3, 30) + timedelta(days=n) for n in range(4)]
    house = warehouse(CONFIGURATION, now=NOW)
    house.tell(
        pull([(100, 7), (50, 6), (60, 5), (1, 1)], days_ago(0, hour=5)),
        pull([(80, 10), (100, 12), (7, 7)], days_ago(1), starts[:3], "DAY", date(2025, 1, 1)),
        pull([(90, 10), (100, 14), (60, 22), (7, 7)], days_ago(0), starts, "DAY", first),
    )
    house.build()

    assert house.rows(ROWS.format("google_trends_interest_daily")) == [
        ("one", starts[0], starts[0], 85.0, 80.0, 90.0, "ok"),
        ("one", starts[1], starts[1], 100.0, 100.0, 100.0, "ok"),
        ("one", starts[2], starts[2], 60.0, None, None, "ok"),
        ("two", starts[0], starts[0], 10.0, 10.0, 10.0, "ok"),
        ("two", starts[1], starts[1], 13.0, 12.0, 14.0, "ok"),
        ("two", starts[2], starts[2], 22.0, None, None, "ok"),
    ]
    months, days = (f"web search, worldwide, {day} to 2025-04-02" for day in ("2004-01-01", first))
    assert house.rows(BASES) == [
        ("google_trends_interest", months, months, days_ago(0, hour=5)),
        ("google_trends_interest_daily", days, days, days_ago(0)),
    ]
    assert len(house.rows("from observations where metric_id = 'google_trends_interest'")) == 6


def test_an_export_replaces_a_pull_as_a_whole_and_is_replaced_by_the_next(warehouse, told, pull):
    """Never value by value, in the line as in its band; so there is one basis, and no break."""
    house = warehouse(CONFIGURATION, now=NOW)
    header = "Month,ONE: (worldwide),two: (worldwide)"
    house.tell(
        pull([(100, 10), (50, 20), (60, 30), (1, 1)], days_ago(3)),
        export(told, header, ["2025-01,100,<1", "2025-02,40,9", "2025-03,3,3"], TODAY, "worldwide"),
    )
    house.build()
    january, february, march = ((m, m + timedelta(n)) for m, n in zip(MONTHS[:3], DAYS, strict=True))
    assert house.rows(ROWS.format("google_trends_interest")) == [
        ("one", *january, 100.0, None, None, "ok"),
        ("one", *february, 40.0, None, None, "ok"),
        ("one", *march, 3.0, None, None, "ok"),
        ("two", *january, 0.0, 0.0, 1.0, "ok"),
        ("two", *february, 9.0, None, None, "ok"),
        ("two", *march, 3.0, None, None, "ok"),
    ]
    basis = "website's export, worldwide, 2025-01-01 to 2025-03-31"
    midnight = datetime.combine(TODAY, datetime.min.time(), UTC)
    assert house.rows(BASES) == [("google_trends_interest", basis, basis, midnight)]

    house.tell(pull([(100, 12), (54, 20), (60, 30), (1, 1)], days_ago(0)))
    house.build()
    assert house.rows("select subject_id, value, low, high from observations order by 1, period_start") == [
        ("one", 100.0, 100.0, 100.0),
        ("one", 52.0, 50.0, 54.0),
        ("one", 60.0, 60.0, 60.0),
        ("two", 11.0, 10.0, 12.0),
        ("two", 20.0, 20.0, 20.0),
        ("two", 30.0, 30.0, 30.0),
    ]
    breaks = "from events where kind = 'series break' and source_id = 'google_trends'"
    assert house.rows(f"{breaks} and event_id not like 'trends-method-%'") == []


def test_exports_of_one_region_are_draws_of_each_other(warehouse, told):
    """Those of another region are not; weeks keep the Sunday that Google names them by."""
    header = "Week,one: ({0}),two: ({0})"
    sundays = [date(2025, 3, 9), date(2025, 3, 16), date(2025, 3, 23)]
    house = warehouse(CONFIGURATION, now=NOW)
    for day, region, first, second in (
        (25, "France", "100,60", "30,30"),
        (26, "Japan", "100,90", "90,90"),
        (27, "France", "100,40", "20,30"),
    ):
        rows = [f"{sundays[0]},{first}", f"{sundays[1]},{second}", f"{sundays[2]},9,9"]
        house.tell(export(told, header.format(region), rows, date(2025, 3, day), region))
    house.build()

    assert house.rows(ROWS.format("google_trends_interest_weekly")) == [
        ("one", sundays[0], date(2025, 3, 15), 100.0, 100.0, 100.0, "ok"),
        ("one", sundays[1], date(2025, 3, 22), 25.0, 20.0, 30.0, "ok"),
        ("two", sundays[0], date(2025, 3, 15), 50.0, 40.0, 60.0, "ok"),
        ("two", sundays[1], date(2025, 3, 22), 30.0, 30.0, 30.0, "ok"),
    ]
