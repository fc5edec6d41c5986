"""The table where the measures agree or not: one row a measure, never one score."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from reports.charts.sparklines import sparklines
from reports.data.evidence import Evidence
from reports.data.records import OPEN, SourceStatus, Subject
from reports.data.series import Series
from reports.data.wording import (
    NO_BREAK,
    SAMPLE,
    about,
    day,
    listed,
    month,
    number,
    percent,
    plainly,
    source_name,
)
from reports.findings.change.growth import Growth, growths, untold
from reports.findings.crossovers import since
from reports.findings.lateness import overdue, silences, state
from reports.findings.ranking import WEEKS, Ranking, ranking

LATE = ("late", "stale")
MOST_NAMED = 3  # measures that are left out for one reason


@dataclass(frozen=True)
class Part:
    """A subject's part of the bar: where it begins and how wide it is, in per cent of the whole."""

    subject: Subject
    start: float
    width: float


@dataclass(frozen=True)
class Agreement:
    """A row: who has which share, who leads by how much, and of which day that is, if it is of one.

    `key` is that of its series. From `late_from` and `stale_from` on it is older than it should be.
    """

    key: str
    measure: str
    window: str
    parts: Sequence[Part]
    shares: str
    leader: Subject | None
    verdict: str
    lead: str
    told: str
    state: str
    is_grey: bool
    last_day: date | None = None
    late_from: datetime | None = None
    stale_from: datetime | None = None
    silence: str | None = None
    since: str | None = None
    lines: Sequence[tuple[Subject, str]] = ()
    growths: Sequence[Growth] = ()
    untold: str = ""  # why there is no growth of anybody
    is_sample: bool = False


def agreement(evidence: Evidence) -> list[Agreement]:
    """Return the row of every measure, measures without figures included."""
    return [_row(evidence.series(key), evidence) for key in evidence.headlines]


def up_to_date(evidence: Evidence) -> dict[str, Ranking]:
    """Return the rankings that are an answer: of two subjects or more, measured, none late or stale."""
    found = {key: ranking(evidence.series(key), evidence) for key in evidence.headlines}
    return {
        evidence.headlines[key]: at
        for key, at in found.items()
        if at
        and len(at.figures) > 1
        and at.total
        and not at.is_sample
        and _state(evidence.series(key), at, evidence) not in LATE
    }


def left_out(evidence: Evidence) -> list[str]:
    """Name the measures that have figures but are no answer, with the reason, or say how many they are."""
    reasons: dict[str, list[str]] = {}
    for key, name in evidence.headlines.items():
        series = evidence.series(key)
        found = ranking(series, evidence)
        if series.is_sample:
            reasons.setdefault(SAMPLE, []).append(name)
        elif series.points and _state(series, found, evidence) in LATE:
            reasons.setdefault(_silence(series, evidence) or "", []).append(name)
    return [told for reason, names in reasons.items() for told in _because(names, reason)]


def _because(names: Sequence[str], reason: str) -> list[str]:
    if len(names) > MOST_NAMED:
        return [f"{number(len(names))} measures ({reason})"]
    return [f"{name} ({reason})" for name in names]


def _row(series: Series, evidence: Evidence) -> Agreement:
    found, status = ranking(series, evidence), evidence.status(series)
    if not found:
        return _empty_row(series, status)
    leader, verdict, lead = _verdict(found)
    told, shown = _state(series, found, evidence), _shown(found)
    late_from, stale_from = overdue(series, evidence, shown)
    grown = [] if told == "stale" else growths(series, evidence)
    return Agreement(
        key=series.key,
        measure=series.metric.name,
        window=f"{source_name(status.source_id)}, {_window(found)}",
        parts=_parts(found),
        shares=_shares(found, evidence),
        leader=leader,
        verdict=verdict,
        lead=lead,
        told=SAMPLE if found.is_sample else day(found.last_day),
        state="never" if found.is_sample else told,
        is_grey=found.is_sample or told == "stale",
        last_day=None if found.is_sample else found.last_day,
        late_from=late_from,
        stale_from=stale_from,
        silence=None if found.is_sample else _silence(series, evidence),
        since=_since(found, leader, evidence),
        lines=sparklines(series, evidence),
        growths=grown,
        untold="" if grown else _untold(told, series, evidence),
        is_sample=found.is_sample,
    )


