"""What the models make of draws of search interest, told by whole rows that a person can recount.

One warehouse is built as any is; what they make of other draws is asked of the same compiled models, over
archives that the real load has read.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from flows.pipeline import steps
from tests.made import configuration
from tests.straight import Straight
from warehouse.archive.write import record_attempt
from warehouse.build.load import load, open_work
from warehouse.config.settings import Settings, read_settings
from warehouse.published.open import open_published

CONFIGURATION = configuration(one={"google_trends": "One"}, two={"google_trends": "two"})
NOW = datetime(2025, 4, 2, 18, tzinfo=UTC)
TODAY = NOW.date()
MONTHS = [date(2025, 1, 1), date(2025, 2, 1), date(2025, 3, 1), date(2025, 4, 1)]
DAYS = [date(2025, 3, 30) + timedelta(days=n) for n in range(4)]
SUNDAYS = [date(2025, 3, 9), date(2025, 3, 16), date(2025, 3, 23)]
JANUARY, FEBRUARY, MARCH = (
    (month, month + timedelta(days)) for month, days in zip(MONTHS[:3], (30, 27, 30), strict=True)
)
SOURCE = "google_trends"
MODEL = "intermediate.int_google_trends__observations"
FIGURES = f"select subject_id, value, low, high from {MODEL} order by period_start, 1"
ROWS = (
    "select subject_id, period_start, period_end, value, low, high, state from {} "
    "where metric_id = '{}' order by 1, 2"
)
BASES = "select metric_id, min(basis), max(basis), max(observed_at) from {} group by all order by 1"
FACTS = "select distinct basis from {} order by 1"


def days_ago(days: int, hour: int = 6) -> datetime:
    return (NOW - timedelta(days=days)).replace(hour=hour)


def midnight(day: date) -> datetime:
    return datetime.combine(day, datetime.min.time(), UTC)


@pytest.fixture(scope="session")
def pull(told):
    """An answer of the interface: values of one and two by period, the last of which is partial."""

    def make(
        values: Sequence[tuple[int | None, ...]],
        at: datetime,
        starts: Sequence[date] = MONTHS,
        resolution: str = "MONTH",
        first_day: date = date(2004, 1, 1),
        terms: Sequence[str] = ("One", "two"),
        geo: dict[str, str] | None = None,
        options: dict[str, object] | None = None,
        is_partial: bool = True,
        **extra: str,
    ):
        items = [{"geo": geo or {}, "complexKeywordsRestriction": {"keyword": [{"value": t}]}} for t in terms]
        window = {"time": f"{first_day} {at.date()}", "resolution": resolution}
        points = [
            {
                "time": str(int(midnight(start).timestamp())),
                "formattedTime": f"{start:%b %Y}",
                "value": [value or 0 for value in both],
                "hasData": [value is not None for value in both],
            }
            for start, both in zip(starts, values, strict=True)
        ]
        points[-1]["isPartial"] = is_partial
        body = ")]}',\n" + json.dumps({"default": {"timelineData": points}, **extra})
        asked = window | {"comparisonItem": items, "requestOptions": options or {}}
        url = f"https://t.example/multiline?req={json.dumps(asked).replace(' ', '+')}"
        return told(SOURCE, "interest_over_time", "all One,two", body, at, url=url)

    return make


@pytest.fixture(scope="session")
def export(told):
    """An import of the website's export, as of a day: a file with its region in the headings."""

    def make(
        rows: Sequence[str],
        day: date,
        region: str = "Worldwide",
        header: str = "Month,ONE: ({0}),two: ({0})",
        above: Sequence[str] = ("Category: All categories", ""),
        file: str = "x.csv",
    ):
        body = "\n".join([*above, header.format(region), *rows])
        key = f"{region}: ONE,two 0123456789ab"
        return told(SOURCE, "export", key, body, midnight(day), url=f"file:///{file}")

    return make


