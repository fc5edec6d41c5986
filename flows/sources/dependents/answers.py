"""Package metadata: the months of a family's dependents, and what they must be to be believed."""

from datetime import date, timedelta
from typing import Self

from pydantic import model_validator

from flows.client.answer_bounds import require_possible_day
from flows.client.answer_model import Shape, WrittenCount
from flows.client.clickhouse import read_rows, require_each_month, require_whole
from flows.client.errors import Unanswered
from flows.sources.dependents.query import ROW_LIMIT
from warehouse.config.catalog import catalog


class Counts(Shape):
    """Projects with a release, those of which one requires the family, and changes of the latest one.

    A latest release began to require it or ceased to, or to offer it behind an extra alone. `loaded` files
    were read, of `held`.
    """

    released: WrittenCount
    requiring: WrittenCount
    began: WrittenCount
    ceased: WrittenCount
    began_to_offer: WrittenCount
    ceased_to_offer: WrittenCount
    loaded: WrittenCount
    held: WrittenCount


SUMMED = tuple(name for name in Counts.model_fields if name != "held")


class Month(Counts):
    """Those of one month."""

    month: date

    @model_validator(mode="after")
    def _is_possible(self) -> Self:
        most = max(self.requiring, self.began + self.ceased, self.began_to_offer + self.ceased_to_offer)
        if most > self.released:
            raise ValueError(f"found {most} of {self.released} projects released, expected no more than all")
        return self


class Dependents(Shape):
    """The months of a family, the oldest first, and what they sum to."""

    data: tuple[Month, ...]
    rows: WrittenCount
    totals: Counts

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        require_whole(self, SUMMED, "months")
        if self.totals.loaded != self.totals.held:
            raise ValueError(f"found {self.totals.loaded} files read, expected all {self.totals.held}")
        return self

    @model_validator(mode="after")
    def _nobody_ceases_before_it_began(self) -> Self:
        for began, ceased in (("began", "ceased"), ("began_to_offer", "ceased_to_offer")):
            standing = 0
            for month in self.data:
                standing += getattr(month, began) - getattr(month, ceased)
                if standing < 0:
                    raise ValueError(
                        f"found {standing} projects that {began} by {month.month}, expected none less"
                    )
        return self


def until() -> date:
    """Return the month whose row stands for all that was released until it was over."""
    return (catalog()["dependents"].bounds.first_day - timedelta(days=1)).replace(day=1)


def read_dependents(today: date, body: bytes) -> Dependents:
    """Return a family's months; raises Unanswered for one that no project ever required or offered."""
    told = read_rows(Dependents, body)
    if not 1 < told.rows < ROW_LIMIT:
        raise ValueError(f"found {told.rows} months, expected more than one and fewer than {ROW_LIMIT}")
    require_each_month((found.month for found in told.data), until())
    require_possible_day("dependents", "releases", told.data[-1].month, today)
    if not told.totals.requiring + told.totals.began_to_offer:
        raise Unanswered("found no project that requires it")
    return told
