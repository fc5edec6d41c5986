"""What the pages show: the published tables as values. It reads; it judges and words nothing.

Every text is made fit for pages here, where it comes in, and nowhere after.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime
from functools import cache, cached_property, lru_cache
from typing import Any, TypeVar

from reports.data.breakdowns import DIVISIONS
from reports.data.choice import MOST_LINES, drawn_of, in_own_colors, ranked
from reports.data.claims import Claim, ClaimEvidence, ClaimYear
from reports.data.declared import Declared, divided, headlines, known, told_as_views
from reports.data.records import (
    Build,
    Check,
    Column,
    Comparison,
    Crossover,
    Event,
    Identifier,
    Last,
    Metric,
    Point,
    Revision,
    SeriesStatus,
    SourceStatus,
    Subject,
    Weighting,
    WeightingMeasure,
    WeightingRank,
    WeightingWithout,
)
from reports.data.series import QUERIES, Series, derivation_of, metric_of, query_of
from reports.data.tools import OF_TOOLS, Tool
from warehouse.published.open import Published
from warehouse.text import cleaned


@dataclass(frozen=True)
class Evidence:
    """Everything the pages are made of. What comes from tables that a file may lack is empty without them."""

    build: Build
    subjects: tuple[Subject, ...]
    metrics: Mapping[str, Metric]
    sources: Mapping[str, SourceStatus]
    events: tuple[Event, ...]
    points: Mapping[str, Sequence[Point]]
    columns: tuple[Column, ...] = ()
    crossovers: tuple[Crossover, ...] = ()
    checks: tuple[Check, ...] = ()
    revisions: tuple[Revision, ...] = ()
    parts: Mapping[str, Sequence[Point]] = field(default_factory=dict)
    series_status: tuple[SeriesStatus, ...] = ()
    identifiers: tuple[Identifier, ...] = ()
    # All subjects, the first of them first, and their newest figures; `subjects` are those that are drawn.
    ranked: tuple[Subject, ...] = ()
    last: tuple[Last, ...] = ()
    # The archive files of the attempts that told a newest figure, by source and time.
    archived: Mapping[tuple[str, datetime], Sequence[str]] = field(default_factory=dict)
    claims: tuple[Claim, ...] = ()
    claim_evidence: tuple[ClaimEvidence, ...] = ()
    claim_years: tuple[ClaimYear, ...] = ()
    weightings: tuple[Weighting, ...] = ()
    weighting_ranks: tuple[WeightingRank, ...] = ()
    weighting_without: tuple[WeightingWithout, ...] = ()
    weighting_measures: tuple[WeightingMeasure, ...] = ()
    # Of a tool, what stands in the place of a point's subject is the tool.
    tools: tuple[Tool, ...] = ()
    tool_points: Mapping[str, Sequence[Point]] = field(default_factory=dict)
    comparisons: tuple[Comparison, ...] = ()
    measures: tuple[str, ...] | None = None  # the series of the scoreboard; None for all that are declared

    @property
    def left_out(self) -> int:
        """How many subjects there are beside those that are drawn."""
        return max(len(self.ranked) - len(self.subjects), 0)

    @property
    def hidden(self) -> frozenset[str]:
        """Whose lines a chart leaves to its reader to ask for: all but the first by the main measure."""
        drawn = {subject.subject_id for subject in self.subjects}
        return frozenset([one.subject_id for one in self.ranked if one.subject_id in drawn][MOST_LINES:])

    @property
    def today(self) -> date:
        """The day the figures' ages are counted from."""
        return self.build.built_at.date()

    @property
    def is_empty(self) -> bool:
        """Whether no figure has been collected yet."""
        return not any(self.points.values())

    def all_series(self) -> Iterator[Series]:
        """Yield every series with figures, those of parts of a subject's downloads and of tools included."""
        for key, points in self.points.items():
            if points:
                yield self.series(key)
        for key in (*self.parts, *self.tool_points):
            yield self.series(key)

    @property
    def declared(self) -> Sequence[Declared]:
        """The series of the catalogue whose metrics the file has, in the order of every list."""
        return list(known(self.metrics))

    @property
    def headlines(self) -> Mapping[str, str]:
        """The series of the scoreboard in its order, and what each is called inside a sentence."""
        every = headlines(self.metrics)
        return every if self.measures is None else {key: every[key] for key in self.measures if key in every}

    def ended_on(self, source_id: str) -> date | None:
        """Return the day on which the last series of a source ended; None while one of them goes on."""
        ends = [
            one.ended_on
            for one in self.series_status
            if (metric := self.metrics.get(one.metric_id)) and metric.source_id == source_id
        ]
        return max((end for end in ends if end), default=None) if all(ends) else None

    def series(self, key: str) -> Series:
        """Return a series by its key; without points where nothing is known."""
        if key not in self._series:
            known = self.points.get(key) or self.parts.get(key) or self.tool_points.get(key, ())
            self._series[key] = Series(key, metric_of(key, self.metrics), tuple(known))
        return self._series[key]

    @cached_property
    def _series(self) -> dict[str, Series]:
        return {}

    def status(self, series: Series) -> SourceStatus:
        """Return the state of the series' source; one that is not configured was never asked."""
        source_id = series.metric.source_id
        unknown = SourceStatus(source_id, None, None, None, None, "never", "the source is not configured")
        return self.sources.get(source_id, unknown)

    def subject(self, subject_id: str) -> Subject | None:
        """Return a compared subject; None for one that is not compared."""
        return next((subject for subject in self.subjects if subject.subject_id == subject_id), None)

    def counted_twice(self, source_id: str, first_day: date, last_day: date) -> str | None:
        """Say what counts in several subjects in a stretch of days, so that no share of them is one."""
        found = (
            f"{one.identifier} is counted in {one.shared_by}"
            for one in self.identifiers
            if one.shared_by
            and one.source_id == source_id
            and (one.shared_from or first_day) <= last_day
            and (one.shared_until or last_day) >= first_day
        )
        return "; ".join(dict.fromkeys(found)) or None

    def named(self, subject_id: str) -> str:
        """Return a subject's name; its identifier for one that is not compared."""
        subject = self.subject(subject_id)
        return subject.name if subject else subject_id

    def only(self, *subjects: Subject) -> "Evidence":
        """Return the evidence of some subjects, as if no others were compared; they keep their colours."""
        names = {subject.subject_id for subject in subjects}
        points = {
            key: [point for name in known if name in names for point in known[name]]
            for key, known in self._points_by_subject.items()
        }
        events = tuple(event for event in self.events if event.subject_id in {None, *names})
        status = tuple(one for one in self.series_status if one.subject_id in names)
        ranked = tuple(one for one in self.ranked if one.subject_id in names)
        return replace(
            self, subjects=subjects, points=points, events=events, series_status=status, ranked=ranked
        )

    @cached_property
    def _points_by_subject(self) -> Mapping[str, Mapping[str, Sequence[Point]]]:
        return {key: self.series(key).by_subject() for key in self.points}


