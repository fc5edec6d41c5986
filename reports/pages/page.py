"""What every page has: its address, its title, what its template is filled with.

A new page is a module here that returns one, a template if none fits, and a line in `files.pages_of`; a new
chart is a `figure_of` a series in it. A metric, or a view of one, stands on the page of its kind by its
declaration.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, TypeAlias

from reports.charts.figure import Figure
from reports.data.declared import declared
from reports.data.records import Subject

Chart: TypeAlias = tuple[str, str]  # a page's name, and the part of it

MOST_FIRST = 4  # sheets that a page begins with


@dataclass(frozen=True)
class Sheets:
    """The figures of a page: those it begins with, those on demand, and those without anything to show.

    What stands first are main measures, those of the scoreboard, that were measured.
    """

    first: Sequence[Figure]
    further: Sequence[Figure]
    missing: Sequence[Figure]


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
    is_listed: bool = True  # among the pages, on every page

    @property
    def figures(self) -> list[Figure]:
        """Its figures, in order."""
        found: list[Figure] = self.content.get("figures", [])
        return found

    @property
    def sheets(self) -> Sheets:
        """Its figures as they are laid out."""
        return laid_out(self.figures)


def charts_of(drawn: Iterable[Page]) -> Mapping[str, Chart]:
    """Return where the chart of a series, or else the first of its metric, stands."""
    every = [(page.name, one) for page in drawn for one in page.figures]
    found: dict[str, Chart] = {}
    for page, one in every:
        found.setdefault(one.series, (page, one.key))
    for page, one in every:
        if one.content:
            found.setdefault(one.content.series.metric.metric_id, (page, one.key))
    return found


def laid_out(figures: Sequence[Figure]) -> Sheets:
    """Return figures as a page lays them out; those that are ways to look at one thing stay together."""
    groups = [list(group) for _, group in groupby(figures, key=lambda one: one.kin or one.key)]
    told = [group for group in groups if any(one.content or one.table for one in group)]
    first = [group for group in told if _is_main(group)][:MOST_FIRST] or told[:MOST_FIRST]
    further = [group for group in told if group not in first]
    if len(further) == 1:  # which costs no more room than to ask for it
        first, further = told, []
    missing = [group for group in groups if group not in told]
    return Sheets(*([one for group in part for one in group] for part in (first, further, missing)))


def _is_main(group: Sequence[Figure]) -> bool:
    known = [one for figure in group if (one := declared().get(figure.series))]
    measured = any(one.content and not one.content.series.is_sample for one in group)
    return measured and any(one.shown.headline or one.metric.headline for one in known)
