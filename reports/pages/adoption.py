"""Adoption: how much of each is downloaded."""

from reports.data.evidence import Evidence
from reports.pages.measures import measures_page
from reports.pages.page import Page

QUESTION = "How much is each one downloaded?"
ABOUT = "Index downloads month by month, with and without mirrors."


def adoption(evidence: Evidence) -> Page:
    """Return the page on downloads."""
    return measures_page(
        evidence, "adoption", name="adoption", label="Adoption", question=QUESTION, about=ABOUT, limits=()
    )
