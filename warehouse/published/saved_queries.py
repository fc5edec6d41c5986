"""The saved queries: `sql/analyses/*.sql`, each the answer to a question that people ask.

A file's first line is its question. What can be asked differently is a variable with a default,
`coalesce(getvariable('metric'), 'some_metric')`, so that the text runs as it is in any DuckDB client.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from warehouse.config.settings import PROJECT
from warehouse.errors import ConfigurationError

ANALYSES = PROJECT / "sql" / "analyses"

_VARIABLE = re.compile(r"coalesce\(getvariable\('(\w+)'\), '([^']*)'\)")


@dataclass(frozen=True)
class SavedQuery:
    """A query with the question it answers and the defaults of its variables."""

    name: str
    question: str
    defaults: Mapping[str, str]
    sql: str


def saved_queries() -> list[SavedQuery]:
    """Return every saved query in order of name."""
    return [_read(path.stem, path.read_text(encoding="utf-8")) for path in sorted(ANALYSES.glob("*.sql"))]


def saved_query(name: str) -> SavedQuery:
    """Return a saved query; raises ConfigurationError that tells near names, or all of them."""
    known = {query.name: query for query in saved_queries()}
    if name not in known:
        near = get_close_matches(name, known) or list(known)
        raise ConfigurationError(f"sql --saved: found {name}, expected one of {', '.join(near)}")
    return known[name]


def _read(name: str, sql: str) -> SavedQuery:
    question = sql.splitlines()[0].removeprefix("-- ")
    return SavedQuery(name, question, dict(_VARIABLE.findall(sql)), sql)
