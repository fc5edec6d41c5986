"""The overview: the question, the answer in a sentence, where the measures agree, the main lines."""

from collections.abc import Sequence
from dataclasses import replace

from reports.charts.figure import HALF, Figure, figure_of
from reports.data.declared import whole_of
from reports.data.evidence import Evidence
from reports.data.records import Comparison
from reports.findings.changes import Changes, shown, told_since
from reports.findings.comparisons import compared
from reports.findings.headline import Clause, headline, in_a_line
from reports.findings.latest import latest, origins
from reports.findings.titles import title
from reports.findings.weightings import notes, sentence, weightings
from reports.pages.page import Page, charts_of
from reports.pages.quality import freshness
from reports.pages.scoreboard import agreement, left_out, up_to_date

LIMITS = (
    "Which framework is better, or better for a purpose: these are traces of attention and of installing.",
    "How many people use either: one may install a thousand times, and a thousand share one install.",
    "Why a line moves. Events are marked where they fell; that one follows another proves nothing.",
    "Anything about figures no source gives any more: a series that ended stays where it ended.",
)


def overview(
    evidence: Evidence, changed: Changes, drawn: Sequence[Page], further: Sequence[Page] = ()
) -> Page:
    """Return the overview of all that is compared, with every further question and its answer.

    `drawn` are the pages on which the measures have their charts.
    """
    return _overview(evidence, changed, drawn, "index", "Overview", further)


def comparisons(evidence: Evidence, changed: Changes, drawn: Sequence[Page]) -> list[Page]:
    """Return an overview of each further question."""
    return [
        replace(_overview(compared(evidence, one), changed, drawn, _name(one), one.question), is_listed=False)
        for one in evidence.comparisons
    ]


def _name(comparison: Comparison) -> str:
    return f"comparison-{comparison.comparison_id}"


def _overview(
    evidence: Evidence,
    changed: Changes,
    drawn: Sequence[Page],
    name: str,
    label: str,
    further: Sequence[Page] = (),
) -> Page:
    rankings = up_to_date(evidence)
    answer = headline(rankings, left_out(evidence))
    return Page(
        name=name,
        template="index.html.j2",
        label=label,
        title=evidence.build.question,
        description=_plain(answer),
        content={
            "evidence": evidence,
            "further": further,
            "headline": answer,
            "in_a_line": in_a_line(rankings),
            "agreement": agreement(evidence),
            "charts": charts_of(drawn),
            "weighed": [(found, sentence(found), notes(found)) for found in weightings(evidence)],
            "told_since": told_since(changed),
            "has_last": changed.previous_on is not None,
            "changes": shown(changed),
            "freshness": freshness(evidence),
            "figures": _figures(evidence),
            "latest": latest(evidence),
            "origins": origins(evidence),
            "limits": LIMITS,
        },
    )


def _figures(evidence: Evidence) -> list[Figure]:
    """Return the charts that the overview shows; a share needs two, so of one subject the whole is drawn."""
    shown = [one for one in evidence.declared if one.shown.overview]
    alone = len(evidence.subjects) == 1
    return [
        figure_of(
            evidence,
            whole_of(one).key if alone else one.key,
            title(evidence, one.key, one.shown.overview),
            HALF,
        )
        for one in shown
    ]


def _plain(clauses: Sequence[Clause]) -> str:
    return " ".join(f"{clause.subject.name if clause.subject else ''}{clause.text}" for clause in clauses)
