"""An archive that lives in object storage: what one machine archives, every other one has."""

import gzip
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from flows.demo.run import run_demo
from flows.pipeline import steps
from tests.made import called, configuration
from tests.object_storage import ADDRESS, KEY, KEY_ID, Storage
from warehouse.archive.compact import compact
from warehouse.archive.fetched import fetch_published
from warehouse.archive.lock import only_writer
from warehouse.archive.mirror import push_source
from warehouse.archive.month_files import month_files, read_attempt, write_month
from warehouse.archive.quarantine import Entry, Place, add_entries, quarantined
from warehouse.archive.shared import fetch_archive, shared_attempt
from warehouse.archive.write import Page, archived_files, name_of, record_attempt
from warehouse.config.settings import Settings
from warehouse.errors import ConfigurationError, StorageFailed
from warehouse.remote.store import Store

Machine = Callable[[str], Settings]
NOON = datetime(2025, 8, 6, 12, tzinfo=UTC)
JUNE, JULY = datetime(2025, 6, 30, 6, tzinfo=UTC), datetime(2025, 7, 1, 6, tzinfo=UTC)


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


def archived_there() -> list[str]:
    return [name.removeprefix("archive/") for name in Store(ADDRESS).list("archive/")]


def up_to_date(settings: Settings) -> Settings:
    """Return the settings of a machine after a command that writes, and does nothing."""
    with only_writer(settings):
        return settings


def test_what_one_machine_archives_the_next_one_has(machine: Machine, storage: Storage):
    """Byte by byte, and what was published and told too; each attempt as soon as it has ended."""
    one, other = machine("one"), machine("other")
    assert one.data != other.data and one.remote == ADDRESS
    with only_writer(one):
        record(one, "pypi", NOON)
        record(one, "github", NOON)
        assert archived_there() == sorted(contents(one))
        one.published_file.write_bytes(b"published")
        one.run_log.write_bytes(b"a run\n")
    up_to_date(other)
    assert len(contents(other)) == 2 and contents(other) == contents(one)
    assert (other.published_file.read_bytes(), other.run_log.read_bytes()) == (b"published", b"a run\n")
    assert not (other.data / "fetching").exists()

    storage.asked.clear()
    up_to_date(other)
    assert [asked for asked in storage.asked if asked.startswith("PUT") and "lease" not in asked] == [
        "PUT /bucket/some/prefix/put-if-absent"
    ], "what is there is not put again"
    assert not [asked for asked in storage.asked if asked.startswith("GET") and "archive" in asked]


@pytest.fixture
def answered(machine: Machine, warehouse, told, without_dbt) -> Callable[[str], object]:
    """Make a warehouse on a machine, which compares one package by name."""
    made = warehouse(configuration(torch=called("torch", "pypi")), NOON)
    return lambda name: made.on(
        replace(machine(name), config=made.settings.config, clock=made.settings.clock)
    )


def test_figures_are_the_same_wherever_they_are_made(answered, told):
    """Collected and published on one machine; read on another, made again on a third, where work goes on."""
    days = [
        {"category": "without_mirrors", "date": f"2025-07-{day:02}", "downloads": day} for day in range(1, 32)
    ]
    body = {"data": days, "package": "torch", "type": "overall_downloads"}
    answer = told("pypi", "overall", "torch", body, NOON)
    one, reader, third = answered("one"), answered("reader"), answered("third")
    sql = "select metric_id, period_start, value, state, observed_at from observations order by all"
    with only_writer(one.settings):
        one.tell(answer).build()
    assert one.rows(sql)
    fetch_published(reader.settings)
    assert reader.rows(sql) == one.rows(sql)
    assert not reader.settings.archive.exists(), "a reader fetches what is published, and no archive"

    third.settings = replace(third.settings, clock=one.settings.clock)
    with only_writer(third.settings):
        third.build()
    assert third.rows(sql) == one.rows(sql)


