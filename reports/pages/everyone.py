"""All subjects in one table, where there are more than are drawn: the newest figures of each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reports.data.declared import main_metrics
from reports.data.evidence import Evidence
from reports.data.records import Last, Metric
from reports.data.wording import SAMPLE, figure, period
from reports.findings.latest import told_of_each
from reports.pages.page import Page

LIMITS = (
    "Who is best: the order is that of one measure, named above, and each measure has another.",
    "How it came to this: the lines of those that are not drawn are in the published file alone.",
)


@dataclass(frozen=True)
class Row:
    """A subject with its newest figures, in the order of the columns; None where there is none."""

    name: str
    page: str | None
    figures: Sequence[tuple[str, str] | None]


def everyone(evidence: Evidence) -> Page:
    """Return the page with all subjects, those with the highest figures of the main measure first."""
    metrics = [evidence.metrics[key] for key in told_of_each(evidence)]
    main = (evidence.metrics.get(metric.id) for metric in main_metrics())
    last = {(one.subject_id, one.metric_id): one for one in evidence.last}
    drawn = {subject.subject_id for subject in evidence.subjects}
    rows = [
        Row(
            subject.name,
            f"subject-{subject.subject_id}" if subject.subject_id in drawn else None,
            [_told(last, subject.subject_id, metric) for metric in metrics],
        )
        for subject in evidence.ranked
    ]
    return Page(
        name="everyone",
        template="everyone.html.j2",
        label="All subjects",
        title=f"How do all {len(rows):,} stand?",
        description=f"The newest figures of all {len(rows):,} subjects in one table.",
        content={
            "metrics": metrics,
            "rows": rows,
            "main": next(filter(None, main), None),
            "limits": LIMITS,
        },
    )


def _told(last: Mapping[tuple[str, str], Last], subject_id: str, metric: Metric) -> tuple[str, str] | None:
    found = last.get((subject_id, metric.metric_id))
    if found is None:
        return None
    sample = f", {SAMPLE}" if found.state == "sample" else ""
    return figure(found.value, metric), period(found.as_point(), metric.grain) + sample
