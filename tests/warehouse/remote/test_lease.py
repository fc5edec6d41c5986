"""One writer of an object storage at a time, and none that is dead or has slept."""

import json
import socket
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Event, Thread

import pytest

from tests.object_storage import ADDRESS, Storage
from warehouse.archive.lock import holder, only_writer
from warehouse.archive.shared import shared_attempt
from warehouse.archive.write import record_attempt
from warehouse.errors import Busy, ConfigurationError, StorageFailed
from warehouse.remote import lease
from warehouse.remote.lease import Term, held, newest
from warehouse.remote.store import Store

HOUR = timedelta(hours=1)


@pytest.fixture
def store(storage: Storage) -> Store:
    return Store(ADDRESS)


def anothers(number: int, until: timedelta, *, is_over: bool = False) -> Term:
    """A term of another machine, which ends so long from now."""
    now = datetime.now(UTC)
    return Term(
        number, "another", "process 7 on elsewhere", now.isoformat(), (now + until).isoformat(), is_over
    )


def numbers(store: Store) -> list[str]:
    return list(store.list("lease/"))


def test_a_second_writer_is_told_of_the_first(machine, storage: Storage):
    """Which process on which machine, since and until when; and doctor too."""
    one, other = machine("one"), machine("other")
    with only_writer(one):
        told = (
            rf"^BAROMETER_DATA: {ADDRESS}: process \d+ on {socket.gethostname()} since \d{{4}}-.* UTC \(held "
            r"until \d{4}-.* UTC or longer\) is writing it, expected nobody; `--wait` waits for its end$"
        )
        with pytest.raises(Busy, match=told), only_writer(other):
            raise AssertionError
        assert (holder(other) or "").startswith("process ") and f"on {socket.gethostname()}" in holder(other)
        with only_writer(one, within=True):
            pass
    assert holder(other) is None
    with only_writer(other):
        pass
    assert numbers(Store(ADDRESS)) == ["lease/00000004"]


def test_a_second_writer_can_wait(store: Store, machine, caplog: pytest.LogCaptureFixture):
    """It goes on when the first has ended, and not before."""
    caplog.set_level("INFO")
    entered, looked = [], Event()

    def second() -> None:
        with held(store, wait=True):
            entered.append("second")

    waiting = Thread(target=second)
    store.write_new(anothers(1, HOUR).content(), "lease/00000001")
    waiting.start()
    while f"{ADDRESS}: process 7 on elsewhere is writing it; waiting" not in caplog.text:
        looked.wait(0.01)
    entered.append("first ends")
    store.write_new(anothers(2, timedelta(), is_over=True).content(), "lease/00000002")
    waiting.join(60)
    assert entered == ["first ends", "second"]


@pytest.fixture(autouse=True)
def looking_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lease, "LOOK_SECONDS", 0.1)


def test_a_lease_that_has_run_out_is_taken_over(store: Store):
    """Its holder was killed; the number goes on from there."""
    store.write_new(anothers(7, -timedelta(seconds=1)).content(), "lease/00000007")
    with held(store):
        assert numbers(store) == ["lease/00000008"]
    assert (numbers(store), newest(store).is_over) == (["lease/00000009"], True)


def test_of_two_that_take_it_over_one_gets_it(store: Store):
    """Both have seen the same number; the second finds the next one taken."""
    one, two = lease.Lease(store, HOUR), lease.Lease(store, HOUR)
    assert [one.take(1), two.take(1)] == [True, False]
    one.require()
    with pytest.raises(StorageFailed):
        two.require()


@pytest.mark.parametrize("is_answered", [False, True])
def test_who_has_lost_the_lease_puts_nothing_more(machine, storage: Storage, is_answered: bool):
    """Another has taken it over, as of one that slept; it ends with an error, and without a last number."""
    settings, store = machine("one"), Store(ADDRESS)
    told = f"^{ADDRESS}: found that process 7 on elsewhere since .* holds it, expected to hold it to the end"
    with pytest.raises(StorageFailed, match=told), only_writer(settings):
        settings.run_log.write_text("a run\n")
        store.write_new(anothers(2, HOUR).content(), "lease/00000002")
        with pytest.raises(StorageFailed, match=told):
            lease._held[ADDRESS].renew()
        if is_answered:
            with pytest.raises(StorageFailed, match=told), shared_attempt(settings, "pypi"):
                record_attempt(settings.archive, "pypi", settings.clock, lambda add: None)
    assert (list(store.list("archive/")), store.find("runs.jsonl")) == ([], None)
    assert newest(store).id == "another"


def test_who_sleeps_through_numbers_that_are_gone_has_lost_it(store: Store):
    """The next number is free again, but a higher one is there; what it makes goes at once."""
    with held(store) as sleeper:
        store.delete_below("lease/")
        store.write_new(anothers(5, HOUR).content(), "lease/00000005")
        with pytest.raises(StorageFailed, match="process 7 on elsewhere"):
            sleeper.renew()
        assert numbers(store) == ["lease/00000005"]


def test_who_gets_no_answer_for_a_whole_lease_has_lost_it(store: Store):
    """Another may have it by then; and who never held it puts nothing either."""
    late = lease.Lease(store, -HOUR)
    assert late.take(1)
    with pytest.raises(StorageFailed, match="no answer for as long as the lease lasted"):
        late.require()
    with pytest.raises(StorageFailed, match="held by nobody here"):
        lease.require(ADDRESS)


def test_an_answer_that_was_lost_is_no_lost_lease(store: Store, storage: Storage):
    """The request is sent again, and the number found taken: by us."""
    lose = iter([True])

    def lost(request) -> str | None:
        if request["REQUEST_METHOD"] == "PUT" and request["PATH_INFO"].endswith("lease/00000002"):
            return "lost" if next(lose, False) else None
        return None

    with held(store) as holding:
        storage.change = lost
        holding.renew()
        holding.require()
        assert storage.asked.count("PUT /bucket/some/prefix/lease/00000002") == 2


def test_it_is_renewed_as_long_as_the_block_lasts(store: Store):
    """By a thread; those that wait read a new end."""
    with held(store, length=timedelta(seconds=1.5)):
        first, looked = newest(store), Event()
        while (now := newest(store)).number == first.number and now.holds:
            looked.wait(0.1)
        assert (now.id, now.since, now.until > first.until) == (first.id, first.since, True)


def test_something_else_in_its_place_is_told(store: Store, machine):
    """It is nobody's lease, and nobody's to delete."""
    store.write_new(json.dumps({"who": "me"}).encode(), "lease/00000003")
    with pytest.raises(ConfigurationError, match=f"^{ADDRESS}/lease/00000003: found something else than a l"):
        holder(replace(machine("one")))
