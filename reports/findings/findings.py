"""Findings in plain words, composed from the figures: the titles of charts."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial

from reports.data.evidence import Evidence
from reports.data.records import Subject
from reports.data.series import Series
from reports.data.wording import (
    NO_BREAK,
    about,
    all_of,
    figure,
    listed,
    month,
    of_all,
    percent,
    source_name,
    span,
    times,
    years_and_months,
)
from reports.findings.by_age import BIRTH, by_age
from reports.findings.change.year_change import trend
from reports.findings.lateness import has_ended, stale_subjects, state
from reports.findings.ranking import Ranking, ranking

UNNAMED = ("other", "unknown")
WINDOW = {"day": 91, "week": 52, "month": 12, "year": 5}  # periods that a finding of who was ahead looks back


def share_finding(series: Series, evidence: Evidence, noun: str) -> str:
    """PyTorch is 71 % of the index downloads of the two; the amounts alone where something counts in both."""
    found = ranking(series, evidence)
    if series.is_sample or not found:
        return _withheld(series, noun, len(evidence.subjects))
    if len(found.figures) == 1 or not found.total:
        return amounts_finding(series, evidence, noun)
    if found.counted_twice:
        return f"{amounts_finding(series, evidence, noun)}; {found.counted_twice}"
    since = _since(series, evidence, found)
    if found.is_level:
        names = listed(subject.name for subject, _ in found.figures[:2])
        level = "too close to call" if found.is_open else "nearly level"
        return f"{names} {'were' if since else 'are'} {level} in {noun}{since}"
    who, share = found.leader.name, percent(found.share(found.leader))
    return f"{who} {'was' if since else 'is'} {share} of the {noun} {_whose(found, evidence)}{since}"


def amounts_finding(series: Series, evidence: Evidence, noun: str) -> str:
    """PyTorch: 71.2 million index downloads in July 2025; TensorFlow: 29.1 million."""
    found = ranking(series, evidence)
    is_share = series.metric.unit == "share"
    if series.is_sample or not found:
        return _withheld(series, series.metric.name if is_share else noun, len(evidence.subjects))
    (leader, most), *others = found.figures
    said = partial(figure, metric=series.metric) if is_share else about
    rank = ", the second" if len(others) > 1 else ""
    tail = "".join(f"; {subject.name}{rank}: {said(value)}" for subject, value in others[:1])
    return f"{leader.name}: {said(most)} {noun} in {_when(found)}{tail}"


def ratio_finding(series: Series, evidence: Evidence, noun: str) -> str:
    """TensorFlow has 2.1 times the stars of PyTorch."""
    found = ranking(series, evidence)
    if series.is_sample or not found or len(found.figures) == 1 or found.is_level or not found.figures[1][1]:
        return share_finding(series, evidence, noun)
    second, value = found.figures[1]
    since = _since(series, evidence, found)
    ratio = times(found.figures[0][1] / value)
    rank = ", the second" if len(found.figures) > 2 else ""
    return f"{found.leader.name} {'had' if since else 'has'} {ratio} the {noun} of {second.name}{rank}{since}"


def change_finding(series: Series, evidence: Evidence, noun: str) -> str:
    """Both gain fewer stars a year than in 2018: the last twelve months against that year.

    The noun is of what is gained, for where that cannot be told; the change is in the metric's unit.
    """
    found, unit = trend(series, evidence), series.metric.unit
    if not found or not (found.fewer or found.more) or state(series, evidence) == "stale":
        return share_finding(series, evidence, noun)
    untold = f"; what changed for {_named(found.untold)} is within the doubt" if found.untold else ""
    if found.fewer and found.more:
        more = _named(found.more)
        return f"{_gain(found.fewer)} fewer {unit} a year than in {found.year}, {more} more{untold}"
    subjects = found.fewer or found.more
    are_all = len(subjects) > 1 and not found.untold
    who = f"{all_of(len(subjects))} gain" if are_all else _gain(subjects)
    return f"{who} {'fewer' if found.fewer else 'more'} {unit} a year than in {found.year}{untold}"


def ahead_finding(series: Series, evidence: Evidence, noun: str) -> str:
    """PyTorch was ahead in search interest on 84 of 91 days: a window of a quarter, or of a year by weeks."""
    periods = [figures for _, figures in sorted(_usable_periods(series).items())]
    shared = [figures for figures in periods if len(figures) == len(evidence.subjects)]
    window = shared[-WINDOW[series.metric.grain] :]
    if series.is_sample or not window or len(evidence.subjects) < 2:
        return amounts_finding(series, evidence, noun)
    ahead = Counter(name for figures in window if (name := _first(figures)))
    if not ahead:
        return share_finding(series, evidence, noun)
    ((name, times_ahead),) = ahead.most_common(1)
    subject = evidence.subject(name)
    of = f"{times_ahead} of the last {len(window)} {series.metric.grain}s"
    return f"{subject.name if subject else name} was ahead in {noun} in {of}"


def parts_finding(series: Series, noun: str) -> str:
    """PyTorch's downloads by system: Linux has 78 %, Windows has 10 %; what has no name leads no list."""
    last = [point for point in series.points if point.last_day == series.last_day and point.state == "ok"]
    if series.is_sample or not last:
        return _withheld(series, noun, 1)
    whole = sum(point.value for point in last) or 1.0
    named = [point for point in last if point.subject_id not in UNNAMED]
    most = sorted(named or last, key=lambda point: -point.value)[:2]
    told = ", ".join(f"{point.subject_id} has{NO_BREAK}{percent(point.value / whole)}" for point in most)
    return f"{noun}: {told}"


