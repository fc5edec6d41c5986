"""Collecting one source: an attempt ends by itself."""

from flows.pipeline.collect import collect, due_questions
from flows.pipeline.steps import ecosystem_of
from flows.sources import services_of
from warehouse.config.settings import Settings


def test_an_attempt_that_takes_too_long_leaves_the_rest(at_server: Settings, server):
    """Nothing is asked once its time is over; what is left is told, and the next attempt asks it."""
    (service,) = services_of(["wikipedia"], at_server)
    questions = due_questions(service, ecosystem_of(at_server).subjects, at_server, {})
    assert len(questions) == 2

    attempt = collect(service, questions, at_server, {}, longest_seconds=-1)
    assert (attempt.answers, attempt.problem, server.requests) == (0, None, [])
    assert attempt.postponed == (
        "wikipedia: the time that an attempt may take is over; 2 questions are left for the next runs"
    )
    assert collect(service, questions, at_server, {}).answers == 2