def test_what_a_run_has_left_here_is_put_by_the_next(machine: Machine, storage: Storage):
    """A run that could put nothing, or was killed before: archive files, and those that change."""
    one, other = up_to_date(machine("one")), machine("other")
    record(replace(one, remote=None), "pypi", NOON)
    one.run_log.write_bytes(b"a run\n")
    half = one.archive / "pypi" / ".0123.tmp"
    half.write_bytes(b"")
    assert archived_there() == []
    with only_writer(one):
        assert archived_there() == list(contents(one)), "before anything else is begun"
    assert contents(up_to_date(other)) == contents(one) and other.run_log.read_bytes() == b"a run\n"
    assert half.exists() and archived_there() == list(contents(one)), "what is not whole stays here"


def test_where_both_have_changed_the_storage_is_right(machine: Machine):
    """Its writer knew all that was there; what was only here was told to nobody."""
    one, other = up_to_date(machine("one")), machine("other")
    one.run_log.write_bytes(b"killed before it was put\n")
    with only_writer(other):
        other.run_log.write_bytes(b"a run\n")
    assert up_to_date(one).run_log.read_bytes() == b"a run\n"
    with only_writer(one):
        one.run_log.write_bytes(b"a run\nthe next\n")
    assert up_to_date(other).run_log.read_bytes() == b"a run\nthe next\n"


def test_a_failed_run_has_put_what_was_answered(machine: Machine):
    """What it failed of is told, and not what came of putting."""
    one = machine("one")
    with pytest.raises(ZeroDivisionError), only_writer(one):
        record(one, "pypi", NOON)
        one.run_log.write_bytes(b"blocked\n")
        raise ZeroDivisionError
    assert [*archived_there(), *Store(ADDRESS).list("")][:1] == list(contents(one))
    assert Store(ADDRESS).read("runs.jsonl") == b"blocked\n"


def test_without_an_answer_at_the_end_all_is_kept_for_the_next_run(machine: Machine, storage: Storage):
    """The error says so; what is there stays whole."""
    one = machine("one")
    with only_writer(one):
        one.published_file.write_bytes(b"published")

    def full(request) -> str | None:
        return "507 Insufficient Storage" if request["REQUEST_METHOD"] == "PUT" else None

    with pytest.raises(StorageFailed, match="nothing that was archived or p"), only_writer(one):
        storage.change = full
        one.published_file.write_bytes(b"published anew")
        record(one, "pypi", NOON)
    storage.change = lambda request: None
    there = Store(ADDRESS)
    assert (archived_there(), there.read("barometer.duckdb")) == ([], b"published")
    there.delete_below("lease/")  # it has run out meanwhile
    up_to_date(one)
    assert (archived_there(), there.read("barometer.duckdb")) == (list(contents(one)), b"published anew")


def test_readers_meet_what_was_published_last(machine: Machine, storage: Storage, caplog):
    """It is fetched once; without an answer the last one is read, and that is told."""
    one, reader = machine("one"), machine("reader")
    for version in (b"one", b"another"):
        with only_writer(one):
            one.published_file.write_bytes(version)
        fetch_published(reader)
        assert reader.published_file.read_bytes() == version
    storage.asked.clear()
    fetch_published(reader)
    assert {asked.partition(" ")[0] for asked in storage.asked} == {"HEAD", "GET"}
    assert "GET /bucket/some/prefix/barometer.duckdb" not in storage.asked

    storage.change = lambda request: "403 Forbidden"
    fetch_published(reader)
    assert f"{ADDRESS}/archive/quarantine.jsonl: " in caplog.text
    assert "what was fetched before is read" in caplog.text
    with pytest.raises(ConfigurationError, match="expected credentials that may list, read"):
        fetch_published(machine("new"))


def test_a_reader_beside_a_writer_fetches_nothing(machine: Machine):
    """What the writer here has not put yet stays."""
    one, other = up_to_date(machine("one")), machine("other")
    with only_writer(other):
        other.run_log.write_bytes(b"a run\n")
    with only_writer(replace(one, remote=None)):
        fetch_published(one)
        assert not one.run_log.exists()
    fetch_published(one)
    assert one.run_log.read_bytes() == b"a run\n"