def age_finding(series: Series, evidence: Evidence, noun: str) -> str:
    """At 8 years 6 months PyTorch had 71.2 million index downloads a month, TensorFlow 29.1 million."""
    aged, _ = by_age(series, evidence)
    found = ranking(aged, evidence)
    if aged.is_sample or not found:
        return _withheld(aged, noun, len(evidence.subjects))
    (leader, most), *others = found.figures
    tail = "".join(f", {subject.name} {about(value)}" for subject, value in others)
    months = (found.first_day.year - BIRTH.year) * 12 + found.first_day.month - 1
    return f"At {years_and_months(months)} {leader.name} had {about(most)} {noun}{tail}"


def _usable_periods(series: Series) -> Mapping[date, Mapping[str, float]]:
    found: dict[date, dict[str, float]] = defaultdict(dict)
    for point in series.points:
        if point.is_usable:
            found[point.first_day][point.subject_id] = point.value
    return found


def _first(figures: Mapping[str, float]) -> str | None:
    """Return who alone has the highest figure; None where it is shared."""
    highest = max(figures.values())
    names = [name for name, value in figures.items() if value == highest]
    return names[0] if len(names) == 1 else None


def _gain(subjects: Sequence[Subject]) -> str:
    return f"{_named(subjects)} {'gain' if len(subjects) > 1 else 'gains'}"


def _named(subjects: Sequence[Subject]) -> str:
    return listed(subject.name for subject in subjects)


def _whose(found: Ranking, evidence: Evidence) -> str:
    if len(found.figures) == len(evidence.subjects):
        return of_all(len(found.figures))
    return f"of {_named(found.in_order)}"


def _withheld(series: Series, noun: str, subjects: int) -> str:
    title = f"{noun[:1].upper()}{noun[1:]}".rstrip(",")
    if series.is_sample:
        return f"{title}, in sample data"
    return f"{title}: no figures to compare" if subjects > 1 else f"{title}: no figures yet"


def _since(series: Series, evidence: Evidence, found: Ranking) -> str:
    if state(series, evidence, [subject.subject_id for subject in found.in_order]) != "stale":
        is_past = found.metric.grain == "year" or has_ended(series, evidence)
        return f" in {_when(found)}" if is_past else ""
    stale = stale_subjects(series, evidence)
    who = source_name(series.metric.source_id)
    return f" in {_when(found)}; {who} has told nothing{f' of {listed(stale)}' if stale else ''} since"


def _when(found: Ranking) -> str:
    if found.metric.grain == "year":
        return f"{found.last_day.year}"
    # Counters that were read in two months are of both.
    is_read_twice = found.metric.aggregation == "stock" and month(found.first_day) != month(found.last_day)
    return span(found.first_day, found.last_day) if is_read_twice else month(found.last_day)
