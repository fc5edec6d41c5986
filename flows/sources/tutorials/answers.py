"""What a count of GitHub's search must be of: repositories of the topic and the month."""

from datetime import date
from functools import partial
from typing import Annotated

from pydantic import AwareDatetime, Field

from flows.client.answer_model import Shape
from flows.client.search_counts import Total, read_count


class Found(Shape):
    """One of the repositories found: when it was created, and its topics, where they are told."""

    created_at: Annotated[AwareDatetime, Field(strict=False)]
    topics: tuple[str, ...] | None = None


read_total = partial(read_count, Total[Found])


def require_of(topic: str, month: date, told: Total[Found]) -> None:
    """Raise ValueError for repositories of another topic, or of another month."""
    for item in told.items:
        if item.topics is not None and topic not in item.topics:
            raise ValueError(
                f"found one with the topics {', '.join(item.topics)}, expected {topic} among them"
            )
        if item.created_at.date().replace(day=1) != month:
            raise ValueError(f"found one of {item.created_at:%Y-%m-%d}, expected those of {month:%Y-%m}")
