"""A series: one measure of the compared subjects over time, and the SQL that reads it.

Every metric is a series. A view is a series made from one: monthly where the metric is daily, a share where
the metric is a count. What it is made by is a macro of the published file, so that whoever asks there reads
the same; a new one is an entry of the metric's declaration.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from hashlib import sha256
from pathlib import Path

from reports.data.breakdowns import division_of, metric_of_parts
from reports.data.declared import Declared, declared, divided
from reports.data.records import Metric, Point
from reports.data.tools import metric_of_tools
from warehouse.published.figure_id import FigureId

QUERIES = Path(__file__).parent / "queries"


@dataclass(frozen=True)
class Derivation:
    """What makes a derived series of a metric, and what is different of it.

    `rows` is what is read of the published file, where $metric is the metric, `value` which of its columns is
    drawn.
    """

    rows: str
    value: str
    changes: Mapping[str, str] = field(default_factory=dict)
    first_day: str = "period_start"
    last_day: str = "period_end"
    high: str = "null::double"

    @property
    def macro(self) -> str | None:
        """The macro of the published file that makes it; None where it is read of a table."""
        name, called, _ = self.rows.partition("(")
        return name if called and name.isidentifier() else None


def _mean(days: int) -> Derivation:
    """Return what makes the mean of so many days, told weekly on Sundays."""
    changes = {"unit": "$unit a day", "grain": "week", "aggregation": "mean"}
    rows = f"mean_of('$metric', {days}) where isodow(day) = 7"
    return Derivation(rows, "mean", changes, "(day - 6)::date", "day")


SHARE = {"unit": "share", "aggregation": "flow"}
DERIVATIONS: Mapping[str, Derivation] = {
    "month": Derivation("month_of('$metric')", "value", {"grain": "month"}),
    "share": Derivation("share_of('$metric')", "share", SHARE),
    "share by month": Derivation("share_of('$metric', monthly := true)", "share", SHARE | {"grain": "month"}),
    "mean_7": _mean(7),
    "mean_28": _mean(28),
    "last_year": Derivation("last_year_of('$metric')", "last_year", {"name": "$name a year before"}),
    "cumulative": Derivation(
        "cumulative_of('$metric')", "total", {"name": "$name, added up", "aggregation": "stock"}
    ),
    "gathered": Derivation(
        "gathered_of('$metric')", "total", {"name": "$name, gathered", "aggregation": "stock"}, high="high"
    ),
    "recent": Derivation(
        "observations where metric_id = '$metric' "
        "qualify period_start > max(period_start) over () - interval 365 days",
        "value",
    ),
    "low_share": Derivation(
        "observations where metric_id = '$metric' and low < value", "low / value", {"unit": "share"}
    ),
}


def derivation_of(one: Declared) -> Derivation | None:
    """Return what makes a view, its metric filled in; None for a metric itself. Days are shared by month."""
    if one.view is None:
        return None
    by_month = one.view.view == "share" and one.metric.grain == "day"
    made = DERIVATIONS["share by month" if by_month else one.view.view]
    return replace(made, rows=made.rows.replace("$metric", _quoted(one.view.of or one.metric.id)))


@dataclass(frozen=True)
class Series:
    """One measure of the compared subjects over time, in order of time for each subject."""

    key: str
    metric: Metric
    points: tuple[Point, ...]

    def __repr__(self) -> str:
        """Tell it whole, and briefly: what is drawn is kept by it, and it is drawn in several charts."""
        return f"Series({self.key!r}, {self.metric!r}, {self._digest})"

    @cached_property
    def _digest(self) -> str:
        return sha256(repr(self.points).encode()).hexdigest()

    @cached_property
    def is_sample(self) -> bool:
        """Whether any figure in it is sample data."""
        return any(point.state == "sample" for point in self.points)

    @property
    def is_of_one_whole(self) -> bool:
        """Whether its values are the parts of one whole."""
        return self.key in declared() and declared()[self.key].is_of_one_whole

    @property
    def last_day(self) -> date:
        """The last day of its last period that is over; a series without points has none."""
        over = [point.last_day for point in self.points if point.state != "partial"]
        return max(over or [point.last_day for point in self.points])

    def by_subject(self) -> Mapping[str, Sequence[Point]]:
        """Return the points of each subject that has any."""
        return self._by_subject

    @cached_property
    def _by_subject(self) -> Mapping[str, Sequence[Point]]:
        found: dict[str, list[Point]] = defaultdict(list)
        for point in self.points:
            found[point.subject_id].append(point)
        return dict(found)


def metric_of(key: str, metrics: Mapping[str, Metric]) -> Metric:
    """Return what a series measures: its metric, with what is different where it is a view of one."""
    if metric_id := metric_of_tools(key):
        return metrics[metric_id]
    whole = divided()
    if (division := division_of(key)) and whole:
        return metric_of_parts(division[0], metrics[whole.key])
    one = declared().get(key)
    made = one and derivation_of(one)
    if not one or not one.view or not made:
        return metrics[key]
    metric = metrics[one.metric.id]
    changes = {
        name: text.replace("$unit", metric.unit).replace("$name", metric.name)
        for name, text in made.changes.items()
    }
    own = {name: text for name in ("name", "definition", "caveat") if (text := getattr(one.view, name))}
    return replace(metric, **(changes | own))


def query_of(key: str) -> str:
    """Return the SQL that reads a series from the published file; its columns are the fields of a point."""
    if division := division_of(key):
        told, subject_id = division
        fills = {name: _quoted(fill) for name, fill in told.fills.items()}
        return _query(told.query, subject=_quoted(subject_id), **fills)
    if metric_id := metric_of_tools(key):
        return _figures_of("tool", "tool_id as subject_id", "tool_observations", metric_id)
    one = declared().get(key)
    if made := one and derivation_of(one):
        return _query(
            "derived",
            rows=made.rows,
            value=made.value,
            first_day=made.first_day,
            last_day=made.last_day,
            high=made.high,
        )
    return _figures_of("subject", "subject_id", "observations", key)


def figure_id_of(key: str, subject_id: str, first_day: date) -> str | None:
    """Return the id of a figure in a series; what a subject's figures are divided into has none."""
    if division_of(key):
        return None
    return str(FigureId(subject_id, metric_of_tools(key) or key, first_day))


def _figures_of(whose: str, id_: str, table: str, metric_id: str) -> str:
    return _query("metric", whose=whose, id=id_, table=table, metric=_quoted(metric_id))


def _query(file: str, **fills: str) -> str:
    text = (QUERIES / f"{file}.sql").read_text(encoding="utf-8")
    for name, fill in fills.items():
        text = text.replace(f"${name}", fill)
    return text


def _quoted(text: str) -> str:
    return text.replace("'", "''")
