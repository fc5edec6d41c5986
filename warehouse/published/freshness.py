"""How fresh the published figures are at a moment: the reader's, and not that of the build.

The rule stands in the published file, as the macros `sources_at` and `series_at`.
"""

from datetime import datetime
from typing import Any

from warehouse.errors import NothingPublished
from warehouse.published.open import Published


def sources_at(published: Published, moment: datetime) -> list[dict[str, Any]]:
    """Return the rows of `source_status` as they are at a moment, in order of the source."""
    return _at(published, "from {} order by source_id", "sources_at", "source_status", moment)


def series_at(published: Published, moment: datetime) -> list[dict[str, Any]]:
    """Return the rows of `series_status` at a moment, with their metric's source and `may_end`."""
    if "series_status" not in published.tables():
        return []
    sql = (
        "select told.*, metrics.source_id, metrics.may_end from {} as told "
        "inner join metrics using (metric_id) order by metric_id, subject_id"
    )
    return _at(published, sql, "series_at", "series_status", moment)


def _at(published: Published, sql: str, macro: str, table: str, moment: datetime) -> list[dict[str, Any]]:
    """Answer by the macro; a file of before December 2026 has none, and tells only how it was when built."""
    try:
        return published.rows(sql.format(f"{macro}($1)"), [moment])
    except NothingPublished:
        return published.rows(sql.format(f"(from {table} where $1 is not null)"), [moment])
