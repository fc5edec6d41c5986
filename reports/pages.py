"""What every page has: its address, its title, what its template is filled with."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Page:
    """A page of the site, without the frame that all pages share."""

    name: str
    template: str
    label: str
    title: str
    description: str
    content: Mapping[str, Any]
