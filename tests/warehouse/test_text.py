"""Text from outside, before it is shown."""

import xml.etree.ElementTree as ET

import pytest

from warehouse.text import REPLACEMENT, cleaned


@pytest.mark.parametrize(
    "steering",
    [
        "\x00",
        "\x1b",
        "\x07",
        "\x08",
        "\r",
        "\x7f",
        "\x9b",
        "\u202e",
        "\u2066",
        "\ud800",
        "\ufdd0",
        "\uffff",
        "\U0010ffff",
    ],
)
def test_what_steers_is_replaced(steering: str) -> None:
    assert cleaned(f"a{steering}b") == f"a{REPLACEMENT}b"


def test_what_is_read_stays() -> None:
    text = "tab\tline\nnaïve 中文 \u200d\u200b \U0001f600 \u2028"
    assert cleaned(text) == text
    assert cleaned("one\r\ntwo") == "one\ntwo"


def test_every_character_may_stand_in_xml_afterwards() -> None:
    every = "".join(map(chr, range(0x110000)))
    text = cleaned(every).replace("&", "").replace("<", "")
    assert ET.fromstring(f"<a>{text}</a>").text
