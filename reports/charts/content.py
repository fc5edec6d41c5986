"""What a chart of a series shows, at whatever size."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from reports.charts.annotations import Annotation
from reports.charts.ticks import time_domain
from reports.data.records import Point, Subject
from reports.data.series import Series
from reports.data.wording import unit_of
from reports.findings.segments import Segment, stacked


@dataclass(frozen=True)
class Content:
    """A series with its segments, and what is marked beside them; the lines of some are hidden at first."""

    series: Series
    subjects: Sequence[Subject]
    segments: Sequence[Segment]
    annotations: Sequence[Annotation]
    is_stacked: bool = False
    unusual: Sequence[Point] = ()
    hidden: frozenset[str] = frozenset()

    @property
    def at_first(self) -> "Content":
        """What is drawn before a reader asks for more."""
        return replace(
            self,
            segments=[segment for segment in self.segments if segment.subject_id not in self.hidden],
            unusual=[point for point in self.unusual if point.subject_id not in self.hidden],
        )

    @property
    def unit(self) -> str:
        """What the vertical axis counts: downloads a month."""
        return unit_of(self.series.metric)

    @cached_property
    def shapes(self) -> Sequence[Segment]:
        """The segments at the height they are drawn at."""
        return stacked(self.segments, self.subjects) if self.is_stacked else self.segments

    @cached_property
    def points(self) -> Sequence[Point]:
        """The points that are drawn."""
        return [point for segment in self.segments for point in segment.points]

    @property
    def drawn(self) -> Sequence[Point]:
        """The points at the height they are drawn at."""
        return [point for segment in self.shapes for point in segment.points]

    @cached_property
    def domain(self) -> tuple[date, date]:
        """The first and last day, stretches without an answer included."""
        ends = [annotation.last_day for annotation in self.annotations if annotation.is_stretch]
        every = self.series.by_subject().values()
        first_day = min(points[0].first_day for points in every)
        return time_domain(first_day, max([*ends, *(points[-1].last_day for points in every)]))