def test_a_worker_elsewhere_puts_what_it_archives(machine: Machine):
    """Without the lease, which the run has, and by the salt that is the same for all."""
    run, worker = up_to_date(machine("run")), machine("worker")
    with only_writer(run):
        (run.data / "authors.salt").write_text("5a" * 32)
        push_source(run, "maintenance")
    with only_writer(run):
        # A worker is another process, which holds nothing.
        from warehouse.remote import lease

        held = lease._held.pop(ADDRESS)
        record(worker, "maintenance", NOON)
        lease._held[ADDRESS] = held
        assert (worker.data / "authors.salt").read_text() == "5a" * 32
        assert (worker.data / "authors.salt").stat().st_mode & 0o777 == 0o600
        assert contents(run) == {}
        fetch_archive(run)
        assert contents(run) == contents(worker) != {}


def test_compacting_is_seen_by_every_machine(machine: Machine):
    """The month files are there before the attempts go; a machine that had these has the month files."""
    one, other = machine("one"), machine("other")
    with only_writer(one):
        for at in (JUNE, JULY, NOON):
            record(one, "pypi", at)
    before = contents(up_to_date(other))
    with only_writer(one):
        assert compact(one.archive, NOON) == 2
    there = archived_there()
    assert [name[5:12] for name in there] == ["2025-06", "2025-07", "2025080"]
    assert contents(one) == contents(up_to_date(other)) == before
    assert len(month_files(other.archive)) == 2 and len(list(other.archive.glob("pypi/*.gz"))) == 1
    assert contents(up_to_date(machine("new"))) == before

    # An attempt of a complete month comes late: the month file takes the place of the one before.
    with only_writer(other):
        record(other, "pypi", JUNE.replace(hour=9))
    with only_writer(one):
        assert compact(one.archive, NOON) == 1
    assert len(contents(one)) == 4
    assert contents(up_to_date(one)) == contents(up_to_date(other)) == contents(one)
    assert sorted(name[5:12] for name in archived_there()) == ["2025-06", "2025-07", "2025080"]
    assert contents(up_to_date(machine("newest"))) == contents(one)


@pytest.mark.parametrize("has_gone_on", [False, True])
def test_nothing_goes_before_the_month_file_is_there(machine: Machine, storage: Storage, has_gone_on: bool):
    """Of a run killed while it compacted: the month file is here, the attempts there, and some here too."""
    one = machine("one")
    with only_writer(one):
        record(one, "pypi", JUNE)
        record(one, "pypi", JUNE.replace(hour=9))
    before, names = contents(one), archived_there()
    month = write_month("2025-06", archived_files(one.archive))
    if has_gone_on:
        for name in names:
            (one.archive / name).unlink()

    storage.asked.clear()
    storage.change = lambda request: "403 Forbidden" if request["PATH_INFO"].endswith(".zip") else None
    with pytest.raises(ConfigurationError):
        up_to_date(one)
    assert archived_there() == names
    storage.change = lambda request: None
    up_to_date(one)
    assert archived_there() == [f"pypi/{month.name}"] and contents(one) == before
    assert [path.name for path in (one.archive / "pypi").iterdir()] == [month.name]
    assert not [asked for asked in storage.asked if asked.startswith("GET") and asked.endswith(".gz")]


def test_verify_looks_at_every_object(machine: Machine):
    """Not at the mirror alone: what is changed there is named, and what is whole here does not hide it."""
    one, store = machine("one"), Store(ADDRESS)
    with only_writer(one):
        for at in (JUNE, NOON):
            record(one, "pypi", at)
        compact(one.archive, NOON)
    assert steps.verify(one) == []
    month, attempt = [name for name in store.list("archive/") if name.endswith((".zip", ".gz"))]
    changed = one.data / "changed"
    for name, content in (
        (month, store.read(month)[:-30]),
        (attempt, gzip.compress(gzip.decompress(store.read(attempt)).replace(b"body 2025", b"body 2024"))),
    ):
        changed.write_bytes(content)
        store.put(changed, name)
    assert [(one.file, one.expected) for one in steps.verify(one)] == [
        (f"{ADDRESS}/{month}", "a whole month file"),
        (f"{ADDRESS}/{attempt}", steps.verify(one)[1].expected),
    ]
    assert not (one.data / "verifying").exists()

    entry = Entry(Place(attempt.removeprefix("archive/")), "changed there", NOON, "hand")
    with only_writer(one):
        add_entries(one.archive, [entry])
    assert [one.file for one in steps.verify(one)] == [f"{ADDRESS}/{month}"]


