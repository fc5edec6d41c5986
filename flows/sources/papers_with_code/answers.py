"""What is kept of the file of links, and what it must be to be believed."""

import re
from datetime import date
from typing import Annotated, Self

from pydantic import Field, model_validator

from flows.client.answer_model import Count, Shape

# Year and month of a paper's number since April 2007. Source: https://info.arxiv.org/help/arxiv_identifier.html
NUMBER = re.compile(r"(\d{2})(0[1-9]|1[0-2])\.\d{4,5}(v\d+)?")
# It has some 300,000 rows; what is much shorter is a part, or another file.
LEAST_ROWS = 10_000
# Some papers have numbers of before 2007, and a few have none that can be read.
LEAST_NUMBERED = 0.9


class File(Shape):
    """Which file was read: its address, version as the host tells it, size in bytes and rows."""

    url: str
    commit: str | None
    etag: str | None
    bytes: Annotated[int, Field(gt=0)]
    rows: Annotated[Count, Field(ge=LEAST_ROWS)]


class Framework(Shape):
    """The papers, by their numbers on arXiv, that are linked to a repository of a framework."""

    framework: Annotated[str, Field(min_length=1, max_length=60)]
    papers: Annotated[tuple[str, ...], Field(min_length=1)]


class Links(Shape):
    """All papers with a number, by framework, and the file that they were read of."""

    file: File
    links: Annotated[tuple[Framework, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _are_papers(self) -> Self:
        papers = [paper for one in self.links for paper in one.papers]
        numbered = sum(1 for paper in papers if NUMBER.fullmatch(paper))
        if numbered < LEAST_NUMBERED * len(papers):
            raise ValueError(
                f"found {numbered} of {len(papers)} papers with a number of arXiv, expected nearly all"
            )
        return self

    def require_last_month(self, last: date) -> None:
        """Raise ValueError where the newest paper is of another month: the links are of another day."""
        numbers = (NUMBER.fullmatch(paper) for one in self.links for paper in one.papers)
        newest = max(date(2000 + int(told[1]), int(told[2]), 1) for told in numbers if told)
        if newest != last.replace(day=1):
            raise ValueError(f"found papers up to {newest:%Y-%m}, expected up to {last:%Y-%m}")
