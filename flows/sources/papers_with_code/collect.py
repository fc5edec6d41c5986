"""Papers with Code: which framework the code of each paper used, from the links as they were at its end.

Cost: some ten requests, once. Of a file of 40 MB the two columns needed are kept, with the file's version.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from pydantic import TypeAdapter
from urllib3.util import parse_url

from flows.client.client import Client
from flows.client.parts import RemoteFile, query_file
from flows.client.redirects import host
from flows.client.request import Question
from flows.client.service import Service
from flows.client.session import Pace
from flows.sources.papers_with_code.answers import Links
from warehouse.archive.write import LastAnswers, Page
from warehouse.config.catalog import catalog
from warehouse.config.ecosystem import Subject
from warehouse.config.settings import Settings
from warehouse.errors import UnexpectedAnswer

SOURCE, ENDPOINT = "papers_with_code", "links"
ARCHIVE, FILES = "PWC_ARCHIVE_URL", "PWC_FILES_URL"
DATA_SET = "pwc-archive/links-between-paper-and-code"
PATH = f"/datasets/{DATA_SET}/resolve/main/data/train-00000-of-00001.parquet"
# The columns lie among others in many small groups, so most of the file is read; in few parts.
LEAST_BYTES = 8 * 2**20
REQUESTS = 10

PAPERS = """
select lower(coalesce(framework, 'none')) as framework, list(distinct paper_arxiv_id order by paper_arxiv_id)
from read_parquet('parts://file')
where paper_arxiv_id <> ''
group by all
order by all
"""
ROWS = "select count(*) from read_parquet('parts://file')"
MADE_UP = "select decode(value) from parquet_kv_metadata('parts://file') where decode(key) = 'sample'"


def services(settings: Settings) -> tuple[Service]:
    """Return the archive's host; that of its files is asked for nothing that the archive did not send to."""
    return (Service(SOURCE, ARCHIVE, Pace(per_second=1)),)


def questions(subjects: Sequence[Subject], settings: Settings, known: LastAnswers) -> Iterator[Question]:
    """Yield the one question, if anybody is looked for: it is answered for good."""
    if any(subject.identifiers(SOURCE) for subject in subjects):
        ended_on = catalog()[SOURCE].ended_on
        yield Question(ENDPOINT, DATA_SET, _ask, 28, ended_on, REQUESTS, ARCHIVE)


def _ask(client: Client) -> None:
    """Read the columns of the file where it lies, and keep them.

    Raises UnexpectedAnswer for a file that is not the one that was left behind.
    """
    url = client.settings.urls[ARCHIVE] + PATH
    headers = client.look(DATA_SET, url, may_lie_elsewhere=True)
    try:
        told = _read(client, url, headers)
        ended_on = catalog()[SOURCE].ended_on
        assert ended_on
        TypeAdapter(Links).validate_python(told).require_last_month(ended_on)
    except ValueError as error:
        raise UnexpectedAnswer(f"{SOURCE} {DATA_SET}: {error}") from error
    body = json.dumps(told, separators=(",", ":")).encode()
    client.keep(Page(ENDPOINT, DATA_SET, url, 200, client.settings.clock(), body, etag=told["file"]["etag"]))


def _read(client: Client, url: str, headers: Mapping[str, str]) -> dict[str, Any]:
    """Return what is kept of the file: its version, and the papers by framework."""
    place, size = _place(client, url, headers)
    file = RemoteFile(client, DATA_SET, place, size, None, LEAST_BYTES)
    ask = partial(query_file, file, parameters=[])
    ((rows,),) = ask(ROWS)
    made_up = [{"sample": text} for (text,) in ask(MADE_UP)]
    version = {"commit": headers.get("X-Repo-Commit"), "etag": headers.get("X-Linked-ETag")}
    return {
        "file": {"url": url, **version, "bytes": size, "rows": rows},
        "links": tuple({"framework": name, "papers": tuple(papers)} for name, papers in ask(PAPERS)),
        **(made_up[0] if made_up else {}),
    }


def _place(client: Client, url: str, headers: Mapping[str, str]) -> tuple[str, int]:
    """Return where the file lies, at one of the two hosts, and its bytes; raises ValueError for elsewhere."""
    place = headers.get("Location", url)
    allowed = {host(client.settings.urls[name]) for name in (ARCHIVE, FILES)}
    if host(place) not in allowed or parse_url(place).scheme != parse_url(url).scheme:
        raise ValueError(f"found a file at {host(place)}, expected one at {' or '.join(sorted(allowed))}")
    size = headers.get("X-Linked-Size") or headers.get("Content-Length", "")
    if not (size.isascii() and size.isdecimal()):
        raise ValueError(f"found the size {size!r}, expected a number of bytes")
    return place, int(size)
