"""Whatever happens to an archive file is found, and told by its name."""

import gzip
import hashlib
from datetime import UTC, datetime
from pathlib import Path

import pytest

from warehouse.archive.verify import verified
from warehouse.archive.write import Page, archived_files, record_attempt

NOON = datetime(2025, 8, 6, 12, tzinfo=UTC)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """An archive with one file of two pages, one of them no text."""

    def fetch(add):
        add(Page("overall", "torch", "https://example.org/", 200, NOON, '{"☂": 1}\r\n\u2028'.encode()))
        add(Page("overall", "jax", "https://example.org/", 200, NOON, b"\xff\xfe"))

    record_attempt(tmp_path, "pypi", lambda: NOON, fetch)
    (file,) = archived_files(tmp_path)
    return file


def found(file: Path) -> list[str]:
    return [f"{one.file}: {one.found}, expected {one.expected}" for one in verified(file.parents[1]) if one]


def rewritten(file: Path, old: bytes, new: bytes) -> str:
    """Change the content as somebody with an editor would, the name's digest included."""
    text = gzip.decompress(file.read_bytes())
    assert old in text
    text = text.replace(old, new)
    changed = file.with_name(f"20250806T120000Z-{hashlib.sha256(text).hexdigest()[:12]}.jsonl.gz")
    changed.write_bytes(gzip.compress(text))
    file.unlink()
    (told,) = found(changed)
    return told


def test_a_whole_archive_is_whole(file: Path):
    """Text of every kind and what is no text."""
    assert found(file) == []


def test_a_cut_file_is_found_at_every_length(file: Path):
    """Wherever it ends."""
    whole = file.read_bytes()
    for length in range(0, len(whole), 11):
        file.write_bytes(whole[:length])
        (told,) = found(file)
        assert told.startswith(f"pypi/{file.name}: ")


def test_every_flipped_byte_of_the_content_is_found(file: Path):
    """The gzip checksum tells; of its header, which holds no content, nothing is claimed."""
    whole = file.read_bytes()
    for place in range(10, len(whole), 7):
        file.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        assert len(found(file)) == 1, place


def test_another_body_is_found_by_its_digest(file: Path):
    """Although the file is whole and named after its content."""
    assert "another body of jax, expected SHA-256" in rewritten(file, b'"//4="', b'"//8="')


def test_a_missing_page_is_found_by_the_count(file: Path):
    """Although every other page is as it came."""
    assert ": 2 pages, expected as many as its last line" in rewritten(file, b'"answers": 2', b'"answers": 3')


def test_a_file_under_another_name_is_found(file: Path):
    """The name carries the digest of the content."""
    moved = file.rename(file.with_name("20250806T120000Z-000000000000.jsonl.gz"))
    (told,) = found(moved)
    assert told.endswith("expected the digest in its name")
