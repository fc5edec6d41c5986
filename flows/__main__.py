"""The command's process: its streams, the signals that stop it, and how it ends.

It ends as it is, once all who asked to be told of its end have been. Prefect keeps frames of what failed to
the very end; taken down in that state, the interpreter lets DuckDB's bindings complain at length.
"""

import atexit
import gc
import os
import signal
import sys
from typing import NoReturn

from flows.console.signals import SIGNALS, exit_code, heed_signals, stopped_by
from flows.console.streams import flush_streams, mend_streams, write_failure

# How many more objects there are before rubbish is looked for; by default 700, which at every import are met
# again and again, and take a tenth of a short command to find none.
OBJECTS = 50_000


def main() -> None:
    """Run a command and end the process with its exit code, 1 after an error that nobody expected."""
    gc.set_threshold(OBJECTS)
    mend_streams()
    heed_signals()
    codes = [1]
    # What is registered later, by what is imported here, is called before it.
    atexit.register(lambda: _leave(codes[-1]))
    try:
        from flows.commands.cli import run_command

        codes.append(run_command())
    except BaseException:
        if not stopped_by():
            raise
    if signum := stopped_by():
        print(f"barometer: stopped by {signum.name}; nothing is half-written", file=sys.stderr)
        codes.append(exit_code(signum))
        atexit._run_exitfuncs()  # at once: threads that still wait for an answer are not waited for


def _leave(code: int) -> NoReturn:
    for signum in SIGNALS:
        signal.signal(signum, signal.SIG_IGN)
    flush_streams()
    if why := write_failure():
        code = code or 1
        print(f"barometer: {why}", file=sys.stderr)
        flush_streams()
    os._exit(code)


if __name__ == "__main__":
    main()
