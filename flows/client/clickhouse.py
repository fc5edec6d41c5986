"""How ClickHouse says that it does not answer: by a code, in a header and in its text, at any HTTP status.

Most codes come as HTTP 500, some in a 200. Sources: https://clickhouse.com/docs/interfaces/http and, for the
codes, src/Common/ErrorCodes.cpp of ClickHouse/ClickHouse.
"""

import re
from collections.abc import Mapping

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
