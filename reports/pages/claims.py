"""Claims: what people say of what is compared, the verdict of the figures, and all that it rests on."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from reports.data.claims import Claim, ClaimEvidence, ClaimYear
from reports.data.evidence import Evidence
from reports.data.records import Metric, SourceStatus
from reports.data.wording import (
    SAMPLE,
    UNKNOWN,
    counted,
    day,
    factor,
    figure,
    listed,
    month,
    number,
    unit_of,
    verdict,
)
from reports.pages.page import Chart, Page, charts_of

TITLE = "What the article said, what the data says"
# Each verdict with the sign that tells it where colours do not.
SIGNS: Mapping[str, str] = {
    "supported": "✓",
    "contradicted": "✗",
    "was true until": "↓",
    "mixed": "±",
    "not measurable here": "○",
}
# What is said of those that have it, in the order in which they are counted.
KINDS: Mapping[str, str] = {
    "supported": "supported",
    "mixed": "mixed",
    "was true until": "true once and no longer",
    "contradicted": "contradicted",
    "not measurable here": "not measurable here",
}
ASKED = {
    "leads": "who has more, over the last quarter",
    "grows": "whose was multiplied by more within a year",
}
LIMITS = (
    "Which is better: a verdict says what the figures say of a claim, and its confidence how far they carry.",
    "What nobody counts in public. A claim about that is told as not measurable, with the reason.",
    "What a source told before it changed it: past years are judged by figures as they are told today.",
)


@dataclass(frozen=True)
class Told:
    """The figure of one subject beside a comparison."""

    subject: str
    value: str
    period: str
    state: str


@dataclass(frozen=True)
class Measured:
    """What one measure says: its side, the comparison in words, and the figures with where they come from."""

    metric: Metric
    unit: str
    asked: str
    side: str
    compared: str
    weight: str
    figures: Sequence[Told]
    chart: Chart | None
    status: SourceStatus
    basis: str | None
    answered: Sequence[str]


@dataclass(frozen=True)
class Row:
    """A claim with its verdict in words, and what opens below it."""

    claim: Claim
    verdict: str
    confidence: str
    measures: Sequence[Measured]
    years: Sequence[ClaimYear]


def claims(evidence: Evidence, drawn: Sequence[Page]) -> Page:
    """Return the page of the ledger; `drawn` are the pages on which the metrics have their charts."""
    rows = list(_rows(evidence, charts_of(drawn)))
    return Page(
        name="claims",
        template="claims.html.j2",
        label="Claims",
        title=TITLE,
        description=f"{_counts(evidence.claims)}.",
        content={
            "answer": _counts(evidence.claims),
            "rows": rows,
            "made": evidence.claims[0],
            "signs": SIGNS,
            "limits": LIMITS,
        },
    )


def _counts(every: Sequence[Claim]) -> str:
    """Say how many claims have which verdict."""
    found = Counter(claim.verdict for claim in every)
    told = listed(f"{found[name]} {told}" for name, told in KINDS.items() if found[name])
    samples = sum(claim.is_sample for claim in every)
    told = f"Of {counted(len(every), 'claim')}, as the figures say today: {told}"
    if not samples:
        return told
    rest, they_are = ("rests", "it is") if samples == 1 else ("rest", "they are")
    part = f"{number(samples)} of these verdicts {rest} in part on {SAMPLE}, so {they_are} no finding"
    return f"{told}; {part}"


def _rows(evidence: Evidence, charts: Mapping[str, Chart]) -> Iterator[Row]:
    for claim in evidence.claims:
        own = [one for one in evidence.claim_evidence if one.claim_id == claim.claim_id]
        by_measure = groupby(own, key=lambda one: (one.metric_id, one.measure))
        measures = [_measured(claim, list(same), evidence, charts) for _, same in by_measure]
        yield Row(
            claim,
            verdict(claim),
            " · ".join(filter(None, [claim.confidence, SAMPLE if claim.is_sample else None])),
            [one for one in measures if one],
            [year for year in evidence.claim_years if year.claim_id == claim.claim_id],
        )


def _measured(
    claim: Claim, same: Sequence[ClaimEvidence], evidence: Evidence, charts: Mapping[str, Chart]
) -> Measured | None:
    first = same[0]
    metric = evidence.metrics.get(first.metric_id)
    if not metric:
        return None
    return Measured(
        metric=metric,
        unit=unit_of(metric),
        asked=ASKED[first.measure],
        side=first.supports,
        compared=_compared(claim, first, evidence),
        weight=f"{first.weight:g}",
        figures=[
            _told(one, metric, evidence)
            for one in sorted(same, key=lambda one: one.subject_id != claim.subject_id)
        ],
        chart=charts.get(metric.metric_id),
        status=evidence.status(evidence.series(metric.metric_id)),
        basis=next((one.basis for one in same if one.basis), None),
        answered=sorted({day(one.observed_at.date()) for one in same if one.observed_at}),
    )


def _told(one: ClaimEvidence, metric: Metric, evidence: Evidence) -> Told:
    known = one.value is not None and one.period_start is not None
    return Told(
        _name(one.subject_id, evidence),
        figure(one.value, metric) if one.value is not None else UNKNOWN,
        _period(one.period_start, metric) if one.period_start else "",
        (SAMPLE if one.state == "sample" else one.state) if known else "no figure",
    )


def _period(first_day: date, metric: Metric) -> str:
    if metric.grain == "year":
        return str(first_day.year)
    if metric.grain == "month":
        return month(first_day)
    return f"week from {day(first_day)}" if metric.grain == "week" else day(first_day)


def _compared(claim: Claim, one: ClaimEvidence, evidence: Evidence) -> str:
    """Say who is ahead of whom by which factor, with its interval, and up to which day that is."""
    if one.ratio is None or one.ratio_low is None or one.ratio_high is None or one.compared_to is None:
        return "Too little of both is known to be compared: it takes half a year"
    ahead, behind = (_name(name or "", evidence) for name in (claim.subject_id, one.rival_id))
    ratio, low, high = one.ratio, one.ratio_low, one.ratio_high
    if ratio < 1:
        ahead, behind, ratio, low, high = behind, ahead, 1 / ratio, 1 / high, 1 / low
    if one.measure == "grows":
        said = f"{ahead} was multiplied by {factor(ratio)} times what {behind} was"
    else:
        said = f"{ahead} has {factor(ratio)} times {behind}\u2019s"
    told = f"{said} (80\u202f% interval {factor(low)} to {factor(high)}), up to {day(one.compared_to)}"
    return f"{told}; too old to be evidence today" if one.supports == "not known" else told


def _name(subject_id: str, evidence: Evidence) -> str:
    return next((one.name for one in evidence.ranked if one.subject_id == subject_id), subject_id)
