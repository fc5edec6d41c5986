"""The commands that look after the archive. Exit codes: 0 all good; 1 a file is damaged."""

from dataclasses import astuple, fields
from typing import Annotated

import typer

from flows.console.progress import shown, stage
from flows.console.table import Grid, print_grid
from flows.pipeline import steps
from warehouse.archive.compact import compact as pack_months
from warehouse.archive.lock import only_writer
from warehouse.archive.verify import Damage
from warehouse.config.settings import read_settings
from warehouse.errors import ArchiveDamaged

Wait = Annotated[bool, typer.Option("--wait", help="Wait while another process writes the data folder.")]


def verify() -> None:
    """Verify every file of the archive against its digests; nothing is changed."""
    settings = read_settings()
    with shown():
        found = steps.verify(settings)
    if found:
        print_grid(Grid([column.name for column in fields(Damage)], [astuple(one) for one in found]))
        raise ArchiveDamaged(
            f"{settings.archive}: found {len(found)} damaged files, expected none; "
            "put each back from a backup, or take it out by `barometer quarantine FILE --why REASON`"
        )


def compact(wait: Wait = False) -> None:
    """Pack the archive's files of each complete month into one, as they are, verified before they go."""
    settings = read_settings()
    with shown(), only_writer(settings, wait), stage("compact") as told:
        steps.require_archive(settings)
        told.result = f"{pack_months(settings.archive, settings.clock())} files went into month files"
