"""What of the published file is not as it should be: sources degraded by now, checks that found something."""

from collections.abc import Iterable, Mapping
from typing import Any

from warehouse.config.settings import Settings
from warehouse.published.freshness import sources_at
from warehouse.published.open import Published, open_published

# A source in one of these states has told nothing that is new enough.
SILENT = ("failed", "stale", "never")


def degraded_sources(settings: Settings) -> list[str]:
    """Return the sources of the published file that by now are failed, stale, withheld or never collected.

    Those that cannot be asked with these settings are not; nor, in the demo, are those whose figures are
    known to end, unless a check withholds them.
    """
    with open_published(settings.published_file) as published:
        return degraded_among(sources_at(published, settings.clock()), published, settings)


def degraded_among(
    sources: Iterable[Mapping[str, Any]], published: Published, settings: Settings
) -> list[str]:
    """Return the same of the sources as they are by now in a published file that is open."""
    silent = {row["source_id"] for row in sources if row["state"] in SILENT} - settings.ended_sources
    withheld = published.rows("select source_id from quality_checks where not passed and severity = 'error'")
    return sorted(silent - _unasked(silent, settings) | {row["source_id"] for row in withheld})


def _unasked(silent: set[str], settings: Settings) -> set[str]:
    if not silent:
        return set()
    from flows.client.service import lacks  # what asks takes a while to import
    from warehouse.config.catalog import catalog

    return {source_id for source_id in silent & set(catalog()) if lacks(source_id, settings)}


def failed_checks(published: Published) -> list[str]:
    """Return, in a line each, what the checks of the published file found: what withholds a source first."""
    rows = published.rows(
        "select severity, check_id, detail from quality_checks where not passed order by all"
    )
    return ["{severity}: {check_id}: {detail}".format(**row) for row in rows]
