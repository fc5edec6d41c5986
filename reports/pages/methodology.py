"""Methodology: what each metric measures and what it does not, told in `docs/methodology.md` once for all."""

from markdown_it import MarkdownIt
from markupsafe import Markup

from reports.data.evidence import Evidence
from reports.pages.page import Page
from warehouse.config.settings import PROJECT

TEXT = PROJECT / "docs" / "methodology.md"
QUESTION = "What is measured, and what is not?"


def methodology(evidence: Evidence) -> Page:
    """Return the page on the metrics: the text of the documentation and the table of every metric."""
    return Page(
        name="methodology",
        template="methodology.html.j2",
        label="Methodology",
        title=QUESTION,
        description="Each metric: definition, source, what it measures and what not, biases, references.",
        content={"text": rendered(TEXT.read_text(encoding="utf-8")), "metrics": evidence.metrics.values()},
    )


def rendered(markdown: str) -> Markup:
    """Return Markdown as HTML without its first heading, which is the page's title; raw HTML stays text."""
    _, _, body = markdown.partition("\n")
    return Markup(MarkdownIt("commonmark", {"html": False}).enable("table").render(body))
