"""How fresh the published figures are at a moment: the reader's, and not that of the build.

The rule stands in the published file, as the macros `sources_at` and `series_at`.
"""

from datetime import datetime
from typing import Any

from warehouse.published.open import Published


def sources_at(published: Published, moment: datetime) -> list[dict[str, Any]]:
    """Return the rows of `source_status` as they are at a moment, in order of the source."""
    told = _at(published, "sources_at", "source_status")
    return published.rows(f"from {told} order by source_id", [moment])


def series_at(published: Published, moment: datetime) -> list[dict[str, Any]]:
    """Return the rows of `series_status` at a moment, with their metric's source and `may_end`."""
    if "series_status" not in published.tables():
        return []
    told = _at(published, "series_at", "series_status")
    return published.rows(
        f"select told.*, metrics.source_id, metrics.may_end from {told} as told "
        "inner join metrics using (metric_id) order by metric_id, subject_id",
        [moment],
    )


def _at(published: Published, macro: str, table: str) -> str:
    """Name the relation; a file of before December 2026 tells only how it was when it was built."""
    return f"{macro}($1)" if macro in published.macros() else f"(from {table} where $1 is not null)"
