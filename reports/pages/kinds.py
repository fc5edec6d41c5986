"""The pages of one kind of metrics each: adoption, community and interest."""

from reports.data.evidence import Evidence
from reports.pages.measures import measures_page
from reports.pages.page import Page


def adoption(evidence: Evidence) -> Page:
    """Return the page on downloads: how much of each is downloaded."""
    return measures_page(
        evidence,
        "adoption",
        name="adoption",
        label="Adoption",
        question="How much is each one downloaded?",
        about="Index downloads month by month, with and without mirrors.",
        limits=(),
    )


def community(evidence: Evidence) -> Page:
    """Return the page on stars, forks, issues and questions: who gathers attention, and is asked about."""
    return measures_page(
        evidence,
        "community",
        name="community",
        label="Community",
        question="Where do people look, and what do they ask about?",
        about="Stars, forks, issues and questions over time.",
        limits=(),
    )


def interest(evidence: Evidence) -> Page:
    """Return the page on search interest and pageviews: who is looked for and read about."""
    return measures_page(
        evidence,
        "attention",
        name="interest",
        label="Interest",
        question="Which one do people look for and read about?",
        about="Search interest and pageviews over time.",
        limits=("Who uses what: curiosity comes before use, and often without it.",),
    )
