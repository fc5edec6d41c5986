"""A WebAssembly module without the exports that nobody asks for.

DuckDB's has 75,000 of them, for extensions that are linked to it at run time. Without extensions 200 are in
use; the others are a seventh of what a reader fetches, and most of the time in which the engine starts.
Source: https://www.w3.org/TR/wasm-core-2/#binary-format
"""

from collections.abc import Container, Iterator

HEADER = 8  # bytes: the magic number and the version
IMPORTS, EXPORTS = 2, 7  # the sections' numbers
TABLE_ENTRIES = "GOT."  # what a module's own linking asks for is imported from here, by the export's name


def only_exports(module: bytes, wanted: Container[str]) -> bytes:
    """Return the module with the exports that are wanted, and those that its own linking needs."""
    sections = dict(_sections(module))
    needed = {name for home, name in _imports(sections[IMPORTS]) if home.startswith(TABLE_ENTRIES)}
    kept = [entry for name, entry in _exports(sections[EXPORTS]) if name in wanted or name in needed]
    exports = _number(len(kept)) + b"".join(kept)
    return module[:HEADER] + b"".join(
        bytes([kind]) + _sized(exports if kind == EXPORTS else content) for kind, content in _sections(module)
    )


def _sections(module: bytes) -> Iterator[tuple[int, bytes]]:
    at = HEADER
    while at < len(module):
        size, start = _read_number(module, at + 1)
        yield module[at], module[start : start + size]
        at = start + size


def _imports(section: bytes) -> Iterator[tuple[str, str]]:
    count, at = _read_number(section, 0)
    for _ in range(count):
        home, at = _read_name(section, at)
        name, at = _read_name(section, at)
        yield home, name
        at = _after_type(section, at)


def _after_type(section: bytes, at: int) -> int:
    """Return where an import ends, whose kind stands at this place."""
    match section[at]:
        case 0:  # a function: its type
            return _read_number(section, at + 1)[1]
        case 1:  # a table: what it holds, its limits
            return _after_limits(section, at + 2)
        case 2:  # a memory: its limits
            return _after_limits(section, at + 1)
        case 3:  # a global: its type, whether it changes
            return at + 3
        case _:  # a tag: an attribute, its type
            return _read_number(section, at + 2)[1]


def _after_limits(section: bytes, at: int) -> int:
    has_most = section[at] & 1
    _, at = _read_number(section, at + 1)
    return _read_number(section, at)[1] if has_most else at


def _exports(section: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield each export's name with its whole entry."""
    count, start = _read_number(section, 0)
    for _ in range(count):
        name, kind = _read_name(section, start)
        _, end = _read_number(section, kind + 1)
        yield name, section[start:end]
        start = end


def _read_name(section: bytes, at: int) -> tuple[str, int]:
    size, start = _read_number(section, at)
    return section[start : start + size].decode(), start + size


def _read_number(section: bytes, at: int) -> tuple[int, int]:
    """Return the number in LEB128 at a place, and where it ends."""
    number = shift = 0
    while True:
        byte = section[at]
        at += 1
        number |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            return number, at


def _number(number: int) -> bytes:
    written = bytearray()
    while number > 127:
        written.append(number & 127 | 128)
        number >>= 7
    return bytes([*written, number])


def _sized(content: bytes) -> bytes:
    return _number(len(content)) + content
