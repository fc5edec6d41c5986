"""A page of one kind of metrics: every series of that kind, with its sentence, its chart and its limits."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from reports.charts.figure import Figure, figure_of, kindred
from reports.data.declared import KINDS, Declared
from reports.data.evidence import Evidence
from reports.findings.titles import title
from reports.pages.page import Page, laid_out


def measures_page(
    evidence: Evidence, kind: str, *, name: str, label: str, question: str, about: str, limits: Sequence[str]
) -> Page:
    """Return the page of a kind of metrics; `about` says in a sentence what it shows."""
    series = [one for one in evidence.declared if one.metric.kind == kind]
    answers = sorted(
        (one for one in series if one.shown.answer is not None), key=lambda one: one.shown.answer or 0
    )
    told = [title(evidence, one.key) for one in answers]
    metrics = list({one.metric.id: one.metric for one in series}.values())
    figures = [figure for group in groups(evidence, [kind]) for figure in _figures(evidence, group)]
    begins_with = {figure.series for figure in laid_out(figures).first}
    first = list({one.metric.id: one.metric for one in series if one.key in begins_with}.values())
    further = [metric for metric in metrics if metric not in first]
    return Page(
        name=name,
        template="measures.html.j2",
        label=label,
        title=question,
        description=f"{told[0]}. {about}" if told else about,
        content={
            "answer": [*told, *meaning([metric.means for metric in first])],
            "figures": figures,
            "further": [*meaning([metric.means for metric in further])],
            "limits": [*(limit for metric in metrics for limit in metric.limits), *limits],
        },
    )


def meaning(clauses: Sequence[str | None]) -> Iterator[str]:
    """Yield what the figures mean, the clauses as one sentence; nothing where there are none."""
    text = "; ".join(filter(None, clauses))
    if text:
        yield f"{text[:1].upper()}{text[1:]}"


def groups(evidence: Evidence, kinds: Sequence[str] = KINDS) -> Iterator[list[Declared]]:
    """Yield the series of some kinds that are drawn, those together that stand together."""
    drawn = [one for one in evidence.declared if one.metric.kind in kinds and one.is_drawn]
    shown = [one for one in drawn if not one.shown.detail or evidence.points.get(one.key)]
    order = list(dict.fromkeys(one.group for one in shown))
    beside = sorted(shown, key=lambda one: order.index(one.group))
    yield from (list(group) for _, group in groupby(beside, key=lambda one: one.group))


def _figures(evidence: Evidence, group: Sequence[Declared]) -> list[Figure]:
    figures = [figure_of(evidence, one.key, title(evidence, one.key), label=one.label) for one in group]
    return kindred(*figures) if len(figures) > 1 else figures
