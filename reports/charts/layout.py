"""A chart's content at one size: where everything goes. What draws it is in `charts`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from reports.charts.annotations import Annotation
from reports.charts.content import Content
from reports.charts.label_layout import LETTER, Label, label_rows
from reports.charts.ticks import TimeTicks, age_ticks, spread, time_ticks, value_ticks
from reports.data.records import Point, Subject

LINE = 15  # pixels from one line of labels to the next
MOST_ROWS = 3  # more rows of names than this and a chart is mostly names
FARTHEST = (
    1.5  # times the highest line; an unusual figure beyond it would set the scale: it stands at the edge
)
NAMES_FROM = 400  # pixels; a narrower chart has room for numbers only


@dataclass(frozen=True)
class Size:
    """The size of a drawing in pixels: over all its width, and of the plot its height."""

    width: int
    height: int


@dataclass(frozen=True)
class Layout:
    """A content at one size; its annotations carry names, or numbers of the list below the chart."""

    content: Content
    size: Size
    numbered: bool

    left = 40
    bottom = 24

    @property
    def right(self) -> float:
        """Room for the longest name at the end of a line; the chart cuts off names that need more."""
        longest = max(len(subject.name) for subject in self.content.subjects)
        return min(longest * (LETTER + 1.2) + 22, self.size.width * 0.3)

    @property
    def top(self) -> float:
        """Room for the axis title and the names of annotations."""
        return LINE * (1.3 + self.rows)

    @property
    def width(self) -> float:
        """Width of the plot itself."""
        return self.size.width - self.left - self.right

    @cached_property
    def values(self) -> Sequence[float]:
        """Values at which the vertical axis has a line."""
        highest = max(max(point.value, point.high or 0) for point in self.content.drawn)
        near = (point.value for point in self.content.unusual if point.value <= FARTHEST * highest)
        return value_ticks(max([highest, *near]), self.content.series.metric.unit)

    @cached_property
    def times(self) -> TimeTicks:
        """The labels and ticks of the horizontal axis."""
        ticks = age_ticks if self.content.series.metric.grain == "age" else time_ticks
        return ticks(*self.content.domain, self.width)

    def within(self, day: date) -> date:
        """Return the day, or the end of the plot that it lies beyond."""
        first_day, last_day = self.content.domain
        return min(max(day, first_day), last_day)

    def x(self, day: date) -> float:
        """Return the place of a day, from the left edge of the plot."""
        first_day, last_day = self.content.domain
        return self.width * (self.within(day) - first_day).days / (last_day - first_day).days

    def y(self, value: float) -> float:
        """Return the place of a value, from the top of the plot."""
        return self.size.height * (1 - value / self.values[-1])

    @cached_property
    def labels(self) -> Sequence[Label] | None:
        """The labels of the annotations, above the plot; None where they do not fit."""
        annotations = self.content.annotations
        texts = [
            str(number) if self.numbered else annotation.name
            for number, annotation in enumerate(annotations, 1)
        ]
        starts = [self.x(annotation.first_day) for annotation in annotations]
        return label_rows(starts, texts, self.width + self.right, MOST_ROWS)

    @property
    def rows(self) -> int:
        """Rows of labels above the plot."""
        return max((label.row + 1 for label in self.labels or ()), default=0)

    @property
    def heads(self) -> Sequence[tuple[Annotation, float]]:
        """Every annotation with the place, above the plot, that its line begins at."""
        rows = [label.row for label in self.labels] if self.labels else [0] * len(self.content.annotations)
        return [
            (annotation, -LINE * row - 3)
            for annotation, row in zip(self.content.annotations, rows, strict=True)
        ]

    @cached_property
    def ends(self) -> list[tuple[Subject, Point, float]]:
        """Every subject's last point, with the offset that keeps its name clear of the others."""
        last = {segment.subject_id: segment.points[-1] for segment in self.content.shapes}
        subjects = [subject for subject in self.content.subjects if subject.subject_id in last]
        points = [last[subject.subject_id] for subject in subjects]
        wanted = [self.y(self._label_height(point)) for point in points]
        places = spread(wanted, LINE, self.size.height)
        asides = [place - self.y(point.value) for place, point in zip(places, points, strict=True)]
        return list(zip(subjects, points, asides, strict=True))

    def _label_height(self, point: Point) -> float:
        """Return the height a name belongs at: at its line, or in the middle of its layer of a stack."""
        return (point.value + (point.low or 0)) / 2 if self.content.is_stacked else point.value


def layout(content: Content, size: Size) -> Layout:
    """Return the layout of a content; annotations are numbered where their names would not fit."""
    named = Layout(content, size, numbered=False)
    return Layout(content, size, numbered=True) if size.width < NAMES_FROM or named.labels is None else named
