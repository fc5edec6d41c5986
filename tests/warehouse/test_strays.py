"""What does not belong into an archive: left alone, or told in one line; nothing hangs, nothing is lost."""

import gzip
import hashlib
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from flows.pipeline.steps import ecosystem_of, load_archive, verify
from warehouse.archive.compact import compact
from warehouse.archive.write import Page, archived_files, record_attempt
from warehouse.config.settings import Settings
from warehouse.errors import ArchiveDamaged

NOON = datetime(2025, 8, 6, 12, tzinfo=UTC)
ATTEMPT = "20250801T000000Z-0123456789ab.jsonl.gz"


@pytest.fixture
def archive(settings: Settings) -> Path:
    """An archive with one attempt."""
    page = Page("overall", "torch", "https://x.example/", 200, NOON, b"{}")
    record_attempt(settings.archive, "pypi", lambda: NOON, lambda add: add(page))
    return settings.archive


def test_other_names_are_left_alone(archive: Path, settings: Settings):
    """Folders, pipes, links in a circle and files of any name, beside the sources' folders and in them."""
    for place in (archive, archive / "pypi"):
        (place / "README.txt").write_text("mine")
        (place / "99999999T999999Z-0123456789ab.jsonl").write_text("mine")
        (place / "folder.d").mkdir()
        os.mkfifo(place / ".pipe.tmp")
        os.mkfifo(place / "2025-07-pipe.zip")
        (place / "circle").symlink_to(place / "circle")
        (place / ".circle.tmp").symlink_to(place / ".circle.tmp")
    (archive / "lost+found").mkdir()
    (archive / "lost+found" / ATTEMPT).write_bytes(b"damaged")
    assert [file.parent.name for file in archived_files(archive)] == ["pypi"]
    assert set(load_archive(settings, ecosystem_of(settings))["pypi"]) == {("overall", "torch")}
    assert verify(settings) == [] and compact(archive, NOON) == 0


@pytest.mark.parametrize("name", [ATTEMPT, "2025-07-0123456789ab.zip"])
@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir, lambda path: path.symlink_to(path)])
def test_what_has_the_name_of_a_file_and_is_none_is_told(archive: Path, settings: Settings, make, name: str):
    """By its name, by every load and by `verify`, which goes on."""
    make(archive / "pypi" / name)
    with pytest.raises(
        ArchiveDamaged, match=rf"{name}: found no file that can be read, expected a regular one"
    ):
        load_archive(settings, ecosystem_of(settings))
    (told,) = verify(settings)
    assert told.file == f"pypi/{name}"


@pytest.mark.parametrize(
    "line", [b"[" * 200_000 + b"\n", b"[]\n", b'{"kind": "page", "body": []}\n', b'{"kind": "attempt"}\n']
)
def test_lines_of_any_json_are_told(archive: Path, settings: Settings, line: bytes):
    """Too deep, or of another shape than a page's."""
    name = f"20250801T000000Z-{hashlib.sha256(line).hexdigest()[:12]}.jsonl.gz"
    (archive / "pypi" / name).write_bytes(gzip.compress(line))
    with pytest.raises(ArchiveDamaged, match=name):
        load_archive(settings, ecosystem_of(settings))
    (told,) = verify(settings)
    assert told.file == f"pypi/{name}"


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_what_cannot_be_read_is_told(archive: Path, settings: Settings):
    """A folder that nobody may read is not an empty one."""
    (archive / "pypi").chmod(0)
    try:
        with pytest.raises(
            ArchiveDamaged, match="pypi: Permission denied, expected a folder that can be read"
        ):
            load_archive(settings, ecosystem_of(settings))
    finally:
        (archive / "pypi").chmod(0o755)
