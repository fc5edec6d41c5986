"""The object storage that an archive lives in: whether it answers, and two writers would see each other."""

from collections.abc import Iterator

from flows.commands.checkup import Finding, Verdict, look_at
from warehouse.archive.fetched import fetch_published
from warehouse.config.settings import Settings
from warehouse.remote.store import Store


def look(settings: Settings) -> Iterator[Finding]:
    """Yield how the storage is; nothing where the archive is a folder of this machine.

    What is looked at after it, the last run and what was published, is what is there.
    """
    return look_at(settings, {"object storage": _storage} if settings.remote else {})


def _storage(settings: Settings) -> Iterator[Finding]:
    store = Store(settings.remote or "")
    store.require_exclusive()
    fetch_published(settings)
    count = len(store.list("archive/"))
    found = f"{store.address} answers, {count:,} objects in its archive; it puts nothing in place of another"
    yield Finding("object storage", Verdict.OK, found)
