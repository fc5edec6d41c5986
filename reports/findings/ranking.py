"""Who stands where in one measure at one time: the figures of the last period known for all counted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from reports.data.evidence import Evidence
from reports.data.records import OPEN, Metric, Point, Subject
from reports.data.series import Series
from reports.findings.segments import COUNTER_STEP

# Two ways of counting the same thing differ by up to this much (stars of one repository in two lists,
# 2018-2025: 1.5 %), so a lead inside it is none.
LEVEL = 0.02
WEEKS = 13


@dataclass(frozen=True)
class Ranking:
    """The figures of one window, the highest first."""

    metric: Metric
    first_day: date
    last_day: date
    figures: tuple[tuple[Subject, float], ...]
    is_sample: bool
    counted_twice: str | None = None
    is_open: bool = False  # who leads changes with what is left to chance

    @property
    def total(self) -> float:
        """All figures together."""
        return sum(value for _, value in self.figures)

    @property
    def in_order(self) -> list[Subject]:
        """The subjects with a figure, in the order of the configuration."""
        return sorted((subject for subject, _ in self.figures), key=lambda subject: subject.position)

    @property
    def is_of_one_day(self) -> bool:
        """Whether all figures are of one day."""
        return self.first_day == self.last_day

    @property
    def leader(self) -> Subject:
        """Who has the highest figure."""
        return self.figures[0][0]

    @property
    def lead(self) -> float:
        """By how much the highest figure exceeds the second."""
        return self.figures[0][1] - self.figures[1][1]

    @property
    def is_level(self) -> bool:
        """Whether the two highest figures are too close to tell apart."""
        return len(self.figures) > 1 and (self.is_open or self.lead <= LEVEL * (self.total or 1))

    def share(self, subject: Subject) -> float:
        """Return a subject's share of all figures together; zero where they are all zero."""
        return dict(self.figures).get(subject, 0.0) / (self.total or 1)


def ranking(series: Series, evidence: Evidence) -> Ranking | None:
    """Return who stands where in the last period that is known for every subject with figures.

    Counters are not all read on one day: each subject's last reading counts, if it is recent. A stretch of
    weeks is added up. None where there is no such period.
    """
    usable = _usable(series)
    if not usable:
        return None
    if series.metric.aggregation == "stock" and series.metric.grain != "age":
        return _ranking(series, evidence, _last_readings(usable))
    return _ranking(
        series, evidence, _last_weeks(usable) if _adds_weeks(series.metric) else _last_shared(usable)
    )


def _adds_weeks(metric: Metric) -> bool:
    return metric.grain == "week" and metric.aggregation == "flow"


def _usable(series: Series) -> Mapping[str, Sequence[Point]]:
    return {
        name: usable
        for name, points in series.by_subject().items()
        if (usable := [point for point in points if point.is_usable])
    }


def _last_readings(usable: Mapping[str, Sequence[Point]]) -> Mapping[str, Sequence[Point]]:
    newest = max(points[-1].last_day for points in usable.values())
    oldest = newest - COUNTER_STEP
    return {name: points[-1:] for name, points in usable.items() if points[-1].last_day >= oldest}


def _last_shared(usable: Mapping[str, Sequence[Point]]) -> Mapping[str, Sequence[Point]]:
    shared = set.intersection(*({point.first_day for point in points} for points in usable.values()))
    if not shared:
        return {}
    newest = max(shared)
    return {name: [point for point in points if point.first_day == newest] for name, points in usable.items()}


def _last_weeks(usable: Mapping[str, Sequence[Point]]) -> Mapping[str, Sequence[Point]]:
    """Return the weeks up to the last one known for all, or nothing where one of them is missing."""
    last = _last_shared(usable)
    if not last:
        return {}
    last_week = max(points[0].first_day for points in last.values())
    weeks = {last_week - timedelta(weeks=back) for back in range(WEEKS)}
    window = {
        name: [point for point in points if point.first_day in weeks] for name, points in usable.items()
    }
    return window if all(len(points) == WEEKS for points in window.values()) else {}


def _ranking(series: Series, evidence: Evidence, window: Mapping[str, Sequence[Point]]) -> Ranking | None:
    points = [point for points in window.values() for point in points]
    if not points:
        return None
    figures = [
        (subject, sum(point.value for point in window[subject.subject_id]))
        for subject in evidence.subjects
        if subject.subject_id in window
    ]
    first_day = min(point.first_day for point in points)
    last_day = max(point.last_day for point in points)
    in_order = tuple(sorted(figures, key=lambda figure: -figure[1]))
    return Ranking(
        metric=series.metric,
        first_day=first_day,
        last_day=last_day,
        figures=in_order,
        is_sample=any(point.state == "sample" for point in points),
        counted_twice=evidence.counted_twice(series.metric.source_id, first_day, last_day),
        is_open=series.metric.grain != "age" and _is_open(series.metric, in_order, evidence),
    )


def _is_open(metric: Metric, figures: Sequence[tuple[Subject, float]], evidence: Evidence) -> bool:
    """Tell whether it is published of the first two that they are too close to call."""
    first_two = {subject.subject_id for subject, _ in figures[:2]}
    told = (one for one in evidence.crossovers if one.metric_id == metric.metric_id)
    return any(one.status == OPEN and {one.leader_id, one.trailer_id} == first_two for one in told)