@pytest.fixture(scope="session")
def redesigned(export):
    """The same since 2026: nothing above the header, no region, quoted first days."""
    return partial(export, header='"Time","ONE","two"', above=())


def tell(settings: Settings, *answers: Any, on: datetime | None = None) -> None:
    """Archive answers, one attempt each, at the time they were given, or all on another day."""
    for answer in answers:
        at = on or answer.at
        record_attempt(settings.archive, SOURCE, lambda at=at: at, lambda add, a=answer: add(a.page()))


class House:
    """A data folder that has been built, published, and lets the same models be asked about other answers."""

    def __init__(self, folder: Path, straight: Straight) -> None:
        config = folder / "ecosystem.toml"
        config.write_text(CONFIGURATION)
        environment = {"BAROMETER_DATA": str(folder / "data"), "BAROMETER_CONFIG": str(config)}
        self.settings = replace(read_settings(environment), clock=lambda: NOW)
        self._straight = straight

    def build(self, *answers: Any) -> None:
        """Tell answers, load, build and publish."""
        tell(self.settings, *answers)
        ecosystem = steps.ecosystem_of(self.settings)
        steps.load_archive(self.settings, ecosystem)
        with self._straight.in_place_of_dbt():
            steps.build(self.settings, ecosystem, with_tests=False)
        steps.publish_marts(self.settings)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Answer SQL from the published file."""
        with open_published(self.settings.published_file) as published:
            return published.query(sql)[1]

    def asked(self, folder: Path, sql: str, *answers: Any, on: datetime | None = None) -> list[tuple]:
        """Answer SQL from the models over an archive of these answers alone."""
        settings = replace(self.settings, data=folder)
        tell(settings, *answers, on=on)
        settings.work_file.unlink(missing_ok=True)
        with open_work(settings) as connection:
            load(connection, settings, steps.ecosystem_of(settings))
            self._straight.up_to(MODEL.partition(".")[2]).run(connection)
            return connection.execute(sql).fetchall()


@pytest.fixture(scope="module")
def house(tmp_path_factory, pull, export, straight) -> Iterator[House]:
    """Months and days of the interface and weeks of exports, built and published.

    Months: three days' draws on one scale; of two draws of a day the later counts, and one of 28 days ago no
    more. Days: a window that moves on. Weeks: of two regions.
    """
    house = House(tmp_path_factory.mktemp("trends"), straight)
    by_day = ("DAY", date(2025, 1, 1)), ("DAY", date(2025, 1, 2))
    week = "Week,one: ({0}),two: ({0})"
    house.build(
        pull([(100, 90), (90, 90), (90, 90)], days_ago(28, hour=18), MONTHS[:3], is_partial=False),
        pull([(100, 0), (50, 10), (60, 22)], days_ago(27, hour=19), MONTHS[:3], is_partial=False),
        pull([(100, 99), (99, 99), (99, 99), (99, 99)], days_ago(1, hour=5)),
        pull([(100, 0), (52, None), (66, 20), (1, 1)], days_ago(1)),
        pull([(100, 2), (57, 13), (63, 24), (1, 1)], days_ago(0)),
        pull([(80, 10), (100, 12), (7, 7)], days_ago(1), DAYS[:3], *by_day[0]),
        pull([(90, 10), (100, 14), (60, 22), (7, 7)], days_ago(0), DAYS, *by_day[1]),
        *(
            export([f"{SUNDAYS[0]},{first}", f"{SUNDAYS[1]},{second}", f"{SUNDAYS[2]},9,9"], day, place, week)
            for day, place, first, second in (
                (date(2025, 3, 25), "France", "100,60", "30,30"),
                (date(2025, 3, 26), "Japan", "100,90", "90,90"),
                (date(2025, 3, 27), "France", "100,40", "20,30"),
            )
        ),
    )
    yield house


@pytest.fixture
def asked(house: House, tmp_path: Path) -> Callable[..., list[tuple[Any, ...]]]:
    """Ask the models about an archive of some answers alone."""
    return partial(house.asked, tmp_path)


def test_the_value_is_the_median_of_the_draws_and_the_band_their_extremes(house):
    """Zero is anything below one. February of two is untold in one draw; April is not over."""
    assert house.rows(ROWS.format("observations", "google_trends_interest")) == [
        ("one", *JANUARY, 100.0, 100.0, 100.0, "ok"),
        ("one", *FEBRUARY, 52.0, 50.0, 57.0, "ok"),
        ("one", *MARCH, 63.0, 60.0, 66.0, "ok"),
        ("two", *JANUARY, 0.0, 0.0, 2.0, "ok"),
        ("two", *FEBRUARY, 11.5, 10.0, 13.0, "ok"),
        ("two", *MARCH, 22.0, 20.0, 24.0, "ok"),
    ]
    assert house.rows(
        "select month, search_interest, search_interest_low, search_interest_high, search_share "
        "from adoption_monthly where subject_id = 'two' and month >= '2025-01-01' order by 1"
    ) == [
        (date(2025, 1, 1), 0.0, 0.0, 2.0, 0.0),
        (date(2025, 2, 1), 11.5, 10.0, 13.0, 11.5 / 63.5),
        (date(2025, 3, 1), 22.0, 20.0, 24.0, 22 / 85),
    ]


def test_days_are_a_metric_of_their_own_scale(house):
    """The days beside the months, each with its scale's window; one that moves on may keep its peak."""
    assert house.rows(ROWS.format("observations", "google_trends_interest_daily")) == [
        ("one", DAYS[0], DAYS[0], 85.0, 80.0, 90.0, "ok"),
        ("one", DAYS[1], DAYS[1], 100.0, 100.0, 100.0, "ok"),
        ("one", DAYS[2], DAYS[2], 60.0, None, None, "ok"),
        ("two", DAYS[0], DAYS[0], 10.0, 10.0, 10.0, "ok"),
        ("two", DAYS[1], DAYS[1], 13.0, 12.0, 14.0, "ok"),
        ("two", DAYS[2], DAYS[2], 22.0, None, None, "ok"),
    ]


