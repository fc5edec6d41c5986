"""Progress: a line a stage wherever it is read, and something that moves on a terminal."""

import logging
import os
import pty
import subprocess
import sys

import pytest

from flows.console.progress import logger, shown, stage

STAGES = """
import time
from flows.console.progress import shown, stage
with shown(), stage("build") as told:
    time.sleep(0.3)
    told.result = "[b]3 models[/b]"
"""


def test_a_stage_ends_with_one_plain_line(capsys):
    """Name, seconds and result; the logger is left as it was."""
    with shown(), stage("build") as told:
        told.result = "3 models"

    assert capsys.readouterr().err == "build                       0.0 s  3 models\n"
    assert logger.handlers == [] and logger.propagate


def test_a_stage_that_fails_is_timed_too(caplog):
    """Its line says how long it took, and the error goes on."""
    with caplog.at_level(logging.INFO, "barometer"), pytest.raises(ValueError), stage("build"):
        raise ValueError

    assert [record.getMessage().split()[0] for record in caplog.records] == ["build"]


def test_a_terminal_sees_the_running_stage_move():
    """On a terminal there is a spinner while a stage runs and a line when it is over, markup untouched."""
    main, terminal = pty.openpty()
    process = subprocess.Popen([sys.executable, "-c", STAGES], stderr=terminal, stdin=terminal)
    os.close(terminal)
    seen = b""
    while True:
        try:
            seen += os.read(main, 4096)
        except OSError:  # the terminal is closed when the process ends
            break
    assert process.wait() == 0
    text = seen.decode()

    assert text.count("build") > 1 and "\x1b[" in text
    assert "[b]3 models[/b]" in text
