"""Google Trends: any words are a term, so that there is nothing to confirm. Asks nothing."""

from collections.abc import Sequence

from flows.client.client import Client
from flows.sources.identity import Told, Verdict
from warehouse.config.subject import Identifier
from warehouse.errors import Refused

IGNORES_CASE = True
WORDS = "Google confirms no term: see at trends.google.com whether its related searches are about the subject"


def confirm(client: Client, identifier: Identifier) -> Told:
    """Say that a term cannot be verified."""
    return Told(Verdict.UNVERIFIABLE, WORDS)


def search(client: Client, name: str) -> Sequence[str]:
    """Return nothing: there is nothing to choose from."""
    return ()


def guess(client: Client, name: str) -> str:
    """Raise Refused: most names are words of other things too, and nobody would notice."""
    raise Refused("names mean other things too: give a term that does not")
