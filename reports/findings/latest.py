"""The last figure of each subject in every metric, whoever else has one or not."""

from collections.abc import Sequence
from dataclasses import dataclass

from reports.data.evidence import Evidence
from reports.data.records import Metric, Point
from reports.data.wording import SAMPLE, figure, period
from reports.findings.growth import growths


@dataclass(frozen=True)
class Latest:
    """The last figure of each subject in one metric, with its period and its change in a year.

    None where there is no figure; the change is empty where it cannot be told.
    """

    metric: Metric
    figures: Sequence[tuple[str, str, str] | None]


def latest(evidence: Evidence) -> list[Latest]:
    """Return the last figures of every metric that has any."""
    rows = [_latest(evidence, key) for key in told_of_each(evidence)]
    return [row for row in rows if any(row.figures)]


def told_of_each(evidence: Evidence) -> list[str]:
    """Return the metrics that are told of each subject: no closer looks, and no shares of all compared."""
    metrics = (one for one in evidence.declared if one.view is None)
    return [one.key for one in metrics if not one.shown.detail and not one.is_of_one_whole]


def _latest(evidence: Evidence, key: str) -> Latest:
    series = evidence.series(key)
    found, grown = (
        series.by_subject(),
        {one.subject.subject_id: one.told for one in growths(series, evidence)},
    )
    names = [subject.subject_id for subject in evidence.subjects]
    return Latest(
        series.metric,
        [_last(found.get(name, ()), series.metric, grown.get(name, "")) for name in names],
    )


def last_known(points: Sequence[Point]) -> Point | None:
    """Return the last point of a period that is over and not unusual; None where there is none."""
    return next((point for point in reversed(points) if point.state not in ("partial", "suspect")), None)


def _last(points: Sequence[Point], metric: Metric, grown: str) -> tuple[str, str, str] | None:
    last = last_known(points)
    if last is None:
        return None
    sample = f", {SAMPLE}" if last.state == "sample" else ""
    return figure(last.value, metric), period(last, metric.grain) + sample, grown
