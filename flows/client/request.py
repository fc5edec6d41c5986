"""What a source is asked and when it is due: the one rule for daily figures, weekly ones, and settled ones.

A source's module lists all of its questions; which of them a run asks is decided here.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from zlib import crc32

from flows.client.client import Client
from flows.client.session import Pace, Quota
from warehouse.archive.write import LastAnswers

EACH_TIME = 0


@dataclass(frozen=True)
class Question:
    """One question, archived under `endpoint` and `key`, and how often its answer may change.

    `every_days` is the rhythm of asking again, EACH_TIME for what only the present can tell. An answer
    read on `settled_on` or later stays. `requests` is the expected number, where one leads to others.
    `service` is the variable of the address that is asked, None where the source has one alone.
    """

    endpoint: str
    key: str
    ask: Callable[[Client], object]
    every_days: int = 1
    settled_on: date | None = None
    requests: int = 1
    service: str | None = None

    def is_due(self, known: LastAnswers, now: datetime) -> bool:
        """Whether it was never answered, or its answer may have changed since."""
        last = known.get((self.endpoint, self.key))
        if last is None or self.every_days == EACH_TIME:
            return True
        if self.settled_on and last.read_at.date() >= self.settled_on:
            return False
        return self._turn(now) > self._turn(last.read_at)

    def _turn(self, at: datetime) -> int:
        """Return the number of the rhythm's turn; each question's turns begin on a day of its own.

        Thus what was first read all at once is asked again bit by bit, and no run is much the longest.
        """
        phase = crc32(f"{self.endpoint} {self.key}".encode()) % self.every_days
        return (at.toordinal() + phase) // self.every_days


def whole_or_recent(whole: Question, recent: Question, known: LastAnswers, now: datetime) -> Question | None:
    """Return what to ask of a series that is read whole now and then, and else in its last days.

    None on the day on which it was read whole, the last days among them.
    """
    if whole.is_due(known, now):
        return whole
    last = known[whole.endpoint, whole.key]
    return recent if last.read_at.date() < now.date() else None


def parts_of(names: Sequence[str], most: int) -> list[Sequence[str]]:
    """Return the names in their order, so many at once as one question may ask about."""
    return [names[at : at + most] for at in range(0, len(names), most)]


class Due(Collection[Question]):
    """The questions to ask now, in the order in which they are listed, each time anew.

    Of ten thousand subjects there are millions, of which a run asks thousands: they are not kept.
    """

    def __init__(self, listed: Callable[[], Iterable[Question]], known: LastAnswers, now: datetime) -> None:
        self._listed = listed
        self._known = known
        self._now = now

    def __iter__(self) -> Iterator[Question]:
        return (question for question in self._listed() if question.is_due(self._known, self._now))

    def __contains__(self, question: object) -> bool:
        return any(question == one for one in self)

    def __len__(self) -> int:
        return self._counted[0]

    @property
    def requests(self) -> int:
        """The expected number of requests."""
        return self._counted[1]

    @cached_property
    def _counted(self) -> tuple[int, int]:
        questions = requests = 0
        for question in self:
            questions += 1
            requests += question.requests
        return questions, requests


def expected_seconds(requests: int, pace: Pace, quota: Quota | None) -> float:
    """Return how long so many requests take under a source's limits, its answers taken for instant."""
    paced = max(
        requests / pace.per_second if pace.per_second else 0,
        (requests - 1) // pace.per_minute * 60 if pace.per_minute else 0,
    )
    waits = (requests - 1) // quota.requests * quota.seconds if quota else 0
    return max(paced, waits)
