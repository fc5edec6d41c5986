"""The answer of the overview in a sentence or two: who leads in which measure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reports.data.records import Subject
from reports.data.wording import listed
from reports.findings.ranking import Ranking


@dataclass(frozen=True)
class Clause:
    """A part of a sentence that may begin with a subject's name, shown in its colour."""

    subject: Subject | None
    text: str


def headline(rankings: Mapping[str, Ranking], left_out: Sequence[str]) -> list[Clause]:
    """Say who leads in which of the measures that are up to date, and what is left out."""
    clauses = [*_leaders(rankings), *_levels(rankings)]
    if not clauses:
        clauses = [Clause(None, "No measure of two subjects is up to date, so there is no answer yet.")]
    if left_out:
        clauses.append(Clause(None, f"Left out here: {listed(left_out)}."))
    return clauses


def _leaders(rankings: Mapping[str, Ranking]) -> list[Clause]:
    led: dict[Subject, list[str]] = {}
    for name, found in rankings.items():
        if not found.is_level:
            led.setdefault(found.leader, []).append(name)
    return [
        Clause(leader, f" leads in {_what(names, rankings)}{listed(names)}.")
        for leader, names in sorted(led.items(), key=lambda item: -len(item[1]))
    ]


def _what(names: Sequence[str], rankings: Mapping[str, Ranking]) -> str:
    kinds = {rankings[name].metric.aggregation for name in names}
    if len(names) > 1 and len(names) == len(rankings):
        return "every measure that is up to date: "
    if kinds == {"stock"}:
        return "what has gathered over the years: "
    return "what happens now: " if "stock" not in kinds else ""


def _levels(rankings: Mapping[str, Ranking]) -> list[Clause]:
    level = [name for name, found in rankings.items() if found.is_level and not found.is_open]
    unsettled = [name for name, found in rankings.items() if found.is_open]
    told = (("Nearly level", level), ("Too close to call", unsettled))
    return [Clause(None, f"{words}: {listed(names)}.") for words, names in told if names]
