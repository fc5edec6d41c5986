"""What a name becomes where only some signs are allowed."""

import re


def dashed(name: str) -> str:
    """Return a name as packages and tags are written: small, with dashes for all other signs."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")


def subject_id(name: str) -> str:
    """Return the id of a subject of this name."""
    return dashed(name).replace("-", "_")


def title(name: str) -> str:
    """Return the title of an article of this name, as in its address."""
    return re.sub(r"\s+", "_", name[:1].upper() + name[1:])
