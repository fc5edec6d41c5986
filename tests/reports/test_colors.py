"""Subjects can be told from their ground, and their names be read, in both themes."""

import re
from itertools import combinations

import pytest

from reports.charts.colors import DARK_CARD, LIGHT_PAPER, contrast, readable, subject_rules
from reports.data.records import Subject
from warehouse.config.ecosystem import PALETTE


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


@pytest.mark.parametrize("theme", [0, 1])
def test_no_two_subjects_look_alike(theme: int) -> None:
    """On paper and in the dark, as they are drawn, each of twenty-four has a colour of its own."""
    rules = subject_rules([Subject(color, color, color, place) for place, color in enumerate(PALETTE)])
    drawn = re.findall(r"--s(\d+):light-dark\((#\w{6}),(#\w{6})\)", rules)
    colors = [found[1 + theme] for found in drawn if int(found[0]) <= len(PALETTE)]

    assert len(colors) == len(PALETTE) == 24
    assert min(distance(one, other) for one, other in combinations(colors, 2)) > 50


def distance(one: str, other: str) -> float:
    """How far two colours are apart, by the weights of https://www.compuphase.com/cmetric.htm (0 to 765)."""
    (r1, g1, b1), (r2, g2, b2) = ([int(each[n : n + 2], 16) for n in (1, 3, 5)] for each in (one, other))
    mean = (r1 + r2) / 2
    red, green, blue = (2 + mean / 256), 4, (2 + (255 - mean) / 256)
    return float((red * (r1 - r2) ** 2 + green * (g1 - g2) ** 2 + blue * (b1 - b2) ** 2) ** 0.5)


@pytest.mark.parametrize("color", ["red;}body{display:none", "url(//example.org)", None, "#fff"])
def test_what_is_not_a_colour_stays_out_of_the_style(color: str | None) -> None:
    """Only six hexadecimal digits are ever written into the style sheet."""
    rules = subject_rules([Subject("a", "A", color, 0)])

    assert str(color) not in rules
    assert re.search(r"--s1:light-dark\(#[0-9a-f]{6},#[0-9a-f]{6}\);", rules)
