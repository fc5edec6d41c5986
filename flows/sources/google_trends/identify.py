"""Google Trends: any words are a term, so that there is nothing to confirm. Asks nothing."""

from collections.abc import Sequence

from flows.client.client import Client
from flows.sources.identity import Told, Verdict
from warehouse.config.subject import Identifier
from warehouse.errors import Refused

# Google compares no more in one question.
MOST_TERMS = 5
# Of the terms that are not asked about so many are named.
MOST_NAMED = 3
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


def remark(terms: Sequence[str]) -> str | None:
    """Say which terms Google is not asked about, and what to do; None where it is asked about all."""
    others = terms[MOST_TERMS:]
    if not others:
        return None
    more = f" and {len(others) - MOST_NAMED:,} more" if len(others) > MOST_NAMED else ""
    found = f"Google compares {MOST_TERMS} terms at most, found {len(terms):,}"
    named = f"{', '.join(others[:MOST_NAMED])}{more}"
    return f"{found}: only the first {MOST_TERMS} are asked about, not {named}; an export has all"
