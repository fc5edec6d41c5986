"""Which series the sources declare, in the order of pages and lists, and how each one is shown.

Every metric is a series, and so is every view of one. What a list of series in the reports holds is asked
here, so that a new metric stands in all of them by its declaration.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from warehouse.config.catalog import Source, catalog
from warehouse.config.metric import LABELS, Finding, Metric, View

# The kinds of metrics in the order of their pages, which is that of every list.
KINDS = ("adoption", "community", "attention")
# The sentence above a derived series, unless it is declared.
FINDINGS: Mapping[str, Finding] = {
    "share": "share",
    "mean_7": "ahead",
    "mean_28": "ahead",
    "recent": "ahead",
}


@dataclass(frozen=True)
class Declared:
    """A series that a source declares: a metric, or a view of it."""

    source: Source
    metric: Metric
    view: View | None = None

    @property
    def shown(self) -> Metric | View:
        """What is declared of how it is shown."""
        return self.view or self.metric

    @property
    def key(self) -> str:
        """Its public name, in the addresses of the site."""
        return self.shown.id

    @property
    def label(self) -> str:
        """Its name beside the series that it stands with."""
        return self.shown.label or (LABELS[self.view.view] if self.view else self.metric.name)

    @property
    def noun(self) -> str:
        """What its figures are called in a sentence."""
        return self.shown.noun or self.metric.noun or self.metric.name.lower()

    @property
    def finding(self) -> Finding:
        """Which sentence stands above its chart."""
        return self.shown.finding or FINDINGS.get(self.view.view if self.view else "", "amounts")

    @property
    def is_drawn(self) -> bool:
        """Whether a page has its chart."""
        return self.view is not None or self.metric.drawn

    @property
    def group(self) -> str:
        """The metric that it stands with on its page."""
        return self.metric.beside or self.metric.id

    @property
    def is_of_one_whole(self) -> bool:
        """Whether it is a share of all compared: they add up to one, and what changes one changes all."""
        return self.view.view == "share" if self.view else self.metric.made_how == "all figures"

    @property
    def mean_days(self) -> int | None:
        """Of how many days each figure is the mean; None for one that is no mean."""
        kind, _, days = self.view.view.partition("_") if self.view else ("", "", "")
        return int(days) if kind == "mean" else None


@cache
def declared() -> Mapping[str, Declared]:
    """Return every series by its key, each metric followed by its views.

    A metric that tells the months of another one is shown as that one's view alone.
    """
    metrics = [
        (source, metric)
        for kind in KINDS
        for source in catalog().values()
        for metric in source.metrics
        if metric.kind == kind
    ]
    found = [
        Declared(source, metric, view)
        for source, metric in metrics
        if metric.id not in told_as_views()
        for view in (None, *metric.views)
    ]
    return {one.key: one for one in found}


def told_as_views() -> frozenset[str]:
    """Return the metrics that tell the months of another one, and by their own name would be told twice."""
    views = (view for metric in catalog().metrics.values() for view in metric.views)
    return frozenset(view.of for view in views if view.of)


def known(metrics: Mapping[str, object]) -> Iterator[Declared]:
    """Yield the series whose metrics a published file has: an older one lacks what came later."""
    return (one for one in declared().values() if one.metric.id in metrics)


def headlines(metrics: Mapping[str, object]) -> Mapping[str, str]:
    """Return the series of the scoreboard, in its order, with what each is called inside a sentence."""
    measures = catalog().measures
    return {one.key: measures[one.key] for one in known(metrics) if one.key in measures}


def main_metrics() -> Sequence[Metric]:
    """Return the metric that orders the subjects, and those that do where a subject has no figure of it."""
    return [one.metric for one in declared().values() if one.metric.main and not one.view]


def whole_of(one: Declared) -> Declared:
    """Return the series that a share of all compared is a share of: by month where the metric is by day."""
    if not one.is_of_one_whole:
        return one
    every = declared()
    if one.view is None:
        return every[one.metric.made_from or one.key]
    months = (other for other in every.values() if other.view and other.view.view == "month")
    monthly = next((other for other in months if other.metric == one.metric), None)
    return monthly or every[one.metric.id]


def divided() -> Declared | None:
    """Return the metric that is told apart by divisions; None where no source has such a one."""
    return next((one for one in declared().values() if one.metric.parts and not one.view), None)
