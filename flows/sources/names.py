"""What a subject's name is at each source, as it is written there and not as something else.

All raise Refused where nothing at the source can be called so.
"""

import re

from warehouse.config.spelling import ARTICLE, REPOSITORY, TAG, package_name, title
from warehouse.errors import Refused

# Source: https://packaging.python.org/en/latest/specifications/name-normalization/
PACKAGE_NAME = re.compile(r"[A-Z0-9]|[A-Z0-9][A-Z0-9._-]*[A-Z0-9]", re.IGNORECASE | re.ASCII)


def dashed(name: str) -> str:
    """Return a name of several words as GitHub and Stack Overflow write it; no sign is left out."""
    return re.sub(r"\s+", "-", name)


def repository_name(name: str) -> str:
    """Return what repositories called so are named, without their owners."""
    if not REPOSITORY.fits(f"owner/{dashed(name)}"):
        raise Refused("no repository can be called so: a name has letters, digits and . _ - alone")
    return dashed(name)


def package(name: str) -> str:
    """Return the package called so, in its normal form."""
    if not PACKAGE_NAME.fullmatch(name):
        signs = "letters, digits and . _ - alone, the first two at both ends"
        raise Refused(f"no package can be called so: a name has {signs}")
    return package_name(name)


def tag(name: str) -> str:
    """Return the tag called so."""
    if not TAG.fits(dashed(name.lower())):
        raise Refused("no tag can be called so: it has small letters, digits and + # . - alone")
    return dashed(name.lower())


def article(name: str) -> str:
    """Return the title of the article called so, as in its address."""
    if not ARTICLE.fits(title(name)):
        raise Refused("no article can be called so: a title has none of # < > [ ] { } |")
    return title(name)
