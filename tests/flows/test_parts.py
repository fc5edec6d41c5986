"""A Parquet file that lies elsewhere: DuckDB reads parts of one version of it, or nothing is believed."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import duckdb
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from flows.client.client import Client
from flows.client.parts import Handle, RemoteFile, query_file
from flows.client.service import Service
from flows.demo.server import DemoServer
from warehouse.config.settings import Settings
from warehouse.errors import LimitReached, UnexpectedAnswer

ROWS = """
copy (
    select i as number, i // 1000 as thousand, md5(i::varchar) as filling from range(400_000) as numbers(i)
) to $file (format parquet, compression snappy, row_group_size 40_000)
"""


@dataclass
class Bucket:
    """Holds one file; `spoil` changes an answer before it is sent."""

    body: bytes
    etag: str = '"one"'
    spoil: Callable[[Response], Response] = field(default=lambda response: response)

    def application(self, _: object) -> Starlette:
        return Starlette(routes=[Route("/file", self.part)])

    async def part(self, request: Request) -> Response:
        if request.headers.get("If-Match", self.etag) != self.etag:
            return Response(status_code=412)
        if "Range" not in request.headers:
            return Response(self.body, headers={"ETag": self.etag})
        first, last = map(int, request.headers["Range"].removeprefix("bytes=").split("-"))
        told = {"ETag": self.etag, "Content-Range": f"bytes {first}-{last}/{len(self.body)}"}
        return self.spoil(Response(self.body[first : last + 1], 206, told))


@pytest.fixture(scope="module")
def body(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    file: Path = tmp_path_factory.mktemp("parts") / "rows.parquet"
    with duckdb.connect() as connection:
        connection.execute(ROWS, {"file": str(file)})
    return file.read_bytes()


@pytest.fixture
def opened(settings: Settings, body: bytes):
    """Open the file at a bucket; give it, the bucket and the server."""

    @contextmanager
    def open_file():
        bucket, unpaced = Bucket(body), replace(settings, demo=True)
        with (
            DemoServer(services=bucket.application) as server,
            Client(Service("pypi"), unpaced, lambda _: None) as client,
        ):
            url = server.url + "/file"
            headers = client.look("file", url)
            size = int(headers["Content-Length"])
            yield RemoteFile(client, "file", url, size, headers["ETag"]), bucket, server

    return open_file


@pytest.fixture
def asking(opened):
    """Query the file at a bucket that has changed so by then; return the rows and the requests they took."""

    def ask(sql: str, **changes: object):
        with opened() as (file, bucket, server):
            for name, value in changes.items():
                setattr(bucket, name, value)
            return query_file(file, sql, []), server.requests

    return ask


def test_only_what_a_query_needs_is_asked_for(asking):
    """Of one thousand of 400 its own rows, by few requests; twice read is asked for once."""
    sql = "select number, filling from read_parquet('parts://file') where thousand = 123 order by all"
    rows, requests = asking(sql)

    with duckdb.connect() as connection:
        expected = "select i, md5(i::varchar) from range(123_000, 124_000) as numbers(i)"
        assert rows == connection.execute(expected).fetchall()
    assert [request.method for request in requests[:2]] == ["HEAD", "GET"] and len(requests) <= 6


def test_most_of_a_file_is_read_in_few_parts(opened, body):
    """Where the address is of one version, no other is asked for."""
    with opened() as (file, bucket, server):
        whole = RemoteFile(file._ask[0], "file", server.url + "/file", len(body), None, least_bytes=2**22)
        bucket.etag = '"another"'
        rows = query_file(whole, "select sum(number), max(filling) from read_parquet('parts://file')", [])

        assert rows[0][0] == 400_000 * 399_999 // 2
        assert len(server.requests) <= 2 + len(body) // 2**22 + 1


@pytest.mark.parametrize("column", ["number", "thousand"])
def test_all_of_a_column_is_read_right(asking, column):
    """And of a second one that takes many parts."""
    sql = f"select sum({column}), count(*), count(distinct filling) from read_parquet('parts://file')"
    total = {"number": 400_000 * 399_999 // 2, "thousand": 1000 * 400 * 399 // 2}[column]
    assert asking(sql)[0] == [(total, 400_000, 400_000)]


def test_each_thread_has_its_own_place_in_a_handle(opened, body):
    """DuckDB moves and reads one handle in two threads at once."""
    with opened() as (file, *_), ThreadPoolExecutor(1) as other:
        handle = Handle(file)
        handle.seek(-8, 2)
        assert other.submit(lambda: (handle.seek(4), handle.read(4))).result() == (4, body[4:8])
        assert (handle.read(4), handle.tell()) == (body[-8:-4], len(body) - 4)
        assert handle.read() == body[-4:] and handle.read(4) == b""


def whole(response: Response) -> Response:
    return Response(response.body, 200, {"ETag": '"one"'})


def another_part(response: Response) -> Response:
    response.headers["Content-Range"] = "bytes 0-1/2"
    return response


def shorter(response: Response) -> Response:
    told = {"ETag": '"one"', "Content-Range": response.headers["Content-Range"]}
    return Response(response.body[:-1], 206, told)


def another_version(response: Response) -> Response:
    response.headers["ETag"] = '"two"'
    return response


@pytest.mark.parametrize(
    ("spoil", "found"),
    [
        (whole, "pypi file: found HTTP 200, no range"),
        (another_part, "pypi file: found HTTP 206, bytes 0-1/2"),
        (shorter, "expected HTTP 206, bytes="),
        (another_version, 'bytes of "two", expected HTTP 206'),
    ],
)
def test_another_part_is_no_part(asking, spoil, found):
    """What else comes is told as what it is, not as what DuckDB makes of it."""
    with pytest.raises(UnexpectedAnswer, match=found):
        asking("from read_parquet('parts://file')", spoil=spoil)


def test_a_file_that_was_written_anew_meanwhile_is_not_read(asking):
    """Its parts are of two versions."""
    with pytest.raises(UnexpectedAnswer, match="HTTP 412"):
        asking("from read_parquet('parts://file')", etag='"two"')


def test_a_limit_is_a_limit(asking):
    """Also where it is met in the midst of a file."""
    with pytest.raises(LimitReached, match="pypi file: HTTP 429"):
        asking("from read_parquet('parts://file')", spoil=lambda _: Response(status_code=429))


def test_what_is_no_such_file_is_told(asking):
    """A page of a proxy, for instance."""

    def page(response: Response) -> Response:
        body = b"<html>".ljust(len(response.body))
        return Response(body, 206, {"ETag": '"one"', "Content-Range": response.headers["Content-Range"]})

    with pytest.raises(ValueError, match="expected a Parquet file"):
        asking("from read_parquet('parts://file')", spoil=page)
