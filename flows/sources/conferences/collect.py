"""Conference papers: counted once, by somebody else, and kept as a seed with its source. Nobody is asked."""

from collections.abc import Iterator, Sequence

from flows.client.request import Question
from flows.client.service import Service
from warehouse.archive.write import LastAnswers
from warehouse.config.ecosystem import Subject
from warehouse.config.settings import Settings


def services(settings: Settings) -> tuple[Service, ...]:
    """Return no host."""
    return ()


def questions(subjects: Sequence[Subject], settings: Settings, known: LastAnswers) -> Iterator[Question]:
    """Yield no question."""
    yield from ()
