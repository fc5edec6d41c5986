"""Interest: who is looked for and read about."""

from reports.data.evidence import Evidence
from reports.pages.measures import measures_page
from reports.pages.page import Page

QUESTION = "Which one do people look for and read about?"
ABOUT = "Search interest and pageviews over time."
LIMITS = ("Who uses what: curiosity comes before use, and often without it.",)


def interest(evidence: Evidence) -> Page:
    """Return the page on search interest and pageviews."""
    return measures_page(
        evidence,
        "attention",
        name="interest",
        label="Interest",
        question=QUESTION,
        about=ABOUT,
        limits=LIMITS,
    )
