"""Asking for several files of a service at once, elsewhere: the attempt at it stays one, and in order.

Each is asked for with a client of its own, that archives nothing; what it got is taken where the attempt is,
in the order of the questions, as if that had asked. Who asks is handed in.
"""

import time
from collections import deque
from collections.abc import Callable, Collection, Generator, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import Protocol, TypeAlias

from flows.client.client import Client
from flows.client.request import Question, expected_seconds
from flows.client.service import Service, Spending
from flows.console.progress import let_through, stage
from warehouse.archive.write import LastAnswers, Page
from warehouse.config.settings import Settings
from warehouse.errors import Postponed, SourceError


@dataclass(frozen=True)
class Asked:
    """How one question went elsewhere: its pages, the requests sent, and what it ended with if not well."""

    pages: Sequence[Page]
    requests: int
    error: SourceError | None


class Pending(Protocol):
    """A question that was given away."""

    def done(self) -> bool:
        """Whether its result is there."""

    def result(self) -> Asked:
        """Wait for how it went."""


Answers: TypeAlias = Generator[Asked, None, None]


def ask_alone(question: Question, service: Service, settings: Settings, known: LastAnswers) -> Asked:
    """Ask one question with a client of its own; it can be asked again anywhere, for nothing is written."""
    let_through(settings.secrets)
    pages: list[Page] = []
    error = None
    with (
        stage(f"read {service} {question.key}") as told,
        Client(service, settings, pages.append, known) as client,
    ):
        try:
            question.ask(client)
        except SourceError as stop:
            error = stop
        told.result = f"{len(pages)} answers by {client.sent} requests"
        return Asked(pages, client.sent, error)


@contextmanager
def taken_in_order(questions: Collection[Question], answers: Answers) -> Iterator[list[Question]]:
    """Yield the questions as an attempt asks them: each takes its turn of the answers, and what that raises.

    With the block the answers are closed, whether or not all were taken.
    """
    with closing(answers):
        yield [replace(question, ask=partial(_take, answers)) for question in questions]


def _take(answers: Answers, client: Client) -> None:
    asked = next(answers)
    for page in asked.pages:
        client.keep(page)
    if asked.error:
        raise asked.error


def answers_in_order(
    service: Service,
    questions: Collection[Question],
    settings: Settings,
    begin: Callable[[Question], Pending],
    pause: Callable[[float], None] = time.sleep,
) -> Answers:
    """Give the questions to `begin`, and yield how each went, in their order.

    The service's limits hold for all together: each begins when at its pace those before it would be done,
    and while there is room for all that are on their way, each with as many requests as a file may take.
    Raises Postponed where the quota has no room for one more.
    """
    service = service.asked_by(settings)
    spending, begun = Spending(service), deque[Pending]()
    began_at, requests = time.monotonic(), 0
    for question in questions:
        while (begun and begun[0].done()) or not _has_room(service, spending, begun):
            yield _next(begun, spending)
        pause(max(0, began_at + expected_seconds(requests, service.pace, None) - time.monotonic()))
        begun.append(begin(question))
        requests += question.requests
    while begun:
        yield _next(begun, spending)


def _has_room(service: Service, spending: Spending, begun: Sequence[Pending]) -> bool:
    """Whether one more may be on its way; raises Postponed where there is none to wait for."""
    requests = (len(begun) + 1) * (service.requests_a_file or 1)
    try:
        spending.require_turn(requests)
        spending.require_room(requests)
    except Postponed:
        if not begun:
            raise
        return False
    return True


def _next(begun: deque[Pending], spending: Spending) -> Asked:
    asked = begun.popleft().result()
    spending.note(asked.requests)
    return asked
