"""The subjects' colours as style rules: a line's, and one that its name is readable in."""

import re
from collections.abc import Sequence
from functools import cache

from reports.data.records import Subject

# Paper and card of the two themes; the less favourable of each pair.
LIGHT_PAPER, DARK_CARD = "#fbfaf7", "#1b1d20"
PACKAGES_FROM = 10_000  # the places of packages' colours, away from the subjects'
PACKAGE_COLORS = ("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#7a7c80", "#8c6d31")
NEUTRAL = "#7a7c80"
# The style sheet's light values of what charts refer to.
PAPER = {"--ink": "#1c1d1f", "--muted": "#66686d", "--grid": "#e4e2dc", "--shade": "#efede7"}
# Chosen by eye for the dark theme; other colours are lightened until they stand out as clearly.
DARK = {"#d55e00": "#ff8a3c", "#0072b2": "#56b4e9", "#56b4e9": "#b9e3ff"}
# WCAG 2.2, 1.4.11 and 1.4.3: what a line and what a text must at least differ from its ground.
LINE_CONTRAST, TEXT_CONTRAST = 3.0, 4.6


def subject_rules(subjects: Sequence[Subject]) -> str:
    """Return style rules that give every subject's colours, by its place, for both themes."""
    variables = "".join(_variables(subject) for subject in [*subjects, *_packages()])
    classes = "".join(
        f".s{subject.place}{{--subject:var(--s{subject.place});--subject-ink:var(--s{subject.place}-ink)}}\n"
        for subject in [*subjects, *_packages()]
    )
    return f":root{{{variables}}}\n{classes}"


def on_paper(svg: str, subjects: Sequence[Subject]) -> str:
    """Return a picture with the colours of the light theme in place of the page's variables."""
    return re.sub(r"var\((--[\w-]+)\)", lambda found: _paper_colors(tuple(subjects))[str(found[1])], svg)


@cache
def _paper_colors(subjects: tuple[Subject, ...]) -> dict[str, str]:
    found = dict(PAPER)
    for subject in [*subjects, *_packages()]:
        name = f"--s{subject.place}"
        found[name], found[f"{name}-ink"] = light_colors(subject)
    return found


def _packages() -> list[Subject]:
    return [Subject(color, color, color, PACKAGES_FROM + n) for n, color in enumerate(PACKAGE_COLORS)]


def contrast(first: str, second: str) -> float:
    """Return the contrast ratio of two colours as WCAG defines it, from 1 to 21."""
    darker, lighter = sorted((_luminance(first), _luminance(second)))
    return (lighter + 0.05) / (darker + 0.05)


def readable(color: str, ground: str, ratio: float) -> str:
    """Return the colour, mixed with black or white as little as gives it that contrast to the ground."""
    toward = 0 if _luminance(ground) > 0.5 else 255
    for step in range(51):
        mixed = [round(part + (toward - part) * step / 50) for part in _parts(color)]
        found = "#" + "".join(f"{part:02x}" for part in mixed)
        if contrast(found, ground) >= ratio:
            return found
    return NEUTRAL


def _variables(subject: Subject) -> str:
    (line, ink), (dark_line, dark_ink) = light_colors(subject), _dark(subject)
    name = f"--s{subject.place}"
    return f"{name}:light-dark({line},{dark_line});{name}-ink:light-dark({ink},{dark_ink});"


def light_colors(subject: Subject) -> tuple[str, str]:
    """Return the colours of a subject's line and of its name on light paper."""
    color = _checked(subject.color)
    return readable(color, LIGHT_PAPER, LINE_CONTRAST), readable(color, LIGHT_PAPER, TEXT_CONTRAST)


def _dark(subject: Subject) -> tuple[str, str]:
    color = _checked(subject.color)
    color = DARK.get(color) or readable(color, DARK_CARD, TEXT_CONTRAST + 1)
    return color, readable(color, DARK_CARD, TEXT_CONTRAST)


def _checked(color: str | None) -> str:
    """Return the colour, or a neutral one for what is not a colour: it goes into a style sheet."""
    return color.lower() if color and re.fullmatch(r"#[0-9a-fA-F]{6}", color) else NEUTRAL


def _parts(color: str) -> list[int]:
    return [int(color[index : index + 2], 16) for index in (1, 3, 5)]


def _luminance(color: str) -> float:
    parts = [part / 255 for part in _parts(color)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
