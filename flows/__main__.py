"""The command's process: how it ends.

It ends as it is, once all who asked to be told of its end have been. Prefect keeps frames of what failed to
the very end; taken down in that state, the interpreter lets DuckDB's bindings complain at length.
"""

import atexit
import os
import sys
from contextlib import suppress


def main() -> None:
    """Run a command and end the process with its exit code, 1 after an error that nobody expected."""
    codes = [1]
    # What is registered later, by what is imported here, is called before it.
    atexit.register(lambda: _leave(codes[-1]))
    from flows.cli import run_command

    codes.append(run_command())


def _leave(exit_code: int) -> None:
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError):  # nobody reads it any more
            stream.flush()
    os._exit(exit_code)


if __name__ == "__main__":
    main()
