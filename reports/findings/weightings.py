"""On what the lead in a kind of measures hangs: the published weightings in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from reports.data.declared import KINDS
from reports.data.evidence import Evidence
from reports.data.records import Subject, Weighting
from reports.data.wording import NO_BREAK, SAMPLE, listed, number, percent
from reports.findings.headline import Clause
from warehouse.statistics import WEIGHTINGS

# Who leads under fewer of the weightings leads by their grace.
CLEAR = 2 / 3
MOST_NAMED = 3


@dataclass(frozen=True)
class Weighed:
    """A measure: each subject's share, and who leads most often without it; or why it is not weighed."""

    name: str
    shares: Sequence[tuple[Subject, float]]
    state: str | None
    reason: str | None
    leader: Subject | None
    leads_share: float

    @property
    def told(self) -> str:
        """PyTorch 69 %, TensorFlow 31 %, sample data."""
        shares = [f"{subject.name}{NO_BREAK}{percent(share)}" for subject, share in self.shares]
        return self.reason or ", ".join([*shares, *([SAMPLE] if self.state == "sample" else [])])

    @property
    def without(self) -> str:
        """TensorFlow, under 73 %; what is told where nobody leads most often."""
        if self.reason:
            return "not weighed"
        return f"{self.leader.name}, under {percent(self.leads_share)}" if self.leader else "nobody"


@dataclass(frozen=True)
class Agreed:
    """The measures of a kind, and what the weightings make of each subject; who leads most often is first."""

    kind: str
    subjects: Sequence[tuple[Subject, Weighting]]
    measures: Sequence[Weighed]
    ranks: Mapping[str, Sequence[float]]

    @property
    def weighed(self) -> Sequence[Weighed]:
        """The measures that are weighed."""
        return [one for one in self.measures if not one.reason]

    @property
    def samples(self) -> Sequence[Weighed]:
        """The measures among them that are sample data."""
        return [one for one in self.weighed if one.state == "sample"]

    @property
    def is_sample(self) -> bool:
        """Whether some of the figures are sample data."""
        return bool(self.samples)

    @property
    def leads(self) -> Sequence[tuple[Subject, float]]:
        """Who leads under how many of the weightings, the most first."""
        return [(subject, found.leads_share) for subject, found in self.subjects if found.leads_share]


def weightings(evidence: Evidence) -> list[Agreed]:
    """Return each kind that the published file tells of."""
    names = {one.subject_id: one for one in (*evidence.ranked, *evidence.subjects)}
    rows = [one for one in evidence.weightings if one.subject_id in names]
    kinds = [kind for kind in KINDS if any(one.kind == kind for one in rows)]
    return [_agreed(kind, rows, names, evidence) for kind in kinds]


def sentence(found: Agreed) -> list[Clause]:
    """Say who leads under how many weightings, and without which measure another one does."""
    number_of, leads = len(found.weighed), found.leads
    if not number_of:
        why = "no measure has figures of the last year of all that are compared"
        return [Clause(None, f"Of {found.kind} nothing is weighed: {why}.")]
    if number_of == 1:
        alone = f"{found.weighed[0].name}, the one measure of {found.kind} that can be weighed"
        if leads:
            return [_named(found, leads[0][0], f" leads in {alone}{_of_sample(found)}.")]
        return [Clause(None, f"In {alone}, it is too close to call.")]
    of_all = f"{WEIGHTINGS:,} weightings of {number(number_of)} measures{_of_sample(found)}"
    if leads and leads[0][1] >= CLEAR:
        leader, share = leads[0]
        return [
            _named(
                found,
                leader,
                f" leads in {found.kind} under {percent(share)} of {of_all}{_but(found, leader)}.",
            )
        ]
    if not leads:
        return [
            Clause(None, f"In {found.kind} it is too close to call under each of {of_all}{_unless(found)}.")
        ]
    told = [f"{subject.name} leads under {percent(share)}" for subject, share in leads[:MOST_NAMED]]
    return [
        Clause(
            None,
            f"Who leads in {found.kind} hangs on the weights of {number(number_of)} measures"
            f"{_of_sample(found)}: {listed(told)} "
            f"of {WEIGHTINGS:,} weightings{_unless(found)}.",
        )
    ]


