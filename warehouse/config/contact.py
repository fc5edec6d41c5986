"""Whom a source may ask about our requests: one e-mail address or URL, as it goes into every User-Agent."""

import re
import tomllib
from pathlib import Path

from warehouse.config.secrets import shown
from warehouse.regular import read_regular

# What may stand in a header's comment and in TOML as it is: no blanks, quotes, brackets or backslashes.
EMAIL = r"[A-Za-z0-9.!#$%&*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+"
URL = r"https?://[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*(:\d+)?(/[A-Za-z0-9.!#$%&*+,/:;=?@_~-]*)?"
CONTACT = re.compile(f"{EMAIL}|{URL}")
LONGEST = 200
LARGEST_CONFIGURATION_BYTES = 16 * 2**20  # ten thousand subjects, each named at every source


def require_contact(text: str) -> str:
    """Return the contact; raises ValueError for what nobody could be reached at, or no header may hold."""
    if not CONTACT.fullmatch(text) or len(text) > LONGEST:
        found = shown(text) if "://" in text else text
        raise ValueError(f"found {found!r}, expected an e-mail address or a URL, like ops@example.org")
    return text


def configured_contact(config: Path) -> str | None:
    """Return the contact that a configuration file tells; None without a file, or without a right one.

    What is wrong with the file is told when it is read for what it compares.
    """
    try:
        text = read_regular(config, LARGEST_CONFIGURATION_BYTES).decode()
        return require_contact(tomllib.loads(text)["contact"])
    except (OSError, ValueError, LookupError, TypeError, RecursionError):
        return None
