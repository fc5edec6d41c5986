"""StackExchange: what wraps every answer, the totals of tags, and a number of questions."""

from collections.abc import Collection
from typing import Annotated, Literal

from pydantic import Field, ValidationError

from flows.answers import Unanswered
from flows.shapes import Count, Shape


class Wrapper(Shape):
    """What the service says beside the answer: seconds to wait, requests left today, its own error.

    Source: https://api.stackexchange.com/docs/wrapper
    """

    backoff: Annotated[float, Field(ge=0)] | None = None
    quota_remaining: int | None = None
    error_id: int | None = None


class TagTotal(Shape):
    """The number of questions that have a tag now."""

    name: str
    count: Count


class TagTotals(Wrapper):
    """Totals of the tags asked for; unknown tags are left out."""

    items: tuple[TagTotal, ...]
    has_more: Literal[False]


class QuestionTotal(Wrapper):
    """The number of questions that a filter finds."""

    total: Count


def read_tag_totals(tags: Collection[str], body: bytes) -> TagTotals:
    """Return the totals of the tags asked for; raises Unanswered where none of them is known."""
    told = TagTotals.model_validate_json(body)
    names = [item.name for item in told.items]
    if not set(names) <= set(tags) or len(set(names)) < len(names):
        raise ValueError(f"found {', '.join(names)}, expected each at most once of {', '.join(tags)}")
    if not names:
        raise Unanswered("found no tags")
    return told


def read_question_total(body: bytes) -> QuestionTotal:
    """Return the number of questions; zero is an answer."""
    return QuestionTotal.model_validate_json(body)


def read_wrapper(body: bytes) -> Wrapper:
    """Return what the service says of itself in any answer, a refusal too; nothing if it cannot be read."""
    try:
        return Wrapper.model_validate_json(body)
    except ValidationError:
        return Wrapper()
