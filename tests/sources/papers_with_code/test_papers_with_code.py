"""Papers with Code: what the collector asks and believes, and which figures come of it."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from pydantic import TypeAdapter
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from flows.client.client import Client
from flows.demo.server import DemoServer
from flows.sources import load_source
from flows.sources.papers_with_code.answers import LEAST_ROWS, Links
from flows.sources.papers_with_code.collect import ARCHIVE, FILES, PATH
from flows.sources.papers_with_code.demo import FILE, Archive
from flows.standin.clock import Clock
from flows.standin.parquet import parquet_of
from tests.made import configuration
from warehouse.config.ecosystem import Subject
from warehouse.errors import LimitReached, UnexpectedAnswer

SUBJECTS = [Subject(id="pytorch", name="PyTorch", papers_with_code="pytorch")]
NOW = datetime(2026, 11, 29, 6, tzinfo=UTC)
VERSION = {
    "url": "https://archive.example/",
    "commit": "one",
    "etag": '"two"',
    "bytes": 3,
    "rows": LEAST_ROWS,
}


def ask(settings):
    """Ask the one question; return what was archived."""
    source, pages = load_source("papers_with_code"), []
    (question,) = source.questions(SUBJECTS, settings, {})
    (service,) = source.services(settings)
    with Client(service, settings, pages.append) as client:
        question.ask(client)
    return question, pages


def links(**frameworks):
    told = [{"framework": name, "papers": papers} for name, papers in frameworks.items()]
    return {"file": VERSION, "links": told}


def test_the_stand_in_is_asked_once_and_believed(at_server):
    """Of the file two columns are kept, with its version; the answer stays."""
    question, (page,) = ask(at_server)

    assert (page.problem, page.url) == (None, at_server.urls[ARCHIVE] + PATH)
    told = json.loads(page.body)
    assert told["sample"] and told["file"]["rows"] == 37_515
    assert [one["framework"] for one in told["links"]] == ["jax", "none", "pytorch", "tf"]
    assert page.etag == told["file"]["etag"]
    known = {(question.endpoint, question.key): type("Last", (), {"read_at": page.fetched_at})()}
    assert not question.is_due(known, NOW)


def test_nobody_is_asked_for_no_framework(at_server):
    """Nor is the host of the files asked anything by itself."""
    assert list(load_source("papers_with_code").questions([], at_server, {})) == []


def at_two_hosts(settings, archive, files):
    """Return settings of an archive and of the host that it sends to."""
    return replace(settings, demo=True, urls={**settings.urls, ARCHIVE: archive.url, FILES: files.url})


def sending_to(place, **told):
    """Return an archive that says that its file lies there."""

    async def resolve(_: Request) -> Response:
        return RedirectResponse(place(), 302, told)

    return lambda _: Starlette(routes=[Route(PATH, resolve, methods=["GET", "HEAD"])])


def test_the_file_is_read_where_the_archive_says_that_it_lies(settings):
    """At the declared host, in few parts, and nowhere else."""
    stand_in = Archive(Clock(NOW))
    with DemoServer(services=lambda _: Starlette(routes=stand_in.routes())) as files:
        told = stand_in._version
        with DemoServer(services=sending_to(lambda: files.url + FILE, **told)) as archive:
            _, (page,) = ask(at_two_hosts(settings, archive, files))
            assert json.loads(page.body)["file"]["bytes"] == int(told["X-Linked-Size"])
            assert FILE not in page.url
            assert len(archive.requests) == 1 and len(files.requests) <= 3

            with pytest.raises(UnexpectedAnswer, match=r"found a file at .*, expected one at"):
                ask(at_two_hosts(settings, archive, archive))
            assert len(files.requests) <= 3


def test_a_place_is_at_the_host_that_would_be_asked(settings):
    """A sign in its path, which before the host would end a login, makes no other host of it."""
    elsewhere = "http://other.invalid/@"
    with (
        DemoServer(services=sending_to(lambda: f"{elsewhere}{archive.url.rpartition('//')[2]}/")) as archive,
        pytest.raises(UnexpectedAnswer, match=r"found a file at other\.invalid, expected one at"),
    ):
        ask(at_two_hosts(settings, archive, archive))


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("select 1 as one from range(20_000)", "expected a Parquet file"),
        ("select '2507.00001' as paper_arxiv_id, 'tf' as framework", "file.rows"),
        (
            "select '2301.00001' as paper_arxiv_id, 'tf' as framework from range(20_000)",
            "found papers up to 2023-01, expected up to 2025-07",
        ),
        (
            "select 'cs/0101001' as paper_arxiv_id, 'tf' as framework from range(20_000)",
            "found 0 of 1 papers with a number of arXiv",
        ),
    ],
)
def test_another_file_is_not_believed(settings, query, found):
    """One that lacks a column, is short, older, or of other numbers."""
    body = parquet_of(query, "made up")

    async def file(request: Request) -> Response:
        first, last = map(int, request.headers.get("Range", "bytes=0-0").removeprefix("bytes=").split("-"))
        if "Range" not in request.headers:
            return Response(body)
        return Response(body[first : last + 1], 206, {"Content-Range": f"bytes {first}-{last}/{len(body)}"})

    with (
        DemoServer(services=lambda _: Starlette(routes=[Route(PATH, file)])) as server,
        pytest.raises(UnexpectedAnswer, match=found),
    ):
        ask(at_two_hosts(settings, server, server))


def test_a_limit_is_told_as_one(settings):
    """And archived is nothing."""

    async def limited(_: Request) -> Response:
        return Response(status_code=429, headers={"Retry-After": "900"})

    with (
        DemoServer(services=lambda _: Starlette(routes=[Route(PATH, limited)])) as server,
        pytest.raises(LimitReached, match="HTTP 429, expected 200; it asks to wait 900 s"),
    ):
        ask(at_two_hosts(settings, server, server))


def test_a_framework_without_papers_is_refused():
    """An empty list is no answer."""
    with pytest.raises(ValueError, match="papers"):
        TypeAdapter(Links).validate_python(links(tf=()))


def test_papers_are_told_by_month_and_as_a_share(warehouse, told):
    """Each paper once, a month without any as zero, the last one not; and nothing of it is late."""
    house = warehouse(
        configuration(one={"papers_with_code": "pytorch"}, two={"papers_with_code": "tf"}), now=NOW
    )
    body = links(
        none=["2503.00001", "2503.00002", "2506.00009"],
        pytorch=["cs/0101001", "2503.00003", "2503.00003v2", "2505.00001", "2507.00001"],
        tf=["2503.00003"],
    )
    house.tell(told("papers_with_code", "links", "all", body, NOW)).build()

    one = "select period_start, value, state from observations where subject_id = 'one' and metric_id = "
    assert house.rows(one + "'papers_with_code_papers' order by 1") == [
        (date(2025, month, 1), value, "ok") for month, value in ((3, 1), (4, 0), (5, 1), (6, 0))
    ]
    assert house.rows(one + "'papers_with_code_share' order by 1") == [
        (date(2025, month, 1), value, "ok") for month, value in ((3, 1 / 3), (5, 1), (6, 0))
    ]
    assert house.rows(
        "select distinct last_period, ended_on, state, reason from series_status where subject_id = 'one'"
    ) == [(date(2025, 6, 30), date(2025, 7, 27), "fresh", "ended on 2025-07-27, as its source did")]
    assert house.rows("select state, reason from source_status") == [("fresh", None)]
    assert house.rows("select check_id from quality_checks where not passed") == []
