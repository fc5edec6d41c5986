"""Findings in plain words, composed from the figures: the titles of charts."""

from collections.abc import Sequence

from reports.aligned import BIRTH, by_age
from reports.evidence import Evidence
from reports.rows import Subject
from reports.series import Series
from reports.standing import Standing, standing
from reports.trend import trend
from reports.words import about, all_of, listed, month, of_all, percent, times, years_and_months


def share_finding(series: Series, evidence: Evidence, noun: str) -> str:
    """PyTorch is 71 % of the index downloads of the two."""
    found = standing(series, evidence)
    if series.is_sample or not found:
        return _withheld(series, noun)
    if len(found.figures) == 1 or not found.total:
        return amounts_finding(series, evidence, noun)
    since = _since(series, evidence, found)
    if found.is_level:
        names = listed(subject.name for subject, _ in found.figures[:2])
        return f"{names} {'were' if since else 'are'} nearly level in {noun}{since}"
    who, share = found.leader.name, percent(found.share(found.leader))
    return f"{who} {'was' if since else 'is'} {share} of the {noun} {_whose(found, evidence)}{since}"


def amounts_finding(series: Series, evidence: Evidence, noun: str) -> str:
    """PyTorch: 71.2 million index downloads in July 2025; TensorFlow: 29.1 million."""
    found = standing(series, evidence)
    if series.is_sample or not found:
        return _withheld(series, noun)
    (leader, most), *others = found.figures
    rank = ", the second" if len(others) > 1 else ""
    tail = "".join(f"; {subject.name}{rank}: {about(value)}" for subject, value in others[:1])
    return f"{leader.name}: {about(most)} {noun} in {month(found.last_day)}{tail}"


def ratio_finding(series: Series, evidence: Evidence, noun: str) -> str:
    """TensorFlow has 2.1 times the stars of PyTorch."""
    found = standing(series, evidence)
    if series.is_sample or not found or len(found.figures) == 1 or found.is_level or not found.figures[1][1]:
        return share_finding(series, evidence, noun)
    second, value = found.figures[1]
    since = _since(series, evidence, found)
    ratio = times(found.figures[0][1] / value)
    rank = ", the second" if len(found.figures) > 2 else ""
    return f"{found.leader.name} {'had' if since else 'has'} {ratio} the {noun} of {second.name}{rank}{since}"


def change_finding(series: Series, evidence: Evidence, noun: str) -> str:
    """Both gain fewer stars a year than in 2018: the last twelve months against that year."""
    found = trend(series, evidence)
    if not found or evidence.status(series).state == "stale":
        return share_finding(series, evidence, noun)
    if found.fewer and found.more:
        more = listed(subject.name for subject in found.more)
        return f"{_gain(found.fewer)} fewer {noun} a year than in {found.year}, {more} more"
    subjects = found.fewer or found.more
    who = all_of(len(subjects)) if len(subjects) > 1 else ""
    change = "fewer" if found.fewer else "more"
    return f"{f'{who} gain' if who else _gain(subjects)} {change} {noun} a year than in {found.year}"


def age_finding(series: Series, evidence: Evidence, noun: str) -> str:
    """At 8 years 6 months PyTorch had 71.2 million index downloads a month, TensorFlow 29.1 million."""
    aged, _ = by_age(series, evidence)
    found = standing(aged, evidence)
    if aged.is_sample or not found:
        return _withheld(aged, noun)
    (leader, most), *others = found.figures
    tail = "".join(f", {subject.name} {about(value)}" for subject, value in others)
    months = (found.first_day.year - BIRTH.year) * 12 + found.first_day.month - 1
    return f"At {years_and_months(months)} {leader.name} had {about(most)} {noun}{tail}"


def _gain(subjects: Sequence[Subject]) -> str:
    return f"{listed(subject.name for subject in subjects)} {'gain' if len(subjects) > 1 else 'gains'}"


def _whose(found: Standing, evidence: Evidence) -> str:
    if len(found.figures) == len(evidence.subjects):
        return of_all(len(found.figures))
    return f"of {listed(subject.name for subject in found.in_order)}"


def _withheld(series: Series, noun: str) -> str:
    title = f"{noun[:1].upper()}{noun[1:]}"
    return f"{title}, in sample data" if series.is_sample else f"{title}: no figures to compare"


def _since(series: Series, evidence: Evidence, found: Standing) -> str:
    if evidence.status(series).state != "stale":
        return ""
    return f" in {month(found.last_day)}, and no answer came since"
