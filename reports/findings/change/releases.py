"""What a release changed: the three months after it against the three before, beside what is usual.

Every series moves, so a change says little by itself. The same comparison is made at every other month of the
series, and a change inside the middle eight tenths of these is as usual. That one follows another proves
nothing.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from statistics import quantiles

from reports.data.declared import Declared
from reports.data.evidence import Evidence
from reports.data.records import Event, Point, Subject
from reports.data.series import Series
from reports.data.wording import change
from reports.findings.change.growth import is_broken

MONTHS = 3
LEAST_USUAL = 24  # months to say what is usual by
MOST_MEASURES = 3


@dataclass(frozen=True)
class Effect:
    """By which part a figure changed, and between which parts it usually does; 0.1 is ten per cent more."""

    part: float
    low: float
    high: float

    @property
    def told(self) -> str:
        """+12 %, as usual; +40 %, more than usual (-8 % to +25 %)."""
        if self.low <= self.part <= self.high:
            return f"{change(self.part)}, as usual"
        than = "more" if self.part > self.high else "less"
        return f"{change(self.part)}, {than} than usual ({change(self.low)} to {change(self.high)})"


@dataclass(frozen=True)
class Released:
    """A release with what it changed in each of the measures; None where that cannot be told."""

    event: Event
    effects: Sequence[Effect | None]


def releases(evidence: Evidence, subject: Subject) -> tuple[Sequence[str], list[Released]]:
    """Return the names of the measures, and every release of a subject, the newest first."""
    events = [event for event in evidence.events if event.kind == "release"]
    every = ((one, _moves(evidence.series(one.key), evidence, subject)) for one in _measures(evidence))
    shown = list(islice(((one, moves) for one, moves in every if len(moves) >= LEAST_USUAL), MOST_MEASURES))
    names = [evidence.headlines.get(one.key) or one.noun for one, _ in shown]
    told = [Released(event, [_effect(event, moves) for _, moves in shown]) for event in reversed(events)]
    return names, told


def _measures(evidence: Evidence) -> Iterator[Declared]:
    """Yield the flows of the scoreboard that are told by month and were measured."""
    for one in evidence.declared:
        series, is_main = evidence.series(one.key), one.shown.headline or one.metric.headline
        is_flow = series.metric.aggregation == "flow" and series.metric.unit != "share"
        if is_main and is_flow and series.metric.grain == "month" and series.points and not series.is_sample:
            yield one


def _moves(series: Series, evidence: Evidence, subject: Subject) -> Mapping[date, float]:
    """Return the ratio of the months after to those before, at each month where all are known alike."""
    points = series.by_subject().get(subject.subject_id, ())
    known = {point.first_day: point for point in points if point.is_usable}
    found = {}
    for month in known:
        before, after = ([known.get(_moved(month, n * way)) for n in range(1, MONTHS + 1)] for way in (-1, 1))
        window = [point for point in (*reversed(before), known[month], *after) if point]
        if len(window) == 2 * MONTHS + 1 and not is_broken(series, evidence, subject, window):
            earlier, later = _sum(window[:MONTHS]), _sum(window[-MONTHS:])
            if earlier:
                found[month] = later / earlier
    return found


def _sum(points: Sequence[Point]) -> float:
    return sum(point.value for point in points)


def _moved(month: date, months: int) -> date:
    years, of_year = divmod(month.month - 1 + months, 12)
    return date(month.year + years, of_year + 1, 1)


def _effect(event: Event, moves: Mapping[date, float]) -> Effect | None:
    month = event.occurred_on.replace(day=1)
    if month not in moves:
        return None
    tenths = quantiles([ratio for other, ratio in moves.items() if other != month], n=10, method="inclusive")
    return Effect(moves[month] - 1, tenths[0] - 1, tenths[-1] - 1)
