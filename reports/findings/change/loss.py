"""What has vanished from the past of a flow: stars that are taken back leave the week they were given in.

A counter that was read on a day says how many there were; what it said more than is left of all periods up to
then has vanished since.
"""

from datetime import date
from math import inf

from reports.data.declared import declared
from reports.data.evidence import Evidence
from reports.data.records import Subject
from reports.data.series import Series
from reports.findings.segments import COUNTER_STEP

DOUBTED = ("partial", "suspect", "sample")


def with_loss(
    left: float, last_day: date, series: Series, evidence: Evidence, subject: Subject
) -> tuple[float, float]:
    """Return the least and the most that periods up to a day can have had, of which so much is left.

    All that has vanished may have been of them. The most is infinite where no counter was read near that day.
    """
    one = declared().get(series.key)
    if one is None or one.metric.counted_by is None:
        return left, left
    readings = [
        point.value
        for point in evidence.points.get(one.metric.counted_by, ())
        if point.subject_id == subject.subject_id
        and point.state not in DOUBTED
        and abs(point.last_day - last_day) <= COUNTER_STEP
    ]
    gathered = sum(
        point.value
        for point in series.by_subject().get(subject.subject_id, ())
        if point.last_day <= last_day and point.state not in DOUBTED
    )
    lost = max((read - gathered for read in readings), default=inf)
    return left, left + max(lost, 0)