def test_exports_of_one_region_are_draws_of_each_other(house):
    """Those of another region are not; weeks keep the Sunday that Google names them by."""
    assert house.rows(ROWS.format("observations", "google_trends_interest_weekly")) == [
        ("one", SUNDAYS[0], date(2025, 3, 15), 100.0, 100.0, 100.0, "ok"),
        ("one", SUNDAYS[1], date(2025, 3, 22), 25.0, 20.0, 30.0, "ok"),
        ("two", SUNDAYS[0], date(2025, 3, 15), 50.0, 40.0, 60.0, "ok"),
        ("two", SUNDAYS[1], date(2025, 3, 22), 30.0, 30.0, 30.0, "ok"),
    ]


def test_the_basis_tells_what_was_drawn(house):
    """How it was asked, where, in which category where that is not plain, and the window."""
    months, days = (
        "web search, worldwide, 2004-01-01 to 2025-04-02",
        "web search, worldwide, 2025-01-02 to 2025-04-02",
    )
    weeks = "website's export, France, Category: All categories, 2025-03-09 to 2025-03-29"
    assert house.rows(BASES.format("observations")) == [
        ("google_trends_interest", months, months, days_ago(0)),
        ("google_trends_interest_daily", days, days, days_ago(0)),
        ("google_trends_interest_weekly", weeks, weeks, midnight(date(2025, 3, 27))),
    ]


