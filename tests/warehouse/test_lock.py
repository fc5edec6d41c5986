"""One writer at a time, and none that is dead."""

import errno
import resource
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

import pytest

from warehouse.archive.lock import holder, only_writer
from warehouse.config.settings import Settings
from warehouse.errors import Busy, ConfigurationError, StorageFailed

HOLDING = """
import time
from warehouse.archive.lock import only_writer
from warehouse.config.settings import read_settings

with only_writer(read_settings()):
    print("held", flush=True)
    time.sleep(600)
"""


@contextmanager
def another_writer(settings: Settings) -> Iterator[subprocess.Popen[bytes]]:
    """Hold the folder in another process; kill it at the end."""
    command = [sys.executable, "-c", HOLDING]
    environment = {"BAROMETER_DATA": str(settings.data)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment) as process:
        assert process.stdout and process.stdout.readline() == b"held\n"
        yield process
        process.send_signal(signal.SIGKILL)


def test_a_second_writer_is_told_of_the_first(settings: Settings):
    """It ends at once, with the process that holds the folder and since when."""
    with another_writer(settings) as process:
        told_of = rf"process {process.pid} since 20\d\d-\d\d-\d\d .* is writing it"
        with pytest.raises(Busy, match=told_of), only_writer(settings):
            pass
        told = holder(settings)
    assert told and told.startswith(f"process {process.pid} since ")


def test_a_killed_writer_holds_nothing(settings: Settings):
    """Its lock is gone with it, whatever the file says."""
    with another_writer(settings):
        pass
    assert holder(settings) is None
    with only_writer(settings), pytest.raises(Busy), only_writer(settings):
        pass
    assert holder(settings) is None


def test_a_second_writer_can_wait(settings: Settings):
    """With `wait` it goes on as soon as the first has ended, and not before."""
    entered = []

    def second() -> None:
        with only_writer(settings, wait=True):
            entered.append("second")

    waiting = Thread(target=second)
    with another_writer(settings) as process:
        waiting.start()
        waiting.join(0.2)
        entered.append("first ends")
        process.kill()
        waiting.join(30)
    assert entered == ["first ends", "second"]


def test_a_command_holds_the_folder_for_the_flow_within_it(settings: Settings):
    """From its beginning to its end, and others are told of it all the while."""
    with only_writer(settings):
        with only_writer(settings, within=True):
            assert holder(settings)
        told = holder(settings)
        with pytest.raises(Busy), only_writer(settings):
            pass
        assert told and told == holder(settings)
    with another_writer(settings), pytest.raises(Busy), only_writer(settings, within=True):
        pass


def test_a_disk_that_takes_no_more_is_told_with_the_folder(settings: Settings):
    """Whoever writes, the lock too: the system's error of a write names no file."""
    full = OSError(errno.ENOSPC, "No space left on device")
    told = f"{settings.data}: No space left on device, expected room to write"
    with pytest.raises(StorageFailed, match=told), only_writer(settings):
        raise full

    allowed = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, allowed[1]))
    try:
        with pytest.raises(StorageFailed, match=f"{settings.data}: File too large"), only_writer(settings):
            pass
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, allowed)
    assert holder(settings) is None


def test_a_folder_that_cannot_be_written_is_told(settings: Settings):
    """The message names it."""
    settings.data.write_text("a file")
    told = f"{settings.data}: .*, expected a folder that can be written"
    with pytest.raises(ConfigurationError, match=told), only_writer(settings):
        pass
