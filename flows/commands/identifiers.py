"""What the sources say of many identifiers: one finding each, with suggestions for wrong ones."""

from collections.abc import Sequence
from difflib import get_close_matches

from flows.client.client import Client
from flows.client.service import Service
from flows.commands.sharing import owner_of, shared
from flows.console.progress import stage
from flows.sources import load_source
from flows.sources.identity import Finding, Identity, Named, Told, Verdict, load_identity
from warehouse.config.presets import known_identifiers
from warehouse.config.settings import Settings
from warehouse.config.subject import Identifier
from warehouse.errors import Refused, SourceError

MOST_SUGGESTIONS = 3


def verify(
    source_id: str,
    asked: Sequence[Named],
    settings: Settings,
    beside: Sequence[Named] = (),
    tools: Sequence[Named] = (),
) -> list[Finding]:
    """Ask a source for each identifier, in order; one that stops answering leaves the others unasked.

    Last come those that two subjects share, or one with a subject `beside`, for which nobody asks. Those of
    `tools` are asked for, too, and nothing is said of what they share: no share is made of them.
    """
    findings, meanings = list[Finding](), dict[str, str]()
    with stage(f"verify {source_id}") as told, _client(source_id, settings) as client:
        problem = None
        for each in (*asked, *tools):
            answer = Told(Verdict.UNASKED, problem) if problem else _told(client, source_id, each)
            if answer.verdict is Verdict.UNASKED:
                problem = answer.words
            name = each.identifier.name
            findings.append(Finding(source_id, each.subject.name, name, answer.verdict, answer.words))
            if answer.means:
                meanings[name] = answer.means
        told.result = (
            f"{sum(f.verdict is Verdict.RIGHT for f in findings)} of {len(asked) + len(tools)} confirmed"
        )
    return findings + shared(source_id, asked, beside, meanings)


def resolve(source_id: str, name: str, settings: Settings, beside: Sequence[Named] = ()) -> Finding:
    """Ask a source for what a subject of this name should be called there; left out unless confirmed.

    So is what another subject is called already.
    """
    with stage(f"look for {source_id}") as told, _client(source_id, settings) as client:
        finding = _resolved(client, source_id, name, beside)
        told.result = finding.identifier or finding.verdict
        return finding


def _resolved(client: Client, source_id: str, name: str, beside: Sequence[Named]) -> Finding:
    identity, guess = load_identity(source_id), name
    try:
        guess = identity.guess(client, name)
        told = identity.confirm(client, Identifier(guess))
    except Refused as error:
        return Finding(source_id, name, None, Verdict.LEFT_OUT, _bare(error, source_id, guess))
    except SourceError as error:
        return Finding(source_id, name, None, Verdict.UNASKED, _bare(error, source_id, guess))
    found = (*told.instead, guess)[0]
    if owner := owner_of(source_id, found, beside):
        words = f"{found} is in {owner}, and would be counted twice in every share"
        return Finding(source_id, name, None, Verdict.LEFT_OUT, words)
    words = f"by its name, so see that it is the same: {told.words}"
    return Finding(source_id, name, found, Verdict.RIGHT, words)


def _client(source_id: str, settings: Settings) -> Client:
    """Return a client that archives nothing; where there is no service nothing is asked."""
    service = next(iter(load_source(source_id).services(settings)), Service(source_id))
    return Client(service, settings, lambda page: None)


def _told(client: Client, source_id: str, asked: Named) -> Told:
    identity, name = load_identity(source_id), asked.identifier.name
    try:
        return identity.confirm(client, asked.identifier)
    except Refused as error:
        instead = _suggestions(identity, client, source_id, asked)
        perhaps = f"; perhaps {' or '.join(instead)}" if instead else ""
        return Told(Verdict.WRONG, _bare(error, source_id, name) + perhaps)
    except SourceError as error:
        return Told(Verdict.UNASKED, _bare(error, source_id, name))


def _suggestions(identity: Identity, client: Client, source_id: str, asked: Named) -> Sequence[str]:
    """Return what the identifier may have been meant to be: near names that are known, then found ones."""
    near = get_close_matches(asked.identifier.name, known_identifiers(source_id), MOST_SUGGESTIONS)
    try:
        found = identity.search(client, asked.subject.name)
    except SourceError:  # a suggestion less; that the identifier is wrong stands
        found = ()
    return list(dict.fromkeys([*near, *found]))[:MOST_SUGGESTIONS]


def _bare(error: SourceError, source_id: str, identifier: str) -> str:
    """Return a message without its coordinates, which stand beside it."""
    return str(error).removeprefix(f"{source_id} {identifier}: ")
