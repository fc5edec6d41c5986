"""How many a search finds of a month, where it tells their number and shows one of them."""

from datetime import date, timedelta
from typing import Annotated, Generic, TypeVar

from pydantic import Field

from flows.client.answer_model import Count, Shape, read_json
from flows.client.calendar import next_month
from flows.client.errors import Unanswered
from flows.client.service import Service, declared_quota
from flows.client.session import Pace
from warehouse.archive.write import LastAnswer
from warehouse.config.settings import Settings

Found = TypeVar("Found", bound=Shape)

# The limit is an address's or a token's: others search there, too. A backfill goes on to its end.
PART_OF_LIMIT, MINUTES_A_RUN = 0.4, 5
WEEKLY = 7
# What happens in a month is still told otherwise in the weeks after it.
YOUNG = timedelta(days=35)


def search(source_id: str, settings: Settings) -> Service:
    """Return the one service of a source that is a search, of which a run takes some minutes."""
    per_minute = round(PART_OF_LIMIT * declared_quota(source_id, settings).requests)
    return Service(source_id, pace=Pace(per_minute=per_minute), most_a_run=MINUTES_A_RUN * per_minute)


class Total(Shape, Generic[Found]):
    """How many there are, whether all were looked at, and at most one of them."""

    total_count: Count
    incomplete_results: bool
    items: Annotated[tuple[Found, ...], Field(max_length=1)]


def read_count(shape: type[Total[Found]], body: bytes) -> Total[Found]:
    """Return a count; raises Unanswered where the search ran out of time, ValueError for another thing."""
    told = read_json(shape, body)
    if told.incomplete_results:
        raise Unanswered(f"found {told.total_count} in a search that ran out of time, expected a whole count")
    if bool(told.items) != bool(told.total_count):
        raise ValueError(
            f"found {len(told.items)} of {told.total_count} counted, expected one of them, or none"
        )
    return told


def rhythm(month: date, last: LastAnswer | None, today: date, old: int) -> int:
    """Return after how many days a month is asked for again: a young one weekly, an older one after `old`.

    One that was running when it was last told is as a young one.
    """
    over_on = next_month(month)
    is_running = last is not None and last.read_at.date() < over_on
    return WEEKLY if is_running or today < over_on + YOUNG else old
