"""Who passed whom: the published crossovers in words."""

from dataclasses import dataclass
from datetime import date

from reports.data.evidence import Evidence
from reports.data.records import OPEN, Crossover, Subject
from reports.data.wording import month, span


@dataclass(frozen=True)
class ToldCrossover:
    """One subject ahead of another in a metric, and since when; or that neither is, as far as can be told."""

    metric: str
    leader: Subject
    trailer: Subject
    told: str
    on: date | None
    is_open: bool = False


def told_crossovers(evidence: Evidence) -> list[ToldCrossover]:
    """Return the crossovers of compared subjects, the metrics without figures left out."""
    found = (_told_crossover(crossover, evidence) for crossover in evidence.crossovers)
    return [crossover for crossover in found if crossover]


def since(evidence: Evidence, metric_id: str, leader_id: str, trailer_id: str) -> str | None:
    """Say since when one is ahead of another; None where nothing is published about it."""
    for found in evidence.crossovers:
        pair = (found.metric_id, found.leader_id, found.trailer_id)
        if pair == (metric_id, leader_id, trailer_id) and not is_sample(found):
            return told(found)
    return None


def told(found: Crossover) -> str | None:
    """Passed in April 2024 (March to April 2024); ahead since the first figures; too close to call."""
    if found.status == "not crossed":
        return "ahead since the first figures"
    if found.status != "crossed" or not found.crossed_on:
        return found.status
    passed = f"passed in {month(found.crossed_on)}{_between(found)}"
    held = found.sustained_since
    if held and month(held) != month(found.crossed_on) and held > found.crossed_on:
        passed += f", ahead without a break since {month(held)}"
    return passed


def _between(found: Crossover) -> str:
    ends = (found.low_on, found.high_on)
    if not ends[0] or not ends[1] or month(ends[0]) == month(ends[1]):
        return ""
    return f" ({span(ends[0], ends[1])})"


def is_sample(found: Crossover) -> bool:
    """Tell whether a crossover was found in sample data, and so is none."""
    return found.state == "sample"


def _told_crossover(crossover: Crossover, evidence: Evidence) -> ToldCrossover | None:
    leader, trailer = evidence.subject(crossover.leader_id), evidence.subject(crossover.trailer_id)
    words, metric = told(crossover), evidence.metrics.get(crossover.metric_id)
    if not (leader and trailer and metric and words) or crossover.status == "no data" or is_sample(crossover):
        return None
    is_open = crossover.status == OPEN
    return ToldCrossover(metric.name, leader, trailer, words, crossover.crossed_on, is_open)
