"""What the stages tell as JSON, one object a line on standard error, for programs that collect logs."""

import json
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated

import typer

from flows.console.progress import logger
from flows.console.say import say


class LogFormat(StrEnum):
    """How commands tell what they do."""

    TEXT = "text"
    JSON = "json"


def _tell_version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version as installed_version  # takes a while to import

        say(f"barometer {installed_version('barometer')}")
        raise typer.Exit


def tell_as(
    context: typer.Context,
    log_format: Annotated[LogFormat, typer.Option(help="Format of the log.")] = LogFormat.TEXT,
    version: Annotated[
        bool, typer.Option("--version", callback=_tell_version, is_eager=True, help="Tell the version.")
    ] = False,
) -> None:
    """Evidence for framework debates: collect, model, publish and report."""
    if log_format is LogFormat.JSON:
        context.with_resource(json_lines())


class JsonLines(logging.Formatter):
    """A finished stage with its figures, anything else with its message."""

    def format(self, record: logging.LogRecord) -> str:
        """Return one line."""
        ended = getattr(record, "ends", None)
        told = ended.record() if ended else {"message": record.getMessage()}
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        return json.dumps({"time": at, "level": record.levelname.lower(), **told}, ensure_ascii=False)


@contextmanager
def json_lines() -> Iterator[None]:
    """Write JSON for the duration of a command; `flows.console.progress.shown` then shows nothing else."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    logger.setLevel(logging.INFO)
    logger.addHandler(handler)
    logger.propagate = False
    try:
        yield
    finally:
        logger.removeHandler(handler)
        logger.propagate = True
