"""Reading proves every byte: no bit of an archive file can change and be read as another answer."""

import gzip
import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from warehouse.archive.write import Page, archived_files, record_attempt
from warehouse.build.load import SCHEMA
from warehouse.build.reading import confirm_bodies, read_files
from warehouse.errors import ArchiveDamaged

NOON = datetime(2025, 8, 6, 12, tzinfo=UTC)
TEXT = '{"☂": "\\u0000\u2028"}\r\n\x00'.encode()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """An archive file of two pages, one of them no text."""

    def fetch(add):
        add(Page("overall", "torch", "https://example.org/", 200, NOON, TEXT))
        add(Page("overall", "jax", "https://example.org/", 200, NOON, b"\xff\xfe"))

    record_attempt(tmp_path, "pypi", lambda: NOON, fetch)
    (file,) = archived_files(tmp_path)
    return file


@pytest.fixture
def work() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute(SCHEMA)
        yield connection


def rows(work: duckdb.DuckDBPyConnection, file: Path) -> list[tuple[object, ...]]:
    """What is read of a file, into an empty work database."""
    work.execute("begin")
    try:
        read_files(work, [str(file)])
        confirm_bodies(work)
        return work.execute("from raw.pages order by page_id").fetchall()
    finally:
        work.execute("rollback")


def flipped(data: bytes) -> Iterator[bytes]:
    """Every version of it in which one bit is another."""
    for place, byte in enumerate(data):
        for bit in range(8):
            yield data[:place] + bytes([byte ^ 1 << bit]) + data[place + 1 :]


def is_named(work: duckdb.DuckDBPyConnection, file: Path) -> bool:
    try:
        rows(work, file)
    except ArchiveDamaged as error:
        assert f"pypi/{file.name}" in str(error)
        return True
    return False


def test_what_is_read_is_what_came(work, file: Path):
    """Text of every kind as text, with its line; what is no text is proven, and has no body."""
    read = [(row[3], row[-3], row[-2]) for row in rows(work, file)]
    assert sorted(read) == [("jax", 2, None), ("torch", 1, TEXT.decode())]


def test_a_flipped_bit_of_the_file_changes_nothing_or_is_named(work, file: Path):
    """What changes nothing are bits of the gzip header, which holds no content."""
    whole, as_it_came, unnamed = file.read_bytes(), rows(work, file), 0
    for changed in flipped(whole):
        file.write_bytes(changed)
        if not is_named(work, file):
            unnamed += 1
            assert rows(work, file) == as_it_came
    assert 0 < unnamed <= 8 * 10


def test_every_flipped_bit_of_the_content_is_named(work, file: Path):
    """In a file that is a whole gzip file again."""
    for changed in flipped(gzip.decompress(file.read_bytes())):
        file.write_bytes(gzip.compress(changed, 1))
        assert is_named(work, file)


@pytest.mark.parametrize("old", [b'"body": "', b'"body_base64": "//', b'"answers": ', b'"kind": "att'])
def test_another_body_or_count_is_named_under_a_name_that_fits(work, file: Path, old: bytes):
    """As somebody with an editor would change it, who also gives it the digest of its content."""
    text = gzip.decompress(file.read_bytes())
    file.unlink()
    place = text.index(old) + len(old)
    for changed in (text[:place] + bytes([byte]) + text[place + 1 :] for byte in b"0Zz"):
        if changed != text:
            digest = hashlib.sha256(changed).hexdigest()[:12]
            other = file.with_name(f"20250806T120000Z-{digest}.jsonl.gz")
            other.write_bytes(gzip.compress(changed))
            assert is_named(work, other)


def test_a_file_of_another_source_or_of_nothing_is_named(work, file: Path):
    """A folder is a source's, and an attempt tells at least how it went."""
    elsewhere = file.parent.with_name("github")
    elsewhere.mkdir()
    moved = file.rename(elsewhere / file.name)
    with pytest.raises(
        ArchiveDamaged, match="found lines of pypi, expected those of the source whose folder"
    ):
        rows(work, moved)
    empty = moved.with_name(f"20250806T120000Z-{hashlib.sha256().hexdigest()[:12]}.jsonl.gz")
    empty.write_bytes(gzip.compress(b""))
    with pytest.raises(ArchiveDamaged, match="found nothing, expected lines of JSON"):
        rows(work, empty)
