"""How the stand-in of a ClickHouse copy refuses.

Source of the form: https://clickhouse.com/docs/interfaces/http
"""

from starlette.responses import PlainTextResponse, Response


def unknown_table() -> Response:
    """Return the refusal of a query about another table."""
    return exception(404, 60, "The demo knows one table", "UNKNOWN_TABLE")


def not_set(name: str) -> Response:
    """Return the refusal of a query whose parameter was not sent."""
    return exception(400, 456, f"Substitution `{name}` is not set", "UNKNOWN_QUERY_PARAMETER")


def exception(status: int, code: int, what: str, name: str) -> Response:
    """Return an error as ClickHouse writes it, by its code, in words and by its name."""
    body = f"Code: {code}. DB::Exception: {what}. ({name}) (Barometer's demo)\n"
    return PlainTextResponse(body, status, headers={"X-ClickHouse-Exception-Code": str(code)})
