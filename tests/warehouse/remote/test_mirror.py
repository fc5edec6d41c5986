"""An archive that lives in object storage: what one machine archives, every other one has."""

from collections.abc import Callable
from datetime import UTC, datetime

from tests.warehouse.remote.conftest import ADDRESS, Storage
from warehouse.archive.lock import only_writer
from warehouse.archive.month_files import read_attempt
from warehouse.archive.shared import shared_attempt
from warehouse.archive.write import Page, archived_files, name_of, record_attempt
from warehouse.config.settings import Settings

Machine = Callable[[str], Settings]
NOON = datetime(2025, 8, 6, 12, tzinfo=UTC)


def record(settings: Settings, source_id: str, at: datetime, body: str = "a body") -> None:
    """Archive an answer as a collector does."""
    page = Page("overall", "torch", "https://example.org/", 200, at, f"{body} {at}".encode())
    with shared_attempt(settings, source_id):
        record_attempt(
            settings.archive, source_id, lambda: at, lambda add: add(page), secrets=settings.secrets
        )


def contents(settings: Settings) -> dict[str, bytes]:
    """Return what a machine reads of the archive, by name."""
    return {name_of(file): read_attempt(file) for file in archived_files(settings.archive)}


def test_what_one_machine_archives_the_next_one_has(machine: Machine, storage: Storage):
    """Byte by byte, and what was published and told too."""
    one, other = machine("one"), machine("other")
    assert one.data != other.data and one.remote == ADDRESS
    with only_writer(one):
        record(one, "pypi", NOON)
        record(one, "github", NOON)
        one.published_file.write_bytes(b"published")
        one.run_log.write_bytes(b"a run\n")
    with only_writer(other):
        pass
    assert len(contents(other)) == 2 and contents(other) == contents(one)
    assert (other.published_file.read_bytes(), other.run_log.read_bytes()) == (b"published", b"a run\n")
    print(storage.asked)
