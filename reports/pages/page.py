"""What every page has: its address, its title, what its template is filled with.

A new page is a module here that returns one, a template if none fits, and a line in `files.pages_of`; a new
chart is a `figure_of` a series in it. A metric, or a view of one, stands on the page of its kind by its
declaration.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from reports.charts.figure import Figure
from reports.data.records import Subject


@dataclass(frozen=True)
class Page:
    """A page of the site, without the frame that all pages share."""

    name: str
    template: str
    label: str
    title: str
    description: str
    content: Mapping[str, Any]
    subject: Subject | None = None

    @property
    def figures(self) -> list[Figure]:
        """Its figures, in order."""
        found: list[Figure] = self.content.get("figures", [])
        return found
