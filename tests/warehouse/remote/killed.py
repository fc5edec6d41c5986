"""Runs of a machine, each in a process of its own: the first is killed before its first write to the object
storage, the second before its second one, until one comes to its end.

After each it writes a line, how many writes a run that ended has made or 0, and waits for one.
"""

import os
import signal
import sys
from datetime import UTC, datetime, timedelta

from s3fs import S3FileSystem

from warehouse.archive.compact import compact
from warehouse.archive.lock import only_writer
from warehouse.archive.quarantine import Entry, Place, add_entries
from warehouse.archive.shared import shared_attempt
from warehouse.archive.write import Page, archived_files, name_of, record_attempt
from warehouse.config.settings import read_settings

settings = read_settings()
WRITES = ("put_object", "delete_objects", "create_multipart_upload")
SOURCES = ("github", "pypi")


def record(source_id: str, at: datetime) -> None:
    page = Page("overall", "torch", "", 200, at, b"an answer")
    with shared_attempt(settings, source_id):
        record_attempt(settings.archive, source_id, lambda: at, lambda add: add(page))


def run(number: int) -> None:
    """Collect from two sources for a day of a complete month and for today, and do all that changes files."""
    with only_writer(settings):
        for day in (datetime(2025, 6, 1, tzinfo=UTC), datetime(2025, 8, 1, tzinfo=UTC)):
            at = day + timedelta(minutes=number)
            for source_id in SOURCES:
                record(source_id, at)
        compact(settings.archive, datetime(2025, 8, 6, tzinfo=UTC))
        newest = name_of(archived_files(settings.archive)[-1])
        add_entries(settings.archive, [Entry(Place(newest), f"run {number}", at, "hand")])
        settings.published_file.write_text(f"published by run {number}")
        with settings.run_log.open("a") as log:
            log.write(f"run {number}\n")


def count_writes(last: int) -> list[str]:
    """Kill this process before its `last` write; return the list that the writes until then come into."""
    made, call = list[str](), S3FileSystem._call_s3

    async def counted(self, method, *arguments, **others):
        if method in WRITES:
            made.append(method)
            if len(made) == last:
                os.kill(os.getpid(), signal.SIGKILL)
        return await call(self, method, *arguments, **others)

    S3FileSystem._call_s3 = counted
    return made


def attempt(number: int) -> bool:
    """Run in another process, as s3fs outlives no fork; return whether it was killed."""
    if child := os.fork():
        return os.waitpid(child, 0)[1] == signal.SIGKILL
    made = count_writes(number)
    run(number)
    print(len(made), flush=True)
    os._exit(0)


number = 1
while attempt(number):
    print(0, flush=True)
    sys.stdin.readline()
    number += 1
