"""Rows of the published tables as values; the fields of a value name the columns it is read from."""

from dataclasses import dataclass, fields
from datetime import date, datetime
from functools import cached_property
from operator import attrgetter


@dataclass(frozen=True)
class Subject:
    """A compared subject, in the order of the configuration."""

    subject_id: str
    name: str
    color: str | None
    position: int
    first_release_on: date | None = None

    @property
    def place(self) -> int:
        """Its place, from one: its colour goes by it."""
        return self.position + 1


@dataclass(frozen=True)
class Metric:
    """What a figure measures, in which unit and by which grain."""

    metric_id: str
    name: str
    unit: str
    grain: str
    aggregation: str
    source_id: str
    definition: str | None
    caveat: str | None
    may_end: str | None = None  # why its series may rightly stop or never begin
    made_from: str | None = None  # the metric whose breaks and faults are its own too


@dataclass(frozen=True)
class Comparison:
    """A further question, with the ids of its subjects and of the series that it is told by; None for all."""

    comparison_id: str
    question: str
    subjects: str
    measures: str | None = None


@dataclass(frozen=True)
class Identifier:
    """What a subject is called at a source, and who else counts it between which days."""

    subject_id: str
    source_id: str
    identifier: str
    shared_by: str | None = None
    shared_from: date | None = None
    shared_until: date | None = None


@dataclass(frozen=True)
class SeriesStatus:
    """How old the newest complete period of one subject's figures in a metric is."""

    subject_id: str
    metric_id: str
    last_period: date | None
    lag_days: int | None
    expected_lag_days: int | None
    state: str
    reason: str | None
    late_from: datetime | None = None
    stale_from: datetime | None = None
    ended_on: date | None = None


@dataclass(frozen=True)
class SourceStatus:
    """When a source last answered, and how old its newest complete period is."""

    source_id: str
    last_success_at: datetime | None
    last_period: date | None
    lag_days: int | None
    expected_lag_days: int | None
    state: str
    reason: str | None
    late_from: datetime | None = None
    stale_from: datetime | None = None


@dataclass(frozen=True)
class Event:
    """A series break, a measuring fault, an outside event or a release."""

    subject_id: str | None
    source_id: str | None
    metric_id: str | None
    occurred_on: date
    ended_on: date | None
    kind: str
    title: str
    url: str | None


# The status of a crossover where chance alone decides who is ahead.
OPEN = "too close to call"


@dataclass(frozen=True)
class Crossover:
    """Whether and when one subject passed another in a metric; the days around it are the range."""

    metric_id: str
    leader_id: str
    trailer_id: str
    status: str
    crossed_on: date | None
    low_on: date | None
    high_on: date | None
    sustained_since: date | None
    state: str = "ok"


@dataclass(frozen=True)
class Weighting:
    """Under which share of random weightings of a kind a subject leads, and where its index lies."""

    kind: str
    subject_id: str
    measures: int
    leads_share: float | None
    index_low: float | None
    index_median: float | None
    index_high: float | None
    state: str | None


@dataclass(frozen=True)
class WeightingRank:
    """Under which share of the weightings a subject has a rank."""

    kind: str
    subject_id: str
    rank: int
    share: float


@dataclass(frozen=True)
class WeightingWithout:
    """Who leads most often when a measure is left out."""

    kind: str
    metric_id: str
    leader_id: str | None
    leads_share: float | None


@dataclass(frozen=True)
class WeightingMeasure:
    """A subject's share in a measure that is weighted, or why it is not."""

    kind: str
    metric_id: str
    subject_id: str
    share: float | None
    state: str | None
    reason: str | None


@dataclass(frozen=True)
class Check:
    """A check of quality in the last run, and what it found."""

    check_id: str
    source_id: str | None
    severity: str
    passed: bool
    failing_rows: int | None
    detail: str | None
    checked_at: datetime | None


@dataclass(frozen=True)
class Revision:
    """A past value that its source changed."""

    subject_id: str
    metric_id: str
    period_start: date
    old_value: float | None
    new_value: float | None
    changed_at: datetime


@dataclass(frozen=True)
class Column:
    """A column of a published table, with what its comment says."""

    table_name: str
    table_comment: str | None
    column_name: str
    data_type: str
    column_comment: str | None


@dataclass(frozen=True)
class Build:
    """What the published file was built from."""

    built_at: datetime
    as_of: datetime | None
    code_version: str
    archive_answers: int | None
    demo: bool
    question: str


@dataclass(frozen=True)
class Point:
    """The value of one subject in one period; a value that is not known has no point."""

    subject_id: str
    first_day: date
    last_day: date
    value: float
    low: float | None = None
    state: str = "ok"
    basis: str | None = None
    high: float | None = None
    reason: str | None = None  # why it is unusual

    def __repr__(self) -> str:
        """Tell it as a dataclass would, in a tenth of the time: it is asked of a hundred thousand."""
        return f"Point{_FIELDS_OF_POINT(self)}"

    @property
    def is_usable(self) -> bool:
        """Whether findings are made of it: its period is over, and the value not unusual."""
        return self.state not in ("partial", "suspect")

    @cached_property
    def middle(self) -> date:
        """The day a chart draws the period at."""
        return self.first_day + (self.last_day - self.first_day) / 2

    def overlaps(self, first_day: date, last_day: date) -> bool:
        """Tell whether the period shares a day with a stretch of days."""
        return self.first_day <= last_day and self.last_day >= first_day


_FIELDS_OF_POINT = attrgetter(*(field.name for field in fields(Point)))


@dataclass(frozen=True)
class Last:
    """The newest figure of a subject in a metric, of a period that is over and not unusual."""

    subject_id: str
    metric_id: str
    first_day: date
    last_day: date
    value: float
    state: str
    observed_at: datetime | None = None  # when the newest answer that it rests on came
    revision: int = 0  # how often its source has changed it

    def as_point(self) -> Point:
        """Return it as a point of its series."""
        return Point(self.subject_id, self.first_day, self.last_day, self.value, state=self.state)
