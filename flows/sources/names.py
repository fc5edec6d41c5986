"""What a subject's name is at a source, as it is written there and not as something else."""

import re

from warehouse.config.catalog import catalog
from warehouse.errors import Refused


def dashed(name: str) -> str:
    """Return a name of several words with dashes between them; no sign is left out."""
    return re.sub(r"\s+", "-", name)


def fitting(source_id: str, identifier: str, what_fits: str) -> str:
    """Return an identifier; raises Refused, saying what would fit, where none at the source can be so."""
    spelling = catalog()[source_id].identifier.spelling
    if spelling and not spelling.fits(identifier):
        raise Refused(what_fits)
    return identifier
