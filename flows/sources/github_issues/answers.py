"""What a count of GitHub's search must be of: the repository that was asked for."""

from functools import partial
from typing import Annotated

from pydantic import Field

from flows.client.answer_model import Shape
from flows.client.search_counts import Total, read_count


class Found(Shape):
    """One of what was found; where it belongs is the end of an address."""

    repository_url: Annotated[str, Field(pattern=r"^https?://.+/repos/[^/]+/[^/]+$")]

    @property
    def repository(self) -> str:
        """The repository's name, in small letters."""
        return self.repository_url.rpartition("/repos/")[2].lower()


read_total = partial(read_count, Total[Found])


def require_of(repository: str, told: Total[Found]) -> None:
    """Raise ValueError for what belongs to another repository; GitHub's names are alike in any case."""
    for item in told.items:
        if item.repository != repository.lower():
            raise ValueError(f"found one of {item.repository}, expected those of {repository}")
