"""The id of a figure: `subject.metric.first-day`, the same on pages, in files for programs and in SQL.

It joins the key of a row of `observations` (or of `tool_observations`, whose subject is the tool), so that it
stays what it is from build to build, and it stands in an address as it is. A day behind it asks for the
figure as it stood at the end of that day: `one.some_metric.2025-07-01.2025-08-31`. In SQL the macro
`figure_id` of the published file makes it.
"""

import re
from dataclasses import dataclass
from datetime import date

from warehouse.errors import ConfigurationError

SHAPE = re.compile(
    r"(?P<subject>[a-z][a-z0-9_]*)\.(?P<metric>[a-z][a-z0-9_]*)\.(?P<first_day>\d{4}(-\d{2}(-\d{2})?)?)"
    r"(\.(?P<as_of>\d{4}-\d{2}-\d{2}))?"
)


@dataclass(frozen=True)
class FigureId:
    """Which figure: whose, of which metric, of the period that begins on which day; `as_of` a past day."""

    subject_id: str
    metric_id: str
    first_day: date
    as_of: date | None = None

    def __str__(self) -> str:
        told = f"{self.subject_id}.{self.metric_id}.{self.first_day}"
        return f"{told}.{self.as_of}" if self.as_of else told


def parse_figure_id(text: str) -> FigureId:
    """Return what an id names; of a month or a year the first day may be left out: `2025-07`, `2025`.

    Raises ConfigurationError for what is no id.
    """
    found = SHAPE.fullmatch(text)
    expected = "expected SUBJECT.METRIC.FIRST-DAY like one.some_metric.2025-07-01"
    if found is None:
        raise ConfigurationError(f"figure: found {text}, {expected}")
    try:
        first_day = date.fromisoformat(f"{found['first_day']}-01-01"[:10])
        as_of = date.fromisoformat(found["as_of"]) if found["as_of"] else None
    except ValueError as error:
        raise ConfigurationError(f"figure: found {text}: {error}, {expected}") from error
    return FigureId(found["subject"], found["metric"], first_day, as_of)
