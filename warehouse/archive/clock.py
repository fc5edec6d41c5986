"""What a clock that was ahead leaves in the archive: answers of a time that is not yet, and not believed."""

from datetime import datetime, timedelta
from pathlib import Path

from warehouse.archive.quarantine import believed_files
from warehouse.archive.write import name_of, started_at
from warehouse.config.settings import Settings
from warehouse.errors import ConfigurationError

# Two machines, or a machine and its clock service, may differ by so much.
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
WHAT_TO_DO = (
    "set the machine's clock; if it is right and was ahead then, "
    "`barometer quarantine --future` takes out what was answered"
)


def latest(settings: Settings) -> datetime:
    """Return up to when an attempt can have begun: now, or the end of the day that is made again."""
    return settings.as_of or settings.clock() + MINUTE


def of_the_future(settings: Settings) -> list[Path]:
    """Return the archive files of attempts that begin after now."""
    return [file for file in believed_files(settings.archive) if started_at(file) > latest(settings)]


def require_clock(settings: Settings) -> None:
    """Raise ConfigurationError where the clock is behind the newest archive file by more than a day.

    Written by such a clock, answers and figures would seem older than they are. A past day that is made again
    has its own clock.
    """
    future = [] if settings.as_of else of_the_future(settings)
    if future and (newest := started_at(future[-1])) > settings.clock() + DAY:
        raise ConfigurationError(
            f"clock: found {settings.clock():%Y-%m-%d %H:%M} UTC, expected no time before that of the newest "
            f"archive file {name_of(future[-1])}, {newest:%Y-%m-%d %H:%M}; {WHAT_TO_DO}"
        )
