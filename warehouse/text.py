"""Text from outside, made fit for a terminal, a page, XML and SQL: what it says stays, what steers goes."""

import re

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"

# Every plane ends with two noncharacters (The Unicode Standard, section 23.7).
_PLANE_ENDS = "".join(f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0, 0x110000, 0x10000))

# Control characters but tab and line feed, what turns the direction of writing, half pairs, noncharacters.
_STEERING = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef" + _PLANE_ENDS + "]"
)


def cleaned(text: str) -> str:
    """Return the text with a replacement character for each character that no reader is meant to see.

    A terminal would obey the control characters among them, XML forbids most of them, and a noncharacter
    ends the process that draws it. Tabs, line feeds and joiners stay; a carriage return before a line feed
    goes.
    """
    return _STEERING.sub(REPLACEMENT, text.replace("\r\n", "\n"))


def one_line(text: str) -> str:
    """Return the cleaned text on one line, with one blank wherever it had any kind of them."""
    return " ".join(cleaned(text).split())


def quoted(text: str) -> str:
    """Return the text as a literal of SQL."""
    return "'" + text.replace("'", "''") + "'"
