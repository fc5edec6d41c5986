"""Ask: SQL on the published file, answered in the reader's own browser."""

from collections.abc import Mapping
from typing import Any

from reports.charts.spec import THEME
from reports.data.asking import Asking
from reports.data.evidence import Evidence
from reports.pages.data import examples
from reports.pages.page import Page

QUESTION = "What else do you want to know?"
LEDE = (
    "Ask in SQL. DuckDB runs in this browser and answers from the published file, the one that these pages "
    "are made from; what you write goes nowhere"
)


def ask(evidence: Evidence, asking: Asking, engine: Mapping[str, object]) -> Page:
    """Return the page that answers SQL; `engine` tells its script where engine and file are."""
    return Page(
        name="ask",
        template="ask.html.j2",
        label="Ask",
        title=QUESTION,
        description="SQL on every published figure, answered in your browser, as table, chart and CSV.",
        content={
            "lede": LEDE,
            "first": next(iter(examples()), ("", "from build_info;"))[1],
            "asking": asking,
            "facts": dict(engine) | _for_the_script(evidence, asking),
        },
    )


def _for_the_script(evidence: Evidence, asking: Asking) -> dict[str, Any]:
    return {
        "questions": {query.name: query.sql for query in asking.questions},
        "colors": {
            name: f"var(--s{subject.place})"
            for subject in evidence.subjects
            for name in (subject.subject_id, subject.name)
        },
        "config": THEME,
    }
