"""What two subjects share: a repository, package, tag, term or article that counts for both on one day."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from flows.sources.identity import Finding, Named, Verdict, load_identity
from warehouse.config.subject import Identifier


def shared(
    source_id: str, asked: Sequence[Named], beside: Sequence[Named], meanings: Mapping[str, str]
) -> list[Finding]:
    """Return a finding for each thing that one of those asked shares with another, or with one beside.

    `meanings` tells what a source said that names stand for: two may lead to one repository.
    """
    meant = {_key(source_id, name): told for name, told in meanings.items()}
    alike = defaultdict[str, list[Named]](list)
    for each in (*asked, *beside):
        key = _key(source_id, each.identifier.name)
        alike[meant.get(key, key)].append(each)
    asked_for = {each.subject.id for each in asked}
    groups = (_counted_together(group) for group in alike.values())
    return [_finding(source_id, group) for group in groups if any(g.subject.id in asked_for for g in group)]


def owner_of(source_id: str, name: str, beside: Sequence[Named]) -> str | None:
    """Return which of the subjects beside counts an identifier already."""
    key, new = _key(source_id, name), Identifier(name)
    owners = (
        each.subject.name
        for each in beside
        if _key(source_id, each.identifier.name) == key and new.counts_beside(each.identifier)
    )
    return next(owners, None)


def _counted_together(group: Sequence[Named]) -> list[Named]:
    """Return those that count on a day on which they count for another subject, too."""
    return [
        one
        for one in group
        if any(
            one.subject.id != other.subject.id and one.identifier.counts_beside(other.identifier)
            for other in group
        )
    ]


def _finding(source_id: str, group: Sequence[Named]) -> Finding:
    subjects = {each.subject.id: each.subject.name for each in group}
    names = dict.fromkeys(each.identifier.name for each in group)
    times = "twice" if len(subjects) == 2 else f"{len(subjects)} times"
    words = f"the same in {len(subjects)} subjects, so counted {times} in every share: leave it in one"
    return Finding(source_id, " and ".join(subjects.values()), " and ".join(names), Verdict.SHARED, words)


def _key(source_id: str, name: str) -> str:
    return name.casefold() if load_identity(source_id).IGNORES_CASE else name
