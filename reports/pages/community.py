"""Community: who gathers attention, and whom questions are asked about."""

from reports.data.evidence import Evidence
from reports.pages.measures import measures_page
from reports.pages.page import Page

QUESTION = "Where do people look, and what do they ask about?"
ABOUT = "Stars, forks, issues and questions over time."


def community(evidence: Evidence) -> Page:
    """Return the page on stars, forks, issues and questions."""
    return measures_page(
        evidence, "community", name="community", label="Community", question=QUESTION, about=ABOUT, limits=()
    )