def test_an_export_replaces_a_pull_as_a_whole_and_is_replaced_by_the_next(house, asked, pull, export):
    """Never value by value, in the line as in its band; so there is one basis, and no break."""
    before = pull([(100, 10), (50, 20), (60, 30), (1, 1)], days_ago(3))
    exported = export(["2025-01,100,<1", "2025-02,40,9", "2025-03,3,3"], TODAY)
    assert asked(ROWS.format(MODEL, "google_trends_interest"), before, exported) == [
        ("one", *JANUARY, 100.0, None, None, "ok"),
        ("one", *FEBRUARY, 40.0, None, None, "ok"),
        ("one", *MARCH, 3.0, None, None, "ok"),
        ("two", *JANUARY, 0.0, 0.0, 1.0, "ok"),
        ("two", *FEBRUARY, 9.0, None, None, "ok"),
        ("two", *MARCH, 3.0, None, None, "ok"),
    ]
    after = pull([(100, 12), (54, 20), (60, 30), (1, 1)], days_ago(0))
    assert asked(FIGURES, after) == [
        ("one", 100.0, 100.0, 100.0),
        ("two", 11.0, 10.0, 12.0),
        ("one", 52.0, 50.0, 54.0),
        ("two", 20.0, 20.0, 20.0),
        ("one", 60.0, 60.0, 60.0),
        ("two", 30.0, 30.0, 30.0),
    ]
    tomorrow, rows = TODAY + timedelta(1), ["2025-01,7,100", "2025-02,3,4"]
    house.settings = replace(house.settings, clock=lambda: NOW + timedelta(1))
    house.build(export(rows, tomorrow))
    assert house.rows(FIGURES.replace(MODEL, "observations where metric_id = 'google_trends_interest'")) == [
        ("one", 7.0, None, None),
        ("two", 100.0, None, None),
        ("one", 3.0, None, None),
        ("two", 4.0, None, None),
    ]
    breaks = "from events where kind = 'series break' and source_id = 'google_trends'"
    assert house.rows(f"{breaks} and event_id not like 'trends-method-%'") == []


def test_one_draw_alone_has_no_band_but_below_one(asked, pull):
    """A single draw does not say how much draws vary; what is below one lies between 0 and 1."""
    assert asked(FIGURES, pull([(100, 0), (50, None), (60, 22), (1, 1)], days_ago(0))) == [
        ("one", 100.0, None, None),
        ("two", 0.0, 0.0, 1.0),
        ("one", 50.0, None, None),
        ("one", 60.0, None, None),
        ("two", 22.0, None, None),
    ]


def test_draws_on_another_scale_are_left_out(asked, pull):
    """Those with another term in it, with their 100 elsewhere or unfinished, and sample values."""
    assert asked(
        FIGURES,
        pull([(100, 1, 1)] * 4, days_ago(6), terms=("One", "two", "three")),
        pull([(90, 10), (100, 10), (10, 10), (1, 1)], days_ago(5)),
        pull([(90, 100), (10, 10), (10, 10), (1, 1)], days_ago(4)),
        pull([(100, 10), (10, 10), (10, 10), (1, 1)], days_ago(3), sample="a formula"),
        # Two months at 100, one of them the newest draw's.
        pull([(100, 10), (100, 20), (30, 30), (1, 1)], days_ago(2)),
        pull([(97, 10), (10, 10), (10, 10), (100, 1)], days_ago(1)),
        pull([(100, 20), (98, 40), (50, 50), (100, 1)], days_ago(0)),
    ) == [
        ("one", 100.0, 100.0, 100.0),
        ("two", 15.0, 10.0, 20.0),
        ("one", 99.0, 98.0, 100.0),
        ("two", 30.0, 20.0, 40.0),
        ("one", 40.0, 30.0, 50.0),
        ("two", 40.0, 30.0, 50.0),
    ]


