"""The demo: a local stand-in for the five sources that answers with figures from the past."""

from pathlib import Path

# Sources whose figures end before the demo's present; that they are stale there is the point.
ENDED_SOURCES = frozenset({"stackoverflow"})

# What the demo compares: part of the program, and nobody's to edit.
CONFIG = Path(__file__).with_name("ecosystem.toml")