def _state(series: Series, found: Ranking | None, evidence: Evidence) -> str:
    """Return the worst state of the subjects whose figures are shown; of all where none are."""
    return state(series, evidence, _shown(found))


def _shown(found: Ranking | None) -> list[str] | None:
    return [subject.subject_id for subject in found.in_order] if found else None


def _silence(series: Series, evidence: Evidence) -> str | None:
    """Say whose figures are missing since when; None where none are late."""
    return "; ".join(silence.told for silence in silences(series, evidence)) or None


def _untold(state: str, series: Series, evidence: Evidence) -> str:
    return "not told: the figures are too old" if state == "stale" else untold(series, evidence)


def _since(found: Ranking, leader: Subject | None, evidence: Evidence) -> str | None:
    """Say since when the leader is ahead of the second, if that is published."""
    if not leader:
        return None
    second = found.figures[1][0]
    return since(evidence, found.metric.metric_id, leader.subject_id, second.subject_id)


def _empty_row(series: Series, status: SourceStatus) -> Agreement:
    window = source_name(status.source_id)
    untold = "no period is known for all subjects" if series.points else "no figure has been collected yet"
    # What makes a source late is said of the series that are.
    reason = plainly(status.reason) if status.reason and status.state != "late" else untold
    name = series.metric.name
    return Agreement(
        series.key,
        name,
        window,
        [],
        f"{name}: no figures",
        None,
        "no figures",
        reason,
        "none",
        status.state,
        True,
    )


def _window(found: Ranking) -> str:
    if found.metric.grain == "year":
        return f"{found.first_day.year}"
    if found.metric.grain == "month":
        return month(found.first_day)
    if found.metric.grain == "week":
        return f"{WEEKS} weeks to {day(found.last_day)}"
    # Counters are not all read on one day.
    return day(found.last_day) if found.is_of_one_day else f"{day(found.first_day)} to {day(found.last_day)}"


def _parts(found: Ranking) -> list[Part]:
    """Return the parts of the bar in the order of the configuration, so that sides never swap."""
    parts: list[Part] = []
    start = 0.0
    for subject in found.in_order:
        width = 100 * found.share(subject)
        parts.append(Part(subject, round(start, 2), round(width, 2)))
        start += width
    return parts


def _shares(found: Ranking, evidence: Evidence) -> str:
    shares = ", ".join(
        f"{subject.name}{NO_BREAK}{percent(found.share(subject))}" for subject in found.in_order
    )
    unknown = [subject.name for subject in evidence.subjects if subject not in found.in_order]
    notes = [*([f"no figure of {listed(unknown)}"] if unknown else []), found.counted_twice]
    return "; ".join(filter(None, [f"{shares}, {SAMPLE}" if found.is_sample else shares, *notes]))


def _verdict(found: Ranking) -> tuple[Subject | None, str, str]:
    """Return whom the row names as leader, if anyone, the words beside, and by how much."""
    if found.is_sample:
        return None, "no finding", SAMPLE
    if len(found.figures) == 1:
        return None, "nothing to compare", f"{found.leader.name}: {about(found.figures[0][1])}"
    lead = f"{about(found.lead)} {'points' if found.metric.unit == 'index' else found.metric.unit}"
    if found.is_level:
        return (
            None,
            OPEN if found.is_open else "nearly level",
            f"{found.leader.name} ahead by {lead}" if found.lead else "the same figure",
        )
    rank = f" over {found.figures[1][0].name}" if len(found.figures) > 2 else ""
    return found.leader, found.leader.name, f"leads by {lead}{rank}"
