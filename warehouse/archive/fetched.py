"""What readers need of an archive in object storage: what was published, and the other files that change."""

import logging

from warehouse.config.settings import Settings
from warehouse.errors import BarometerError

logger = logging.getLogger("barometer")


def fetch_published(settings: Settings) -> None:
    """Fetch the files that change where there are newer ones than here, and nobody here writes.

    Of a data folder that is no mirror there is nothing to fetch. Without an answer what is here is read, and
    that is told; raises the error where nothing is.
    """
    if settings.remote is None:
        return
    from warehouse.archive.lock import holder_here  # most data folders are no mirrors
    from warehouse.archive.mirror import PUBLISHED, pull_changing

    if holder_here(settings):
        return
    try:
        pull_changing(settings)
    except BarometerError as error:
        if not (settings.data / PUBLISHED).exists():
            raise
        logger.warning("%s; what was fetched before is read", error)
