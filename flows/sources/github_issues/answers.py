"""What a count of GitHub's search must be: whole, and of the repository that was asked for."""

from typing import Annotated

from pydantic import Field

from flows.client.answer_model import Count, Shape, read_json
from flows.client.errors import Unanswered


class Found(Shape):
    """One of what was found; where it belongs is the end of an address."""

    repository_url: Annotated[str, Field(pattern=r"^https?://.+/repos/[^/]+/[^/]+$")]

    @property
    def repository(self) -> str:
        """The repository's name, in small letters."""
        return self.repository_url.rpartition("/repos/")[2].lower()


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
        raise ValueError(
            f"found {len(told.items)} of {told.total_count} counted, expected one of them, or none"
        )
    return told


def require_of(repository: str, told: Total) -> None:
    """Raise ValueError for what belongs to another repository; GitHub's names are alike in any case."""
    for item in told.items:
        if item.repository != repository.lower():
            raise ValueError(f"found one of {item.repository}, expected those of {repository}")