# What one draw tells, and another of the day before; never the median of the two.
OURS, OTHERS = [(100, 10), (60, 10), (60, 10), (1, 1)], [(100, 40), (20, 40), (20, 40), (1, 1)]
ALONE = [("one", 100.0), ("two", 10.0), ("one", 60.0), ("two", 10.0), ("one", 60.0), ("two", 10.0)]
TOGETHER = [("one", 100.0), ("two", 25.0), ("one", 40.0), ("two", 25.0), ("one", 40.0), ("two", 25.0)]
VALUES = f"select subject_id, value from {MODEL} order by period_start, 1"


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ({}, {}, TOGETHER),
        ({"geo": {"country": "US"}}, {"geo": {"country": "US"}}, TOGETHER),
        ({"geo": {"country": "US"}}, {}, ALONE),
        ({"geo": {"region": "US-CA"}}, {}, ALONE),
        ({"geo": {"region": "US-CA"}}, {"geo": {"region": "US-NY"}}, ALONE),
        ({"geo": {"dma": "501"}}, {"geo": {"dma": "807"}}, ALONE),
        ({"options": {"category": 0, "property": ""}}, {}, TOGETHER),
        ({"options": {"category": 5}}, {"options": {"category": 0}}, ALONE),
        ({"options": {"property": "youtube"}}, {"options": {"property": ""}}, ALONE),
        # Custom windows: of another length, or moved as a whole.
        ({"first_day": date(2024, 1, 1)}, {"first_day": date(2020, 1, 1)}, ALONE),
        ({"first_day": date(2024, 1, 1)}, {"first_day": date(2023, 12, 26)}, ALONE),
        ({"first_day": date(2024, 1, 2)}, {"first_day": date(2024, 1, 1)}, TOGETHER),
        ({"first_day": date(2024, 1, 5)}, {"first_day": date(2024, 1, 1)}, TOGETHER),
    ],
)
def test_draws_of_another_question_are_no_draws_of_this_one(asked, pull, one, other, expected):
    """Region down to a metropolis, category, kind of search and window; a window may move on as a whole."""
    assert asked(VALUES, pull(OTHERS, days_ago(1), **other), pull(OURS, days_ago(0), **one)) == expected


def test_the_basis_of_an_answer_tells_region_category_and_property(asked, pull):
    """In Google's words; what is plain is left out."""
    special = {"geo": {"region": "US-CA"}, "options": {"category": 5, "property": "youtube"}}
    assert asked(FACTS.format(MODEL), pull(OURS, days_ago(0), **special)) == [
        ("youtube search, US-CA, category 5, 2004-01-01 to 2025-04-02",)
    ]


MONTH_ROWS = ["2025-01,100,{0}", "2025-02,{1},{0}", "2025-03,{1},{0}"]
LAST_YEAR = ["2024-12,{1},{0}"]
AI = ("Category: Machine Learning & Artificial Intelligence", "")


def written(rows: Sequence[str], *values: int) -> list[str]:
    return [row.format(*values) for row in rows]


@pytest.mark.parametrize(
    ("one", "other", "rows", "expected"),
    [
        ({}, {}, MONTH_ROWS, TOGETHER),
        ({"region": "Japan"}, {}, MONTH_ROWS, ALONE),
        ({"above": AI}, {}, MONTH_ROWS, ALONE),
        ({"above": AI}, {"above": AI}, MONTH_ROWS, TOGETHER),
        ({"above": ()}, {}, MONTH_ROWS, ALONE),
        ({}, {}, [*LAST_YEAR, *MONTH_ROWS], ALONE),
    ],
)
def test_exports_of_another_question_are_no_draws_of_this_one(asked, export, one, other, rows, expected):
    """Region and category in the file's own words, and the first period of its window."""
    yesterday = export(written(rows, 40, 20), TODAY - timedelta(1), **other)
    today = export(written(MONTH_ROWS, 10, 60), TODAY, **one)

    assert asked(VALUES, yesterday, today) == expected


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("US", "US", TOGETHER),
        ("US", "Worldwide", ALONE),
        ("region not stated", "region not stated", ALONE),
    ],
)
def test_a_redesigned_export_is_of_the_region_that_its_key_names(asked, redesigned, one, other, expected):
    """Its headings name none; of files that nobody places none is known to be of another's region."""
    dated = [row.replace(",", "-01,", 1) for row in MONTH_ROWS]
    exports = (
        redesigned(written(dated, 40, 20), TODAY - timedelta(1), other),
        redesigned(written(dated, 10, 60), TODAY, one),
    )

    assert asked(VALUES, *exports) == expected
    assert asked(FACTS.format(MODEL), *exports) == [(f"website's export, {one}, 2025-01-01 to 2025-03-31",)]


