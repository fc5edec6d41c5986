"""The pages of one kind of metrics each: adoption, community and interest."""

from collections.abc import Mapping
from typing import Any

from reports.data.declared import KINDS
from reports.data.evidence import Evidence
from reports.pages.measures import measures_page
from reports.pages.page import Page

PAGES: Mapping[str, Mapping[str, Any]] = {
    "adoption": {
        "name": "adoption",
        "label": "Adoption",
        "question": "How much is each one downloaded?",
        "about": "Index downloads month by month, with and without mirrors.",
        "limits": (),
    },
    "community": {
        "name": "community",
        "label": "Community",
        "question": "Where do people look, and what do they ask about?",
        "about": "Stars, forks, issues and questions over time.",
        "limits": (),
    },
    "attention": {
        "name": "interest",
        "label": "Interest",
        "question": "Which one do people look for and read about?",
        "about": "Search interest and pageviews over time.",
        "limits": ("Who uses what: curiosity comes before use, and often without it.",),
    },
}


def kinds(evidence: Evidence) -> list[Page]:
    """Return a page of each kind of metrics, in their order."""
    return [measures_page(evidence, kind, **PAGES[kind]) for kind in KINDS]
