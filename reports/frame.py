"""One drawing of a series: what is in it, how large it is, and where its labels go. Altair is in `charts`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from reports.axes import LETTER, label_rows, spread, time_domain, time_ticks, value_ticks
from reports.evidence import Series
from reports.lines import Segment
from reports.marks import Mark
from reports.rows import Point, Subject
from reports.words import PERIODS

LINE = 15  # pixels from one line of labels to the next
MOST_ROWS = 3  # more rows of names than this and a chart is mostly names


@dataclass(frozen=True)
class Size:
    """The size of a drawing in pixels: over all its width, and of the plot its height."""

    width: int
    height: int


@dataclass(frozen=True)
class Content:
    """What a chart of a series shows, at whatever size."""

    series: Series
    subjects: Sequence[Subject]
    segments: Sequence[Segment]
    marks: Sequence[Mark]

    @property
    def unit(self) -> str:
        """What the vertical axis counts: downloads a month."""
        metric = self.series.metric
        names = {"share": "share of all compared", "index": "index, 100 at its highest"}
        return names.get(metric.unit) or f"{metric.unit} {PERIODS[metric.grain]}".strip()

    @cached_property
    def points(self) -> Sequence[Point]:
        """The points that are drawn."""
        return [point for segment in self.segments for point in segment.points]

    @cached_property
    def domain(self) -> tuple[date, date]:
        """The first and last day, stretches without an answer included."""
        ends = [mark.last_day for mark in self.marks if mark.is_stretch]
        first_day = min(point.first_day for point in self.series.points)
        return time_domain(first_day, max(*ends, *(point.last_day for point in self.series.points)))


@dataclass(frozen=True)
class Frame:
    """A content at one size."""

    content: Content
    size: Size
    numbered: bool

    left = 40
    bottom = 24

    @cached_property
    def right(self) -> float:
        """Room for the longest name at the end of a line; names that need more are cut off by the chart."""
        longest = max(len(subject.name) for subject in self.content.subjects)
        return min(longest * (LETTER + 1.2) + 14, self.size.width * 0.3)

    @property
    def top(self) -> float:
        """Room for the axis title and the names of marks."""
        return LINE * (1.3 + self.rows)

    @property
    def width(self) -> float:
        """Width of the plot itself."""
        return self.size.width - self.left - self.right

    @cached_property
    def values(self) -> Sequence[float]:
        """Values at which the vertical axis has a line."""
        return value_ticks(
            max((point.value for point in self.content.points), default=0), self.content.series.metric.unit
        )

    @cached_property
    def times(self) -> tuple[list[date], list[date], str]:
        """Days at which the horizontal axis has labels and ticks, and the labels' format."""
        return time_ticks(*self.content.domain, self.width)

    def x(self, day: date) -> float:
        """Return the place of a day, from the left edge of the plot."""
        first_day, last_day = self.content.domain
        inside = min(max(day, first_day), last_day)
        return self.width * (inside - first_day).days / (last_day - first_day).days

    def y(self, value: float) -> float:
        """Return the place of a value, from the top of the plot."""
        return self.size.height * (1 - value / self.values[-1])

    @cached_property
    def names(self) -> list[tuple[Mark, str, int, float]]:
        """Every mark with its name or number, the row it stands in, and its left edge."""
        marks = self.content.marks
        texts = [str(number) if self.numbered else mark.name for number, mark in enumerate(marks, 1)]
        places = label_rows([self.x(mark.first_day) for mark in marks], texts, self.width + self.right)
        return [(mark, text, *place) for mark, text, place in zip(marks, texts, places, strict=True)]

    @property
    def rows(self) -> int:
        """Rows of names above the plot."""
        return max((row + 1 for _, _, row, _ in self.names), default=0)

    @cached_property
    def ends(self) -> list[tuple[Subject, Point, float]]:
        """Every subject's last point, with the offset that keeps its name clear of the others."""
        last = {segment.subject_id: segment.points[-1] for segment in self.content.segments}
        named = [
            (subject, last[subject.subject_id])
            for subject in self.content.subjects
            if subject.subject_id in last
        ]
        wanted = [self.y(point.value) for _, point in named]
        places = spread(wanted, LINE, self.size.height)
        return [(*pair, place - want) for pair, want, place in zip(named, wanted, places, strict=True)]


def frame(content: Content, size: Size) -> Frame:
    """Return the frame of a content; marks are numbered where their names would not fit."""
    named = Frame(content, size, numbered=False)
    crowded = named.rows > MOST_ROWS or size.width < 400
    return Frame(content, size, numbered=True) if crowded else named
