"""Collecting: one attempt at one service, from the questions to the archive. Knows no Prefect."""

import time
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext

from flows.client.client import Client
from flows.client.request import Due, Question
from flows.client.service import Service, lacks
from flows.sources import load_source
from warehouse.archive.shared import shared_attempt
from warehouse.archive.write import Attempt, LastAnswers, record_attempt
from warehouse.config.settings import Settings
from warehouse.config.subject import Called
from warehouse.errors import Postponed

# The longest attempt seen, a first one at the slowest pace, took an hour.
LONGEST_SECONDS = 8 * 3600.0

Advance = Callable[[int, int | None], None]
Asking = Callable[
    [Service, Collection[Question], Settings, LastAnswers], AbstractContextManager[Collection[Question]]
]


def ignore(requests: int, quota_left: int | None) -> None:
    """Tell nobody how far it is."""


def asked_here(
    service: Service, questions: Collection[Question], settings: Settings, known: LastAnswers
) -> AbstractContextManager[Collection[Question]]:
    """Yield the questions as they are."""
    return nullcontext(questions)


def due_questions(
    service: Service, asked_about: Sequence[Called], settings: Settings, known: LastAnswers
) -> Due:
    """Return what a service is to be asked now, the present first; `known` is of its source."""

    def listed() -> Iterator[Question]:
        if not lacks(service.source_id, settings):
            questions = load_source(service.source_id).questions(asked_about, settings, known)
            yield from (question for question in questions if question.service == service.variable)

    return Due(listed, known, settings.clock())


def collect(
    service: Service,
    questions: Collection[Question],
    settings: Settings,
    known: LastAnswers,
    advance: Advance = ignore,
    longest_seconds: float = LONGEST_SECONDS,
) -> Attempt:
    """Ask a service the questions and archive the answers.

    One that fails is told by the attempt's `problem`, one whose quota is to be spared by `postponed`,
    with the number of questions left; what it had answered by then is kept. After each question `advance`
    is called with its expected requests and what is left of the quota. After `longest_seconds` nothing more
    is asked.
    """
    ends_at = time.monotonic() + longest_seconds

    def ask(add: Callable[..., None]) -> None:
        if lacking := lacks(service.source_id, settings):
            raise Postponed(f"{service} is not asked without {lacking}")
        with Client(service, settings, add, known) as client:
            for position, question in enumerate(questions):
                if client.refusals.is_closed(question.endpoint):
                    continue
                try:
                    _require_time(service, ends_at)
                    question.ask(client)
                except Postponed as stop:
                    left = len(questions) - position
                    raise type(stop)(f"{stop}; {left:,} questions are left for the next runs") from stop
                advance(question.requests, client.quota_left)

    with shared_attempt(settings, service.source_id):
        return record_attempt(
            settings.archive, service.source_id, settings.clock, ask, service.variable, settings.secrets
        )


def _require_time(service: Service, ends_at: float) -> None:
    if time.monotonic() > ends_at:
        raise Postponed(f"{service}: the time that an attempt may take is over")
