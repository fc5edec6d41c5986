"""What an export must be to be believed: each part with line, found and expected."""

from datetime import date

import pytest

from flows.sources.google_trends.export import Export, read_export, resolution_of
from flows.sources.google_trends.export_columns import NOT_STATED, Columns
from flows.sources.google_trends.export_name import Named, read_name

TERMS = ["one", "two"]
WEEKS = "Week,one: (Worldwide),two: (Worldwide)\n2025-06-29,<1,100\n2025-07-06,3,4"
REGIONS = "Week,one: (A),two: (A),one: (B),two: (B)\n2025-06-29,1,2,3,4\n2025-07-06,5,6,7,8"


def test_an_export_names_its_terms_region_and_last_period():
    """Terms as the file writes them; the last week ends on a Saturday, a month with its last day."""
    weeks = read_export(WEEKS.replace("one", "ONE").encode(), TERMS)
    months = read_export(b"x,two,one\n2024-01,1,2\n2024-02,3,4", TERMS)

    ones = Columns(("ONE", "two"), "Worldwide")
    assert weeks == Export(ones, 2, date(2025, 7, 6), date(2025, 7, 12), "WEEK")
    twos = Columns(("two", "one"), NOT_STATED)
    assert months == Export(twos, 2, date(2024, 2, 1), date(2024, 2, 29), "MONTH")


@pytest.mark.parametrize(
    ("rows", "resolution"),
    [
        ("2025-06-29,1\n2025-07-06,2\n2025-07-13,3", "WEEK"),
        ('"2025-06-29","1"\n"2025-06-30","2"', "DAY"),
        ("2025-06-01\t1\n2025-07-01\t2", "MONTH"),
        ("2025-06;1", "MONTH"),
    ],
)
def test_an_export_has_periods_of_one_length(rows, resolution):
    """Whatever its terms."""
    assert resolution_of(f"Category\n\nx,y\n{rows}\n".encode()) == resolution


SIX = ["one", "two", "three", "four", "five", "six"]


def test_a_redesigned_export_may_have_six_terms():
    """More than Google compares for a program; quoted, by month, and with no word of region or category."""
    header = ",".join(f'"{name}"' for name in ("Time", *SIX))
    body = f'{header}\n"2026-08-01",0,100,3,4,5,6\n"2026-09-01",1,2,3,4,5,6'.encode()
    columns = Columns(tuple(SIX), NOT_STATED)

    assert read_export(body, SIX) == Export(columns, 2, date(2026, 9, 1), date(2026, 9, 30), "MONTH")


@pytest.mark.parametrize(
    ("content", "chosen", "named", "region"),
    [
        ("Month,one,two\n2025-06,1,2\n", None, None, NOT_STATED),
        ("Month,one,two\n2025-06,1,2\n", None, "US", "US"),
        ("Month,one,two\n2025-06,1,2\n", "United States", None, "United States"),
        ("Month,one,two\n2025-06,1,2\n", "United States", "US", "United States"),
        (WEEKS, None, "US", "Worldwide"),
        (WEEKS, "worldwide", "US", "Worldwide"),
    ],
)
def test_the_region_is_the_stated_one_else_the_chosen_else_the_named(content, chosen, named, region):
    """A file that states one is of no other; the user's word comes before a name, which browsers write."""
    assert read_export(content.encode(), TERMS, chosen, named).columns.region == region


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("time_series_US_20040101-0000_20261010-0900.csv", Named("US", date(2026, 10, 10))),
        ("time_series_Worldwide_20031231-1600_20260606-1519 (1).csv", Named("Worldwide", date(2026, 6, 6))),
        ("time_series_GB_20210320-1217_20260320-1217-2.csv", Named("GB", date(2026, 3, 20))),
        ("vapor_time_series_US-CA_20250101-0000_20260320-0856.csv", Named("US-CA", date(2026, 3, 20))),
        ("time_series_United_States_20250101-0000_20260320-0856", Named("United_States", date(2026, 3, 20))),
        ("time_series_US_20040101-0000_20261310-0900.csv", None),
        ("time_series_US_20040101-0000_20261010-09001.csv", None),
        ("time_series_US.csv", None),
        ("multiTimeline (1).csv", None),
    ],
)
def test_a_name_tells_region_and_day_of_the_download(name, told):
    """With what people and browsers write before and behind it; any other name is simply not read."""
    assert read_name(name) == told


@pytest.mark.parametrize(
    "value",
    [
        "<1",
        "< 1",
        "<\N{NO-BREAK SPACE}1",
        "\N{FULLWIDTH LESS-THAN SIGN}1",
        "1 未満",
        "1\N{NO-BREAK SPACE}未満",
        "1未満",
    ],
)
def test_below_one_is_read_as_each_language_writes_it(value):
    """With a sign or in words, and with whatever blank."""
    assert read_export(f"Month,one,two\n2025-06,{value},2".encode(), TERMS).periods == 1