def notes(found: Agreed) -> list[str]:
    """Say what is sample data, and what is not weighed."""
    sample = [one.name for one in found.samples]
    left_out = [f"{one.name} ({one.reason})" for one in found.measures if one.reason]
    told = [f"{SAMPLE.capitalize()}: {listed(sample)}."] if sample else []
    return [*told, *([f"Not weighed: {listed(left_out)}."] if left_out else [])]


def _named(found: Agreed, leader: Subject, told: str) -> Clause:
    """Name a leader in its colour, but not one that sample data makes."""
    return Clause(None, f"{leader.name}{told}") if found.is_sample else Clause(leader, told)


def _of_sample(found: Agreed) -> str:
    """Return how many of the measures are sample data, which find nothing."""
    if not found.is_sample:
        return ""
    some = "" if len(found.samples) == len(found.weighed) else f"{number(len(found.samples))} of them "
    return f" ({some}{SAMPLE}, so no finding)"


def _but(found: Agreed, leader: Subject) -> str:
    """Return without which measures the clear leader is none; each of them is told."""
    changed = [(one.name, _clear(one)) for one in found.weighed if _clear(one) != leader]
    if not changed:
        return ", and still leads without any one of them"
    return "".join(
        f"; without {any_of(names)} it {f'is {subject.name}' if subject else 'hangs on the weights'}"
        for subject, names in _by_leader(changed)
    )


def _unless(found: Agreed) -> str:
    """Return without which measures somebody leads clearly after all."""
    changed = [(one.name, _clear(one)) for one in found.weighed if _clear(one)]
    return "".join(
        f"; without {any_of(names)} it is {subject.name}" for subject, names in _by_leader(changed) if subject
    )


def _clear(one: Weighed) -> Subject | None:
    return one.leader if one.leads_share >= CLEAR else None


def _by_leader(told: Sequence[tuple[str, Subject | None]]) -> list[tuple[Subject | None, list[str]]]:
    in_order = sorted(told, key=lambda one: one[1].position if one[1] else -1)
    return [(who, [name for name, _ in own]) for who, own in groupby(in_order, key=lambda one: one[1])]


def any_of(names: Sequence[str]) -> str:
    """A, B or C."""
    return " or ".join(filter(None, [", ".join(names[:-1]), names[-1]]))


def _agreed(kind: str, rows: Sequence[Weighting], names: Mapping[str, Subject], evidence: Evidence) -> Agreed:
    own = [(names[one.subject_id], one) for one in rows if one.kind == kind]
    ranks = sorted((one for one in evidence.weighting_ranks if one.kind == kind), key=lambda one: one.rank)
    return Agreed(
        kind,
        sorted(own, key=lambda one: (-(one[1].leads_share or 0), -(one[1].index_median or 0))),
        _measures(kind, names, evidence),
        {name: [one.share for one in ranks if one.subject_id == name] for name in names},
    )


def _measures(kind: str, names: Mapping[str, Subject], evidence: Evidence) -> list[Weighed]:
    without = {one.metric_id: one for one in evidence.weighting_without}
    told = [one for one in evidence.weighting_measures if one.kind == kind and one.subject_id in names]
    measures = []
    for metric_id in dict.fromkeys(one.metric_id for one in told):
        own = [one for one in told if one.metric_id == metric_id]
        left = without.get(metric_id)
        shares = [(names[one.subject_id], one.share) for one in own if one.share is not None]
        measures.append(
            Weighed(
                evidence.headlines.get(metric_id, metric_id),
                sorted(shares, key=lambda one: one[0].position),
                "sample" if any(one.state == "sample" for one in own) else own[0].state,
                own[0].reason,
                names.get(left.leader_id or "") if left else None,
                (left.leads_share or 0.0) if left else 0.0,
            )
        )
    return measures
