"""A metric as its source declares it: what it measures, the series made from it, and how each is shown.

Nothing of how it is shown must be told: a metric of id, name, unit and definition stands on the page of its
kind with the title and the names that follow from them.
"""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field, model_validator

from warehouse.config.parts import Id, Strict, Text

Finding = Literal["amounts", "share", "ratio", "change", "ahead"]

# What a derived series is called beside the metric, and in which grains of the metric it can be made.
LABELS = {
    "month": "Monthly",
    "share": "Share",
    "mean_7": "7 days",
    "mean_28": "28 days",
    "last_year": "A year before",
    "cumulative": "Added up",
    "gathered": "Gathered",
    "recent": "By day",
    "low_share": "At least",
}
GRAINS: Mapping[str, tuple[str, ...]] = {
    "month": ("day", "month"),
    "share": ("day", "week", "month", "year"),
    "mean_7": ("day",),
    "mean_28": ("day",),
    "last_year": ("day", "week", "month", "year"),
    "cumulative": ("day", "week", "month", "year"),
    "gathered": ("day", "week", "month"),
    "recent": ("day",),
    "low_share": ("day", "week", "month", "year"),
}


class Shown(Strict):
    """How a series is shown.

    `noun` is what its figures are called in a sentence, `label` its name beside the series that it stands
    with, `finding` the sentence above its chart. `headline` is what the scoreboard and the badges call it;
    without one it is in neither. `answer` is the place of its sentence in the answer of its page, `overview`
    the sentence above its chart on the overview, `compare` the question of its chart there. A `detail` is a
    closer look: drawn on its page where there are figures, and listed nowhere else.
    """

    noun: Text | None = None
    label: Text | None = None
    finding: Finding | None = None
    headline: Text | None = None
    answer: int | None = None
    overview: Finding | None = None
    compare: Text | None = None
    detail: bool = False


class View(Shown):
    """A series made from a metric by a macro of the published file.

    `of` names the metric that has the months where the source tells them apart from the metric itself.
    Name, definition and caveat are the metric's own unless told.
    """

    id: Id
    view: Literal[
        "month", "share", "mean_7", "mean_28", "last_year", "cumulative", "gathered", "recent", "low_share"
    ]
    of: Id | None = None
    name: Text | None = None
    definition: Text | None = None
    caveat: Text | None = None


class Metric(Shown):
    """A metric of a source, as the published table `metrics` tells it, and how it is shown.

    Its figures are asked for `asked_after_days` after their period's end, and so are late only so much later.
    It stands `beside` the metric whose group it is in. One that is not `drawn` is shown by its views alone.
    Those that are `main` order the subjects where not all can be drawn. What vanishes from the past of a flow
    is `counted_by` a counter, another metric, by whose readings the loss is known. `means` says in a clause
    what a figure is, `limits` what it cannot tell, `demo` what is to be known of it in the demo, whose last
    day is written {day}; `parts` are the divisions by which it is told apart.
    """

    id: Id
    name: Text
    kind: Literal["adoption", "community", "attention"]
    unit: Text
    grain: Literal["day", "week", "month", "year"]
    aggregation: Literal["flow", "stock", "index"]
    definition: Text
    caveat: Text
    made_from: Id | None = None
    made_how: Literal["own figure", "all figures", "shorter periods"] | None = None
    may_end: str | None = None
    asked_after_days: Annotated[int, Field(ge=0, le=365)] = 0
    beside: Id | None = None
    drawn: bool = True
    main: bool = False
    counted_by: Id | None = None
    means: Text | None = None
    limits: tuple[Text, ...] = ()
    demo: Text | None = None
    parts: tuple[Id, ...] = ()
    views: tuple[View, ...] = ()

    @model_validator(mode="after")
    def _views_can_be_made(self) -> "Metric":
        for view in self.views:
            if self.grain not in GRAINS[view.view] and view.of is None:
                expected = " or ".join(GRAINS[view.view])
                raise ValueError(
                    f"found the view {view.view} of a metric by {self.grain}, expected one by {expected}"
                )
            if view.view == "gathered" and self.counted_by is None:
                raise ValueError(
                    "found the view gathered of a metric without counted_by, expected its counter"
                )
            adds_up = view.view in ("cumulative", "gathered") or (
                view.view == "month" and self.grain == "day"
            )
            if adds_up and self.aggregation != "flow":
                raise ValueError(
                    f"found the view {view.view} of a metric that is a {self.aggregation}, expected a flow"
                )
        return self