def test_one_of_several_regions_is_chosen():
    """In whatever case; the columns of the others are no part of the figures."""
    assert read_export(REGIONS.encode(), TERMS, "b").columns.region == "B"


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("", "found no row that begins with a date"),
        ("Category: All categories\n\nWeek,one,two\n", "found no row that begins with a date"),
        ("<html><title>Sorry", "found no row that begins with a date"),
        ("Day,one,two\n01.02.2025,1,2\n", "found no row that begins with a date"),
        ("2025-06-29,1,2\n", "line 1: found 2025-06-29, expected a header"),
        ("Month,one,two\n9999-12,1,2\n", "line 2: found 9999-12, expected none before 2003-12-01 or after"),
        ("Month,one,two\n2003-11,1,2\n", "line 2: found 2003-11, expected none before 2003-12-01"),
        ("Month,one,two\n2025-06,1,\u0664\u0662\n", "line 2: found '\u0664\u0662', expected 0 to 100"),
        ("Month,one,two\n\u0662\u0660\u0662\u0665-06,1,2\n", "found no row that begins with a date"),
        (
            "x\n\nTime,one,two\n2025-06-29T00,1,2\n",
            "line 4: found the hour 2025-06-29T00, expected days, weeks",
        ),
        ("Time,one,two\n2025-06-29 13:00:00,1,2\n", "line 2: found the hour 2025-06-29 13"),
        (
            "Month,one,twö\n2025-06,1,2\n",
            "line 1: found the term 'twö', expected one, two; did you mean 'two'?",
        ),
        ("Month,one,keras\n2025-06,1,2\n", "line 1: found the term 'keras', expected one, two"),
        ("Month,one,two,three\n2025-06,1,2,3\n", "line 1: found the term 'three', expected one, two"),
        (
            "Month,one,two,ONE\n2025-06,1,2,3\n",
            "line 1: found one, two, ONE, expected all of one, two, each once",
        ),
        ("Month,two\n2025-06,1\n", "line 1: found two, expected all of one, two"),
        (f"Month,{'o' * 200_000}\n2025-06,1\n", "expected cells: field larger than field limit"),
        ("Month\n2025-06,1\n", "line 1: found no terms, expected one, two"),
        (REGIONS, "line 1: found the regions A, B, expected one of them, named by --region"),
        ("Month,one,two\n2025-06,1\n", "line 2: found 1 values, expected 2"),
        ("Month,one,two\n2025-06,1,2,3\n", "line 2: found 3 values, expected 2"),
        (
            "Month,one,two\n2025-06,1,2\n\n2025-07,1,2\n",
            "line 3: found '', expected a row like 2025-01-05,42",
        ),
        ("Month,one,two\n2025-06,1,2\n2025-07;1;2\n", "line 3: found '2025-07;1;2', expected a row"),
        ("Month,one,two\n2025-06,1,-2\n", "line 2: found '-2', expected 0 to 100 or <1"),
        ("Month,one,two\n2025-06,1,1.5\n", "line 2: found '1.5', expected 0 to 100 or <1"),
        ("Month,one,two\n2025-06,1,<2\n", "line 2: found '<2', expected 0 to 100 or <1"),
        ("Month,one,two\n2025-06,1,2 未満\n", "line 2: found '2 未満', expected 0 to 100 or <1"),
        ("Month,one,two\n2025-06,1,1 x\n", "line 2: found '1 x', expected 0 to 100 or <1"),
        ("Month,one,two\n2025-13,1,2\n", "line 2: found 2025-13, expected a day or month of the calendar"),
        (
            "Day,one,two\n2025-02-30,1,2\n",
            "line 2: found 2025-02-30, expected a day or month of the calendar",
        ),
        ("Day,one,two\n2025-06-29,1,2\n", "line 2: found one row, expected two at least"),
        ("Day,one,two\n2025-06-29,1,2\n2025-07-01,1,2\n", "line 3: found 2025-07-01, expected the next day"),
        ("Month,one,two\n2025-06,1,2\n2025-08,1,2\n", "line 3: found 2025-08, expected 2025-07-01"),
        (f"{WEEKS}\n2025-07-06,3,4\n", "line 4: found 2025-07-06, expected 2025-07-13"),
    ],
)
def test_what_is_no_export_is_refused(content, told):
    """Nothing is guessed: another layout, a missing period or value, another term."""
    with pytest.raises(ValueError) as refused:
        read_export(content.encode(), TERMS)
    assert told in str(refused.value) and "\n" not in str(refused.value)


def test_a_region_that_is_not_in_the_file_is_told():
    """With those that are."""
    with pytest.raises(ValueError, match="line 1: found the regions A, B, expected 'C'"):
        read_export(REGIONS.encode(), TERMS, "C")
    with pytest.raises(ValueError, match="line 1: found the regions Worldwide, expected 'US'"):
        read_export(WEEKS.encode(), TERMS, "US")


def test_a_region_that_the_archive_could_not_tell_from_the_terms_is_refused():
    """They are told with a colon between them."""
    with pytest.raises(ValueError, match="found the region 'US: west', expected a name without a colon"):
        read_export(b"Month,one,two\n2025-06,1,2", TERMS, "US: west")


def test_a_file_in_another_encoding_is_told():
    """As spreadsheets save them."""
    with pytest.raises(
        ValueError, match="found bytes that are no UTF-8, expected the file as it was exported"
    ):
        read_export(WEEKS.encode("utf-16"), TERMS)
