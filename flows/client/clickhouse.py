"""How ClickHouse is asked for rows, and how it says that it does not answer.

It says so by a code, in a header and in its text, at any HTTP status.

Most codes come as HTTP 500, some in a 200. Sources: https://clickhouse.com/docs/interfaces/http and, for the
codes, src/Common/ErrorCodes.cpp of ClickHouse/ClickHouse.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Protocol

from flows.client.answer_model import AnyShape, read_json
from flows.client.calendar import next_month

# The quota is used up; too many queries run at once.
QUOTA_USED_UP, TOO_MANY_QUERIES = 201, 202
LIMITS = frozenset({QUOTA_USED_UP, TOO_MANY_QUERIES})
# What one query may read, take and return: rows, seconds (159 and, foreseen, 160), bytes, the result. The
# same query would meet the limit again; another one may not.
LIMITS_OF_A_QUERY = frozenset({158, 159, 160, 307, 396})
# A setting that this user may not change, or not so far; every query carries the same ones.
SETTING_REFUSED = frozenset({164, 452})
# Nothing of this passes while a run waits.
LASTING = {QUOTA_USED_UP, *LIMITS_OF_A_QUERY, *SETTING_REFUSED}

EXCEPTION = re.compile(rb"Code: ([0-9]{1,9})\. DB::Exception: ")


def code_of(headers: Mapping[str, str]) -> int | None:
    """Return the code that an answer's headers carry; None without an error, or for another service's."""
    told = headers.get("X-ClickHouse-Exception-Code", "")
    return int(told) if re.fullmatch("[0-9]{1,9}", told) else None


def code_in(body: bytes) -> int | None:
    """Return the code that a text tells, which may follow rows."""
    found = EXCEPTION.search(body)
    return int(found[1]) if found else None


# Who goes beyond a limit of the public copies is answered with a part, unless it is told not to:
# https://github.com/ClickHouse/sql.clickhouse.com, setup.sql of 2026-01-05.
OVERFLOW_MODES = ("read_overflow_mode", "result_overflow_mode", "group_by_overflow_mode")


def parameters(user: str, **values: str) -> dict[str, str]:
    """Return the parameters of a request for whole rows, with values for those that the query names.

    Whoever may only read may change few settings, so none is sent that the answer's reader can do without.
    Source: https://clickhouse.com/docs/interfaces/http
    """
    return {
        "user": user,
        "default_format": "JSON",
        # Else a failure after the first rows would end a 200.
        "wait_end_of_query": "1",
        **dict.fromkeys(OVERFLOW_MODES, "throw"),
        **{f"param_{name}": value for name, value in values.items()},
    }


def read_rows(shape: type[AnyShape], body: bytes) -> AnyShape:
    """Return rows as a shape; raises ValueError for another thing, and tells an error among them."""
    try:
        return read_json(shape, body)
    except ValueError as error:
        # Looked for only here: what rows tell could be named like an error.
        if exception := EXCEPTION.search(body):
            text = " ".join(body[exception.start() :][:400].decode("utf-8", "replace").split())
            raise ValueError(f"found {text}, expected rows") from error
        raise


class Rows(Protocol):
    """An answer's rows, how many they are said to be, and the totals beside them."""

    @property
    def data(self) -> Sequence[object]:
        """The rows."""

    @property
    def rows(self) -> int:
        """How many there are."""

    @property
    def totals(self) -> object:
        """What they sum to, by the same names."""


def require_whole(answer: Rows, names: Iterable[str], periods: str) -> None:
    """Raise ValueError unless there are as many rows as is said, and each of these names sums to its total.

    `periods` is what a row is of, for the message.
    """
    if answer.rows != len(answer.data):
        raise ValueError(f"found {len(answer.data)} rows, expected the {answer.rows} that are told of")
    for name in names:
        told, total = sum(getattr(row, name) for row in answer.data), getattr(answer.totals, name)
        if told != total:
            raise ValueError(f"found {periods} of {told} {name}, expected the total of {total}")


def require_each_month(months: Iterable[date], first: date) -> None:
    """Raise ValueError unless these are the months from the first on, each once and the oldest first."""
    expected = first
    for found in months:
        if found != expected:
            raise ValueError(f"found the month {found}, expected {expected}, as each since {first}")
        expected = next_month(expected)
