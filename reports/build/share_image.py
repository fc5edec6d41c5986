"""Pictures that stand alone: a chart on light paper with its title and source, as SVG and as PNG."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import wrap

from markupsafe import Markup

from reports.charts.colors import on_paper
from reports.data.records import Subject

WIDTH = 738
TITLE_LETTERS = 62  # of a line of a title in this width
NOTE_LETTERS = 110
LINE, NOTE_LINE = 29, 17  # pixels from one line to the next


@dataclass(frozen=True)
class Sheet:
    """What stands on a picture, with the places of its parts."""

    title: Sequence[str]
    notes: Sequence[str]
    chart: Markup
    chart_height: float

    @property
    def chart_top(self) -> float:
        """Where the chart begins."""
        return 34 + LINE * len(self.title)

    @property
    def notes_top(self) -> float:
        """Where the lines under the chart begin."""
        return self.chart_top + self.chart_height + 22

    @property
    def height(self) -> float:
        """Height of the whole."""
        return self.notes_top + NOTE_LINE * len(self.notes) + 10


def sheet(title: str, notes: Sequence[str], svg: str, subjects: Sequence[Subject]) -> Sheet:
    """Return the parts of a picture; without a chart it is a title and its notes."""
    told = [line for note in notes for line in wrap(note, NOTE_LETTERS)]
    height = re.search(r'height="([\d.]+)"', svg)
    return Sheet(
        wrap(title, TITLE_LETTERS),
        told,
        Markup(on_paper(_unclipped(svg), subjects)),
        float(height[1]) if height else 0.0,
    )


def _unclipped(svg: str) -> str:
    """Return a chart that may stand in a picture: nothing of it lies outside, and to clip it is dear."""
    return svg.replace("<svg ", '<svg overflow="visible" ', 1)
