"""The answer of the overview in a sentence or two: who leads in which measure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reports.data.records import Subject
from reports.data.wording import listed
from reports.findings.ranking import Ranking

EVERY = "every measure that is up to date"


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


def in_a_line(rankings: Mapping[str, Ranking]) -> list[Clause]:
    """Say who leads in what in one line, as a list of questions has it, without what is left out."""
    if not rankings:
        return headline({}, [])
    clauses, led = list[Clause](), _led(rankings)
    for at, (leader, names) in enumerate(led.items(), 1):
        verb, end = " leads in" if at == 1 else " in", "." if at == len(led) else ","
        clauses.append(Clause(leader, f"{verb} {EVERY if _are_all(names, rankings) else listed(names)}{end}"))
    return [*clauses, *_levels(rankings)]


def _are_all(names: Sequence[str], rankings: Mapping[str, Ranking]) -> bool:
    """Whether one who leads in these leads in all of several."""
    return len(names) > 1 and len(names) == len(rankings)


def _led(rankings: Mapping[str, Ranking]) -> dict[Subject, list[str]]:
    """Return in what each leads, who does in most first."""
    led: dict[Subject, list[str]] = {}
    for name, found in rankings.items():
        if not found.is_level:
            led.setdefault(found.leader, []).append(name)
    return dict(sorted(led.items(), key=lambda item: -len(item[1])))


def _leaders(rankings: Mapping[str, Ranking]) -> list[Clause]:
    return [
        Clause(leader, f" leads in {_what(names, rankings)}{listed(names)}.")
        for leader, names in _led(rankings).items()
    ]


def _what(names: Sequence[str], rankings: Mapping[str, Ranking]) -> str:
    kinds = {rankings[name].metric.aggregation for name in names}
    if _are_all(names, rankings):
        return f"{EVERY}: "
    if kinds == {"stock"}:
        return "what has gathered over the years: "
    return "what happens now: " if "stock" not in kinds else ""


def _levels(rankings: Mapping[str, Ranking]) -> list[Clause]:
    level = [name for name, found in rankings.items() if found.is_level and not found.is_open]
    unsettled = [name for name, found in rankings.items() if found.is_open]
    told = (("Nearly level", level), ("Too close to call", unsettled))
    return [Clause(None, f"{words}: {listed(names)}.") for words, names in told if names]
