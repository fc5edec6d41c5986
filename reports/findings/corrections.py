"""The log of corrections: what was told once and is told otherwise now, the latest first."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from reports.data.evidence import Evidence
from reports.data.wording import counted, series_name, source_name
from reports.findings.changes import Changes

# What becomes known of the past later, and what is said otherwise for it.
KINDS = ("break", "claim")


@dataclass(frozen=True)
class Correction:
    """What was corrected, and when that was noticed."""

    on: date
    told: str
    page: str
    part: str = ""


def corrections(evidence: Evidence, changed: Changes) -> list[Correction]:
    """Return past figures that a source changed, breaks and faults that became known, and changed verdicts.

    What the first report told is no correction of anything.
    """
    found = [*_revised(evidence), *_noticed(changed)]
    return sorted(found, key=lambda one: (one.on, one.told), reverse=True)


def _revised(evidence: Evidence) -> Iterator[Correction]:
    """Yield the figures that were changed on one day of one series, as one correction."""
    told = Counter((one.changed_at.date(), one.metric_id, one.subject_id) for one in evidence.revisions)
    for (on, metric_id, subject_id), number in told.items():
        metric, name = evidence.metrics.get(metric_id), evidence.named(subject_id)
        what = series_name(metric, name) if metric else f"{metric_id} of {name}"
        who = source_name(metric.source_id) if metric else "its source"
        told_of = f"{counted(number, 'past figure')} of {what} changed by {who}"
        yield Correction(on, told_of, "quality", "revisions")


def _noticed(changed: Changes) -> Iterator[Correction]:
    first = min((entry.noticed_at for entry in changed.entries), default=None)
    for entry in changed.entries:
        if entry.kind in KINDS and first and entry.noticed_at > first:
            yield Correction(entry.noticed_at.date(), entry.title, entry.page, entry.part)
