"""Subjects can be told from their ground, and their names be read, in both themes."""

import re

import pytest

from reports.colors import DARK_CARD, LIGHT_PAPER, contrast, readable, subject_rules
from reports.rows import Subject

PALETTE = ("#d55e00", "#0072b2", "#009e73", "#cc79a7", "#e69f00", "#56b4e9")


def test_contrast_is_that_of_the_guidelines() -> None:
    """Black on white is 21 to 1, a colour on itself 1 to 1."""
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#0072b2", "#0072b2") == 1


@pytest.mark.parametrize("color", PALETTE)
@pytest.mark.parametrize("ground", [LIGHT_PAPER, DARK_CARD])
def test_names_are_readable(color: str, ground: str) -> None:
    """Every colour of the palette is brought to the contrast that text needs."""
    assert contrast(readable(color, ground, 4.5), ground) >= 4.5


def test_a_colour_that_stands_out_is_kept() -> None:
    """A colour with enough contrast is not touched."""
    assert readable("#0072b2", LIGHT_PAPER, 4.5) == "#0072b2"


def test_the_first_two_have_their_own_dark_colours() -> None:
    """The dark theme shows the two colours chosen for it."""
    rules = subject_rules([Subject("a", "A", "#d55e00", 0), Subject("b", "B", "#0072B2", 1)])

    assert "--s1:light-dark(#d55e00,#ff8a3c);" in rules
    assert "--s2:light-dark(#0072b2,#56b4e9);" in rules


@pytest.mark.parametrize("color", ["red;}body{display:none", "url(//example.org)", None, "#fff"])
def test_what_is_not_a_colour_stays_out_of_the_style(color: str | None) -> None:
    """Only six hexadecimal digits are ever written into the style sheet."""
    rules = subject_rules([Subject("a", "A", color, 0)])

    assert str(color) not in rules
    assert re.search(r"--s1:light-dark\(#[0-9a-f]{6},#[0-9a-f]{6}\);", rules)
