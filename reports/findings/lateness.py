"""How fresh each subject's part of a series is, and since when figures are missing, in words."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from reports.data.evidence import Evidence
from reports.data.records import Point, SeriesStatus
from reports.data.series import Series
from reports.data.wording import day, listed, month, series_name
from reports.findings.segments import LONGEST_STEP

ORDER = ("never", "fresh", "failed", "late", "stale")
RECENT_DAYS = 60
MOST_NAMED = 3


@dataclass(frozen=True)
class Silence:
    """That nothing is known of some subjects after a day, though it is time."""

    after: date
    told: str
    is_stale: bool


def state(series: Series, evidence: Evidence, subjects: Collection[str] | None = None) -> str:
    """Return the worst state of the subjects' parts, or of some of them; never where there is no figure."""
    told = statuses(series, evidence)
    states = [told[name].state for name in told if subjects is None or name in subjects]
    return max(states, key=ORDER.index, default="never")


def overdue(
    series: Series, evidence: Evidence, subjects: Collection[str] | None = None
) -> tuple[datetime | None, datetime | None]:
    """Return from when on the first of the subjects' parts, or of some of them, is late, and is stale."""
    told = statuses(series, evidence)
    chosen = [status for name, status in told.items() if subjects is None or name in subjects]
    late, stale = ([getattr(one, name) for one in chosen] for name in ("late_from", "stale_from"))
    return min(filter(None, late), default=None), min(filter(None, stale), default=None)


def silences(series: Series, evidence: Evidence) -> list[Silence]:
    """Return what is late or stale in a series, the oldest first, the subjects of one last day together."""
    told, last_days = statuses(series, evidence), _last_days(series)
    found: dict[tuple[date, bool], list[str]] = {}
    for name, status in told.items():
        if status.state in ("late", "stale") and last_days[name] < evidence.today:
            found.setdefault((last_days[name], status.state == "stale"), []).append(name)
    return [
        Silence(after, _told(after, names if len(names) < len(told) else (), evidence), is_stale)
        for (after, is_stale), names in sorted(found.items())
    ]


def statuses(series: Series, evidence: Evidence) -> Mapping[str, SeriesStatus]:
    """Return the status of each subject with figures in a series; its source's where none is told."""
    source, metric = evidence.status(series), series.metric
    told = {one.subject_id: one for one in evidence.series_status if one.metric_id == metric.metric_id}
    of_source = SeriesStatus(
        "",
        metric.metric_id,
        source.last_period,
        source.lag_days,
        source.expected_lag_days,
        source.state,
        source.reason,
        source.late_from,
        source.stale_from,
    )
    return {
        name: _of_view(told[name], last_day, series, evidence) if name in told else of_source
        for name, last_day in _last_days(series).items()
    }


def has_ended(series: Series, evidence: Evidence) -> bool:
    """Whether all of the subjects' parts have ended, so that nothing newer is to come."""
    told = statuses(series, evidence).values()
    return bool(told) and all(status.ended_on for status in told)


def stale_subjects(series: Series, evidence: Evidence) -> list[str]:
    """Name the subjects whose part is stale, unless they all are."""
    told = statuses(series, evidence)
    stale = [evidence.named(name) for name, status in told.items() if status.state == "stale"]
    return stale if len(stale) < len(told) else []


def late_series(evidence: Evidence, source_id: str) -> list[str]:
    """Name the series that make their source late or stale, unless they all do."""
    told = [one for one in evidence.series_status if _is_followed(one, source_id, evidence)]
    late = [one for one in told if one.state in ("late", "stale")]
    names = [series_name(evidence.metrics[one.metric_id], evidence.named(one.subject_id)) for one in late]
    more = len(names) - MOST_NAMED
    named = names if more < 2 else [*names[:MOST_NAMED], f"{more} more"]
    return named if len(late) < len(told) else []


def _is_followed(status: SeriesStatus, source_id: str, evidence: Evidence) -> bool:
    metric = evidence.metrics.get(status.metric_id)
    return bool(metric and metric.source_id == source_id and not metric.may_end and status.last_period)


def _of_view(status: SeriesStatus, last_day: date, series: Series, evidence: Evidence) -> SeriesStatus:
    """Return the status of a view: one by month is as new as can be until the next month is due.

    Where the source is silent as a whole, or withheld, so is every view of it.
    """
    if series.metric.grain == evidence.metrics[status.metric_id].grain or series.metric.grain == "age":
        return status
    source, due = evidence.status(series), LONGEST_STEP[series.metric.grain].days
    due_on = last_day + timedelta(days=due + (status.expected_lag_days or 0) + 1)
    if evidence.today >= due_on or source.state == "stale":
        return status
    due_from = datetime.combine(due_on, time(), UTC)
    due_from = min(due_from, source.stale_from or due_from)
    return replace(
        status,
        state="fresh",
        reason=None,
        late_from=status.late_from and max(status.late_from, due_from),
        stale_from=status.stale_from and max(status.stale_from, due_from),
    )


def _last_days(series: Series) -> Mapping[str, date]:
    return {name: _last_day(points) for name, points in series.by_subject().items()}


def _last_day(points: Sequence[Point]) -> date:
    over = [point.last_day for point in points if point.state != "partial"]
    return max(over or [point.last_day for point in points])


def _told(after: date, names: Sequence[str], evidence: Evidence) -> str:
    """Nothing told since May 2023; no figure of PyTorch since 24 October 2026."""
    since = day(after) if (evidence.today - after).days < RECENT_DAYS else month(after)
    who = f"no figure of {listed(evidence.named(name) for name in names)}" if names else "nothing told"
    return f"{who} since {since}"
