"""The data dictionary: what the comments in the published file say of every table, column and macro."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from warehouse.published.open import Published


@dataclass(frozen=True)
class Meaning:
    """A comment taken apart; what it does not say is None."""

    definition: str | None
    unit: str | None
    source: str | None
    caveat: str | None


@dataclass(frozen=True)
class Column:
    """A column of a published table."""

    name: str
    type: str
    meaning: Meaning


@dataclass(frozen=True)
class Table:
    """A published table."""

    name: str
    meaning: Meaning
    columns: Sequence[Column]


@dataclass(frozen=True)
class Macro:
    """A macro of the published file."""

    name: str
    parameters: Sequence[str]
    meaning: Meaning


@dataclass(frozen=True)
class Dictionary:
    """Everything that the published file explains; metrics as the rows of their own table."""

    tables: Sequence[Table]
    macros: Sequence[Macro]
    metrics: Sequence[Mapping[str, str | None]]


def read_dictionary(published: Published) -> Dictionary:
    """Return the data dictionary of a published file, in order of names and of columns."""
    tables = published.rows("select table_name, comment from duckdb_tables() where not internal order by all")
    macros = published.rows(
        "select function_name, parameters, comment from duckdb_functions() where not internal order by all"
    )
    return Dictionary(
        tables=[
            Table(row["table_name"], meaning(row["comment"]), _columns(published, row["table_name"]))
            for row in tables
        ],
        macros=[Macro(row["function_name"], row["parameters"], meaning(row["comment"])) for row in macros],
        metrics=published.rows(
            "select metric_id, name, unit, grain, source_id, definition, caveat from metrics order by all"
        ),
    )


def meaning(comment: str | None) -> Meaning:
    """Take a comment apart: its first sentence defines, `Unit, x.` and `Source, x.` tell, the rest warns."""
    found: dict[str, str] = {}
    rest: list[str] = []
    for sentence in re.split(r"(?<=\.)\s+", (comment or "").strip()):
        if told := re.fullmatch(r"(Unit|Source), (.+)\.", sentence):
            found[told[1]] = told[2]
        elif sentence:
            rest.append(sentence)
    definition = rest[0] if rest else None
    return Meaning(definition, found.get("Unit"), found.get("Source"), " ".join(rest[1:]) or None)


def _columns(published: Published, table: str) -> list[Column]:
    rows = published.rows(
        "select column_name, data_type, comment from duckdb_columns() "
        "where not internal and table_name = ? order by column_index",
        [table],
    )
    return [Column(row["column_name"], row["data_type"], meaning(row["comment"])) for row in rows]
