"""Where an archive lives in object storage: when its mirror here is brought up to date, and by whom.

In a data folder that is no mirror none of this does anything.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from warehouse.archive import mirror
from warehouse.config.settings import Settings
from warehouse.errors import BarometerError
from warehouse.remote import lease
from warehouse.remote.store import Store

logger = logging.getLogger("barometer")


@contextmanager
def shared(settings: Settings, wait: bool = False) -> Iterator[None]:
    """Be the storage's one writer for as long as the block lasts: with all that is there, and then all put.

    What a killed run has left here is put first. Raises Busy while another machine writes, unless told to
    `wait`.
    """
    if settings.remote is None:
        yield
        return
    with lease.held(Store(settings.remote), wait):
        mirror.pull(settings)
        mirror.push(settings)
        try:
            yield
        except Exception:
            _push_all_the_same(settings)
            raise
        mirror.push(settings)


@contextmanager
def shared_attempt(settings: Settings, source_id: str) -> Iterator[None]:
    """Put what the block archives of a source as soon as it ends; on a worker of another machine, too."""
    if settings.remote is None:
        yield
        return
    if not lease.holds(settings.remote):
        mirror.fetch_made_once(settings)
    try:
        yield
    finally:
        mirror.push_source(settings, source_id)


def fetch_archive(settings: Settings) -> None:
    """Fetch what workers of other machines have archived; where they share the data folder, nothing."""
    if settings.remote:
        mirror.pull(settings)


def _push_all_the_same(settings: Settings) -> None:
    """Put what can be put after a failure, which is raised whatever becomes of that."""
    try:
        mirror.push(settings)
    except BarometerError as error:
        logger.warning("%s", error)
