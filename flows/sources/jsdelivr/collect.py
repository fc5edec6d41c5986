"""jsDelivr: requests for files of a package of JavaScript by month, asked for when the month is over.

Cost: one request a package and month, at first the twelve last months.
"""

from calendar import monthrange
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from functools import partial
from itertools import islice
from typing import Self

from pydantic import model_validator

from flows.client.answer_model import Count, Shape, read_json
from flows.client.calendar import months_down_to, next_month
from flows.client.client import Client
from flows.client.errors import Unanswered
from flows.client.request import Question
from flows.client.service import Service
from flows.client.session import Pace
from warehouse.archive.write import LastAnswers
from warehouse.config.catalog import catalog
from warehouse.config.ecosystem import Subject
from warehouse.config.settings import Settings

# Days come 48 hours later; what is older than a year may be told no more.
KNOWN_AFTER = timedelta(days=3)
MONTHS_KEPT = 12
# Of so many requests a day a day without one is a fault of counting: by chance it is one in 400 million.
SURELY_REQUESTED = 20


class Hits(Shape):
    """Requests of a month by day, and their sum."""

    total: Count
    dates: dict[date, Count]

    @model_validator(mode="after")
    def _adds_up(self) -> Self:
        if (told := sum(self.dates.values())) != self.total:
            raise ValueError(f"found days of {told} requests, expected the total of {self.total}")
        return self


class Statistics(Shape):
    """What is told of a package and period."""

    hits: Hits


def services(settings: Settings) -> tuple[Service]:
    """Return its one host, which asks for no more than a hundred requests a minute for longer."""
    return (Service("jsdelivr", pace=Pace(per_second=1)),)


def questions(subjects: Sequence[Subject], settings: Settings, known: LastAnswers) -> Iterator[Question]:
    """Yield each package's last twelve months of which every day is known, the newest first, each once."""
    today, first = settings.clock().date(), catalog()["jsdelivr"].bounds.first_day
    over = (month for month in months_down_to(first, today) if next_month(month) + KNOWN_AFTER <= today)
    months = list(islice(over, MONTHS_KEPT))
    for package in dict.fromkeys(name for subject in subjects for name in subject.identifiers("jsdelivr")):
        for month in months:
            key, settled_on = f"{package} {month:%Y-%m}", next_month(month) + KNOWN_AFTER
            ask = partial(_ask, package, month, key)
            yield Question("month_hits", key, ask, settled_on=settled_on)


def read_hits(month: date, body: bytes) -> Hits:
    """Return a month's requests; raises Unanswered for one of which a day is not known."""
    hits = read_json(Statistics, body).hits
    length = monthrange(month.year, month.month)[1]
    if strange := [day for day in hits.dates if day.replace(day=1) != month]:
        raise ValueError(f"found {strange[0]}, expected days of {month:%Y-%m}")
    if len(hits.dates) < length or not hits.total:
        raise Unanswered(f"found {hits.total} requests on {len(hits.dates)} days, expected some on {length}")
    if hits.total >= SURELY_REQUESTED * length and not all(hits.dates.values()):
        lost = min(day for day, requests in hits.dates.items() if not requests)
        raise Unanswered(f"found no request on {lost}, expected about {hits.total // length}")
    return hits


def _ask(package: str, month: date, key: str, client: Client) -> None:
    """Ask for a month's requests by day.

    Source: https://www.jsdelivr.com/docs/data.jsdelivr.com
    """
    url = f"{client.settings.urls['JSDELIVR_URL']}/v1/stats/packages/npm/{package}"
    client.ask("month_hits", key, url, parse=partial(read_hits, month), params={"period": f"{month:%Y-%m}"})