def test_what_is_damaged_there_can_be_taken_out_on_a_new_machine(machine: Machine):
    """It is fetched as it is, after a second try; quarantine is known everywhere."""
    one, new, store = machine("one"), machine("new"), Store(ADDRESS)
    with only_writer(one):
        record(one, "pypi", NOON)
    (name,) = archived_there()
    changed = one.data / "changed"
    changed.write_bytes(store.read(f"archive/{name}")[:-9])
    store.put(changed, f"archive/{name}")
    up_to_date(new)
    assert [damage.file for damage in steps.verify(new)] == [name, f"{ADDRESS}/archive/{name}"]
    with only_writer(new):
        add_entries(new.archive, [Entry(Place(name), "damaged", NOON, "hand")])
    assert steps.verify(new) == []
    fetch_published(one)
    assert [entry.place.file for entry in quarantined(one.archive)] == [name]


def test_what_was_cut_on_its_way_is_fetched_again(machine: Machine, storage: Storage):
    """The digest in the name tells; the object itself is whole."""
    one, new, store = machine("one"), machine("new"), Store(ADDRESS)
    with only_writer(one):
        record(one, "pypi", NOON)
    (name,) = archived_there()
    whole, cut = store.read(f"archive/{name}"), one.data / "cut"
    cut.write_bytes(whole[:-9])
    store.put(cut, f"archive/{name}")

    def mend(request) -> None:
        """Put the whole object in its place once the cut one has been fetched."""
        if request["REQUEST_METHOD"] == "GET" and request["PATH_INFO"].endswith(name):
            fetched.append(name)
            if len(fetched) == 2:
                storage.change = lambda request: None
                cut.write_bytes(whole)
                store.put(cut, f"archive/{name}")

    fetched: list[str] = []
    storage.change = mend
    assert contents(up_to_date(new)) == {name: whole}
    assert fetched == [name, name]


def test_a_copy_of_the_objects_is_a_backup(machine: Machine, monkeypatch):
    """Copied to another place while nobody writes; a machine that only has that has all of it."""
    one, there, backup = machine("one"), Store(ADDRESS), Store("s3://bucket/backup")
    with only_writer(one):
        for at in (JUNE, NOON):
            record(one, "pypi", at)
        one.run_log.write_bytes(b"a run\n")
    for name in there.list(""):
        there.get(name, one.data / "copy")
        backup.put(one.data / "copy", name)
    there.delete_below("")
    before = contents(one)
    shutil.rmtree(one.data)
    monkeypatch.setattr("tests.object_storage.ADDRESS", backup.address)
    restored = up_to_date(machine("restored"))
    assert (restored.remote, contents(restored)) == (backup.address, before)
    assert restored.run_log.read_bytes() == b"a run\n" and steps.verify(restored) == []


def test_the_demo_keeps_to_local_folders(machine: Machine, storage: Storage):
    """It begins anew each time, and an archive in object storage is only ever added to."""
    with pytest.raises(ConfigurationError, match=f"^BAROMETER_DATA: found {ADDRESS}, expected a local fol"):
        run_demo(machine("one"), lambda: None)
    assert storage.asked == []


def test_no_object_holds_a_secret(machine: Machine, storage: Storage):
    """Neither key nor its name, though a source repeats them; nor what the lease tells."""
    one = machine("one")
    with only_writer(one):
        record(one, "pypi", NOON, f"you sent {KEY} and {KEY_ID}")
        during = storage.objects()
    objects = [*during.values(), *storage.objects().values()]
    assert any(b'"holder"' in content for content in objects)
    told = b"".join(gzip.decompress(one) if one.startswith(b"\x1f\x8b") else one for one in objects)
    assert b"you sent [secret removed] and [secret removed]" in told
    assert KEY.encode() not in told and KEY_ID.encode() not in told
    assert KEY not in repr(one) and KEY not in str(one.data)
