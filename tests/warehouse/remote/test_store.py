"""Objects by name, and what is told where the way to them is not there."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from flows.commands.checkup import storage as checkup
from tests.object_storage import ADDRESS, KEY, Storage
from warehouse.archive.lock import only_writer
from warehouse.errors import BarometerError, ConfigurationError, StorageFailed
from warehouse.remote import store as stores
from warehouse.remote.store import Object, Store


@pytest.fixture
def store(storage: Storage) -> Store:
    return Store(ADDRESS)


def test_objects_are_put_fetched_listed_and_deleted(store: Store, tmp_path: Path):
    """Below the address and nowhere else, by names that tell nothing of it."""
    given, fetched = tmp_path / "given", tmp_path / "new/folder/fetched"
    given.write_bytes(b"one")
    store.put(given, "buckets/a/1")
    store.put(given, "buckets/b")
    Store("s3://bucket/some").put(given, "other")
    store.get("buckets/a/1", fetched)
    assert fetched.read_bytes() == store.read("buckets/b") == b"one"
    assert [path.name for path in fetched.parent.iterdir()] == ["fetched"]
    assert list(store.list("buckets/")) == ["buckets/a/1", "buckets/b"]
    assert (
        store.find("buckets/b")
        == store.list("buckets/")["buckets/b"]
        == Object(3, "f97c5d29941bfb1b2fdab0874906ab82")
    )

    store.delete_below("buckets/a/")
    store.delete(["buckets/none"])
    assert (store.find("buckets/a/1"), list(store.list(""))) == (None, ["buckets/b"])
    assert Store("s3://bucket/some").find("other") is not None
    with pytest.raises(StorageFailed, match=rf"^{ADDRESS}/buckets/a/1: found no such object, expected one"):
        store.get("buckets/a/1", fetched)
    assert fetched.read_bytes() == b"one"


def test_what_is_new_takes_no_others_place(store: Store, tmp_path: Path):
    """Neither from a file nor from bytes; what is put whole does."""
    given = tmp_path / "given"
    given.write_bytes(b"two")
    assert store.write_new(b"one", "name")
    assert not store.put_new(given, "name") and not store.write_new(b"two", "name")
    assert store.read("name") == b"one"
    store.put(given, "name")
    assert store.read("name") == b"two"


@pytest.fixture
def asked_anew() -> Iterator[None]:
    """Let the variables be read again, here and by the next test."""
    stores._file_system.cache_clear()
    yield
    stores._file_system.cache_clear()


def refuse(storage: Storage, monkeypatch: pytest.MonkeyPatch) -> None:
    storage.change = lambda request: "403 Forbidden"


def forget_credentials(storage: Storage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")


def end(storage: Storage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")


def uninstall(storage: Storage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "s3fs", None)


def fail(storage: Storage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    storage.change = lambda request: "500 Internal Server Error"


@pytest.mark.parametrize(
    ("change", "error", "told"),
    [
        (refuse, ConfigurationError, "expected credentials that may list, read, put and delete there"),
        (forget_credentials, ConfigurationError, "expected AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or"),
        (end, StorageFailed, "127.0.0.1:1.*, expected an answer of the object storage; nothing"),
        (uninstall, ConfigurationError, "expected s3fs for an address .*; `make s3` installs it"),
        (fail, StorageFailed, "expected an answer of the object storage; nothing"),
    ],
)
def test_without_a_way_there_a_writer_ends_before_it_begins(
    change, error: type[BarometerError], told: str, storage: Storage, machine, monkeypatch, asked_anew
):
    """In one line that names the address, and what to do."""
    settings = machine("one")
    change(storage, monkeypatch)
    with pytest.raises(error, match=told) as raised, only_writer(settings):
        raise AssertionError
    assert str(raised.value).startswith("BAROMETER_DATA: ") or ADDRESS in str(raised.value)
    assert KEY not in settings.secrets.strip(str(raised.value))
    (finding,) = checkup.look(settings)
    assert finding.verdict == "problem"


def test_a_bucket_that_is_not_there_is_told(storage: Storage, machine, monkeypatch):
    """By its name; nothing makes one."""
    monkeypatch.setattr("tests.object_storage.ADDRESS", "s3://no-bucket/a")
    told = "^BAROMETER_DATA: s3://no-bucket/a/.*: .*bucket does not exist.*, expected a bucket that there is"
    with pytest.raises(ConfigurationError, match=told), only_writer(machine("one")):
        raise AssertionError


def test_a_storage_on_which_two_could_write_is_refused(storage: Storage, machine):
    """One that puts an object in place of another, as those do that do not know the condition."""
    settings = machine("one")
    (finding,) = checkup.look(settings)
    assert finding.verdict == "ok"
    assert finding.found.startswith(f"{ADDRESS} answers, 0 objects in its archive")
    Store(ADDRESS).delete_below("")
    storage.change = lambda request: request.pop("HTTP_IF_NONE_MATCH", None) and None
    told = f"^BAROMETER_DATA: {ADDRESS}: found that it puts one object in place of another, asked not to"
    with pytest.raises(ConfigurationError, match=told), only_writer(settings):
        raise AssertionError
    assert list(storage.objects()) == ["put-if-absent"]
    (finding,) = checkup.look(settings)
    assert finding.verdict == "problem"
