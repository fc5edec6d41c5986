"""How a mistake in the configuration is told: its line, what was found, what was expected."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel

HEADER = re.compile(r"\s*\[+\s*([^\]]+?)\s*\]")
# An entry of an array that is written one to a line.
ENTRY = re.compile(r"\s*[^\s#\]]")


def describe(error: Any, text: str, owners: Mapping[str, type[BaseModel]]) -> tuple[int, str]:
    """Return the line of a pydantic error, and its message; `owners` tells whose keys stand under which."""
    location = tuple(error["loc"])
    name = ".".join(str(part + 1) if isinstance(part, int) else str(part) for part in location)
    expected = error["msg"].removeprefix("Value error, ")
    if error["type"] == "extra_forbidden":
        # Between the two stands which one of them it is, by number or name.
        keys = owners[str(location[-3]) if len(location) > 1 else ""].model_fields
        expected = f"unknown key, expected one of {', '.join(keys)}"
    elif error["type"] == "missing":
        expected = "found nothing, expected a value here"
    elif error["type"] != "value_error":
        expected = f"found {error['input']!r}; {expected}"
    return line_of(text, location), f"{name or 'configuration'}: {expected}"


def line_of(text: str, location: Sequence[str | int]) -> int:
    """Return the line of a key, or of the nearest table around it (TOML readers keep no lines)."""
    lines = text.splitlines()
    start, keys, entry = _table(lines, location)
    end = next((n for n in range(start + 1, len(lines)) if HEADER.match(lines[n])), len(lines))
    for key in reversed(keys):
        for number in range(start, end):
            if re.search(rf"(^|[{{,])\s*\"?{re.escape(key)}\"?\s*=", lines[number]):
                return _entry(lines, number, end, entry) + 1
    return start + 1


def _table(lines: Sequence[str], location: Sequence[str | int]) -> tuple[int, list[str], int | None]:
    """Return the line of the table around a key, the keys that lead on from it, and an array's entry."""
    index = next((part for part in location[1:2] if isinstance(part, int)), 0)
    place, entry = next(
        ((n, p) for n, p in enumerate(location) if n > 1 and isinstance(p, int)), (None, None)
    )
    names = [part for part in location[:place] if isinstance(part, str)]
    tables = [(number, _path(match[1])) for number, line in enumerate(lines) if (match := HEADER.match(line))]
    for depth in range(len(names), 0, -1):
        starts = [number for number, path in tables if path == names[:depth]]
        if starts:
            return starts[min(index, len(starts) - 1)], names[depth:], entry
    return (tables[0][0] if tables and not names else 0), names, None


def _path(header: str) -> list[str]:
    return [part.strip(" \"'") for part in header.split(".")]


def _entry(lines: Sequence[str], start: int, end: int, entry: int | None) -> int:
    """Return the line of an array's n-th entry where they stand one to a line, else that of the array."""
    entries = [number for number in range(start + 1, end) if ENTRY.match(lines[number])]
    is_alone = lines[start].partition("#")[0].rstrip().endswith("[")
    return entries[entry] if entry is not None and is_alone and entry < len(entries) else start
