"""The demo's server in a process of its own, so that it answers while those who ask work on another core."""

import signal
import subprocess
import sys
from contextlib import suppress
from datetime import datetime
from typing import Self

from flows.console.signals import SIGNALS
from flows.demo.server import DemoServer
from flows.standin.facts import CLOCK


class ServerApart:
    """A context manager: while it is open the sources answer at `url`, as of `now`, which can be set.

    The process ends with this one, however that ends. RuntimeError where it does not start, or has ended.
    """

    def __init__(self) -> None:
        self._now = CLOCK

    def __enter__(self) -> Self:
        command = [sys.executable, "-m", __name__]
        self._process = subprocess.Popen(command, bufsize=0, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.url = self._told()
        return self

    def __exit__(self, *_: object) -> None:
        with self._process:  # closes what it reads, and waits for it
            pass

    @property
    def now(self) -> datetime:
        """The simulated moment, aware and UTC: no answer holds anything later."""
        return self._now

    @now.setter
    def now(self, moment: datetime) -> None:
        self._now = moment
        assert self._process.stdin
        with suppress(BrokenPipeError):  # it has ended, and so it tells nothing
            self._process.stdin.write(f"{moment.isoformat()}\n".encode())
        self._told()

    def _told(self) -> str:
        assert self._process.stdout
        if told := self._process.stdout.readline().strip():
            return told.decode()
        raise RuntimeError("demo server: found that it has ended, expected it to answer")


def main() -> None:
    """Serve until standard input is closed; each line of it is the moment that it is from now on."""
    for signum in SIGNALS:  # they are for who has started this
        signal.signal(signum, signal.SIG_IGN)
    with DemoServer() as server:
        print(server.url, flush=True)
        for line in sys.stdin:
            server.now = datetime.fromisoformat(line.strip())
            print(server.now.isoformat(), flush=True)


if __name__ == "__main__":
    main()
