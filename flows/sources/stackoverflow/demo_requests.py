"""What a request to StackExchange asks for, and how an answer or a refusal is sent."""

import gzip
import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import TypeAlias

from starlette.requests import Request
from starlette.responses import Response

from flows.client.calendar import seconds_of

Answer: TypeAlias = Mapping[str, object]


class Refusal(Exception):
    """A question that gets an error: `error_id` and `error_name` are StackExchange's."""

    def __init__(self, error_id: int, error_name: str, message: str) -> None:
        super().__init__(message)
        self.body = {"error_id": error_id, "error_name": error_name, "error_message": message}


class Unknown(Exception):
    """A number that the demo does not know; a zero in its place would be taken for an answer."""


def tag_of(request: Request) -> str | None:
    """Return the one tag asked for, or None for the whole site."""
    tag = request.query_params.get("tagged")
    if tag == "" or ";" in (tag or "") or request.query_params.get("filter") != "total":
        raise bad_parameter("the demo answers filter=total for one tag or the whole site")
    return tag


def month_of(request: Request) -> date:
    """Return the calendar month that `fromdate` and `todate`, both inclusive, enclose exactly."""
    bounds = [request.query_params.get(bound, "") for bound in ("fromdate", "todate")]
    if all(bound.isdecimal() for bound in bounds):
        month = datetime.fromtimestamp(int(bounds[0]), UTC).date().replace(day=1)
        if seconds_of(month) == tuple(map(int, bounds)):
            return month
    raise bad_parameter("the demo answers for one calendar month, from its first second to its last, UTC")


def bad_parameter(message: str) -> Refusal:
    """Return the error that StackExchange gives for most mistakes."""
    return Refusal(400, "bad_parameter", message)


def compressed(status: int, body: Answer) -> Response:
    """Return a JSON response as StackExchange sends it."""
    # Compressed whether or not the request allows for it, as StackExchange does.
    content = gzip.compress(json.dumps(body).encode(), mtime=0)
    headers = {"content-encoding": "gzip"}
    return Response(content, status, headers, media_type="application/json; charset=utf-8")
