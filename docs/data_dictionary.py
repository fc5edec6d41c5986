"""Write docs/data-dictionary.md from the comments of a published file (`make dictionary` takes the demo's).

Usage: python docs/data_dictionary.py [FILE]   (warehouse/data/barometer.duckdb unless named)
"""

import sys
from collections.abc import Iterator
from pathlib import Path

from warehouse.config.settings import read_settings
from warehouse.published.dictionary import Dictionary, Table, read_dictionary
from warehouse.published.open import open_published

PAGE = Path(__file__).with_name("data-dictionary.md")

INTRODUCTION = """\
# Data dictionary

What stands in the published DuckDB file: tables, columns and macros. This page is made from the comments in
that file by `make dictionary`; they are written with the models and in `sql/published_macros.sql`. How to ask
is in [ad-hoc-sql.md](ad-hoc-sql.md), what the sources promise in [sources.md](sources.md).

Times ending in `_at` are UTC, days are dates; a week is named by its first day and a month by its first. A
value is null when it is unknown, and 0 only when the source said zero.
"""

METRICS = """
## Metrics

The table `metrics` tells what each one is, with its definition and caveat, and so does the site's page on the
data; each is declared by [its source](sources.md#each-source).
"""


def page(dictionary: Dictionary) -> str:
    """Return the page in Markdown."""
    parts = [INTRODUCTION, "## Tables\n", *(_table(table) for table in dictionary.tables)]
    macros = (
        [f"`{macro.name}({', '.join(macro.parameters)})`", macro.meaning.definition, macro.meaning.caveat]
        for macro in dictionary.macros
    )
    parts += ["## Macros\n", "\n".join(_rows(("macro", "what it gives", "caveat"), macros))]
    parts += [METRICS]
    return "\n".join(parts)


def _table(table: Table) -> str:
    told = " ".join(part for part in (table.meaning.definition, table.meaning.caveat) if part)
    cells = (
        [
            f"`{column.name}`",
            column.type.lower(),
            column.meaning.definition,
            column.meaning.unit,
            column.meaning.source,
            column.meaning.caveat,
        ]
        for column in table.columns
    )
    heads = ("column", "type", "definition", "unit", "source", "caveat")
    return "\n".join([f"### {table.name}\n", f"{told}\n", *_rows(heads, cells), ""])


def _rows(heads: tuple[str, ...], rows: Iterator[list[str | None]]) -> Iterator[str]:
    yield f"| {' | '.join(heads)} |"
    yield f"| {' | '.join('---' for _ in heads)} |"
    for row in rows:
        yield f"| {' | '.join((cell or '').replace('|', chr(92) + '|') for cell in row)} |"


if __name__ == "__main__":
    file = Path(sys.argv[1]) if len(sys.argv) > 1 else read_settings().published_file
    with open_published(file) as opened:
        PAGE.write_text(page(read_dictionary(opened)), encoding="utf-8")
