"""Findings in plain words, composed from the figures: titles of charts and the answer of the overview."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from reports.evidence import Evidence, Series
from reports.standing import Standing, standing
from reports.rows import Point, SourceStatus, Subject
from reports.words import NUMBERS, about, listed, month, of_all, percent, times


@dataclass(frozen=True)
class Clause:
    """A part of a sentence that may begin with a subject's name, shown in its colour."""

    subject: Subject | None
    text: str


def share_finding(series: Series, evidence: Evidence, noun: str) -> str:
    """PyTorch is 71 % of the index downloads of the two."""
    found = standing(series, evidence)
    if series.is_sample or not found:
        return _withheld(series, noun)
    if len(found.figures) == 1 or not found.total:
        return amounts_finding(series, evidence, noun)
    since, verb = _tense(evidence.status(series), found)
    if found.is_level:
        names = listed(subject.name for subject, _ in found.figures[:2])
        return f"{names} {'were' if since else 'are'} nearly level in {noun}{since}"
    share = percent(found.share(found.leader))
    return f"{found.leader.name} {verb} {share} of the {noun} {of_all(len(found.figures))}{since}"


def amounts_finding(series: Series, evidence: Evidence, noun: str) -> str:
    """PyTorch: 71.2 million index downloads in July 2025; TensorFlow: 29.1 million."""
    found = standing(series, evidence)
    if series.is_sample or not found:
        return _withheld(series, noun)
    (leader, most), *others = found.figures
    tail = "".join(f"; {subject.name}: {about(value)}" for subject, value in others)
    return f"{leader.name}: {about(most)} {noun} in {month(found.last_day)}{tail}"


def ratio_finding(series: Series, evidence: Evidence, noun: str) -> str:
    """TensorFlow has 2.1 times the stars of PyTorch."""
    found = standing(series, evidence)
    if series.is_sample or not found or len(found.figures) == 1 or found.is_level or not found.figures[1][1]:
        return share_finding(series, evidence, noun)
    second, value = found.figures[1]
    since, _ = _tense(evidence.status(series), found)
    ratio = times(found.figures[0][1] / value)
    rank = ", the second" if len(found.figures) > 2 else ""
    return f"{found.leader.name} {'had' if since else 'has'} {ratio} the {noun} of {second.name}{rank}{since}"


def change_finding(series: Series, evidence: Evidence, noun: str) -> str:
    """Both gain fewer stars than in 2018: the last twelve months against the first full year known for all."""
    names = {subject.subject_id: subject.name for subject in evidence.subjects}
    now_and_then = {
        names[name]: _now_and_then(points, series) for name, points in series.by_subject().items()
    }
    year = _first_full_year(series)
    sums = {name: (sum(now), sum(then)) for name, (now, then) in now_and_then.items() if now and then}
    if series.is_sample or year is None or len(sums) < len(now_and_then):
        return share_finding(series, evidence, noun)
    fewer = [name for name, (now, then) in sums.items() if now < then]
    more = [name for name in sums if name not in fewer]
    if not more or not fewer:
        return f"{_all_of(fewer or more)} {'fewer' if fewer else 'more'} {noun} than in {year}"
    return f"{_all_of(fewer)} fewer {noun} than in {year}, {listed(more)} more"


def lede(standings: Mapping[str, Standing], left_out: Sequence[str]) -> list[Clause]:
    """Say who leads in which of the measures that are up to date, and what is left out."""
    clauses = [*_leaders(standings), *_levels(standings)]
    if not clauses:
        clauses = [Clause(None, "No measure of two subjects is up to date, so there is no answer yet.")]
    if left_out:
        clauses.append(Clause(None, f"Left out here: {listed(left_out)}."))
    return clauses


def _leaders(standings: Mapping[str, Standing]) -> list[Clause]:
    led: dict[Subject, list[str]] = {}
    for name, found in standings.items():
        if not found.is_level:
            led.setdefault(found.leader, []).append(name)
    return [
        Clause(leader, f" leads in {_what(names, standings)}{listed(names)}.")
        for leader, names in sorted(led.items(), key=lambda item: -len(item[1]))
    ]


def _what(names: Sequence[str], standings: Mapping[str, Standing]) -> str:
    kinds = {standings[name].metric.aggregation for name in names}
    if len(names) > 1 and len(names) == len(standings):
        return "every measure that is up to date: "
    if kinds == {"stock"}:
        return "what has gathered over the years: "
    return "what happens now: " if "stock" not in kinds else ""


def _levels(standings: Mapping[str, Standing]) -> list[Clause]:
    level = [name for name, found in standings.items() if found.is_level]
    return [Clause(None, f"Nearly level: {listed(level)}.")] if level else []


def _withheld(series: Series, noun: str) -> str:
    title = noun[:1].upper() + noun[1:]
    return f"{title}, in sample data" if series.is_sample else f"{title}: no figures to compare"


def _tense(status: SourceStatus, found: Standing) -> tuple[str, str]:
    if status.state != "stale":
        return "", "is"
    return f" in {month(found.last_day)}, and no answer came since", "was"


def _all_of(names: Sequence[str]) -> str:
    if len(names) == 1:
        return f"{names[0]} gains"
    return "Both gain" if len(names) == 2 else f"All {NUMBERS[len(names)]} gain"


def _first_full_year(series: Series) -> int | None:
    """Return the first calendar year of which every subject has all months."""
    years = [_full_years(points) for points in series.by_subject().values()]
    shared = set.intersection(*years) if years else set()
    return min(shared) if shared else None


def _full_years(points: Sequence[Point]) -> set[int]:
    months = [point.first_day.year for point in points]
    return {year for year in months if months.count(year) == 12}


def _now_and_then(points: Sequence[Point], series: Series) -> tuple[list[float], list[float]]:
    """Return the figures of the last twelve months and of the first full year; nothing where a month is missing."""
    last = points[-1].first_day
    year_ago = date(last.year - 1, last.month, 1)
    now = [point.value for point in points if point.first_day > year_ago]
    then = [point.value for point in points if point.first_day.year == _first_full_year(series)]
    return (now if len(now) == 12 else []), then
