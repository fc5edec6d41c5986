"""All subjects in one table, where there are more than are drawn: the newest figures of each."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reports.data.declared import main_metrics
from reports.data.evidence import Evidence
from reports.data.records import Last, Metric
from reports.data.wording import SAMPLE, figure, period
from reports.findings.latest import told_of_each
from reports.pages.page import Page

# More rows than that take a browser seconds to lay out: they wait until they are looked for.
FIRST_ROWS = 1000
LIMITS = (
    "Who is best: the order is that of one measure, named above, and each measure has another.",
    "How it came to this: the lines of those that are not drawn are in the published file alone.",
)


@dataclass(frozen=True)
class Row:
    """A subject with its newest figures and their periods, in the order of the columns; None for none."""

    name: str
    page: str | None
    figures: Sequence[tuple[str, str] | None]


def everyone(evidence: Evidence) -> Page:
    """Return the page with all subjects, those with the highest figures of the main measure first."""
    metrics = [evidence.metrics[key] for key in told_of_each(evidence)]
    main = (evidence.metrics.get(metric.id) for metric in main_metrics())
    last = {(one.subject_id, one.metric_id): one for one in evidence.last}
    drawn = {subject.subject_id for subject in evidence.subjects}
    told = [[_told(last, subject.subject_id, metric) for metric in metrics] for subject in evidence.ranked]
    usual = [_usual_period(column) for column in zip(*told, strict=True)]
    rows = [
        Row(
            subject.name,
            f"subject-{subject.subject_id}" if subject.subject_id in drawn else None,
            [
                one and (one[0], "" if one[1] == most else one[1])
                for one, most in zip(figures, usual, strict=True)
            ],
        )
        for subject, figures in zip(evidence.ranked, told, strict=True)
    ]
    return Page(
        name="everyone",
        template="everyone.html.j2",
        label="All subjects",
        title=f"How do all {len(rows):,} stand?",
        description=f"The newest figures of all {len(rows):,} subjects in one table.",
        content={
            "columns": [*zip(metrics, usual, strict=True)],
            "rows": rows,
            "first_rows": FIRST_ROWS,
            "main": next(filter(None, main), None),
            "limits": LIMITS,
        },
    )


def _usual_period(column: Sequence[tuple[str, str] | None]) -> str:
    """Return the period that most figures of a column are of, which is told once, above them; or nothing."""
    return next((period for period, _ in Counter(one[1] for one in column if one).most_common(1)), "")


def _told(last: Mapping[tuple[str, str], Last], subject_id: str, metric: Metric) -> tuple[str, str] | None:
    found = last.get((subject_id, metric.metric_id))
    if found is None:
        return None
    sample = f", {SAMPLE}" if found.state == "sample" else ""
    return figure(found.value, metric), period(found.as_point(), metric.grain) + sample
