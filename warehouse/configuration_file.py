"""Writing `ecosystem.toml`: whole or not at all, and with what its editor wrote around the subjects."""

from collections.abc import Sequence
from pathlib import Path

import tomlkit
from tomlkit.items import AoT, Table, Whitespace

from warehouse.ecosystem import parse_ecosystem
from warehouse.errors import ConfigurationError
from warehouse.regular import replacing
from warehouse.subject import Subject


def write_configuration(path: Path, text: str) -> None:
    """Write the file beside its place and rename it there.

    Raises ConfigurationError where that cannot be written, or is something else than a file.
    """
    try:
        with replacing(path) as building:
            building.write_bytes(text.encode())
    except OSError as error:
        raise ConfigurationError(
            f"BAROMETER_CONFIG: {path}: {error.strerror}, expected a file that can be written"
        ) from error


def add_subject(path: Path, subject: Subject, known_sources: Sequence[str]) -> None:
    """Write a subject after the last one; comments and layout of the file stay as they are.

    Raises ConfigurationError, and leaves the file alone, where the subject does not fit the others.
    """
    text = path.read_bytes().decode()
    newline = "\r\n" if "\r\n" in text else "\n"
    document = tomlkit.parse(text if text.endswith("\n") else text + newline)
    subjects = document.get("subjects")
    if not isinstance(subjects, AoT):
        raise ConfigurationError(f"{path}: subjects: found one list, expected a [[subjects]] table for each")
    added = _table(subject)
    _move_what_follows(subjects[-1], added, newline)
    subjects.append(added)
    changed = tomlkit.dumps(document)
    parse_ecosystem(changed, path, known_sources)
    write_configuration(path, changed)


def _table(subject: Subject) -> Table:
    """Return a subject as it is written by hand: what it has, each thing on its line."""
    written = subject.model_dump(exclude_none=True, exclude_defaults=True)
    if subject.pypi:
        written["pypi"] = list(subject.identifiers("pypi"))
    if subject.wikipedia:
        (written["wikipedia"],) = subject.identifiers("wikipedia")
    table = tomlkit.table()
    for key, value in written.items():
        table.add(key, value)
    return table


def _move_what_follows(last: Table, added: Table, newline: str) -> None:
    """Move what stands after the last table and a blank line to the new end: it is about what follows."""
    body = last.value.body
    keys_end = max(place for place, (key, _) in enumerate(body) if key is not None) + 1
    end = next((n for n in range(keys_end, len(body)) if isinstance(body[n][1], Whitespace)), len(body))
    follows = body[end:]
    del body[end:]
    body.append((None, Whitespace(newline)))
    added.value.body.extend(follows)
