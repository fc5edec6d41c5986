"""What the sources say of many identifiers: one finding each, with suggestions for wrong ones."""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from flows.http import Client
from flows.identify import Identity, Told, Verdict, load_identity
from flows.progress import stage
from flows.sources import load_source
from warehouse.errors import Refused, SourceError
from warehouse.presets import known_identifiers
from warehouse.settings import Settings

MOST_SUGGESTIONS = 3


@dataclass(frozen=True)
class Finding:
    """What a source says of one identifier of a subject, in words for people."""

    source_id: str
    subject: str
    identifier: str | None
    verdict: Verdict
    words: str


@dataclass(frozen=True)
class Named:
    """An identifier at a source, and the name of the subject that goes by it."""

    subject: str
    identifier: str


def verify(source_id: str, named: Sequence[Named], settings: Settings) -> list[Finding]:
    """Ask a source for each identifier, in order; one that stops answering leaves the others unasked."""
    findings: list[Finding] = []
    with stage(f"verify {source_id}") as told, _client(source_id, settings) as client:
        problem = None
        for each in named:
            answer = Told(Verdict.UNASKED, problem) if problem else _told(client, source_id, each)
            if answer.verdict is Verdict.UNASKED:
                problem = answer.words
            findings.append(Finding(source_id, each.subject, each.identifier, answer.verdict, answer.words))
        told.result = f"{sum(f.verdict is Verdict.RIGHT for f in findings)} of {len(named)} confirmed"
    return findings


def resolve(source_id: str, name: str, settings: Settings) -> Finding:
    """Ask a source for what a subject of this name should be called there; left out unless confirmed."""
    with stage(f"look for {source_id}") as told, _client(source_id, settings) as client:
        finding = _resolved(client, source_id, name)
        told.result = finding.identifier or finding.verdict
        return finding


def _resolved(client: Client, source_id: str, name: str) -> Finding:
    identity, guess = load_identity(source_id), name
    try:
        guess = identity.guess(client, name)
        told = identity.confirm(client, guess)
    except Refused as error:
        return Finding(source_id, name, None, Verdict.LEFT_OUT, _bare(error, source_id, guess))
    except SourceError as error:
        return Finding(source_id, name, None, Verdict.UNASKED, _bare(error, source_id, guess))
    words = f"by its name, so see that it is the same: {told.words}"
    return Finding(source_id, name, (*told.instead, guess)[0], Verdict.RIGHT, words)


def _client(source_id: str, settings: Settings) -> Client:
    """Return a client that archives nothing."""
    return Client(load_source(source_id).services(settings)[0], settings, lambda page: None)


def _told(client: Client, source_id: str, named: Named) -> Told:
    identity = load_identity(source_id)
    try:
        return identity.confirm(client, named.identifier)
    except Refused as error:
        words = _bare(error, source_id, named.identifier)
        instead = _suggestions(identity, client, source_id, named)
        perhaps = f"; perhaps {' or '.join(instead)}" if instead else ""
        return Told(Verdict.WRONG, words + perhaps)
    except SourceError as error:
        return Told(Verdict.UNASKED, _bare(error, source_id, named.identifier))


def _suggestions(identity: Identity, client: Client, source_id: str, named: Named) -> Sequence[str]:
    """Return what the identifier may have been meant to be: near names that are known, then found ones."""
    near = get_close_matches(named.identifier, known_identifiers(source_id), MOST_SUGGESTIONS)
    try:
        found = identity.search(client, named.subject)
    except SourceError:  # a suggestion less; that the identifier is wrong stands
        found = ()
    return list(dict.fromkeys([*near, *found]))[:MOST_SUGGESTIONS]


def _bare(error: SourceError, source_id: str, identifier: str) -> str:
    """Return a message without its coordinates, which stand beside it."""
    return str(error).removeprefix(f"{source_id} {identifier}: ")
