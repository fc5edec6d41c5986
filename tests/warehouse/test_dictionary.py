"""A comment taken apart into what it defines, counts, comes from and warns of."""

import pytest

from warehouse.published.dictionary import Meaning, meaning


@pytest.mark.parametrize(
    ("comment", "expected"),
    [
        (
            "Stars of the day. They can fall. Unit, stars. Source, github.",
            Meaning("Stars of the day.", "stars", "github", "They can fall."),
        ),
        ("Growth, 0.1 is ten percent. Null when unknown. So it is.", ("Growth, 0.1 is ten percent.",)),
        ("Name. Source, ecosystem.toml.", Meaning("Name.", None, "ecosystem.toml", None)),
        ("Unit, stars.", Meaning(None, "stars", None, None)),
        (None, Meaning(None, None, None, None)),
    ],
)
def test_a_comment_is_taken_apart(comment, expected):
    """The first sentence defines, unit and source stand alone, the rest is the caveat."""
    if isinstance(expected, tuple):
        expected = Meaning(expected[0], None, None, "Null when unknown. So it is.")
    assert meaning(comment) == expected