Row = TypeVar(
    "Row",
    Subject,
    Identifier,
    Metric,
    SourceStatus,
    SeriesStatus,
    Event,
    Build,
    Crossover,
    Check,
    Revision,
    Claim,
    ClaimEvidence,
    ClaimYear,
    Weighting,
    WeightingRank,
    WeightingWithout,
    WeightingMeasure,
    Tool,
    Comparison,
)


def read_evidence(published: Published) -> Evidence:
    """Return what the published file holds; figures of subjects that are not compared are left out."""
    columns = tuple(Column(**row) for row in _rows(published, _sql("columns")))
    tables = Tables(published, columns)
    every = tables.read(Subject, "subjects", "position")
    last = tuple(Last(**row) for row in _rows(published, _sql("last")))
    first = ranked(every, [(one.subject_id, one.metric_id, one.value) for one in last])
    comparisons = tables.read(Comparison, "comparisons", "position")
    asked_about = {name for one in comparisons for name in one.subjects.split(", ")}
    subjects = in_own_colors(drawn_of(first, asked_about))
    metrics = {metric.metric_id: metric for metric in tables.read(Metric, "metrics", "metric_id")}
    (build,) = tables.read(Build, "build_info", "built_at")
    names = {subject.subject_id for subject in subjects}
    return Evidence(
        build=build,
        subjects=subjects,
        metrics=metrics,
        sources={row.source_id: row for row in tables.read(SourceStatus, "source_status", "source_id")},
        events=tables.read(Event, "events", "occurred_on, title, subject_id"),
        points=_read_points(published, tables, metrics, names),
        columns=columns,
        crossovers=tables.read(Crossover, "crossovers", "all"),
        checks=tables.read(Check, "quality_checks", "all"),
        revisions=tables.read(Revision, "revisions", "all"),
        parts=_read_parts(published, tables, names),
        series_status=tables.read(SeriesStatus, "series_status", "metric_id, subject_id"),
        identifiers=tables.read(Identifier, "identifiers", "all"),
        ranked=tuple(first),
        last=last,
        archived=_read_archived(published, tables),
        claims=tables.read(Claim, "claims", "position"),
        claim_evidence=tables.read(ClaimEvidence, "claim_evidence", "weight desc, metric_id, measure"),
        claim_years=tables.read(ClaimYear, "claim_history", "claim_id, year"),
        weightings=tables.read(Weighting, "weightings", "all"),
        weighting_ranks=tables.read(WeightingRank, "weighting_ranks", "all"),
        weighting_without=tables.read(WeightingWithout, "weighting_without", "all"),
        weighting_measures=tables.read(WeightingMeasure, "weighting_measures", "all"),
        tools=tables.read(Tool, "tools", "position"),
        tool_points=_read_tool_points(published, tables, metrics),
        comparisons=comparisons,
    )


