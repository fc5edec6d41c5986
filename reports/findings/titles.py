"""Which sentence stands above a chart: the one that its series declares, with what its figures are called."""

from reports.data.declared import Declared, declared, whole_of
from reports.data.evidence import Evidence
from reports.data.series import Series
from reports.data.wording import PERIODS, number
from reports.findings.findings import (
    ahead_finding,
    amounts_finding,
    change_finding,
    ratio_finding,
    share_finding,
)
from warehouse.config.metric import Finding


def title(evidence: Evidence, key: str, finding: Finding | None = None) -> str:
    """Return the sentence above a series' chart; its own, or another one that is asked for."""
    one, series = declared()[key], evidence.series(key)
    match finding or one.finding:
        case "share":
            whole = whole_of(one)
            return share_finding(evidence.series(whole.key), evidence, one.shown.noun or whole.noun)
        case "ratio":
            return ratio_finding(series, evidence, one.noun)
        case "change":
            return change_finding(series, evidence, one.noun)
        case "ahead":
            return ahead_finding(series, evidence, f"{one.noun}{_by_mean(one)}")
    return amounts_finding(series, evidence, f"{one.noun}{_a_day(one, series)}")


def over_a_period(evidence: Evidence, key: str) -> str:
    """Say what the figures of a series are called, with the period that each one is of: stars a month."""
    metric, noun = evidence.series(key).metric, declared()[key].noun
    return f"{noun} {PERIODS[metric.grain]}" if metric.aggregation == "flow" else noun


def _by_mean(one: Declared) -> str:
    """A week's mean is the week's; a longer one is told."""
    weeks = (one.mean_days or 7) // 7
    return f", by the mean of {number(weeks)} weeks," if weeks > 1 else ""


def _a_day(one: Declared, series: Series) -> str:
    is_of_a_day = series.metric.grain == "day" and series.metric.aggregation == "flow"
    return " a day" if one.mean_days or is_of_a_day else ""
