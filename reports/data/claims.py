"""Rows of the ledger of claims as values; the fields of a value name the columns it is read from."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True)
class Claim:
    """What is claimed, and what the figures say of it today."""

    claim_id: str
    sentence: str
    question: str
    verdict: str
    since: date | None
    true_until: date | None
    confidence: str | None
    evidence: str
    share_known: float | None
    state: str
    subject_id: str
    quote: str
    would_change: str | None
    cannot_tell: str | None
    made_in: str
    made_on: str | None
    url: str | None
    position: int

    @property
    def is_sample(self) -> bool:
        """Whether some of its evidence is sample data."""
        return self.state == "sample"


@dataclass(frozen=True)
class ClaimEvidence:
    """A figure of one subject beside the side that its metric takes in a claim."""

    claim_id: str
    metric_id: str
    measure: str  # 'leads' or 'grows'
    subject_id: str
    period_start: date | None
    value: float | None
    state: str
    supports: str
    weight: float
    rival_id: str | None
    ratio: float | None
    ratio_low: float | None
    ratio_high: float | None
    compared_to: date | None
    basis: str | None = None
    observed_at: datetime | None = None


@dataclass(frozen=True)
class ClaimYear:
    """The verdict of a past year, by what was known at its end."""

    claim_id: str
    year: int
    verdict: str
    share_for: float | None
    share_against: float | None
    share_known: float | None
