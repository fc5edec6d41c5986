"""Collecting: one attempt at one source, from the question to the archive. Knows no Prefect."""

from collections.abc import Callable, Sequence

from flows.http import Client
from flows.sources import Source, load_source
from warehouse.archive import Attempt, LastAnswers, record_attempt
from warehouse.ecosystem import Subject
from warehouse.settings import Settings


def collect(source_id: str, subjects: Sequence[Subject], settings: Settings, known: LastAnswers) -> Attempt:
    """Collect the present and what is still missing of the past, and archive it.

    A source that fails is told by the attempt's `problem`; what it had answered by then is kept.
    """

    def fetch(source: Source, client: Client) -> None:
        source.fetch_current(client, subjects)
        source.fetch_history(client, subjects, known)

    return _attempt(source_id, settings, fetch)


def collect_current(source_id: str, subjects: Sequence[Subject], settings: Settings) -> Attempt:
    """Collect only what the present alone can tell, and archive it."""
    return _attempt(source_id, settings, lambda source, client: source.fetch_current(client, subjects))


def _attempt(source_id: str, settings: Settings, fetch: Callable[[Source, Client], None]) -> Attempt:
    source = load_source(source_id)

    def ask(add: Callable[..., None]) -> None:
        with Client(source_id, settings, add, source.PACE) as client:
            fetch(source, client)

    return record_attempt(settings.archive, source_id, settings.clock, ask)
