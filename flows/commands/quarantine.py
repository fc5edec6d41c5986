"""`barometer quarantine`: take archived answers out of what is believed, or in again."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated

import typer

from flows.commands.maintain import Wait
from flows.console.progress import shown
from flows.console.say import say
from flows.console.table import Grid, print_grid
from warehouse.archive.clock import of_the_future
from warehouse.archive.fetched import fetch_published
from warehouse.archive.lock import only_writer
from warehouse.archive.quarantine import Entry, Place, add_entries, quarantined, read_place
from warehouse.archive.write import name_of, started_at
from warehouse.config.settings import Settings, read_settings
from warehouse.errors import ConfigurationError

BY = "hand"


def quarantine(
    answers: Annotated[
        list[str] | None,
        typer.Argument(metavar="[FILE[:LINE]]...", help="Archive files, or single lines of them."),
    ] = None,
    why: Annotated[str | None, typer.Option(help="The reason, which is kept and told.")] = None,
    undo: Annotated[bool, typer.Option("--undo", help="Believe them again.")] = False,
    future: Annotated[
        bool, typer.Option("--future", help="All that was answered after now, by a clock that was ahead.")
    ] = False,
    list_them: Annotated[bool, typer.Option("--list", help="List what is in quarantine.")] = False,
    wait: Wait = False,
) -> None:
    """Take answers out of what is believed, or with --undo in again; the archive itself stays as it is.

    What is taken out is read by no build, and its questions are asked again by the next run.
    """
    settings = read_settings()
    if list_them or not (answers or future):
        fetch_published(settings)
        rows = [(str(one.place), one.said_at, one.by, one.why) for one in quarantined(settings.archive)]
        print_grid(Grid(("answer", "since", "by", "why"), rows))
        return
    with shown(), only_writer(settings, wait):
        entries = _entries(settings, answers or [], why, undo, future)
        add_entries(settings.archive, entries)
    what = "in again" if undo else "out"
    say(f"{len(entries)} taken {what}; `barometer build` publishes it, and `barometer run` asks again")


def _entries(
    settings: Settings, answers: Sequence[str], why: str | None, undo: bool, future: bool
) -> list[Entry]:
    now, out = datetime.now(UTC), {one.place for one in quarantined(settings.archive)}
    if future:
        if answers or undo:
            raise ConfigurationError(
                "quarantine --future: found more than that, expected no files and no --undo"
            )
        return _of_the_future(settings, now)
    places = [read_place(answer, settings.archive) for answer in answers]
    if undo:
        if believed := [place for place in places if place not in out]:
            raise ConfigurationError(
                f"quarantine --undo: {believed[0]}: found it believed, expected it in quarantine"
            )
        return [Entry(place, why or "believed again", now, BY, is_out=False) for place in places]
    if not why or not why.strip():
        raise ConfigurationError("quarantine: found no reason, expected one, as in --why 'it counts twice'")
    return [Entry(place, why.strip(), now, BY) for place in places if place not in out]


def _of_the_future(settings: Settings, now: datetime) -> list[Entry]:
    latest = f"{settings.clock():%Y-%m-%d %H:%M} at most"
    return [
        Entry(
            Place(name_of(file)),
            f"the clock said {started_at(file):%Y-%m-%d %H:%M} UTC, it was {latest}",
            now,
            BY,
        )
        for file in of_the_future(settings)
    ]
