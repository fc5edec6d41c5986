"""Collecting: one attempt at one source, from the questions to the archive. Knows no Prefect."""

from collections.abc import Callable, Sequence

from flows.http import Client
from flows.questions import Question, due
from flows.sources import load_source
from warehouse.archive import Attempt, LastAnswers, record_attempt
from warehouse.ecosystem import Subject
from warehouse.errors import Postponed
from warehouse.settings import Settings

Advance = Callable[[int, int | None], None]


def ignore(requests: int, quota_left: int | None) -> None:
    """Tell nobody how far it is."""


def due_questions(
    source_id: str, subjects: Sequence[Subject], settings: Settings, known: LastAnswers
) -> list[Question]:
    """Return what a source is to be asked now, the present first."""
    questions = load_source(source_id).questions(subjects, settings, known)
    return due(questions, known, settings.clock())


def collect(
    source_id: str,
    questions: Sequence[Question],
    settings: Settings,
    known: LastAnswers,
    advance: Advance = ignore,
) -> Attempt:
    """Ask the questions and archive the answers.

    A source that fails is told by the attempt's `problem`, one whose quota is to be spared by `postponed`,
    with the number of questions left; what it had answered by then is kept. After each question `advance`
    is called with its expected requests and what is left of the quota.
    """
    pace = load_source(source_id).PACE

    def ask(add: Callable[..., None]) -> None:
        with Client(source_id, settings, add, pace, known) as client:
            for position, question in enumerate(questions):
                try:
                    question.ask(client)
                except Postponed as stop:
                    left = len(questions) - position
                    raise Postponed(f"{stop}; {left:,} questions are left for the next runs") from stop
                advance(question.requests, client.quota_left)

    return record_attempt(settings.archive, source_id, settings.clock, ask)
