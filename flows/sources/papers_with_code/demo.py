"""The archive of Papers with Code: a Parquet file made by a formula, because its figures were not at hand.

Papers with code grow evenly, and the curves of the demo's search interest divide those of which a framework
is known. The file says so itself. It lies where the archive sends to, and is read in parts.
Source of the form: https://huggingface.co/docs/hub/datasets-viewer
"""

from collections.abc import Iterator
from datetime import date
from functools import cached_property
from hashlib import sha256

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from flows.client.calendar import next_month
from flows.sources.papers_with_code.collect import PATH
from flows.standin.clock import Clock, StandIn
from flows.standin.curve import CURVES
from flows.standin.parquet import parquet_of

SAMPLE = "formula of Barometer's demo, not the links of Papers with Code"
FIRST, LAST = date(2015, 6, 1), date(2025, 7, 1)
MORE_PAPERS, OF_KNOWN_FRAMEWORK = 5, 0.6
FRAMEWORKS = {"tf": "tensorflow", "pytorch": "pytorch", "jax": "jax"}
FILE = "/xet-bridge/links-between-paper-and-code"

# All columns of the file, in its order; one row a repository.
ROWS = """
select
    'https://paperswithcode.com/paper/sample-' || number as paper_url,
    'Sample ' || number as paper_title,
    number as paper_arxiv_id,
    'https://arxiv.org/abs/' || number as paper_url_abs,
    'https://arxiv.org/pdf/' || number || '.pdf' as paper_url_pdf,
    'https://github.com/sample/' || number as repo_url,
    n % 3 = 0 as is_official,
    n % 2 = 0 as mentioned_in_paper,
    true as mentioned_in_github,
    framework
from (
    select format('{:04d}.{:05d}', month, n) as number, n, framework
    from (select month, framework, unnest(range(first, first + papers)) as n from (values $months)
        as months(month, framework, first, papers))
)
order by number desc
"""


class Archive:
    """Sends to the file, and serves it in parts."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def routes(self) -> list[Route]:
        """Return the paths of the file in the archive, and of where it lies."""
        return [Route(PATH, self.resolve), Route(FILE, self.file)]

    async def resolve(self, request: Request) -> Response:
        """Answer where the file lies, its size and its version."""
        return RedirectResponse(FILE, 302, self._version)

    async def file(self, request: Request) -> Response:
        """Answer with the part that is asked for."""
        asked = request.headers.get("Range")
        if not asked:
            return Response(self._body, headers=self._version)
        first, last = (int(number) for number in asked.removeprefix("bytes=").split("-"))
        told = {"Content-Range": f"bytes {first}-{last}/{len(self._body)}"}
        return Response(self._body[first : last + 1], 206, self._version | told)

    @cached_property
    def _body(self) -> bytes:
        values = ", ".join(
            f"({month}, '{name}', {first}, {papers})" for month, name, first, papers in _months()
        )
        return parquet_of(ROWS.replace("$months", values), SAMPLE)

    @property
    def _version(self) -> dict[str, str]:
        etag = f'"{sha256(self._body).hexdigest()}"'
        return {"X-Linked-Size": str(len(self._body)), "X-Linked-ETag": etag, "X-Repo-Commit": "demo"}


def _months() -> Iterator[tuple[int, str, int, int]]:
    """Yield month, framework, the first of its papers' numbers in the month, and how many they are."""
    month, all_papers = FIRST, MORE_PAPERS
    while month <= LAST:
        interest = {name: CURVES[curve].on(month) for name, curve in FRAMEWORKS.items()}
        known = {
            name: round(OF_KNOWN_FRAMEWORK * all_papers * one / sum(interest.values()))
            for name, one in interest.items()
        }
        first = 1
        for name, papers in {**known, "none": all_papers - sum(known.values())}.items():
            yield int(f"{month:%y%m}"), name, first, papers
            first += papers
        month, all_papers = next_month(month), all_papers + MORE_PAPERS


def stand_ins(clock: Clock) -> list[StandIn]:
    """Return what answers in its place."""
    return [Archive(clock)]
