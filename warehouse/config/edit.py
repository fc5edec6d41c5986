"""Writing `ecosystem.toml`: whole or not at all, and with what its editor wrote around its tables."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit import TOMLDocument
from tomlkit.items import AoT, Table, Whitespace

from warehouse.config.catalog import catalog
from warehouse.config.ecosystem import parse_ecosystem
from warehouse.config.subject import LONGEST_NAME, Called, Subject
from warehouse.config.tool import Tool
from warehouse.errors import ConfigurationError
from warehouse.regular import replacing


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


def add_subject(path: Path, subject: Subject) -> str:
    """Write a subject after the last one; comments and layout of the file stay as they are.

    The question follows where it is nothing but the subjects' names. Return it as it is written. Raises
    ConfigurationError, and leaves the file alone, where the subject does not fit the others.
    """
    text = path.read_bytes().decode()
    newline = "\r\n" if "\r\n" in text else "\n"
    document = _parsed(text if text.endswith("\n") else text + newline, path)
    subjects = _subjects(document, path)
    names = [str(each.get("name")) for each in subjects]
    longer = question_of([*names, subject.name])
    if document.get("question") == question_of(names) and len(longer) <= LONGEST_NAME:
        document["question"] = longer
    added = _table(_written(subject))
    _move_what_follows(subjects[-1], added, newline)
    subjects.append(added)
    _write_valid(document, path)
    return str(document["question"])


def add_tool(path: Path, tool: Tool) -> None:
    """Write a tool after the last one, or at the end; all else stays as it is written.

    Raises ConfigurationError, and leaves the file alone, where it does not fit the subjects or other tools.
    """
    document = _parsed(path.read_bytes().decode(), path)
    tools = document.get("tools")
    if tools is None:
        document.append("tools", tools := tomlkit.aot())
    if not isinstance(tools, AoT):
        raise ConfigurationError(f"{path}: tools: found one list, expected a [[tools]] table for each")
    if tools.body:
        tools.body[-1].add(tomlkit.nl())
    tools.append(_table(_written(tool)))
    _write_valid(document, path)


def fill_subject(path: Path, before: Subject, after: Subject) -> None:
    """Write in which a subject of the file is to differ; all else stays as it is written.

    Raises ConfigurationError, and leaves the file alone, where the outcome is not valid.
    """
    document = _parsed(path.read_bytes().decode(), path)
    table = next(each for each in _subjects(document, path) if each.get("id") == before.id)
    body = table.value.body
    follows = body[_keys_end(table) :]
    del body[_keys_end(table) :]
    for key, value in _written(after).items():
        if getattr(before, key) != getattr(after, key):
            table[key] = value
    body.extend(follows)
    _write_valid(document, path)


def question_of(names: Sequence[str]) -> str:
    """Return the question that is nothing but the names of what is compared: `A, B or C?`."""
    *others, last = names
    return f"{', '.join(others)} or {last}?" if others else f"{last}?"


def _parsed(text: str, path: Path) -> TOMLDocument:
    """Return the file as it can be changed; tomlkit would move tables of one array that stand apart."""
    document = tomlkit.parse(text)
    if tomlkit.dumps(document) != text:
        raise ConfigurationError(
            f"{path}: found tables of one kind with others between them, expected all [[subjects]] together, "
            "and all [[tools]]: what stands between would be moved"
        )
    return document


def _subjects(document: TOMLDocument, path: Path) -> AoT:
    subjects = document.get("subjects")
    if not isinstance(subjects, AoT):
        raise ConfigurationError(f"{path}: subjects: found one list, expected a [[subjects]] table for each")
    return subjects


def _write_valid(document: TOMLDocument, path: Path) -> None:
    changed = tomlkit.dumps(document)
    parse_ecosystem(changed, path)
    write_configuration(path, changed)


def _written(subject: Called) -> dict[str, Any]:
    """Return one as it is written by hand: what it has, an entry that says no more by its name."""
    written = subject.model_dump(exclude_none=True, exclude_defaults=True)
    for source_id, source in catalog().naming.items():
        entry = source.identifier.entry
        if entry and source_id in written:
            told = [each[entry] if list(each) == [entry] else each for each in written[source_id]]
            written[source_id] = told if source.identifier.many or len(told) > 1 else told[0]
    return written


def _table(written: Mapping[str, Any]) -> Table:
    table = tomlkit.table()
    for key, value in written.items():
        table.add(key, value)
    return table


def _move_what_follows(last: Table, added: Table, newline: str) -> None:
    """Move what stands after the last table and a blank line to the new end: it is about what follows."""
    body, keys_end = last.value.body, _keys_end(last)
    end = next((n for n in range(keys_end, len(body)) if isinstance(body[n][1], Whitespace)), len(body))
    follows = body[end:]
    del body[end:]
    body.append((None, Whitespace(newline)))
    added.value.body.extend(follows)


def _keys_end(table: Table) -> int:
    """Return the place behind the last key of a table."""
    return max(place for place, (key, _) in enumerate(table.value.body) if key is not None) + 1
