"""The declarations as they are written, for who needs no more of them than the names.

They are read in a hundredth of a second; the catalogue, which validates them, takes ten times as long with
what it imports. What does not fit is told there, and passed over here.
"""

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from warehouse.errors import ConfigurationError

FOLDER = Path(__file__).resolve().parent.parent.parent / "flows" / "sources"
DECLARATION, EVENTS = "source.toml", "events.toml"


def load(file: Path) -> dict[str, Any]:
    """Return what a file declares; raises ConfigurationError for what is no TOML."""
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError(f"{file}: not valid TOML: {error}") from error


def read_declarations(folder: Path) -> Mapping[str, dict[str, Any]]:
    """Return what each source of a folder declares, by the source's id."""
    return {file.parent.name: load(file) for file in sorted(folder.glob(f"*/{DECLARATION}"))}


@cache
def declared() -> Mapping[str, dict[str, Any]]:
    """Return what each source declares, by its id."""
    return read_declarations(FOLDER)


def declared_ids() -> tuple[str, ...]:
    """Return the id of each source, in the order in which they are listed."""
    return tuple(sorted(declared(), key=lambda source_id: (declared()[source_id].get("order", 0), source_id)))


def public_urls() -> Mapping[str, str]:
    """Return the address of every host by its variable."""
    return {name: host["url"] for name, host in _tables("services") if isinstance(host.get("url"), str)}


def credential_kinds() -> Mapping[str, bool]:
    """Return whether each credential is a name, not a secret, by its variable."""
    own = ((name, one) for name, one in _tables("credentials") if "same_as" not in one)
    return {name: one.get("is_name") is True for name, one in own}


def _tables(key: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for source_id in declared_ids():
        tables = declared()[source_id].get(key)
        if isinstance(tables, dict):
            yield from ((name, table) for name, table in tables.items() if isinstance(table, dict))
