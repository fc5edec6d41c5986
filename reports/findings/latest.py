"""The last figure of each subject in every metric, whoever else has one or not."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from reports.data.evidence import Evidence
from reports.data.records import Last, Metric, Point, Subject
from reports.data.series import figure_id_of
from reports.data.wording import SAMPLE, figure, minute, period
from reports.findings.change.growth import growths


@dataclass(frozen=True)
class Latest:
    """The last figure of each subject in one metric, with its period and its change in a year.

    None where there is no figure; the change is empty where it cannot be told.
    """

    metric: Metric
    figures: Sequence[tuple[str, str, str] | None]


@dataclass(frozen=True)
class Origin:
    """Who says so: a last figure's id, and where it is from.

    `answered` is when the newest answer came that it rests on, `files` what of the archive holds the answers
    of then, `revised` how often the source has changed it; None where the published file does not say.
    """

    figure_id: str
    subject: Subject
    metric: Metric
    value: str
    state: str
    answered: str | None
    files: Sequence[str]
    revised: int


def origins(evidence: Evidence) -> list[Origin]:
    """Return where each of the last figures is from, in their order."""
    last = {(one.metric_id, one.subject_id): one for one in evidence.last}
    return [
        origin
        for key in told_of_each(evidence)
        for subject in evidence.subjects
        for origin in _origin(evidence, last.get((key, subject.subject_id)), subject)
    ]


def _origin(evidence: Evidence, last: Last | None, subject: Subject) -> Iterator[Origin]:
    if last is None:
        return
    metric = evidence.metrics[last.metric_id]
    at = last.observed_at
    yield Origin(
        figure_id_of(last.metric_id, last.subject_id, last.first_day) or "",
        subject,
        metric,
        figure(last.value, metric),
        SAMPLE if last.state == "sample" else last.state,
        minute(at) if at else None,
        evidence.archived.get((metric.source_id, at), ()) if at else (),
        last.revision,
    )


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
    return next((point for point in reversed(points) if point.is_usable), None)


def _last(points: Sequence[Point], metric: Metric, grown: str) -> tuple[str, str, str] | None:
    last = last_known(points)
    if last is None:
        return None
    sample = f", {SAMPLE}" if last.state == "sample" else ""
    return figure(last.value, metric), period(last, metric.grain) + sample, grown
