"""Killed before any write to the storage nothing is lost there, and the next run ends what it began."""

import dataclasses
import io
import os
import re
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

from tests.object_storage import ADDRESS, Storage
from tests.warehouse.remote.test_mirror import contents, up_to_date
from warehouse.archive.verify import verified
from warehouse.remote import lease
from warehouse.remote.store import Store

ROOT = Path(__file__).resolve().parents[3]
KILLED = [sys.executable, str(Path(__file__).with_name("killed.py"))]

PUT = re.compile(r"^PUT /bucket/some/prefix/archive/(.*\.gz)$", re.MULTILINE)


def attempts_there() -> set[str]:
    """Return the attempts that are there, packed or not."""
    store, found = Store(ADDRESS), set[str]()
    for name in store.list("archive/"):
        folder, file = name.removeprefix("archive/").rpartition("/")[::2]
        if file.endswith(".zip"):
            names = ZipFile(io.BytesIO(store.read(name))).namelist()
            found |= {f"{folder}/{packed}" for packed in names}
        elif file.endswith(".gz"):
            found.add(f"{folder}/{file}")
    return found


def let_the_lease_run_out() -> None:
    """Do in a moment what five minutes do."""
    if (term := lease.newest(Store(ADDRESS))) and term.holds:
        over = dataclasses.replace(term, number=term.number + 1, until=term.since)
        assert Store(ADDRESS).write_new(over.content(), over.name)


def test_killed_before_any_write_the_next_run_goes_on(machine, storage: Storage, tmp_path: Path):
    """What was there stays there, what is published is whole, and in the end all machines have all of it."""
    one = machine("one")
    environment = os.environ | {
        "BAROMETER_DATA": ADDRESS,
        "BAROMETER_CACHE": str(one.data.parent),
        "PYTHONPATH": str(ROOT),
    }
    kills = 0
    with subprocess.Popen(
        KILLED, env=environment, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdin and process.stdout
        while not (made := int(process.stdout.readline())):
            kills += 1
            assert attempts_there() >= set(re.findall(PUT, "\n".join(storage.asked)))
            if Store(ADDRESS).find("barometer.duckdb"):
                assert re.fullmatch(rb"published by run \d+", Store(ADDRESS).read("barometer.duckdb"))
            let_the_lease_run_out()
            process.stdin.write("\n")
            process.stdin.flush()
    assert process.returncode == 0 and min(made, kills) > 14

    assert attempts_there() == contents(one).keys() and len(contents(one)) > 4 * kills / 2
    assert Store(ADDRESS).read("barometer.duckdb") == b"published by run %d" % (kills + 1)
    other = up_to_date(machine("other"))
    assert contents(other) == contents(one) and not any(verified(other.archive))
    for name in ("runs.jsonl", "archive/quarantine.jsonl"):
        assert (other.data / name).read_bytes() == (one.data / name).read_bytes()
    names = [name.rpartition("/")[2][:7] for name in Store(ADDRESS).list("archive/")]
    assert names.count("2025-06") == 2 and "2025060" not in names
