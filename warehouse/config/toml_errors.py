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
    name = written(location)
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


def written(location: Sequence[str | int]) -> str:
    """Return a place in the configuration as it is named in messages; entries are counted from one."""
    return ".".join(str(part + 1) if isinstance(part, int) else part for part in location)


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
    """Return the line of the table around a key, the keys that lead on from it, and an array's entry.

    A table within another is looked for from the header of that one to the next of its like.
    """
    tables = [(number, _path(match[1])) for number, line in enumerate(lines) if (match := HEADER.match(line))]
    around, start, rest = tables, 0, list(location)
    for end in [n + 1 for n, part in enumerate(location) if isinstance(part, str)]:
        path = [part for part in location[:end] if isinstance(part, str)]
        headers = [n for n, (_, header) in enumerate(around) if header == path]
        if headers:
            index = next((part for part in location[end : end + 1] if isinstance(part, int)), None)
            first = headers[min(index or 0, len(headers) - 1)]
            after = next((n for n in headers if n > first), len(around))
            start, around = around[first][0], around[first:after]
            rest = list(location[end + (index is not None) :])
    if not location and tables:
        start = tables[0][0]
    place, entry = next(((n, part) for n, part in enumerate(rest) if isinstance(part, int)), (None, None))
    return start, [part for part in rest[:place] if isinstance(part, str)], entry


def _path(header: str) -> list[str]:
    return [part.strip(" \"'") for part in header.split(".")]


def _entry(lines: Sequence[str], start: int, end: int, entry: int | None) -> int:
    """Return the line of an array's n-th entry where they stand one to a line, else that of the array."""
    entries = [number for number in range(start + 1, end) if ENTRY.match(lines[number])]
    is_alone = lines[start].partition("#")[0].rstrip().endswith("[")
    return entries[entry] if entry is not None and is_alone and entry < len(entries) else start