def test_the_same_file_on_two_days_is_one_draw(asked, export):
    """It has no band: nothing was drawn again. The day of the later counts."""
    rows = written(MONTH_ROWS, 10, 60)
    exports = export(rows, TODAY - timedelta(1)), export(rows, TODAY)

    assert (
        asked(f"select value, low, high, observed_at from {MODEL} where subject_id = 'two'", *exports)
        == [(10.0, None, None, midnight(TODAY))] * 3
    )


def test_below_one_is_told_in_other_languages_and_layouts(asked, export, redesigned):
    """A value of 0 that lies between 0 and 1; a plain 0 of the older layout is too little to tell."""
    older = export(
        ["2025-01,100,1 未満", "2025-02,0,\N{FULLWIDTH LESS-THAN SIGN}1", "2025-03,< 1,0"], TODAY, "日本"
    )
    assert asked(FIGURES, older) == [
        ("one", 100.0, None, None),
        ("two", 0.0, 0.0, 1.0),
        ("two", 0.0, 0.0, 1.0),
        ("one", 0.0, 0.0, 1.0),
    ]


def test_a_zero_of_a_redesigned_export_is_below_one_or_too_little_to_tell(asked, redesigned):
    """That layout has no other sign, so it lies between 0 and 1."""
    assert asked(FIGURES, redesigned(['"2025-01-01",100,0', '"2025-02-01",0,7'], TODAY, "US")) == [
        ("one", 100.0, None, None),
        ("two", 0.0, 0.0, 1.0),
        ("one", 0.0, 0.0, 1.0),
        ("two", 7.0, None, None),
    ]


def test_what_is_not_over_is_left_out_though_nobody_marks_it(asked, pull):
    """The running month, and one to come."""
    months, values = [*MONTHS, date(2025, 5, 1)], [*OURS[:3], (70, 70), (80, 80)]
    assert asked(VALUES, pull(values, days_ago(0), months, is_partial=False)) == ALONE


def test_a_day_that_was_to_come_is_no_draw_of_it_later(asked, pull):
    """Nobody can have searched on it by then."""
    too_early = pull([(100, 10), (20, 90)], days_ago(2), [DAYS[0], DAYS[2]], "DAY", is_partial=False)
    assert asked(VALUES, too_early, pull(OURS, days_ago(0), DAYS, "DAY")) == ALONE


@pytest.mark.parametrize(
    ("day", "told_on", "finished"),
    [
        # The last day of March, for which a file is taken whose day nobody told.
        (date(2025, 3, 31), NOW, 3),
        (date(2025, 3, 20), NOW, 2),
        # Taken for one of the day of the import, on which March was running.
        (date(2025, 3, 31), midnight(date(2025, 3, 31)), 2),
    ],
)
def test_a_file_that_comes_again_finishes_no_period(house, tmp_path, export, day, told_on, finished):
    """As of a later day it is the newest; what was running when it was made is running in it for ever."""
    rows = written(MONTH_ROWS, 10, 60)
    tell(replace(house.settings, data=tmp_path), export(rows, day), on=told_on)
    again = export(rows, TODAY)

    starts = house.asked(tmp_path, f"select distinct period_start from {MODEL} order by 1", again)
    assert starts == [(month,) for month in MONTHS[:finished]]


def test_an_export_of_more_terms_goes_before_answers_for_fewer(asked, pull, export):
    """Google is asked about five terms at most; for 28 days a file that has them all tells more."""
    of_one = pull([(100,), (90,), (80,), (1,)], days_ago(0), terms=("One",))
    of_both = export(written(MONTH_ROWS, 10, 60), TODAY - timedelta(days=20))
    subjects = f"select distinct subject_id from {MODEL} order by 1"

    assert asked(subjects, of_one) == [("one",)]
    assert asked(subjects, of_both) == [("one",), ("two",)]
