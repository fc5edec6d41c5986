"""Reasons are told to readers in plain words, and only what is no such words is told otherwise."""

import pytest

from reports.data.wording import NO_ANSWER, plainly


@pytest.mark.parametrize(
    ("reason", "told"),
    [
        ("no figure has been collected yet", None),
        ("last week 2025-07-27 is 10 days old, expected at most 7; may end: Unknown.", None),
        ("days_told is 2, expected at least 150: A month is missing.", None),
        ("a b;c: HTTP 400, expected 200: no such thing", NO_ANSWER),
        ("one: found a list, expected a number", NO_ANSWER),
        ("one: HTTP 503, expected 200; two: HTTP 503, expected 200", NO_ANSWER),
        (
            "last month is 798 days old, expected at most 35; a: HTTP 400, expected 200",
            f"last month is 798 days old, expected at most 35; {NO_ANSWER}",
        ),
    ],
)
def test_only_what_programs_were_told_is_told_otherwise(reason: str, told: str | None) -> None:
    """That a figure is old, or less than expected, does not mean that nobody answered."""
    assert plainly(reason) == (told or reason)
