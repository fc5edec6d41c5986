"""Anaconda's files, made of real figures: what four packages were downloaded by month from 2021 on.

The figures are differences of counters at anaconda.org, as `lukasmasuch/best-of-ml-python` read them about
once a week; between two readings they are spread evenly. PyTorch's counter fell in March 2023, when old files
were removed, so its months begin after that. Nothing is known of other packages, nor by version and platform.
Source of the form: https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
"""

import csv
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime
from functools import cache
from hashlib import md5
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from flows.client.calendar import next_month
from flows.standin.clock import Clock, StandIn
from flows.standin.parquet import parquets_of

FACTS = Path(__file__).parent / "facts" / "conda_months.csv"
PUBLISHED_AFTER = timedelta(days=3)
COLUMNS = '"time", data_source, pkg_name, pkg_version, pkg_platform, pkg_python, counts'
RANGE = re.compile(r"bytes=([0-9]+)-([0-9]+)")


class PackageData:
    """Answers with a month's Parquet file, or a part of it, from the third day after the month on."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def routes(self) -> list[Route]:
        """Return the paths of the files, which can be looked at by HEAD too."""
        return [Route("/conda/monthly/{year:int}/{month}.parquet", self.file)]

    async def file(self, request: Request) -> Response:
        """Answer as the bucket does: with all of it, a part, or why not."""
        month = request.path_params["month"]
        published = self._published(month)
        if published is None:
            return _error(404, "NoSuchKey")
        body = _files()[month]
        etag = f'"{md5(body, usedforsecurity=False).hexdigest()}"'
        if request.headers.get("If-Match", etag) != etag:
            return _error(412, "PreconditionFailed")
        headers = {
            "ETag": etag,
            "Last-Modified": format_datetime(published, usegmt=True),
            "Accept-Ranges": "bytes",
            "Content-Type": "binary/octet-stream",
        }
        asked = RANGE.fullmatch(request.headers.get("Range", ""))
        if asked is None:
            return Response(body, headers=headers)
        first, last = int(asked[1]), min(int(asked[2]), len(body) - 1)
        if first > last:
            return _error(416, "InvalidRange")
        headers["Content-Range"] = f"bytes {first}-{last}/{len(body)}"
        return Response(body[first : last + 1], 206, headers=headers)

    def _published(self, month: str) -> datetime | None:
        """Return when a month's file came; None where there is none, or none yet."""
        if month not in _files():
            return None
        after = next_month(date.fromisoformat(f"{month}-01"))
        published = datetime(after.year, after.month, 1, tzinfo=UTC) + PUBLISHED_AFTER
        return published if published <= self._clock.now else None


@cache
def _files() -> Mapping[str, bytes]:
    """Return the file of each month of which figures are known."""
    rows: dict[str, list[str]] = {}
    with FACTS.open(newline="") as file:
        for fact in csv.DictReader(file):
            channel, name = fact["package"].split("/")
            row = f"('{fact['month']}', '{channel}', '{name}', '', '', '', {fact['downloads']}::bigint)"
            rows.setdefault(fact["month"], []).append(row)
    return parquets_of(
        {month: f"from (values {', '.join(told)}) as rows({COLUMNS})" for month, told in rows.items()}
    )


def _error(status: int, code: str) -> Response:
    body = f'<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>{code}</Code></Error>'
    return Response(body, status, media_type="application/xml")


def stand_ins(clock: Clock) -> list[StandIn]:
    """Return what answers in the place of the bucket."""
    return [PackageData(clock)]
