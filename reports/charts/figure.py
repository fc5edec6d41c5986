"""A figure of a page: one series as a chart, as a table, and in words. What draws it is in `drawings`."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from reports.charts import captions
from reports.charts.annotations import annotations
from reports.charts.colors import PACKAGE_COLORS, PACKAGES_FROM
from reports.charts.content import Content
from reports.charts.layout import Size
from reports.charts.table import Table, table_of
from reports.data.breakdowns import parts_in_order
from reports.data.evidence import Evidence
from reports.data.records import SeriesStatus, Subject
from reports.data.series import Series
from reports.data.tools import Tool
from reports.data.wording import counted
from reports.findings.by_age import by_age
from reports.findings.segments import Segment, segments, since_two, unusual

NARROW = Size(310, 190)
HALF = (Size(470, 220), NARROW)
FULL = (Size(690, 290), NARROW)
PRESETS = (1, 3, 5)  # years
# Over how many periods a line is smoothed: whole weeks of days, and a year of what has seasons.
SMOOTHED = {"day": 28, "week": 52, "month": 12}


@dataclass(frozen=True)
class Figure:
    """A titled chart with its caption and table; without figures, a sentence says why there is no chart.

    Its data are those of a series, all subjects included. Its kin are other ways to look at the same thing:
    with scripts one of them is shown at a time, without them and in print all are.
    """

    key: str
    series: str
    name: str
    title: str
    note: str
    summary: str
    caption: Sequence[str]
    caveat: str | None
    content: Content | None
    sizes: tuple[Size, Size]
    table: Table | None
    absence: str | None
    label: str = ""
    kin: Sequence[tuple[str, str]] = ()
    picture: str | None = None

    @property
    def is_first(self) -> bool:
        """Whether it is the one that is shown at first."""
        return not self.kin or self.kin[0][0] == self.key

    @property
    def has_log(self) -> bool:
        """Whether a logarithmic scale makes sense: not for shares, which end at one, nor for stacks."""
        return bool(
            self.content and self.content.series.metric.unit != "share" and not self.content.is_stacked
        )

    @property
    def smoothing(self) -> tuple[int, str] | None:
        """Over how many periods its lines may be smoothed, in words, too.

        None where it makes no sense: of totals, shares and stacks, and where no line is that long.
        """
        if not self.content or self.content.is_stacked:
            return None
        metric = self.content.series.metric
        periods = SMOOTHED.get(metric.grain, 0)
        longest = max((len(segment.points) for segment in self.content.segments), default=0)
        if metric.aggregation == "stock" or metric.unit == "share" or not 0 < periods < longest:
            return None
        return periods, counted(periods, metric.grain)

    @property
    def presets(self) -> list[int]:
        """How many of its last years a reader may ask for at once; none by age."""
        if not self.content or self.content.series.metric.grain == "age":
            return []
        first_day, last_day = self.content.domain
        return [years for years in PRESETS if (last_day - first_day).days > 366 * years]


def figure_of(
    evidence: Evidence, key: str, title: str, sizes: tuple[Size, Size] = FULL, label: str = ""
) -> Figure:
    """Return the figure of a series."""
    whole = evidence.series(key)
    series = since_two(whole)
    drawn = segments(series, evidence.events)
    marked, hollow = tuple(annotations(series, evidence)), tuple(unusual(series, evidence.events))
    content = Content(series, evidence.subjects, drawn, marked, False, hollow, _hidden(drawn, evidence))
    return _figure(evidence, whole, title, content, sizes, label)


def aged_figure(evidence: Evidence, key: str, title: str, label: str = "By age") -> Figure:
    """Return the figure of a series by age of the subjects; what is marked by date has no place in it."""
    series, drawn = by_age(evidence.series(key), evidence)
    hollow = tuple(unusual(series, ()))
    content = Content(series, evidence.subjects, drawn, (), False, hollow, _hidden(drawn, evidence))
    figure = _figure(evidence, series, title, content, FULL, label)
    caption = captions.caption(evidence.series(key), content, evidence)
    # Without any age there is no chart, though there are figures.
    unaged = captions.unborn(evidence) if not series.points and evidence.series(key).points else ""
    absence = f"{unaged}." if unaged else figure.absence
    return replace(figure, series=key, caption=caption, absence=absence)


def _hidden(drawn: Sequence[Segment], evidence: Evidence) -> frozenset[str]:
    """Return whose lines a reader has to ask for; none where nothing would be left."""
    hidden = evidence.hidden
    return hidden if any(segment.subject_id not in hidden for segment in drawn) else frozenset()


def parts_figure(evidence: Evidence, key: str, title: str, label: str) -> Figure:
    """Return the figure of the parts of a subject's downloads, laid on each other."""
    series = evidence.series(key)
    parts = parts_in_order(series.points)
    stack = tuple(
        Subject(name, name, None, PACKAGES_FROM + n % len(PACKAGE_COLORS)) for n, name in enumerate(parts)
    )
    told = replace(evidence, subjects=stack)
    drawn = segments(series, evidence.events)
    content = Content(series, stack, drawn, tuple(annotations(series, evidence)), is_stacked=True)
    return _figure(told, series, title, content, FULL, label)


def of_tools(evidence: Evidence, key: str, tools: Sequence[Tool]) -> Evidence:
    """Return the evidence of some tools in a series of them, as if they were what is compared.

    One whose last figure is stale is silent, whatever its source tells of others.
    """
    subjects = tuple(
        Subject(tool.tool_id, tool.name, PACKAGE_COLORS[n % len(PACKAGE_COLORS)], PACKAGES_FROM + n)
        for n, tool in enumerate(tools)
    )
    names, metric_id = {tool.tool_id for tool in tools}, evidence.series(key).metric.metric_id
    points = [point for point in evidence.tool_points.get(key, ()) if point.subject_id in names]
    return replace(
        evidence,
        subjects=subjects,
        ranked=subjects,
        points={},
        tool_points={key: points},
        events=tuple(event for event in evidence.events if event.subject_id is None),
        identifiers=(),
        series_status=tuple(
            SeriesStatus(one.subject_id, metric_id, one.last_day, None, None, "stale", None)
            for one in points
            if one.state == "stale"
        ),
    )


def kindred(*figures: Figure) -> list[Figure]:
    """Return figures that are ways to look at one thing; the first is the one to begin with."""
    kin = tuple((figure.key, figure.label) for figure in figures)
    return [replace(figure, kin=kin) for figure in figures]


def _figure(
    evidence: Evidence, whole: Series, title: str, content: Content, sizes: tuple[Size, Size], label: str
) -> Figure:
    shown = bool(content.segments)
    return Figure(
        key=whole.key,
        series=whole.key,
        name=whole.metric.name,
        title=title,
        note=captions.note(whole),
        summary=captions.summary(content.series, evidence, title),
        caption=captions.caption(whole, content, evidence),
        caveat=whole.metric.caveat,
        content=content if shown else None,
        sizes=sizes,
        table=table_of(whole, evidence) if whole.points else None,
        absence=None if shown else captions.absence(whole, evidence),
        label=label,
    )
