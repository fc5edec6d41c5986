"""What an export must be to be believed: each part with line, found and expected."""

from datetime import date

import pytest

from flows.shapes.google_trends_columns import NOT_STATED, Columns
from flows.shapes.google_trends_export import Export, read_export

TERMS = ["one", "two"]
WEEKS = "Week,one: (Worldwide),two: (Worldwide)\n2025-06-29,<1,100\n2025-07-06,3,4"
REGIONS = "Week,one: (A),two: (A),one: (B),two: (B)\n2025-06-29,1,2,3,4\n2025-07-06,5,6,7,8"


def test_an_export_names_its_terms_region_and_last_period():
    """Terms as the file writes them; the last week ends on a Saturday, a month with its last day."""
    weeks = read_export(WEEKS.replace("one", "ONE").encode(), TERMS)
    months = read_export(b"x,two,one\n2024-01,1,2\n2024-02,3,4", TERMS)

    assert weeks == Export(Columns(("ONE", "two"), "Worldwide"), 2, date(2025, 7, 6), date(2025, 7, 12))
    assert months == Export(Columns(("two", "one"), NOT_STATED), 2, date(2024, 2, 1), date(2024, 2, 29))


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


def test_a_file_in_another_encoding_is_told():
    """As spreadsheets save them."""
    with pytest.raises(
        ValueError, match="found bytes that are no UTF-8, expected the file as it was exported"
    ):
        read_export(WEEKS.encode("utf-16"), TERMS)