class Tables:
    """The tables that a published file has; one that it lacks has no rows."""

    def __init__(self, published: Published, columns: Iterable[Column]) -> None:
        self._published = published
        self._columns: dict[str, set[str]] = defaultdict(set)
        for column in columns:
            self._columns[column.table_name].add(column.column_name)

    def has(self, table: str) -> bool:
        """Tell whether the file has a table."""
        return table in self._columns

    @property
    def have_macros(self) -> bool:
        """Whether the file tells derived series as they are asked for; before December 2026 none does."""
        return self.has("identifiers")

    def can_tell(self, one: Declared) -> bool:
        """Tell whether a series is a view whose macro the file has: an older one lacks later ones."""
        made = derivation_of(one)
        return made is not None and (made.macro is None or made.macro in self._macros)

    @cached_property
    def _macros(self) -> frozenset[str]:
        told = "select distinct function_name from duckdb_functions() where not internal"
        return (
            frozenset(row["function_name"] for row in self._published.rows(told))
            if self.have_macros
            else frozenset()
        )

    def read(self, kind: type[Row], table: str, order: str) -> tuple[Row, ...]:
        """Return a table's rows; the fields of the value name its columns, and one it lacks has none."""
        if not self.has(table):
            return ()
        known = [field.name for field in fields(kind) if field.name in self._columns[table]]
        rows = _rows(self._published, f"select {', '.join(known)} from {table} order by {order}")
        return tuple(kind(**row) for row in rows)


# Vega's expressions, in which the names of lines stand, take these for the end of a line of code.
_LINE_ENDS = str.maketrans("\u2028\u2029", "  ")


@lru_cache(10_000)  # what rows tell is mostly the same
def fit(text: str) -> str:
    """Return a text that can be drawn, and stand in a page and in XML."""
    return cleaned(text).translate(_LINE_ENDS)


def _rows(published: Published, sql: str) -> list[dict[str, Any]]:
    """Return the rows of a query, with every text in them fit for pages."""
    fitted = cache(fit)  # most texts are one of a few: states, subjects
    return [
        {name: fitted(value) if isinstance(value, str) else value for name, value in row.items()}
        for row in published.rows(sql)
    ]


def _sql(name: str) -> str:
    return (QUERIES / f"{name}.sql").read_text(encoding="utf-8")


def _read_points(
    published: Published, tables: Tables, metrics: Mapping[str, Metric], subjects: set[str]
) -> Mapping[str, Sequence[Point]]:
    """Return the points of every metric and of every view of one."""
    told = [metric_id for metric_id in metrics if metric_id not in told_as_views()]
    views = [one.key for one in known(metrics) if tables.can_tell(one)]
    return {
        key: [Point(**row) for row in _rows(published, _of(subjects, query_of(key)))]
        for key in [*told, *views]
    }


def _of(subjects: Collection[str], query: str) -> str:
    """Return a query's rows of some subjects, in the same order; others never leave the file."""
    names = ", ".join(f"'{name}'" for name in sorted(subjects)) or "null"
    return f"select * from ({query}) where subject_id in ({names}) order by subject_id, first_day"


def _read_parts(published: Published, tables: Tables, subjects: set[str]) -> Mapping[str, Sequence[Point]]:
    """Return the parts of each subject's downloads, by every division that the file can tell."""
    whole = divided()
    names = whole.metric.parts if whole and tables.have_macros else ()
    told = [name for name in names if tables.has(DIVISIONS[name].table)]
    keys = [f"{name}-{subject_id}" for subject_id in sorted(subjects) for name in told]
    found = {key: [Point(**row) for row in _rows(published, query_of(key))] for key in keys}
    return {key: points for key, points in found.items() if points}


def _read_archived(published: Published, tables: Tables) -> Mapping[tuple[str, datetime], Sequence[str]]:
    """Return in which archive files the newest figures were told; nothing where no attempts are told."""
    rows = published.rows(_sql("archived")) if tables.has("source_attempts") else ()
    return {(row["source_id"], row["observed_at"]): row["files"] for row in rows}


def _read_tool_points(
    published: Published, tables: Tables, metrics: Mapping[str, Metric]
) -> Mapping[str, Sequence[Point]]:
    """Return the points of all tools in every metric that any of them has figures of."""
    if not tables.has("tool_observations"):
        return {}
    told = {row["metric_id"] for row in published.rows("select distinct metric_id from tool_observations")}
    keys = [f"{OF_TOOLS}{metric_id}" for metric_id in metrics if metric_id in told]
    found = {key: [Point(**row) for row in _rows(published, query_of(key))] for key in keys}
    return {key: points for key, points in found.items() if points}
