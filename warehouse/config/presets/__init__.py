"""Ready comparisons: a file of a question and its subjects each."""

import json
from functools import cache
from pathlib import Path

from warehouse.config.ecosystem import Ecosystem, parse_ecosystem
from warehouse.errors import ConfigurationError

FOLDER = Path(__file__).parent
DEFAULT = "deep-learning"

INTRODUCTION = """\
# What Barometer compares. This is the one file a user edits; the colours of the
# charts are given out in this order, safe for colour-blind readers.
"""

CONTACT = """\
# Whom a source may ask about these requests; who names nobody is answered less.
contact = "{}"
"""


def preset_names() -> list[str]:
    """Return the name of every preset, the default first."""
    names = sorted(file.stem for file in FOLDER.glob("*.toml"))
    return sorted(names, key=lambda name: name != DEFAULT)


def preset_text(name: str, contact: str | None = None, question: str | None = None) -> str:
    """Return a preset as a whole configuration file; raises ConfigurationError for one there is not.

    A question takes the place of its own.
    """
    if name not in preset_names():
        raise ConfigurationError(f"preset: found {name!r}, expected one of {', '.join(preset_names())}")
    subjects = (FOLDER / f"{name}.toml").read_text(encoding="utf-8")
    if question is not None:
        _, rest = subjects.split("\n", 1)
        subjects = f"question = {json.dumps(question, ensure_ascii=False)}\n{rest}"
    parts = [INTRODUCTION, CONTACT.format(contact) if contact else None, subjects]
    return "\n".join(part for part in parts if part)


@cache
def read_preset(name: str) -> Ecosystem:
    """Return a preset, validated."""
    return parse_ecosystem(preset_text(name), FOLDER / f"{name}.toml")


def known_identifiers(source_id: str) -> list[str]:
    """Return what the subjects and tools of all presets are called at a source."""
    called = (one for name in preset_names() for one in read_preset(name).called)
    return sorted({identifier for one in called for identifier in one.identifiers(source_id)})
