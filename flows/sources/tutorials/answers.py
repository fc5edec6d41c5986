"""What a count of GitHub's search must be: whole, and of repositories of the topic and the month."""

from datetime import date
from typing import Annotated

from pydantic import AwareDatetime, Field

from flows.client.answer_model import Count, Shape, read_json
from flows.client.errors import Unanswered


class Found(Shape):
    """One of the repositories found: when it was created, and its topics, where they are told."""

    created_at: Annotated[AwareDatetime, Field(strict=False)]
    topics: tuple[str, ...] | None = None


class Total(Shape):
    """How many there are, whether all were looked at, and at most one of them."""

    total_count: Count
    incomplete_results: bool
    items: Annotated[tuple[Found, ...], Field(max_length=1)]


def read_total(body: bytes) -> Total:
    """Return a count; raises Unanswered where the search ran out of time, ValueError for another thing."""
    told = read_json(Total, body)
    if told.incomplete_results:
        raise Unanswered(f"found {told.total_count} in a search that ran out of time, expected a whole count")
    if bool(told.items) != bool(told.total_count):
        raise ValueError(f"found {len(told.items)} of {told.total_count} counted, expected one, or none")
    return told


def require_of(topic: str, month: date, told: Total) -> None:
    """Raise ValueError for repositories of another topic, or of another month."""
    for item in told.items:
        if item.topics is not None and topic not in item.topics:
            raise ValueError(
                f"found one with the topics {', '.join(item.topics)}, expected {topic} among them"
            )
        if item.created_at.date().replace(day=1) != month:
            raise ValueError(f"found one of {item.created_at:%Y-%m-%d}, expected those of {month:%Y-%m}")
